"""Exclusions (rule C8): the list, choosing people, the record."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.access import allow, may_keep_rosters
from accounts.requests import methods
from campaigns.models import Exclusion
from campaigns.roster_access import may_read_people
from campaigns.selectors.people import with_memberships
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from training.forms.exclusions import ExclusionFilter, ExclusionForm, ExclusionsForm, PeopleSearch, chosen_people
from training.selectors.exclusions import exclusions_of
from training.services.exclusions import delete_exclusion, people_to_exclude, propose_exclusions, update_exclusion
from training.views.records import FormPage, confirm_delete, editable_or_refuse, required_campaign, save_or_show
from training.views.revisions import version_context
from training.workflow import own_waiting

SLUG = "loai-tru"
RELATED = ("person", "unit", "campaign", "target")


@allow(may_read_people)
@methods("GET")
def exclusion_list(request: HttpRequest) -> HttpResponse:
    """Who is left out, why and when, with the state of each record."""
    parameters = remembered(request, "exclusions")
    filter_form = ExclusionFilter(parameters, user=request.user)
    rows = exclusions_of(user=request.user, campaign=required_campaign(request.user))
    page = page_of(filter_form.filter(rows, local_today()), parameters)
    context = {
        "filter_form": filter_form,
        "page": page,
        "parameters": parameters,
        "own": own_waiting(request.user, Exclusion, page.object_list),
        "may_write": may_keep_rosters(request.user),
    }
    return render(request, "training/exclusion_list.html", context)


@allow(may_read_people)
@methods("GET")
def exclusion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One record with its ground and who decided."""
    records = Exclusion.objects.visible_to(request.user).select_related(*RELATED, "entered_by", "decided_by")
    record = get_object_or_404(records, pk=pk)
    may_write = may_keep_rosters(request.user) and record.is_editable
    context = {
        "record": record,
        "own": own_waiting(request.user, Exclusion, [record]),
        "may_edit": may_write and Exclusion.objects.editable_by(request.user).filter(pk=pk).exists(),
    }
    context |= version_context(request, SLUG, record)
    return render(request, "training/exclusion_detail.html", context)


@allow(may_keep_rosters)
@methods("GET")
def exclusion_people(request: HttpRequest) -> HttpResponse:
    """Choosing whom to propose, over as many searches as it takes."""
    people = people_to_exclude(user=request.user, day=local_today())
    filter_form = PeopleSearch(request.GET, user=request.user)
    chosen = chosen_people(people, request.GET.getlist("nguoi"))
    found = filter_form.filter(people).exclude(pk__in=[person.pk for person in chosen])
    page = page_of(with_memberships(found, request.user), request.GET, per_page=40)
    context = {"filter_form": filter_form, "page": page, "chosen": chosen}
    return render(request, "training/exclusion_people.html", context)


@allow(may_keep_rosters)
@methods("GET", "POST")
def exclusion_create(request: HttpRequest) -> HttpResponse:
    """One reason and time for everybody chosen (`?nguoi=…&nguoi=…`), as drafts or sent at once."""
    campaign = required_campaign(request.user)
    people = people_to_exclude(user=request.user, day=local_today())
    form = ExclusionsForm(request.POST or None, campaign=campaign, people=people)
    chosen = chosen_people(people, (request.POST or request.GET).getlist("nguoi"))
    done_url = reverse("training:exclusion_list")
    save = partial(propose_exclusions, campaign=campaign)
    template = "training/exclusion_create.html"
    page = FormPage(save, {"people": chosen, "cancel_url": done_url}, done_url=done_url, template=template)
    return save_or_show(request, form, page)


@allow(may_keep_rosters)
@methods("GET", "POST")
def exclusion_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes one draft or returned record."""
    record = editable_or_refuse(request.user, Exclusion.objects.select_related(*RELATED), pk)
    form = ExclusionForm(request.POST or None, campaign=record.campaign, record=record)
    done_url = reverse("training:exclusion_detail", args=[pk])
    context = {
        "heading": f"Loại trừ khỏi chỉ tiêu: {record.person}",
        "lead": record.unit.name,
        "delete_url": reverse("training:exclusion_delete", args=[pk]),
        "cancel_url": done_url,
    }
    save = partial(update_exclusion, record=record)
    return save_or_show(request, form, FormPage(save, context, record=record, done_url=done_url))


@allow(may_keep_rosters)
@methods("GET", "POST")
def exclusion_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Deletes one draft or returned record, after a question."""
    record = editable_or_refuse(request.user, Exclusion.objects.select_related("person", "unit"), pk)
    delete = partial(delete_exclusion, actor=request.user, record=record)
    done_url = reverse("training:exclusion_list")
    return confirm_delete(request, record, delete, title=f"Xóa đề nghị loại trừ {record.person}?", done_url=done_url)
