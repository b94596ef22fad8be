"""Files that were sent ahead of a form which nobody saved."""

import uuid
from datetime import date, timedelta

from django.core.files.storage import default_storage

from accounts.models import AuditEntry
from campaigns.choices import ActivityKind
from training.models import Evidence
from training.services.activities import ActivityContent, create_activity
from training.services.evidence import store_evidence
from training.services.unattached_evidence import delete_unattached_evidence
from training.tests.test_evidence import photo


def test_files_of_a_form_that_nobody_saved_go_after_a_day(cast, django_capture_on_commit_callbacks):
    content = ActivityContent(kind=ActivityKind.LESSON, starts_on=date(2026, 3, 2), host=cast.a)
    activity = create_activity(actor=cast.editor_a, content=content)
    stored = store_evidence(actor=cast.editor_a, upload=photo(), activity=activity)
    left = store_evidence(actor=cast.editor_a, upload=photo("PNG", (30, 30)), upload_key=uuid.uuid4())
    path, kept = left.file.name, stored.file.name
    assert delete_unattached_evidence(now=left.uploaded_at + timedelta(hours=23)) == 0
    Evidence.objects.filter(pk=stored.pk).update(uploaded_at=left.uploaded_at)
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_unattached_evidence(now=left.uploaded_at + timedelta(days=1, minutes=1)) == 1
    assert list(Evidence.objects.all()) == [stored]
    assert not default_storage.exists(path)
    assert default_storage.exists(kept)
    (entry,) = AuditEntry.objects.filter(action__startswith="Xóa minh chứng")
    assert (entry.actor_name, entry.commune_id, entry.before) == ("Hệ thống", cast.commune.pk, {"file": [left.name]})
    assert delete_unattached_evidence(now=left.uploaded_at + timedelta(days=2)) == 0
