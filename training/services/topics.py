"""Writing the catalogue of topics."""

from django.db import transaction

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from campaigns.models import Unit
from training.models import Topic

FIELDS = ["name", "position", "is_active"]


@transaction.atomic
def create_topic(*, actor: User, commune: Unit, name: str, position: int, is_active: bool) -> Topic:
    """A new entry of the commune's catalogue; the form has checked that its name is free."""
    topic = Topic.objects.create(commune=commune, name=name, position=position, is_active=is_active)
    record_audit(actor=actor, action="Thêm chủ đề", target=topic, after=field_values(topic, FIELDS))
    return topic


@transaction.atomic
def update_topic(*, actor: User, topic: Topic, name: str, position: int, is_active: bool) -> Topic:
    """Renames, moves or retires an entry; activities that carry it keep it."""
    before = field_values(Topic.objects.get(pk=topic.pk), FIELDS)
    topic.name, topic.position, topic.is_active = name, position, is_active
    topic.save()
    old, new = changed_only(before, field_values(topic, FIELDS))
    record_audit(actor=actor, action="Sửa chủ đề", target=topic, before=old, after=new)
    return topic
