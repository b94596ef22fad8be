"""Two people edit one record: the second is told, and loses nothing of what was typed."""

from collections.abc import Iterable

from django.db.models import Model


class StaleRecordError(Exception):
    """The record was changed since the form was opened; `instance.pk` names it."""

    def __init__(self, instance: Model) -> None:
        super().__init__("Bản ghi đã được người khác sửa trong lúc bạn đang nhập.")
        self.instance = instance


def save_if_unchanged(instance: Model, *, expected_version: int, fields: Iterable[str]) -> None:
    """Saves the named fields only if the stored version is still the one the form was opened with.

    Raises StaleRecordError otherwise; the version goes up by one. `instance.version` is set to the new one.
    """
    values = {name: getattr(instance, name) for name in fields}
    stored = type(instance)._default_manager.filter(pk=instance.pk, version=expected_version)
    if not stored.update(version=expected_version + 1, **values):
        raise StaleRecordError(instance)
    instance.version = expected_version + 1  # type: ignore[attr-defined]
