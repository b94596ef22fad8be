"""The editable catalogues of topics and digital platforms."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from campaigns.models import Unit
from training.models import Platform, Topic

#: What every school and commune of the city works with; each commune edits its own list.
USUAL_PLATFORMS = (
    "Cơ sở dữ liệu ngành Giáo dục",
    "Học bạ số",
    "Hệ thống quản lý văn bản",
    "Nền tảng học trực tuyến",
    "Cổng dịch vụ công quốc gia",
)


@transaction.atomic
def ensure_catalogues(
    *, commune: Unit, topics: Iterable[str], platforms: Iterable[str] = USUAL_PLATFORMS, actor: User | None = None
) -> None:
    """Creates the entries that are not there yet, by name, in the given order; repeating it changes nothing."""
    added = {
        "topics": _add_missing(Topic, commune, list(topics)),
        "platforms": _add_missing(Platform, commune, list(platforms)),
    }
    if any(added.values()):
        record_audit(actor=actor, action="Nạp danh mục", target=commune, after=added, commune_id=commune.pk)


def _add_missing(model: type[Any], commune: Unit, names: list[str]) -> list[str]:
    known = set(model._default_manager.filter(commune=commune).values_list("name", flat=True))
    missing = [name for name in dict.fromkeys(names) if name not in known]
    model._default_manager.bulk_create(
        model(commune=commune, name=name, position=10 * (names.index(name) + 1)) for name in missing
    )
    return missing


@transaction.atomic
def create_platform(*, actor: User, commune: Unit, **values: Any) -> Platform:
    """Adds a platform to the commune's catalogue; `values`: name, position, is_active."""
    platform = Platform.objects.create(commune=commune, **values)
    record_audit(actor=actor, action="Thêm nền tảng số", target=platform, after=field_values(platform))
    return platform


@transaction.atomic
def update_platform(*, actor: User, platform: Platform, **values: Any) -> Platform:
    """Renames, moves, or puts out of use; confirmations that name the platform keep it."""
    before = field_values(Platform.objects.get(pk=platform.pk))
    for name, value in values.items():
        setattr(platform, name, value)
    platform.save()
    before, after = changed_only(before, field_values(platform))
    record_audit(actor=actor, action="Sửa nền tảng số", target=platform, before=before, after=after)
    return platform
