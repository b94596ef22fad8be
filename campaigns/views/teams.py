"""Pages of the villages' digital teams."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, may_enter, may_keep_rosters
from accounts.conflicts import render_conflict
from accounts.requests import SignedInRequest, methods
from accounts.versions import StaleRecordError
from campaigns.access import may_add_team
from campaigns.forms.teams import TeamFilter, TeamForm
from campaigns.models import DigitalTeam
from campaigns.roster_access import keeps_unit, kept_units
from campaigns.services.teams import create_team, update_team
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of

FORM_PAGE = "campaigns/form_page.html"


@allow(may_enter)
@methods("GET")
def team_list(request: SignedInRequest) -> HttpResponse:
    parameters = remembered(request, "teams")
    filter_form = TeamFilter(parameters)
    teams = filter_form.filter(DigitalTeam.objects.visible_to(request.user), local_today())
    page = page_of(teams.select_related("village"), parameters)
    context = {
        "page": page,
        "parameters": parameters,
        "rows": [(team, keeps_unit(request.user, team.village_id)) for team in page],
        "filter_form": filter_form,
        "can_add": may_add_team(request.user),
    }
    return render(request, "campaigns/team_list.html", context)


@allow(may_keep_rosters)
@methods("GET", "POST")
def team_create(request: SignedInRequest) -> HttpResponse:
    if not may_add_team(request.user):
        raise PermissionDenied
    form = TeamForm(request.POST or None, villages=kept_units(request.user))
    if request.method == "POST" and form.is_valid():
        team = create_team(actor=request.user, **form.values)
        messages.success(request, f"Đã thêm {team.name}.")
        return redirect("campaigns:team_list")
    return render(request, FORM_PAGE, _page(form, "Thêm tổ công nghệ số"), status=422 if form.is_bound else 200)


@allow(may_keep_rosters)
@methods("GET", "POST")
def team_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    team = get_object_or_404(DigitalTeam.objects.visible_to(request.user), pk=pk)
    if not keeps_unit(request.user, team.village_id):
        raise PermissionDenied
    form = TeamForm(request.POST or None, instance=team, villages=kept_units(request.user))
    context = _page(form, f"Sửa {team.name}")
    if request.method == "POST" and form.is_valid():
        try:
            update_team(actor=request.user, team=team, expected_version=form.expected_version, **form.values)
        except StaleRecordError:
            return render_conflict(request, FORM_PAGE, form, team, context)
        messages.success(request, "Đã lưu tổ công nghệ số.")
        return redirect("campaigns:team_list")
    return render(request, FORM_PAGE, context, status=422 if form.is_bound else 200)


def _page(form: TeamForm, heading: str) -> dict[str, object]:
    return {"form": form, "heading": heading, "cancel_url": reverse("campaigns:team_list")}
