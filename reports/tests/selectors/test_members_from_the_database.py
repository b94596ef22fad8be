"""Who belongs to the counted set (C4-C6) and who is left out beside the figure (C8): records in, figures out."""

from datetime import date

import pytest

from campaigns.choices import ActivityKind, DenominatorPolicy, ExclusionReason, Group, RecordStatus
from campaigns.models import Exclusion, Membership
from conftest import clock_values
from reports.progress import split
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks

MAY, JUNE, YEAR_END = date(2026, 5, 31), date(2026, 6, 30), date(2026, 12, 31)


@pytest.fixture
def policy(campaign):
    """policy("K3", FIXED, day) sets a target's denominator policy without a new version: it was always so."""

    def choose(code: str, chosen: DenominatorPolicy, fixed_on: date | None = None) -> None:
        campaign.targets.filter(code=code).update(denominator_policy=chosen, fixed_on=fixed_on)

    return choose


@pytest.fixture
def exclude(campaign, cast):
    """exclude(person, unit): an approved exclusion of maternity leave from the campaign's first day on."""

    def make(person, unit, *, target=None, starts_on=date(2026, 1, 1), ends_on=None, approved_on=None, **values):
        clock = clock_values(values.pop("status", RecordStatus.APPROVED), approved_on or starts_on, cast.officer2)
        return Exclusion.objects.create(
            commune=cast.commune, campaign=campaign, unit=unit, person=person, target=target,
            reason=ExclusionReason.MATERNITY, starts_on=starts_on, ends_on=ends_on, entered_by=cast.officer,
            **clock, **values,
        )  # fmt: skip

    return make


@pytest.fixture
def school_year(cast, make_person, make_activity):
    """Ten pupils of A trained in April; four leave on 31/5 and two move to B on 1/9, six arrive at A on 1/9.

    As of 31/5 A 10/10; as of 31/12 A 4/10, B 2/2; ever in the year A 10/16, B 2/2, commune 10/16.
    """
    stay = [make_person(cast.a) for _ in range(4)]
    leave = [make_person(cast.a, ends_on=MAY) for _ in range(4)]
    move = [make_person(cast.a, ends_on=date(2026, 8, 31)) for _ in range(2)]
    for person in move:
        join(person, cast.b)
    make_activity(cast.a, on=date(2026, 4, 10), people=[*stay, *leave, *move])
    for _ in range(6):
        make_person(cast.a, starts_on=date(2026, 9, 1))


def join(person, unit, group=Group.PUPIL, starts_on=date(2026, 9, 1), ends_on=None):
    return Membership.objects.create(
        commune_id=unit.commune_id, person=person, unit=unit, group=group, starts_on=starts_on, ends_on=ends_on
    )


def texts(target, *units):
    return [target.cell_of(unit.pk).text for unit in units]


def test_c4_somebody_who_leaves_and_returns_is_counted_where_they_are_on_the_day(
    cast, make_person, make_activity, figures
):
    teacher = make_person(cast.a, group=Group.TEACHER, ends_on=MAY)
    make_activity(cast.a, ActivityKind.TRAINING, on=date(2026, 4, 10), people=[teacher])
    join(teacher, cast.a, Group.TEACHER, starts_on=date(2026, 9, 1))
    assert [figures("K1", day).cell_of(cast.a.pk).n for day in (MAY, JUNE, YEAR_END)] == [1, None, 1]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (MAY, ["10/10 (100,0%)", "Chưa có mẫu số", "10/10 (100,0%)"]),
        (YEAR_END, ["4/10 (40,0%)", "2/2 (100,0%)", "6/12 (50,0%)"]),
    ],
)
def test_c6_as_of_counts_who_is_there_on_the_day(school_year, cast, figures, as_of, expected):
    target = figures("K3", as_of)
    assert [*texts(target, cast.a, cast.b), target.commune.text] == expected


def test_c6_a_fixed_day_keeps_who_was_there_then(school_year, cast, policy, figures):
    policy("K3", DenominatorPolicy.FIXED, MAY)
    target = figures("K3")
    assert [*texts(target, cast.a), target.commune.text] == ["10/10 (100,0%)", "10/10 (100,0%)"]
    assert figures("K3", date(2026, 4, 9)).commune.d == 10, "a fixed day to come is the day of the reading"


def test_c6_ever_counts_whoever_was_there_in_the_year_and_each_once_for_the_commune(
    school_year, cast, make_person, policy, figures
):
    make_person(cast.a, starts_on=date(2024, 9, 5), ends_on=date(2025, 12, 31))
    policy("K3", DenominatorPolicy.EVER)
    policy("K1", DenominatorPolicy.FIXED, date(2025, 6, 1))
    target = figures("K3")
    assert texts(target, cast.a, cast.b) == ["10/16 (62,5%)", "2/2 (100,0%)"]
    assert (target.commune.text, target.overlap_n, target.overlap_d) == ("10/16 (62,5%)", 2, 2)


def test_c6_a_school_that_closed_since_the_fixed_day_still_counts_and_its_pupils_stay_with_it(
    cast, make_person, make_activity, policy, figures
):
    pupils = [make_person(cast.a, ends_on=JUNE) for _ in range(4)]
    for pupil in pupils:
        join(pupil, cast.b, starts_on=date(2026, 7, 1))
    make_activity(cast.a, people=pupils[:3])
    cast.a.closed_on = JUNE
    cast.a.save()
    policy("K3", DenominatorPolicy.FIXED, MAY)
    fixed, as_of = figures("K3"), figures("K1")
    assert (fixed.cell_of(cast.a.pk).text, fixed.cell_of(cast.b.pk).state) == ("3/4 (75,0%)", "not_applicable")
    assert as_of.cell_of(cast.a.pk).state == "not_applicable"


def test_c8_maternity_leave_is_shown_with_and_without(cast, make_person, make_activity, exclude, figures):
    """45/50 chưa đạt; excluding 1, 45/49 = 91,8 % đạt "(đã loại trừ 1)"."""
    staff = [make_person(cast.a, group=Group.TEACHER) for _ in range(50)]
    make_activity(cast.a, ActivityKind.TRAINING, people=staff[:45])
    exclude(staff[49], cast.a)
    exclude(make_person(cast.village, group=Group.RESIDENT), cast.village)
    found = figures("K1").cell_of(cast.a.pk)
    assert (found.text, found.verdict) == ("45/50 (90,0%)", "not_met")
    assert (found.adjusted.text, found.adjusted.verdict) == ("45/49 (91,8%) (đã loại trừ 1)", "met")


def test_c8_only_official_exclusions_in_force_on_the_counted_day_are_taken(
    cast, make_person, make_activity, exclude, figures, policy
):
    staff = [make_person(cast.a, group=Group.TEACHER) for _ in range(8)]
    make_activity(cast.a, ActivityKind.TRAINING, people=staff[:1])
    exclude(staff[1], cast.a, ends_on=JUNE)
    exclude(staff[2], cast.a, starts_on=date(2026, 7, 1))
    exclude(staff[3], cast.a, status=RecordStatus.SUBMITTED)
    exclude(staff[4], cast.a, approved_on=date(2027, 1, 15))
    exclude(staff[5], cast.a, status=RecordStatus.RETURNED)

    def left_out(as_of, approved_by=None):
        adjusted = figures("K1", as_of, approved_by).commune.adjusted
        return adjusted.excluded if adjusted else 0

    assert [left_out(MAY), left_out(JUNE), left_out(YEAR_END)] == [1, 1, 1]
    assert left_out(YEAR_END, date(2027, 1, 15)) == 2
    policy("K1", DenominatorPolicy.FIXED, MAY)
    assert left_out(YEAR_END, date(2027, 1, 15)) == 2, "in force on the fixed day: the first and the one approved later"


def test_c8_an_exclusion_may_hold_for_one_target_only(campaign, cast, make_person, exclude, figures, make_activity):
    teacher, colleague = make_person(cast.a, group=Group.TEACHER), make_person(cast.a, group=Group.TEACHER)
    make_activity(cast.a, ActivityKind.TRAINING, people=[colleague])
    exclude(teacher, cast.a, target=campaign.targets.get(code="K2"))
    assert figures("K1").commune.adjusted is None
    exclude(teacher, cast.a)
    assert figures("K1").commune.adjusted.text == "1/1 (100,0%) (đã loại trừ 1)"


def test_c8_the_explanation_names_who_is_excluded(campaign, cast, make_person, exclude):
    teacher = make_person(cast.a, group=Group.TEACHER)
    exclude(teacher, cast.a)
    reading = read_progress(campaign, Clocks(YEAR_END, YEAR_END))
    excluded = {pk for unit in split(reading.facts, reading.rule("K1")) for pk in unit.excluded}
    assert excluded == {teacher.pk}
    assert reading.facts.excluded == {"K1": {teacher.pk}, "K2": {teacher.pk}, "K3": {teacher.pk}}
