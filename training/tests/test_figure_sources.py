"""The source of a unit's figures holds from a day on, as chosen on a day (kpi-rules.md, "Declared figures"; G5, G6)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaigns.choices import Group, Source
from campaigns.models import FigureSource
from campaigns.models.declared import ALWAYS
from campaigns.services.merging import merge_units
from hbs_portal.lib.dates import local_today
from training.selectors.declared import declared_figures, units_with_declared
from training.services.declared import declare_headcount, set_figure_source, source_on
from training.workflow import approve_record


@pytest.fixture
def address(cast):
    return reverse("training:source_edit", args=[cast.a.pk, "PUPIL"])


@pytest.fixture
def choose(cast):
    def make(source, effective_on=ALWAYS, unit=None):
        unit = unit or cast.a
        return set_figure_source(
            actor=cast.officer, unit=unit, group=Group.PUPIL, source=source, effective_on=effective_on
        )

    return make


def line_of(cast, campaign):
    return next(line for line in declared_figures(unit=cast.a, campaign=campaign).groups if line.group == Group.PUPIL)


def test_a_source_chosen_from_a_day_leaves_the_days_before_it(cast, login, address):
    day = local_today() - timedelta(days=30)
    answer = login(cast.officer).post(address, {"source": "DECLARED", "effective_on": day.strftime("%d/%m/%Y")})
    assert answer.status_code == 302
    known = {"unit": cast.a, "group": Group.PUPIL}
    assert source_on(day=day - timedelta(days=1), **known) == Source.ROSTER
    assert source_on(day=day, **known) == Source.DECLARED


def test_without_a_day_the_choice_is_a_correction_from_the_beginning(cast, login, address):
    login(cast.officer).post(address, {"source": "DECLARED", "effective_on": ""})
    stored = FigureSource.objects.get()
    assert (stored.effective_on, stored.chosen_on, stored.is_from_the_beginning) == (ALWAYS, local_today(), True)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"source": "ROSTER", "effective_on": ""}, "source"),
        ({"source": "DECLARED", "effective_on": "01/01/2019"}, "effective_on"),
        ({"source": "", "effective_on": ""}, "source"),
    ],
)
def test_a_choice_that_changes_nothing_or_of_a_day_before_the_unit_is_refused(cast, login, address, values, field):
    response = login(cast.officer).post(address, values)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not FigureSource.objects.exists()


@pytest.mark.parametrize(("days", "is_told"), [(40, True), (0, False)])
def test_a_day_to_come_is_told_so_that_a_wrong_year_is_seen(cast, login, address, days, is_told):
    day = local_today() + timedelta(days=days)
    values = {"source": "DECLARED", "effective_on": day.strftime("%d/%m/%Y")}
    answer = login(cast.officer).post(address, values, follow=True)
    said = " ".join(str(one) for one in answer.context["messages"])
    assert (f"đổi từ ngày {day:%d/%m/%Y}" in said) is is_told


def test_the_form_opens_with_today_and_the_source_of_today_and_tells_earlier_choices(cast, login, address, choose):
    choose(Source.DECLARED, date(2026, 3, 1))
    choose(Source.ROSTER, local_today() + timedelta(days=400))
    page = login(cast.officer).get(address)
    form = page.context["form"]
    assert (form["source"].value(), form["effective_on"].value()) == ("DECLARED", local_today())
    assert "áp dụng từ 01/03/2026" in page.content.decode()


def test_the_units_page_shows_the_source_of_today_and_the_next_one(cast, campaign, login, choose):
    choose(Source.DECLARED, local_today() - timedelta(days=10))
    choose(Source.ROSTER, local_today() + timedelta(days=10))
    line = line_of(cast, campaign)
    assert (line.source, line.next_source.source) == (Source.DECLARED, Source.ROSTER)
    day = (local_today() + timedelta(days=10)).strftime("%d/%m/%Y")
    page = login(cast.officer).get(reverse("training:declared_unit", args=[cast.a.pk])).content.decode()
    assert f"từ {day}: theo danh sách" in page


def test_g6_a_wrong_head_count_is_corrected_and_a_real_change_is_a_number_with_its_own_day(cast, campaign, login):
    record = declare_headcount(
        actor=cast.editor_a, unit=cast.a, group=Group.PUPIL, effective_on=date(2026, 3, 1), count=500, submit=True
    )
    approve_record(actor=cast.officer, record=record)
    client = login(cast.editor_a)
    page = client.get(reverse("training:declared_unit", args=[cast.a.pk])).content.decode()
    revise = reverse("training:record_revise", args=["quy-mo", record.pk])
    change = f"/so-khai-bao/quy-mo/them/?don-vi={cast.a.pk}&amp;nhom=PUPIL"
    assert f'<a href="{revise}">Đính chính số sai</a>' in page
    assert f'<a href="{change}">Quy mô thay đổi từ ngày…</a>' in page
    form = client.get(change.replace("&amp;", "&")).context["form"]
    assert (form["group"].value(), form["effective_on"].value()) == (Group.PUPIL, local_today())


def test_the_list_counts_the_groups_that_declare_today(cast, choose):
    choose(Source.DECLARED)
    choose(Source.DECLARED, unit=cast.b)
    choose(Source.ROSTER, local_today() - timedelta(days=1), unit=cast.b)
    counts = {unit.pk: unit.source_count for unit in units_with_declared(cast.officer)}
    assert (counts[cast.a.pk], counts[cast.b.pk]) == (1, 0)


def test_f2_a_merged_unit_declares_from_its_first_day_what_one_of_the_old_ones_declared_then(cast, choose):
    choose(Source.DECLARED, date(2026, 3, 1))
    versions = {unit.pk: unit.version for unit in (cast.a, cast.b)}
    new = merge_units(
        actor=cast.officer, commune=cast.commune, units=[cast.a, cast.b], expected_versions=versions,
        code="TH&THCS", name="Trường TH&THCS", opened_on=date(2026, 9, 1),
    )  # fmt: skip
    stored = FigureSource.objects.get(unit=new)
    assert (stored.source, stored.effective_on, stored.chosen_day) == (Source.DECLARED, date(2026, 9, 1), None)


def test_f2_a_source_that_was_given_up_before_the_merger_does_not_go_on(cast, choose):
    choose(Source.DECLARED)
    choose(Source.ROSTER, date(2026, 8, 1))
    versions = {unit.pk: unit.version for unit in (cast.a, cast.b)}
    new = merge_units(
        actor=cast.officer, commune=cast.commune, units=[cast.a, cast.b], expected_versions=versions,
        code="TH&THCS", name="Trường TH&THCS", opened_on=date(2026, 9, 1),
    )  # fmt: skip
    assert not FigureSource.objects.filter(unit=new).exists()


def test_f2_a_source_that_was_chosen_for_a_day_after_the_merger_holds_from_then_on(cast, choose):
    """The school declares and will be counted by its list from 1 October: the merger in September keeps that."""
    choose(Source.DECLARED)
    choose(Source.ROSTER, date(2026, 10, 1))
    versions = {unit.pk: unit.version for unit in (cast.a, cast.b)}
    new = merge_units(
        actor=cast.officer, commune=cast.commune, units=[cast.a, cast.b], expected_versions=versions,
        code="TH&THCS", name="Trường TH&THCS", opened_on=date(2026, 9, 1),
    )  # fmt: skip
    rows = FigureSource.objects.filter(unit=new).order_by("effective_on").values_list("source", "effective_on")
    assert list(rows) == [(Source.DECLARED, date(2026, 9, 1)), (Source.ROSTER, date(2026, 10, 1))]
