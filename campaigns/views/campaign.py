"""Pages of the plan: its head, its targets, and the commune's papers."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, is_officer, may_manage_units, reads_commune
from accounts.conflicts import render_conflict
from accounts.requests import SignedInRequest, methods
from accounts.versions import StaleRecordError
from campaigns.current import agency_of, commune_of, current_campaign
from campaigns.forms.campaign import AgencyForm, CampaignForm, TargetChangeForm, TargetForm
from campaigns.models import Campaign, Target
from campaigns.selectors.targets import target_cards
from campaigns.services.campaign import save_agency_profile, update_campaign
from campaigns.services.targets import CRITERIA, create_target, target_state, update_target

FORM_PAGE = "campaigns/form_page.html"
AGENCY_PAGE = "campaigns/agency_form.html"


def _campaign_of(request: SignedInRequest) -> Campaign:
    campaign = current_campaign(request.user)
    if campaign is None:
        raise Http404("no plan yet")
    return campaign


@allow(reads_commune)
@methods("GET")
def campaign_detail(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    context = {
        "campaign": campaign,
        "cards": target_cards(campaign) if campaign else [],
        "agency": agency_of(request.user),
        "can_write": is_officer(request.user),
        "can_write_agency": may_manage_units(request.user),
    }
    return render(request, "campaigns/campaign_detail.html", context)


@allow(is_officer)
@methods("GET", "POST")
def campaign_edit(request: SignedInRequest) -> HttpResponse:
    campaign = _campaign_of(request)
    form = CampaignForm(request.POST or None, instance=campaign)
    context = _page(form, "Sửa kế hoạch")
    if request.method == "POST" and form.is_valid():
        try:
            update_campaign(
                actor=request.user, campaign=campaign, expected_version=form.expected_version, **form.values
            )
        except StaleRecordError:
            return render_conflict(request, FORM_PAGE, form, campaign, context)
        messages.success(request, "Đã lưu kế hoạch.")
        return redirect("campaigns:campaign_detail")
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(is_officer)
@methods("GET", "POST")
def target_create(request: SignedInRequest) -> HttpResponse:
    campaign = _campaign_of(request)
    form = TargetForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        target = create_target(actor=request.user, campaign=campaign, **form.values)
        messages.success(request, f"Đã thêm chỉ tiêu {target.code}.")
        return redirect("campaigns:campaign_detail")
    return render(request, FORM_PAGE, _page(form, "Thêm chỉ tiêu"), status=422 if form.is_bound else 200)


@allow(is_officer)
@methods("GET", "POST")
def target_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(Target.objects.visible_to(request.user), pk=pk)
    form = TargetChangeForm(request.POST or None, instance=target, campaign=target.campaign)
    context = _page(form, f"Sửa chỉ tiêu {target.code}")
    if request.method == "POST" and form.is_valid():
        try:
            update_target(actor=request.user, target=target, expected_version=form.expected_version, **form.values)
        except StaleRecordError:
            about = {name: form.cleaned_data[name] for name in ("change_kind", "effective_on", "change_reason")}
            stored = about | {name: values for name, values in target_state(target).items() if name in CRITERIA}
            return render_conflict(request, FORM_PAGE, form, target, context, stored)
        messages.success(request, f"Đã lưu chỉ tiêu {target.code}.")
        return redirect("campaigns:campaign_detail")
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


@allow(may_manage_units)
@methods("GET", "POST")
def agency_edit(request: SignedInRequest) -> HttpResponse:
    commune = commune_of(request.user)
    form = AgencyForm(request.POST or None, instance=agency_of(request.user))
    context = _page(form, "Sửa thể thức văn bản")
    if request.method == "POST" and form.is_valid():
        version = form.expected_version
        try:
            save_agency_profile(actor=request.user, commune=commune, expected_version=version, **form.values)
        except StaleRecordError as stale:
            return render_conflict(request, AGENCY_PAGE, form, stale.instance, context)
        messages.success(request, "Đã lưu thể thức văn bản.")
        return redirect("campaigns:campaign_detail")
    return render(request, AGENCY_PAGE, context, status=422 if form.is_bound else 200)


def _page(form: CampaignForm | TargetForm | AgencyForm, heading: str) -> dict[str, object]:
    return {"form": form, "heading": heading, "cancel_url": reverse("campaigns:campaign_detail")}
