"""The way of records through approval: clocks, chains of versions (rule H2), and totals (rule D2)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from campaigns.choices import RecordStatus
from reports.checking.difference import Difference, Scope
from training.models import Attendance, GroupTotal
from training.workflow import RECORD_TYPES

APPROVED_ONCE = (RecordStatus.APPROVED, RecordStatus.REPLACED, RecordStatus.WITHDRAWN)
SENT = (RecordStatus.SUBMITTED, *APPROVED_ONCE)


class Step(NamedTuple):
    """The columns of a record that tell its way."""

    pk: int
    status: str
    submitted_on: date | None
    submitted_at: datetime | None
    approved_on: date | None
    decided_at: datetime | None
    revised_on: date | None
    ended_on: date | None
    end_reason: str
    replaces_id: int | None

    @property
    def was_approved(self) -> bool:
        return self.status in APPROVED_ONCE


def _steps(model: type[Model], scope: Scope) -> list[Step]:
    rows = model._default_manager.filter(commune_id=scope.commune_id).order_by("pk")
    return [Step(*row) for row in rows.values_list(*Step._fields)]


def _where(model: type[Model], pk: int) -> str:
    noun = str(model._meta.verbose_name)
    return f"{noun[:1].upper()}{noun[1:]} số {pk}"


def clocks_beside_their_moments(scope: Scope) -> Iterator[Difference]:
    """The days that figures ask for are the local days of the moments (rule G7)."""
    for model in RECORD_TYPES:
        for step in _steps(model, scope):
            if _is_other_day(step.submitted_on, step.submitted_at):
                yield Difference(_where(model, step.pk), "ngày gửi duyệt khác với thời điểm gửi")
            if step.was_approved and _is_other_day(step.approved_on, step.decided_at):
                yield Difference(_where(model, step.pk), "ngày duyệt khác với thời điểm duyệt")
            if step.approved_on and step.submitted_on and step.approved_on < step.submitted_on:
                yield Difference(_where(model, step.pk), "được duyệt trước ngày gửi duyệt")


def _is_other_day(day: date | None, moment: datetime | None) -> bool:
    """Records of the past may have a day without a moment, never another day."""
    return moment is not None and localtime(moment).date() != day


def broken_chains(scope: Scope) -> Iterator[Difference]:
    """A record that was replaced ends when its new version is approved, and gives way when that is sent."""
    for model in RECORD_TYPES:
        steps = _steps(model, scope)
        versions: dict[int | None, Step] = {step.replaces_id: step for step in steps if step.replaces_id}
        for step in steps:
            for what in _chain_faults(step, versions):
                yield Difference(_where(model, step.pk), what)


def _chain_faults(step: Step, versions: Mapping[int | None, Step]) -> Iterator[str]:
    newer = versions.get(step.pk)
    if step.status == RecordStatus.REPLACED:
        yield from _replacement_faults(step, newer)
    elif newer is not None and newer.was_approved:
        yield f"có bản sửa số {newer.pk} đã duyệt nhưng chưa được ghi là đã thay"
    expected = newer.submitted_on if newer is not None and newer.status in SENT else None
    if step.revised_on != expected:
        yield "ngày nhường chỗ cho bản sửa khác với ngày gửi bản sửa"
    if step.approved_on and step.ended_on and step.ended_on < step.approved_on:
        yield "hết hiệu lực trước ngày được duyệt"


def _replacement_faults(step: Step, newer: Step | None) -> Iterator[str]:
    """A version that was withdrawn first ended on that day, whenever the new one was approved."""
    if newer is None or not newer.was_approved:
        yield "được ghi là đã thay nhưng không có bản sửa nào được duyệt"
    elif step.ended_on != newer.approved_on and not step.end_reason:
        yield f"hết hiệu lực khác ngày bản sửa số {newer.pk} được duyệt"


def totals_below_names(scope: Scope) -> Iterator[Difference]:
    """Nobody has a name without being counted: the total of a group is at least its names (D2)."""
    sent = {"activity__status__in": SENT, "activity__commune_id": scope.commune_id}
    rows = GroupTotal.objects.filter(**sent, activity__campaign=scope.campaign).annotate(named=_named())
    columns = ("activity_id", "activity__title", "total", "named")
    for activity_id, title, total, named in rows.filter(named__gt=F("total")).order_by("pk").values_list(*columns):
        yield Difference(f"Hoạt động số {activity_id} “{title}”", f"ghi tên {named} người nhưng tổng số chỉ là {total}")


def _named() -> Any:
    same = Attendance.objects.filter(
        commune_id=OuterRef("activity__commune_id"), activity=OuterRef("activity_id"), group=OuterRef("group")
    )
    return Coalesce(Subquery(same.order_by().values("activity").annotate(n=Count("pk")).values("n")), 0)
