"""Changing what was approved (rule H2): a new version that waits while the old one counts, or an approval withdrawn."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import may_approve
from accounts.audit import record_audit
from accounts.models import AuditEntry, User
from campaigns.choices import RecordStatus
from campaigns.models import ReviewedRecord
from campaigns.models.campaign import CampaignState
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import nfc
from training.models import Activity, ActivityCoHost, Attendance, Evidence, GroupTotal, PlatformUse
from training.succession import revision_of, rival_of
from training.workflow import (
    DECISION_UNDO_MINUTES,
    HAS_RIVAL,
    Record,
    WorkflowError,
    WrongStateError,
    campaign_of,
    hold_unchanged,
    noun_of,
    refuse_contradiction,
    take_step,
    unit_id_of,
)

REASON_LENGTH, END_REASON_LENGTH = 300, 500
OFFICE_ONLY = "Chỉ cán bộ phòng Văn hóa - Xã hội của xã được rút duyệt."
NOT_APPROVED = "Chỉ lập bản sửa từ bản đã duyệt hoặc đã rút duyệt. Bản chưa duyệt thì sửa trực tiếp."
CAMPAIGN_CLOSED = "Chiến dịch của bản ghi này không còn mở nên không sửa được. Hãy liên hệ Phòng Văn hóa - Xã hội."
ANOTHER_EXISTS = "Sau khi rút duyệt đã có bản khác của cùng việc, cùng ngày. Hãy mở bản đó để sửa."


class RevisionExistsError(WrongStateError):
    """Somebody has begun a new version of the record; `revision` is it."""

    def __init__(self, revision: Record) -> None:
        super().__init__(f"Bản ghi này đã có bản sửa do {revision.entered_by} lập. Hãy mở bản đó.")
        self.revision = revision


@transaction.atomic
def revise_record(*, actor: User, record: Record, reason: str) -> Any:
    """A draft that replaces the approved (or withdrawn) record once it is approved: a full copy of it (rule H2).

    Until then the old version stands and counts. Raises WorkflowError: no reason, not the actor's to change, not
    approved, a closed campaign; RevisionExistsError where there is a new version already.
    """
    reason = _required(reason, "Hãy ghi lý do sửa để người duyệt biết vì sao số liệu thay đổi.", REASON_LENGTH)
    _refuse_revision(actor, record)
    hold_unchanged(record)  # while it is held nobody undoes its approval, nor withdraws it
    draft = _copied(record)
    draft.replaces, draft.entered_by, draft.change_reason = record, actor, reason
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:
        _refuse_second(record)
        raise WrongStateError(ANOTHER_EXISTS) from error
    _copy_parts(record, draft)
    after = {"change_reason": reason, "replaces_id": record.pk}
    action = f"Lập bản sửa {noun_of(record)}"
    record_audit(actor=actor, action=action, target=draft, after=after, unit_id=unit_id_of(record))
    return draft


def _required(text: str, missing: str, longest: int) -> str:
    text = nfc(text)
    if not text:
        raise WorkflowError(missing)
    if len(text) > longest:
        raise WorkflowError(f"Lý do dài quá {longest} ký tự. Hãy viết gọn lại.")
    return text


def _refuse_revision(actor: User, record: Record) -> None:
    if not type(record)._default_manager.all().editable_by(actor).filter(pk=record.pk).exists():
        raise WorkflowError("Bạn không ghi nhận cho đơn vị này nên không sửa được bản ghi.")
    if record.status not in (RecordStatus.APPROVED, RecordStatus.WITHDRAWN):
        raise WrongStateError(NOT_APPROVED)
    campaign = campaign_of(actor, record)
    if campaign is not None and campaign.state != CampaignState.OPEN:
        raise WrongStateError(CAMPAIGN_CLOSED)
    _refuse_second(record)
    if rival_of(record):
        raise WrongStateError(ANOTHER_EXISTS)


def _refuse_second(record: Record) -> None:
    revision = revision_of(record)
    if revision:
        raise RevisionExistsError(revision)


def content_fields(model: type[ReviewedRecord]) -> list[str]:
    """The columns that hold what a record says, without those of its way through approval."""
    of_the_way = {field.name for field in ReviewedRecord._meta.local_fields}
    fields = model._meta.concrete_fields
    return [field.attname for field in fields if not field.primary_key and field.name not in of_the_way]


def _copied(record: Record) -> Any:
    return type(record)(**{name: getattr(record, name) for name in content_fields(type(record))})


def _copy_parts(record: Record, draft: Any) -> None:
    """What hangs on a record beside its own columns."""
    if isinstance(record, PlatformUse):
        draft.platforms.set(record.platforms.all())
    if isinstance(record, Activity):
        draft.topics.set(record.topics.all())
        for model in (ActivityCoHost, GroupTotal, Attendance, Evidence):
            _copy_rows(model, record, draft)


def _copy_rows(model: Any, record: Activity, draft: Activity) -> None:
    """Rows of an activity again under its new version; evidence shares the stored file."""
    rows = list(model._default_manager.filter(activity=record).order_by("pk"))
    for row in rows:
        row.pk, row.activity = None, draft
        row._state.adding = True
        if isinstance(row, Evidence):
            row.upload_key = None
    model._default_manager.bulk_create(rows, batch_size=500)


@transaction.atomic
def withdraw_approval(
    *, actor: User, record: Record, reason: str, on: date | None = None, expected_version: int | None = None
) -> None:
    """Approved -> withdrawn on the local date `on` (today), by the office: from that day on the record counts nowhere.

    A reading of an earlier approval day still finds it (rules G5, H2). Raises WorkflowError.
    """
    if not may_approve(actor) or actor.scope.commune_id != record.commune_id:
        raise WorkflowError(OFFICE_ONLY)
    if not record.is_official:
        state = record.get_status_display()
        raise WrongStateError(f"Bản ghi đang ở trạng thái “{state}”, không phải đã duyệt. Hãy tải lại trang.")
    missing = "Hãy ghi lý do rút duyệt để người nhập và người kiểm tra sau này biết vì sao."
    values = {"end_reason": _required(reason, missing, END_REASON_LENGTH), "ended_on": on or local_today()}
    action = f"Rút duyệt {noun_of(record)}"
    take_step(actor, record, action, {"status": RecordStatus.WITHDRAWN, **values}, expected_version)


@transaction.atomic
def undo_withdrawal(*, actor: User, record: Record, expected_version: int | None = None) -> None:
    """Withdrawn -> approved as before, by who withdrew it, within DECISION_UNDO_MINUTES. Raises WorkflowError.

    It counts again, so what was approved meanwhile must not contradict it (rule B4).
    """
    refusal = withdrawal_undo_refusal(actor, record)
    if refusal:
        raise WorkflowError(refusal)
    refuse_contradiction(record)
    values = {"status": RecordStatus.APPROVED, "ended_on": None, "end_reason": ""}
    try:
        with transaction.atomic():
            take_step(actor, record, f"Hoàn tác rút duyệt {noun_of(record)}", values, expected_version)
    except IntegrityError as error:
        raise WorkflowError(HAS_RIVAL) from error


def withdrawal_undo_refusal(actor: User, record: Record) -> str | None:
    """Why the withdrawal cannot be taken back by this person now; None if it can."""
    if record.status != RecordStatus.WITHDRAWN:
        return "Bản ghi này không ở trạng thái đã rút duyệt. Hãy tải lại trang."
    entries = AuditEntry.objects.filter(object_type=record._meta.label, object_id=record.pk)
    step = entries.filter(action__startswith="Rút duyệt").order_by("-pk").first()
    if step is None or step.actor_id != actor.pk:
        return "Chỉ người đã rút duyệt mới hoàn tác được."
    if timezone.now() - step.at > timedelta(minutes=DECISION_UNDO_MINUTES):
        return f"Đã quá {DECISION_UNDO_MINUTES} phút kể từ khi rút duyệt nên không hoàn tác được nữa."
    return HAS_RIVAL if rival_of(record) else None
