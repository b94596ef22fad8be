"""Confirmations of platform use, and the catalogue of platforms."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, may_enter, may_keep_rosters, may_manage_units, reads_commune
from accounts.requests import methods
from campaigns.choices import RecordStatus
from campaigns.current import current_campaign
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from training.forms.platforms import PlatformForm, PlatformUseBulkForm, PlatformUseFilter, PlatformUseForm
from training.models import Platform, PlatformUse
from training.selections import NOTHING, selection_of
from training.services.catalogues import create_platform, update_platform
from training.services.platforms import (
    EDITABLE,
    OPEN_TO_RECORD,
    delete_platform_use,
    record_platform_uses,
    staff_with_state,
    stored_platforms,
    update_platform_use,
)
from training.views.records import FormPage, confirm_delete, editable_or_refuse, required_campaign, save_or_show
from training.workflow import own_records

SENT = RecordStatus.SUBMITTED


@allow(may_enter)
@methods("GET")
def platform_use_list(request: HttpRequest) -> HttpResponse:
    """Managers and teachers with the state of their confirmation; several are chosen and recorded at once."""
    parameters = remembered(request, "platform_use")
    filter_form = PlatformUseFilter(parameters, user=request.user)
    campaign = current_campaign(request.user)
    rows = staff_with_state(user=request.user, campaign=campaign, day=local_today()) if campaign else []
    page = page_of(filter_form.filter(rows) if campaign else rows, parameters, per_page=50)
    may_write = may_keep_rosters(request.user)
    context = {
        "filter_form": filter_form,
        "page": page,
        "parameters": parameters,
        "may_write": may_write,
        "edit_states": EDITABLE,
        "open_states": OPEN_TO_RECORD,
        "may_choose": may_write and any(row.use_status in (None, *OPEN_TO_RECORD) for row in page),
        "own": own_records(request.user, PlatformUse, [row.use_id for row in page if row.use_status == SENT]),
    }
    return render(request, "training/platform_use_list.html", context)


@allow(may_keep_rosters)
@methods("GET", "POST")
def platform_use_record(request: HttpRequest) -> HttpResponse:
    """One confirmation for everybody chosen (`?nguoi=…&nguoi=…`, `?chon=key`), as a draft or sent at once."""
    campaign = required_campaign(request.user)
    form = PlatformUseBulkForm(request.POST or None, user=request.user, campaign=campaign)
    chosen = (selection_of(request) or NOTHING) if request.method == "GET" else NOTHING
    people = form.chosen_people([*(request.POST or request.GET).getlist("nguoi"), *map(str, chosen.person_ids)])
    done_url = reverse("training:platform_use_list")
    save = partial(record_platform_uses, campaign=campaign)
    context = {"people": people, "cancel_url": done_url}
    template = "training/platform_use_record.html"
    return save_or_show(request, form, FormPage(save, context, done_url=done_url, template=template))


@allow(may_keep_rosters)
@methods("GET", "POST")
def platform_use_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes one draft or returned confirmation."""
    use = editable_or_refuse(request.user, PlatformUse.objects.select_related("person", "unit", "campaign"), pk)
    form = PlatformUseForm(request.POST or None, campaign=use.campaign, use=use)
    context = {
        "heading": use.person.full_name,
        "lead": f"Xác nhận sử dụng nền tảng số - {use.unit}",
        "delete_url": reverse("training:platform_use_delete", args=[pk]),
        "cancel_url": reverse("training:platform_use_list"),
    }
    save = partial(update_platform_use, use=use)
    return save_or_show(
        request,
        form,
        FormPage(save, context, record=use, stored=partial(stored_platforms, use), done_url=context["cancel_url"]),
    )


@allow(may_keep_rosters)
@methods("GET", "POST")
def platform_use_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes one draft or returned confirmation, after a question."""
    use = editable_or_refuse(request.user, PlatformUse.objects.select_related("person", "unit"), pk)
    delete = partial(delete_platform_use, actor=request.user, use=use)
    done_url = reverse("training:platform_use_list")
    return confirm_delete(request, use, delete, title=f"Xóa bản nháp của {use.person}?", done_url=done_url)


@allow(reads_commune)
@methods("GET")
def platform_list(request: HttpRequest) -> HttpResponse:
    """The commune's catalogue of platforms."""
    page = page_of(Platform.objects.filter(commune_id=request.user.scope.commune_id), request.GET)
    context = {"page": page, "may_write": may_manage_units(request.user)}
    return render(request, "training/platform_list.html", context)


@allow(may_manage_units)
@methods("GET", "POST")
def platform_create(request: HttpRequest) -> HttpResponse:
    """Adds a platform to the catalogue."""
    campaign = required_campaign(request.user)
    form = PlatformForm(request.POST or None, instance=Platform(commune=campaign.commune))
    if request.method == "POST" and form.is_valid():
        create_platform(actor=request.user, commune=campaign.commune, **form.cleaned_data)
        messages.success(request, "Đã thêm vào danh mục.")
        return redirect("training:platform_list")
    return render(request, "training/platform_form.html", {"form": form}, status=422 if form.is_bound else 200)


@allow(may_manage_units)
@methods("GET", "POST")
def platform_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Renames a platform or puts it out of use."""
    platform = get_object_or_404(Platform, pk=pk, commune_id=request.user.scope.commune_id)
    form = PlatformForm(request.POST or None, instance=platform)
    if request.method == "POST" and form.is_valid():
        update_platform(actor=request.user, platform=platform, **form.cleaned_data)
        messages.success(request, "Đã lưu.")
        return redirect("training:platform_list")
    return render(request, "training/platform_form.html", {"form": form}, status=422 if form.is_bound else 200)
