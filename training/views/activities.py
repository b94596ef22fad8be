"""Reading activities, sending them for approval, deleting drafts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow, may_approve, may_enter, may_keep_rosters, may_record
from accounts.requests import methods
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from training.forms.activities import ActivityFilter
from training.models import Activity
from training.selectors.activities import (
    activity_rows,
    attendee_blocks,
    group_figures,
    record_history,
    status_tabs,
)
from training.services.activities import NobodyReachedError, delete_draft, submit_activity
from training.views.activity_form import activity_to_write
from training.views.revisions import version_context
from training.workflow import WorkflowError, own_waiting


@allow(may_enter)
@methods("GET")
def activity_list(request: HttpRequest) -> HttpResponse:
    parameters = remembered(request, "activities")
    filter_form = ActivityFilter(parameters, user=request.user)
    found = filter_form.filter(Activity.objects.visible_to(request.user).current())
    page = page_of(filter_form.in_tab(found).select_related("host", "revision"), parameters)
    context = {
        "page": page,
        "rows": activity_rows(page.object_list),
        "tabs": status_tabs(found),
        "filter_form": filter_form,
        "parameters": parameters,
        "may_record": may_record(request.user),
    }
    return render(request, "training/activity_list.html", context)


@allow(may_enter)
@methods("GET")
def activity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Activity.objects.visible_to(request.user)
    activity = get_object_or_404(visible.select_related("host", "team", "entered_by", "decided_by"), pk=pk)
    may_write = may_record(request.user) and Activity.objects.editable_by(request.user).filter(pk=pk).exists()
    context = {
        "activity": activity,
        "figures": group_figures([activity]).get(activity.pk, ()),
        "attendees": attendee_blocks(request.user, activity),
        "history": record_history(activity),
        "may_write": may_write,
        "may_import": may_write and may_keep_rosters(request.user),
        "may_record": may_record(request.user),
        "may_approve": may_approve(request.user),
        "may_take_back": bool(own_waiting(request.user, Activity, [activity])),
    }
    return render(request, "training/activity_detail.html", context | version_context(request, "hoat-dong", activity))


@allow(may_record)
@methods("POST")
def activity_submit(request: HttpRequest, pk: int) -> HttpResponse:
    activity = activity_to_write(request, pk)
    try:
        submit_activity(actor=request.user, activity=activity)
        messages.success(request, "Đã gửi duyệt. Phòng Văn hóa - Xã hội sẽ xem và trả lời.")
    except NobodyReachedError as error:
        messages.warning(request, str(error))
        return redirect("training:activity_edit", activity.pk)
    except WorkflowError as error:
        messages.warning(request, str(error))
    return redirect("training:activity_detail", activity.pk)


@allow(may_record)
@methods("GET", "POST")
def activity_delete(request: HttpRequest, pk: int) -> HttpResponse:
    activity = activity_to_write(request, pk)
    if request.method == "GET":
        return render(request, "training/activity_delete.html", {"activity": activity})
    try:
        delete_draft(actor=request.user, activity=activity)
    except WorkflowError as error:
        messages.warning(request, str(error))
        return redirect("training:activity_detail", activity.pk)
    messages.success(request, f"Đã xóa bản nháp “{activity.title}”.")
    return redirect("training:activity_list")
