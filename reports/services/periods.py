"""Reporting periods: made, changed, closed and opened again (rules G7, G8).

Closing freezes the figures of the period's last day as they are known on the day of closing; of a period that tells
what happened in it, those of the day before it began as well, as they are known then. Periods of one mode are closed
in the order of time and opened in the reverse: the closing of one is where the next one starts.
"""

from datetime import date

from django.db import transaction

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.models import Campaign
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short, nfc
from reports.models import ReportingPeriod, Snapshot
from reports.models.periods import PeriodMode, PeriodState
from reports.selectors.clocks import Clocks
from reports.services.snapshots import take_snapshot

PERIOD_FIELDS = ("name", "starts_on", "ends_on", "deadline", "mode")
STATE_FIELDS = ("state", "closed_on")
REASON_LENGTH = 300


class PeriodError(Exception):
    """A step that may not be taken; the text is a Vietnamese sentence that says what to do."""


@transaction.atomic
def create_period(
    *,
    actor: User,
    campaign: Campaign,
    name: str,
    starts_on: date,
    ends_on: date,
    mode: str = PeriodMode.RUNNING_TOTAL,
    deadline: date | None = None,
) -> ReportingPeriod:
    """An open period of a campaign. Raises PeriodError where it lies outside the campaign."""
    _require_within(campaign, starts_on, ends_on)
    period = ReportingPeriod.objects.create(
        commune=campaign.commune,
        campaign=campaign,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        mode=mode,
        deadline=deadline,
    )
    record_audit(actor=actor, action="Thêm kỳ báo cáo", target=period, after=field_values(period, PERIOD_FIELDS))
    return period


@transaction.atomic
def update_period(
    *,
    actor: User,
    period: ReportingPeriod,
    expected_version: int,
    name: str,
    starts_on: date,
    ends_on: date,
    mode: str,
    deadline: date | None,
) -> ReportingPeriod:
    """Changes an open period. Raises PeriodError, StaleRecordError."""
    _require_open(period)
    _require_within(period.campaign, starts_on, ends_on)
    before = field_values(ReportingPeriod.objects.get(pk=period.pk), PERIOD_FIELDS)
    period.name, period.starts_on, period.ends_on = name, starts_on, ends_on
    period.mode, period.deadline = mode, deadline
    save_if_unchanged(period, expected_version=expected_version, fields=PERIOD_FIELDS)
    before, after = changed_only(before, field_values(period, PERIOD_FIELDS))
    record_audit(actor=actor, action="Sửa kỳ báo cáo", target=period, before=before, after=after)
    return period


@transaction.atomic
def delete_period(*, actor: User, period: ReportingPeriod) -> None:
    """Removes an open period that was never closed. Raises PeriodError."""
    _wait_for_others(period)
    period.refresh_from_db(fields=["state"])
    _require_open(period)
    if Snapshot.objects.filter(period=period).exists():
        raise PeriodError("Kỳ này đã từng được khóa. Số liệu đã chốt của kỳ được giữ lại nên không xóa kỳ được.")
    before = field_values(period, PERIOD_FIELDS)
    record_audit(actor=actor, action="Xóa kỳ báo cáo", target=period, before=before)
    period.delete()


@transaction.atomic
def close_period(*, actor: User, period: ReportingPeriod, expected_version: int, note: str = "") -> Snapshot:
    """Freezes the figures of the period; answers with the snapshot of its end.

    Raises PeriodError before its last day and while an earlier period of its mode is open, StaleRecordError where
    somebody was faster, and what take_snapshot raises where the records contradict each other.
    """
    _wait_for_others(period)
    refusal = closing_refusal(period)
    if refusal:
        raise PeriodError(refusal)
    before, today = field_values(period, STATE_FIELDS), local_today()
    period.state, period.closed_on = PeriodState.CLOSED, today
    save_if_unchanged(period, expected_version=expected_version, fields=STATE_FIELDS)
    if period.restates_opening:
        opening = Clocks(period.day_before, today)
        _freeze(actor, period, opening, f"{period.name}: số đầu kỳ", "Số của ngày trước kỳ, theo hiểu biết khi khóa kỳ")
    snapshot = _freeze(actor, period, Clocks(period.ends_on, today), period.name, note)
    after = field_values(period, STATE_FIELDS) | {"snapshot": snapshot.code}
    record_audit(actor=actor, action="Khóa kỳ báo cáo", target=period, before=before, after=after)
    return snapshot


@transaction.atomic
def reopen_period(*, actor: User, period: ReportingPeriod, expected_version: int, reason: str) -> ReportingPeriod:
    """Opens a closed period again; the figures that were frozen stay where they are. Raises PeriodError.

    Raises StaleRecordError where somebody was faster.
    """
    _wait_for_others(period)
    reason = nfc(reason)[:REASON_LENGTH]
    refusal = reopening_refusal(period) or ("" if reason else "Hãy ghi lý do mở lại kỳ.")
    if refusal:
        raise PeriodError(refusal)
    before = field_values(period, STATE_FIELDS)
    period.state, period.closed_on = PeriodState.OPEN, None
    save_if_unchanged(period, expected_version=expected_version, fields=STATE_FIELDS)
    after = field_values(period, STATE_FIELDS) | {"reason": reason}
    record_audit(actor=actor, action="Mở lại kỳ báo cáo", target=period, before=before, after=after)
    return period


def closing_refusal(period: ReportingPeriod) -> str:
    """Why this period cannot be closed now; empty where it can. At most one query."""
    if period.is_closed:
        return "Kỳ này đã khóa."
    if period.ends_on > local_today():
        return f"Kỳ kết thúc ngày {date_short(period.ends_on)}. Hãy khóa kỳ từ ngày đó."
    earlier = _others(period).filter(state=PeriodState.OPEN, ends_on__lt=period.starts_on).order_by("ends_on").first()
    return f"Hãy khóa kỳ trước (“{earlier.name}”) rồi khóa kỳ này." if earlier else ""


def reopening_refusal(period: ReportingPeriod) -> str:
    """Why this period cannot be opened again; empty where it can. At most one query."""
    if not period.is_closed:
        return "Kỳ này đang mở."
    later = _others(period).filter(state=PeriodState.CLOSED, starts_on__gt=period.ends_on).order_by("-ends_on").first()
    return f"Kỳ sau (“{later.name}”) đã khóa dựa trên kỳ này. Hãy mở lại kỳ sau trước." if later else ""


def _wait_for_others(period: ReportingPeriod) -> None:
    """One step at a time on the periods of a campaign: one is not closed while the one before it is opened again."""
    Campaign.objects.select_for_update(of=("self",)).get(pk=period.campaign_id)


def _others(period: ReportingPeriod):  # type: ignore[no-untyped-def]  # a queryset of periods
    same = ReportingPeriod.objects.filter(commune_id=period.commune_id, campaign_id=period.campaign_id)
    return same.filter(mode=period.mode).exclude(pk=period.pk)


def _freeze(actor: User, period: ReportingPeriod, clocks: Clocks, name: str, note: str) -> Snapshot:
    return take_snapshot(
        actor=actor, campaign=period.campaign, clocks=clocks, name=name[:150], note=note[:300], period=period
    )


def _require_open(period: ReportingPeriod) -> None:
    if period.is_closed:
        raise PeriodError("Kỳ đã khóa nên không sửa, không xóa được. Nếu cần, hãy mở lại kỳ và ghi lý do.")


def _require_within(campaign: Campaign, starts_on: date, ends_on: date) -> None:
    """A period may begin before the campaign (15/12, a school year); it ends within it, for there figures are read."""
    if not campaign.starts_on <= ends_on <= campaign.ends_on or starts_on > ends_on:
        first, last = date_short(campaign.starts_on), date_short(campaign.ends_on)
        raise PeriodError(f"Kỳ phải kết thúc trong thời gian của kế hoạch, từ {first} đến {last}, sau ngày bắt đầu.")
