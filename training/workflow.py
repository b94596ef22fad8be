"""The way of a record from the person who entered it to the person who approves it (rules H1, H3, G5, B4).

Draft -> submitted -> approved or returned -> (after correction) submitted again; until somebody decides, who entered or
sent it may take it back to draft. Every step is one conditional UPDATE
on status and version, so that of two people who decide at once exactly one succeeds, and one audit entry.

A revision of an approved record (rule H2) goes the same way; sent, it takes the old version out of the provisional
figures, approved, it replaces it from that day on (training.services.revisions makes them and withdraws approvals).
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.access import may_approve
from accounts.audit import changed_only, field_values, record_audit
from accounts.models import AuditEntry, User
from campaigns.choices import RecordStatus
from campaigns.current import current_campaign
from campaigns.models import Campaign, Exclusion, Headcount, Unit
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import nfc
from training.contradictions import approval_blocker, excess_without
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal
from training.succession import give_way, revision_of, rival_of

Record: TypeAlias = Activity | PlatformUse | HouseholdCheck | RunningTotal | Headcount | Exclusion
RECORD_TYPES: tuple[type[Record], ...] = (Activity, PlatformUse, HouseholdCheck, RunningTotal, Headcount, Exclusion)

DECISION_UNDO_MINUTES = 30
RETURN_REASON_LENGTH = 500
STEP_FIELDS = [
    "status",
    "submitted_at",
    "submitted_on",
    "decided_by_id",
    "decided_at",
    "approved_on",
    "self_approved",
    "return_reason",
    "ended_on",
    "end_reason",
]
CHANGED_MEANWHILE = "Bản ghi vừa được người khác sửa hoặc xử lý. Hãy tải lại trang để xem bản mới nhất."
SELF_APPROVAL_REFUSED = "Người nhập, sửa hoặc gửi bản ghi không tự duyệt bản ghi đó. Hãy để cán bộ khác duyệt."
HAS_REVISION = "Bản ghi này đã có bản sửa nên không hoàn tác được. Hãy xem bản sửa trước."
HAS_RIVAL = "Đã có bản khác của cùng việc, cùng ngày. Hãy xử lý bản đó trước."
NOT_THEIRS = "Chỉ người đã nhập hoặc gửi bản ghi mới rút lại được. Hãy nhờ người đó, hoặc nhờ Phòng trả lại."
#: How the audit names the sending of a record (training.services.platforms sends many at once, under its own words).
SENDING = Q(action__startswith="Gửi duyệt") | Q(action__contains="và gửi duyệt")
NO_DECISION: dict[str, Any] = {
    "decided_by_id": None,
    "decided_at": None,
    "approved_on": None,
    "self_approved": False,
}


class WorkflowError(Exception):
    """A step that may not be taken; the text is a Vietnamese sentence that says what to do."""


class SelfApprovalError(WorkflowError):
    """Rule H3: who entered or sent a record does not approve it."""


class WrongStateError(WorkflowError):
    """The step does not start from the record's state."""


class RecordChangedError(WorkflowError):
    """Somebody else took a step, or changed the record, since it was read."""


class ApprovalBlockedError(WorkflowError):
    """The record contradicts other approved figures (rules B4, D2)."""


def hold_unchanged(record: Record) -> None:
    """Locks the record's row until the transaction ends, so that nobody sends it while it, or its file, is removed.

    Raises RecordChangedError where somebody took a step, or changed it, since it was read.
    """
    rows = type(record)._default_manager.select_for_update()
    if not rows.filter(pk=record.pk, status=record.status, version=record.version):
        raise RecordChangedError(CHANGED_MEANWHILE)


@transaction.atomic
def submit_record(*, actor: User, record: Record, on: date | None = None, expected_version: int | None = None) -> None:
    """Draft or returned -> submitted on the local date `on` (today). Raises WorkflowError."""
    if not record.is_editable:
        raise WrongStateError(f"Bản ghi đang ở trạng thái “{record.get_status_display()}” nên không gửi duyệt được.")
    values = {"status": RecordStatus.SUBMITTED, "submitted_on": on or local_today(), "submitted_at": _moment(on)}
    take_step(actor, record, f"Gửi duyệt {noun_of(record)}", values | NO_DECISION, expected_version)
    give_way(record)


@transaction.atomic
def take_back_record(*, actor: User, record: Record, expected_version: int) -> None:
    """Submitted -> draft, by who entered or sent it and may change it ("Rút lại để sửa"). Raises WorkflowError."""
    if not record.is_waiting:
        state = record.get_status_display()
        raise WrongStateError(f"Bản ghi đang ở trạng thái “{state}”, không còn chờ duyệt nên không rút lại được.")
    if record.pk not in own_records(actor, type(record), [record.pk]):
        raise WorkflowError(NOT_THEIRS)
    values = {"status": RecordStatus.DRAFT, "submitted_on": None, "submitted_at": None} | NO_DECISION
    take_step(actor, record, f"Rút lại {noun_of(record)}", values, expected_version)
    give_way(record)


def own_records(actor: User, model: type[Record], pks: Collection[int]) -> set[int]:
    """Which of these records (by number) this person may change and has entered or sent. One query."""
    if not pks:
        return set()
    sent = AuditEntry.objects.filter(SENDING, actor=actor, object_type=model._meta.label, object_id=OuterRef("pk"))
    rows = model._default_manager.all().editable_by(actor).filter(pk__in=pks)
    return set(rows.filter(Q(entered_by=actor) | Exists(sent)).values_list("pk", flat=True))


def own_waiting(actor: User, model: type[Record], records: Iterable[Record]) -> set[int]:
    """Those of a page that this person may take back (by number), for its buttons. At most one query."""
    return own_records(actor, model, [record.pk for record in records if record.is_waiting])


@transaction.atomic
def approve_record(*, actor: User, record: Record, on: date | None = None, expected_version: int | None = None) -> None:
    """Submitted -> approved on the local date `on` (today), which is the second clock of rule G5.

    A revision ends the approval of the version that it replaces on the same day (rule H2).

    Rule H3: whoever entered the record is refused unless the campaign allows it; then it is marked `self_approved`.
    Raises WorkflowError, also where `approval_blocker` finds a contradiction (rule B4).
    """
    _require_waiting(actor, record)
    is_own = has_hand_in(actor, record)
    if is_own and not _allows_self_approval(actor, record):
        raise SelfApprovalError(SELF_APPROVAL_REFUSED)
    refuse_contradiction(record)
    values = _decision(actor, RecordStatus.APPROVED, on)
    values |= {"approved_on": on or local_today(), "self_approved": is_own, "return_reason": ""}
    _end_replaced(actor, record, on or local_today())
    _refusing_rivals(lambda: take_step(actor, record, f"Duyệt {noun_of(record)}", values, expected_version))


@transaction.atomic
def return_record(
    *, actor: User, record: Record, reason: str, on: date | None = None, expected_version: int | None = None
) -> None:
    """Submitted -> returned, with the reason that the person who entered it will read. Raises WorkflowError."""
    _require_waiting(actor, record)
    reason = nfc(reason)
    if not reason:
        raise WorkflowError("Hãy ghi lý do trả lại để người nhập biết cần sửa gì.")
    if len(reason) > RETURN_REASON_LENGTH:
        raise WorkflowError(f"Lý do trả lại dài quá {RETURN_REASON_LENGTH} ký tự. Hãy viết gọn lại.")
    values = _decision(actor, RecordStatus.RETURNED, on)
    values |= {"approved_on": None, "self_approved": False, "return_reason": reason}
    take_step(actor, record, f"Trả lại {noun_of(record)}", values, expected_version)
    give_way(record)


@transaction.atomic
def undo_decision(*, actor: User, record: Record, expected_version: int | None = None) -> None:
    """Approved or returned -> submitted, by who decided, within DECISION_UNDO_MINUTES. Raises WorkflowError."""
    # Whoever begins a revision of the record at this moment waits, or is seen by what follows.
    hold_unchanged(record)
    refusal = undo_refusal(actor, record)
    if refusal:
        raise WorkflowError(refusal)
    was_approved = record.is_official
    values = {"status": RecordStatus.SUBMITTED, "return_reason": ""} | NO_DECISION
    take_step(actor, record, f"Hoàn tác quyết định {noun_of(record)}", values, expected_version)
    if was_approved:
        _restore_replaced(actor, record)
        _refuse_excess_without(record)
    give_way(record)


def can_undo(actor: User, record: Record) -> bool:
    """Whether the button "Hoàn tác" makes sense; costs at most one query."""
    return undo_refusal(actor, record) is None


def undo_refusal(actor: User, record: Record) -> str | None:
    """Why the decision on this record cannot be taken back by this person now; None if it can."""
    if record.status not in (RecordStatus.APPROVED, RecordStatus.RETURNED) or record.decided_at is None:
        return "Bản ghi này chưa có quyết định để hoàn tác."
    if record.decided_by_id != actor.pk:
        return "Chỉ người đã duyệt hoặc trả lại mới hoàn tác được."
    if timezone.now() - record.decided_at > timedelta(minutes=DECISION_UNDO_MINUTES):
        return f"Đã quá {DECISION_UNDO_MINUTES} phút kể từ khi quyết định nên không hoàn tác được nữa."
    if record.status == RecordStatus.RETURNED and not _untouched_since_return(record):
        return "Người nhập đã sửa bản ghi sau khi bị trả lại nên không hoàn tác được."
    return HAS_REVISION if revision_of(record) else None


def self_approval_refusal(actor: User, record: Record) -> str:
    """Rule H3 before anybody tries: why this person may not approve the record; "" if it is not theirs."""
    is_refused = has_hand_in(actor, record) and not _allows_self_approval(actor, record)
    return SELF_APPROVAL_REFUSED if is_refused else ""


def has_hand_in(actor: User, record: Record) -> bool:
    """Rule H3: whether this person entered the record, or later changed or sent it."""
    if record.entered_by_id == actor.pk:
        return True
    theirs = _entries_of(record).filter(actor=actor)
    return theirs.filter(Q(action__startswith="Sửa") | Q(action__startswith="Gửi duyệt")).exists()


def _entries_of(record: Record) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(object_type=record._meta.label, object_id=record.pk)


def _untouched_since_return(record: Record) -> bool:
    latest = _entries_of(record).order_by("-pk").values_list("action", flat=True).first()
    return latest == f"Trả lại {noun_of(record)}"


def noun_of(record: Record) -> str:
    return str(record._meta.verbose_name)


def _moment(on: date | None) -> datetime:
    """The moment of a step: now, or noon of a day that is given (records of the past, demo data)."""
    if on is None or on == local_today():
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, time(12)))


def _decision(actor: User, status: str, on: date | None) -> dict[str, Any]:
    return {"status": status, "decided_by_id": actor.pk, "decided_at": _moment(on)}


def _require_waiting(actor: User, record: Record) -> None:
    if not may_approve(actor) or actor.scope.commune_id != record.commune_id:
        raise WorkflowError("Chỉ cán bộ phòng Văn hóa - Xã hội của xã được duyệt hoặc trả lại.")
    if not record.is_waiting:
        state = record.get_status_display()
        raise WrongStateError(f"Bản ghi đang ở trạng thái “{state}”, không phải chờ duyệt. Hãy tải lại trang.")


def _allows_self_approval(actor: User, record: Record) -> bool:
    campaign = campaign_of(actor, record)
    return campaign is not None and campaign.allows_self_approval


def campaign_of(actor: User, record: Record) -> Campaign | None:
    """A head-count belongs to the commune, not to one plan: there the campaign that runs decides."""
    if isinstance(record, Headcount):
        return current_campaign(actor)
    return record.target.campaign if isinstance(record, RunningTotal) else record.campaign


def refuse_contradiction(record: Record) -> None:
    """Raises ApprovalBlockedError where the record, once it counts, contradicts what is approved (rules B4, D2)."""
    if isinstance(record, RunningTotal | Headcount):
        # Two declared figures of one unit that are approved at once must see each other.
        Unit.objects.select_for_update(of=("self",)).get(pk=record.unit_id)
    blocker = approval_blocker(record) or (HAS_RIVAL if rival_of(record) else None)
    if blocker:
        raise ApprovalBlockedError(blocker)


def _refuse_excess_without(record: Record) -> None:
    """What was approved meanwhile may rest on the number that is taken back: then it is withdrawn, with its warning."""
    excess = excess_without(record)
    if excess:
        raise ApprovalBlockedError(excess)


def _refusing_rivals(step: Callable[[], None]) -> None:
    """Of two records of one subject that are approved in the same instant the database refuses the second."""
    try:
        with transaction.atomic():
            step()
    except IntegrityError as error:
        raise ApprovalBlockedError(HAS_RIVAL) from error


def _replaced(record: Record) -> Record | None:
    rows = type(record)._default_manager.select_for_update(of=("self",))
    return rows.filter(pk=record.replaces_id).first() if record.replaces_id else None


def _end_replaced(actor: User, record: Record, on: date) -> None:
    """The old version ends on the day the new one is approved; a withdrawn one ended when it was withdrawn."""
    old = _replaced(record)
    if old is not None:
        values = {"status": RecordStatus.REPLACED, "ended_on": old.ended_on or on}
        take_step(actor, old, f"Thay bằng bản sửa {noun_of(old)}", values, None)


def _restore_replaced(actor: User, record: Record) -> None:
    old = _replaced(record)
    if old is not None:
        official: dict[str, Any] = {"status": RecordStatus.APPROVED, "ended_on": None}
        values = {"status": RecordStatus.WITHDRAWN} if old.end_reason else official
        if values is official:
            refuse_contradiction(old)
        take_step(actor, old, f"Khôi phục {noun_of(old)}", values, None)


def take_step(actor: User, record: Record, action: str, values: dict[str, Any], expected_version: int | None) -> None:
    """Changes status and clocks if nobody was faster, and writes the one audit entry. Raises RecordChangedError."""
    version = record.version if expected_version is None else expected_version
    stored = type(record)._default_manager.filter(pk=record.pk, status=record.status, version=version)
    if not stored.update(version=version + 1, **values):
        raise RecordChangedError(CHANGED_MEANWHILE)
    before = field_values(record, STEP_FIELDS)
    for name, value in {**values, "version": version + 1}.items():
        setattr(record, name, value)
    before, after = changed_only(before, field_values(record, STEP_FIELDS))
    unit_id = unit_id_of(record)
    record_audit(actor=actor, action=action, target=record, before=before, after=after, unit_id=unit_id)


def unit_id_of(record: Record) -> int:
    if isinstance(record, Activity):
        return record.host_id
    return record.household.village_id if isinstance(record, HouseholdCheck) else record.unit_id
