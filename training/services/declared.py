"""Figures that a unit declares where it has no roster: head-counts, running totals, and the office's choice of source.

kpi-rules.md, "Declared figures"; rules B4, G1-G3, G6.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.choices import ENDED_STATES, Group, RecordStatus, Source
from campaigns.models import FigureSource, Headcount, Target, Unit
from campaigns.models.declared import ALWAYS
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short, number_text
from training.contradictions import excess_percent
from training.models import RunningTotal
from training.workflow import WorkflowError, WrongStateError, hold_unchanged, submit_record

HEADCOUNT_FIELDS = ("unit_id", "group", "effective_on", "count", "note")
TOTAL_FIELDS = ("target_id", "unit_id", "group", "as_of", "value", "note")
#: What a unit holds for true is neither what was returned nor what no longer holds.
NOT_COUNTED = (RecordStatus.RETURNED, *ENDED_STATES)
#: A correction is of the number of the same day (rule G6); a real change is a number with a day of its own.
FIXED_FIELDS = ("target_id", "unit_id", "group", "as_of", "effective_on")
FIXED = "Bản sửa giữ nguyên đơn vị, nhóm, chỉ tiêu và ngày. Thay đổi thật sự thì khai một số mới với ngày của nó."
LOCKED = "Số này đã gửi duyệt nên không sửa, xóa được nữa."
SAME_DAY_HEADCOUNT = "Đơn vị đã có quy mô khai báo của nhóm này trong ngày đó. Hãy sửa số đã có."
SAME_DAY_TOTAL = "Đơn vị đã có số luỹ kế của chỉ tiêu, nhóm này đến ngày đó. Hãy sửa số đã có."


@transaction.atomic
def declare_headcount(
    *, actor: User, unit: Unit, group: str, effective_on: date, count: int, note: str = "", submit: bool = False
) -> Headcount:
    """How many of a group a unit has from a day on. Raises WorkflowError (a second number of that day)."""
    record = Headcount(unit=unit, group=group, effective_on=effective_on, count=count, note=note, entered_by=actor)
    record.commune_id = unit.commune_id  # type: ignore[assignment]  # a unit that declares is below a commune
    _create(actor, record, "Khai quy mô", HEADCOUNT_FIELDS, SAME_DAY_HEADCOUNT)
    return _sent(actor, record, submit)


@transaction.atomic
def update_headcount(
    *, actor: User, record: Headcount, expected_version: int, submit: bool = False, **values: Any
) -> Headcount:
    """Changes a draft or returned head-count. Raises WorkflowError, StaleRecordError."""
    _change(actor, record, values, expected_version, HEADCOUNT_FIELDS, SAME_DAY_HEADCOUNT)
    return _sent(actor, record, submit)


@transaction.atomic
def declare_running_total(
    *,
    actor: User,
    target: Target,
    unit: Unit,
    group: str,
    as_of: date,
    value: int,
    note: str = "",
    submit: bool = False,
) -> RunningTotal:
    """How many of a group a unit has reached since the beginning, as of a day (rules G1, G3).

    Raises WorkflowError: a decrease without a reason in `note` (G2), more than the known head-count (B4), or a second
    number of that day.
    """
    record = RunningTotal(target=target, unit=unit, group=group, as_of=as_of, value=value, note=note)
    record.commune_id, record.entered_by = unit.commune_id, actor  # type: ignore[assignment]
    _refuse_total(record)
    _create(actor, record, "Khai số luỹ kế", TOTAL_FIELDS, SAME_DAY_TOTAL)
    return _sent(actor, record, submit)


@transaction.atomic
def update_running_total(
    *, actor: User, record: RunningTotal, expected_version: int, submit: bool = False, **values: Any
) -> RunningTotal:
    """Changes a draft or returned running total. Raises WorkflowError as `declare_running_total`, StaleRecordError."""
    _change(actor, record, values, expected_version, TOTAL_FIELDS, SAME_DAY_TOTAL)
    _refuse_total(record)
    return _sent(actor, record, submit)


@transaction.atomic
def delete_declared(*, actor: User, record: Headcount | RunningTotal) -> None:
    """Deletes a draft or returned number. Raises WorkflowError."""
    if not record.is_editable:
        raise WrongStateError(LOCKED)
    hold_unchanged(record)
    action = f"Xóa {record._meta.verbose_name}"
    record_audit(actor=actor, action=action, target=record, before=field_values(record), unit_id=record.unit_id)
    record.delete()


@transaction.atomic
def set_figure_source(*, actor: User, unit: Unit, group: str, source: str, effective_on: date = ALWAYS) -> FigureSource:
    """The office chooses where the figures of a unit and group come from, from a day on: one source at a time.

    Earlier days keep the source that was in force then; without a day the choice holds for all days that no dated
    choice takes over. The same choice again changes nothing but the day on which it was made.
    """
    before = {"source": source_on(unit=unit, group=group, day=effective_on)}
    stored, _ = FigureSource.objects.update_or_create(
        commune_id=unit.commune_id,
        unit=unit,
        group=group,
        effective_on=effective_on,
        chosen_on=local_today(),
        defaults={"source": source},
    )
    after = {"source": source, "effective_on": effective_on.isoformat()}
    record_audit(actor=actor, action="Chọn nguồn số liệu", target=stored, before=before, after=after, unit_id=unit.pk)
    return stored


def source_on(*, unit: Unit, group: str, day: date) -> str:
    """The source in force on that day, as chosen until now."""
    rows = FigureSource.objects.filter(commune_id=unit.commune_id, unit=unit, group=group, effective_on__lte=day)
    latest = rows.order_by("-effective_on", "-chosen_on").values_list("source", flat=True).first()
    return latest or Source.ROSTER


def known_headcount(*, unit: Unit, group: str, day: date) -> int | None:
    """The last declared head-count in force on the day, in its newest version; None if the unit declared none."""
    rows = Headcount.objects.filter(commune_id=unit.commune_id, unit=unit, group=group, effective_on__lte=day)
    rows = rows.exclude(status__in=NOT_COUNTED)
    return rows.order_by("-effective_on", "-pk").values_list("count", flat=True).first()


def earlier_total(record: RunningTotal) -> RunningTotal | None:
    """The last number of the same series before this one's day, in its newest version (rule G3)."""
    return _series(record).filter(as_of__lt=record.as_of).order_by("-as_of", "-pk").first()


def _series(record: RunningTotal) -> QuerySet[RunningTotal]:
    rows = RunningTotal.objects.filter(
        commune_id=record.commune_id, target_id=record.target_id, unit_id=record.unit_id, group=record.group
    )
    return rows.exclude(pk=record.pk).exclude(status__in=NOT_COUNTED)


def _refuse_total(record: RunningTotal) -> None:
    count = known_headcount(unit=record.unit, group=record.group, day=record.as_of)
    before = earlier_total(record)
    refusal = total_refusal(
        group=record.group,
        value=record.value,
        note=record.note,
        count=count,
        before=(before.as_of, before.value) if before else None,
    )
    if refusal:
        raise WorkflowError(refusal)


def total_refusal(
    *, group: str, value: int, note: str, count: int | None, before: tuple[date, int] | None
) -> str | None:
    """Why a running total cannot be declared, None if it can: more than the head-count (B4), less than before (G2).

    `count`: the known head-count on its day; `before`: day and value of the total before it.
    """
    label = Group(group).label.lower()
    if count is not None and value > count:
        shown = f"{excess_percent(value, count)} – tử số vượt mẫu số" if count else "Tử số vượt mẫu số"
        return (
            f"{shown}: luỹ kế {number_text(value)}, quy mô {number_text(count)} {label}. "
            "Hãy kiểm tra lại số luỹ kế hoặc khai lại quy mô."
        )
    if before is not None and value < before[1] and not note:
        return (
            f"Số luỹ kế giảm từ {number_text(before[1])} (đến {date_short(before[0])}) xuống "
            f"{number_text(value)}. Số giảm cần có lý do: hãy ghi vào ô Ghi chú."
        )
    return None


def _create(actor: User, record: Any, action: str, fields: tuple[str, ...], same_day: str) -> None:
    _refusing(record.save, same_day)
    after = field_values(record, list(fields))
    record_audit(actor=actor, action=action, target=record, after=after, unit_id=record.unit_id)


def _change(
    actor: User, record: Any, values: dict[str, Any], version: int, fields: tuple[str, ...], same_day: str
) -> None:
    if not record.is_editable:
        raise WrongStateError(LOCKED)
    before = field_values(record, list(fields))
    for name, value in values.items():
        setattr(record, name, value)
    _refusing(lambda: save_if_unchanged(record, expected_version=version, fields=list(values)), same_day)
    before, after = changed_only(before, field_values(record, list(fields)))
    if record.is_revision and any(name in after for name in FIXED_FIELDS):
        raise WorkflowError(FIXED)
    action = f"Sửa {record._meta.verbose_name}"
    record_audit(actor=actor, action=action, target=record, before=before, after=after, unit_id=record.unit_id)


def _refusing(save: Callable[[], None], sentence: str) -> None:
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        raise WorkflowError(sentence) from error


def _sent(actor: User, record: Any, submit: bool) -> Any:
    if submit:
        submit_record(actor=actor, record=record)
    return record
