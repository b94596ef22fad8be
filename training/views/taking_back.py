""" "Rút lại để sửa": a record that still waits goes back to who entered or sent it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.access import allow, may_record
from accounts.requests import methods
from campaigns.models import Exclusion, Headcount
from hbs_portal.lib.text import is_record_number
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal
from training.selectors.review.kinds import kind_of
from training.workflow import WorkflowError, own_records, take_back_record

EDIT_PAGES: dict[type, str] = {
    Activity: "training:activity_edit",
    PlatformUse: "training:platform_use_edit",
    HouseholdCheck: "training:household_check_edit",
    RunningTotal: "training:running_total_edit",
    Headcount: "training:headcount_edit",
    Exclusion: "training:exclusion_edit",
}


@allow(may_record)
@methods("POST")
def record_take_back(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Back to draft and straight to its form; where somebody decided meanwhile, back to where the record is shown."""
    record = get_object_or_404(kind_of(kind).visible_to(request.user), pk=pk)
    if pk not in own_records(request.user, type(record), [pk]):
        raise PermissionDenied
    version = request.POST.get("version", "")
    try:
        take_back_record(
            actor=request.user, record=record, expected_version=int(version) if is_record_number(version) else 0
        )
    except WorkflowError as error:
        messages.warning(request, str(error))
        return _shown(record)
    messages.success(request, "Đã rút lại thành bản nháp. Sửa xong, hãy gửi duyệt lại.")
    return redirect(EDIT_PAGES[type(record)], pk)


def _shown(record: Any) -> HttpResponse:
    """The page on which the record, with its state, is read."""
    if isinstance(record, Activity):
        return redirect("training:activity_detail", record.pk)
    if isinstance(record, Exclusion):
        return redirect("training:exclusion_detail", record.pk)
    if isinstance(record, RunningTotal | Headcount):
        return redirect("training:declared_unit", record.unit_id)
    is_check = isinstance(record, HouseholdCheck)
    return redirect("training:household_check_list" if is_check else "training:platform_use_list")
