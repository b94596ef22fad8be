"""The rules whose heart is a query: records in the database, figures out (kpi-rules.md; codes in the names)."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.choices import ActivityKind, Group, RecordStatus, UnitKind
from campaigns.models import DigitalTeam, Household, Membership, TargetCriterion
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from training.models import Attendance, RunningTotal
from training.workflow import approve_record

END_OF_JUNE, END_OF_YEAR = date(2026, 6, 30), date(2026, 12, 31)


def cell(target, unit):
    return target.cell_of(unit.pk)


def test_b5_a_stranger_raises_attendances_not_coverage(cast, make_person, make_activity, figures):
    pupils = [make_person(cast.a), make_person(cast.a)]
    visitor = make_person(cast.preschool)
    left_long_ago = make_person(cast.a, starts_on=date(2024, 9, 5), ends_on=date(2025, 5, 31))
    make_activity(cast.a, people=[*pupils, visitor, left_long_ago])
    found = cell(figures("K3"), cast.a)
    assert (found.n, found.d, found.attendances) == (2, 2, 4)


def test_c1_three_classes_are_three_attendances_and_one_person(cast, make_person, make_activity, figures):
    pupil = make_person(cast.a)
    for day in (1, 2, 3):
        make_activity(cast.a, on=date(2026, 4, day), people=[pupil])
    found = cell(figures("K3"), cast.a)
    assert (found.attendances, found.n) == (3, 1)


def test_c1_a_person_stands_once_in_an_activity_by_the_databases_own_rule(cast, make_person, make_activity):
    pupil = make_person(cast.a)
    activity = make_activity(cast.a, people=[pupil])
    with pytest.raises(IntegrityError), transaction.atomic():
        activity.attendances.create(commune=cast.commune, person=pupil)


def test_c2_the_first_qualifying_day_is_the_day_of_reaching(campaign, cast, make_person, make_activity):
    pupil = make_person(cast.a)
    make_activity(cast.a, on=date(2026, 5, 2), people=[pupil])
    make_activity(cast.a, on=date(2026, 4, 10), people=[pupil])
    make_activity(cast.a, on=date(2026, 3, 1), people=[pupil], status=RecordStatus.SUBMITTED)
    (reach,) = read_progress(campaign, Clocks(END_OF_YEAR, END_OF_YEAR)).facts.reaches
    assert (reach.official_on, reach.provisional_on) == (date(2026, 4, 10), date(2026, 3, 1))


def test_c3_an_activity_kind_that_the_target_does_not_name_reaches_nobody(cast, make_person, make_activity, figures):
    pupil = make_person(cast.a)
    make_activity(cast.a, ActivityKind.FESTIVAL, people=[pupil])
    assert cell(figures("K3"), cast.a).n is None


def test_c3_two_sessions_where_the_target_asks_for_two(campaign, cast, make_person, make_activity, figures):
    campaign.targets.filter(code="K3").update(min_sessions=2)
    twice, once, waiting = make_person(cast.a), make_person(cast.a), make_person(cast.a)
    make_activity(cast.a, on=date(2026, 4, 1), people=[twice, once, waiting])
    make_activity(cast.a, on=date(2026, 4, 2), people=[twice])
    make_activity(cast.a, on=date(2026, 4, 3), people=[waiting], status=RecordStatus.SUBMITTED)
    found = cell(figures("K3"), cast.a)
    assert (found.n, found.d, found.provisional_n) == (1, 3, 2)


def test_c4_coverage_follows_the_person_and_attendances_stay(cast, make_person, make_activity, figures):
    teacher = make_person(cast.a, group=Group.TEACHER, ends_on=date(2026, 8, 31))
    Membership.objects.create(
        commune=cast.commune, person=teacher, unit=cast.b, group=Group.TEACHER, starts_on=date(2026, 9, 1)
    )
    make_activity(cast.a, ActivityKind.TRAINING, on=date(2026, 4, 10), people=[teacher])
    june, december = figures("K1", END_OF_JUNE), figures("K1", END_OF_YEAR)
    assert cell(june, cast.a).n == 1
    assert cell(june, cast.b).n is None
    assert cell(december, cast.b).n == 1
    assert (june.commune.n, december.commune.n) == (1, 1)
    assert (cell(december, cast.a).attendances, cell(december, cast.b).attendances) == (1, 0)


def test_c5_leavers_leave_numerator_and_denominator(cast, campaign, make_person, make_activity, figures):
    end = date(2026, 5, 31)
    stayed = [make_person(cast.a) for _ in range(39)]
    left_covered = [make_person(cast.a, ends_on=end) for _ in range(9)]
    make_person(cast.a, "Trần Văn Rời Đi", ends_on=end)
    make_person(cast.a, "Trần Văn Ở Lại")
    make_activity(cast.a, on=date(2026, 4, 10), people=stayed + left_covered)
    for _ in range(12):
        make_person(cast.a, starts_on=date(2026, 6, 1))
    before = cell(figures("K3", date(2026, 5, 31)), cast.a)
    after = cell(figures("K3", END_OF_JUNE), cast.a)
    assert (before.n, before.d) == (48, 50)
    assert (after.n, after.d, after.percent) == (39, 52, "75,0%")


def test_c7_somebody_in_two_units_counts_once_for_the_commune(cast, make_person, make_activity, figures):
    both = make_person(cast.a, group=Group.TEACHER)
    Membership.objects.create(
        commune=cast.commune, person=both, unit=cast.b, group=Group.TEACHER, starts_on=date(2025, 9, 5)
    )
    make_activity(cast.a, ActivityKind.TRAINING, people=[both, make_person(cast.b, group=Group.TEACHER)])
    target = figures("K1")
    assert (cell(target, cast.a).n, cell(target, cast.b).n, target.commune.n, target.overlap_n) == (1, 2, 2, 1)


def test_d2_named_people_of_a_mixed_session_are_taken_from_its_total(cast, make_person, make_activity, figures):
    named = [make_person(cast.a) for _ in range(3)]
    make_activity(cast.a, people=named, totals={Group.PUPIL: 33})
    found = cell(figures("K3"), cast.a)
    assert (found.n, found.unnamed, found.attendances) == (3, 30, 3)


def test_d3_names_added_later_move_from_unnamed_to_named(cast, make_person, make_activity, figures):
    activity = make_activity(cast.a, totals={Group.PUPIL: 30})
    pupil = make_person(cast.a)
    assert cell(figures("K3"), cast.a).unnamed == 30
    activity.attendances.create(commune=cast.commune, person=pupil, group=Group.PUPIL, unit=cast.a)
    found = cell(figures("K3"), cast.a)
    assert (found.n, found.unnamed, activity.group_totals.get().total) == (1, 29, 30)


def test_e1_e2_households_count_once_over_all_channels_in_two_tiers(
    cast, make_household, make_activity, make_check, figures
):
    homes = [make_household(cast.village, f"Chủ hộ {n}") for n in range(16)]
    make_activity(cast.village, ActivityKind.COMMUNICATION, households=homes[:9])
    make_activity(cast.village, ActivityKind.SUPPORT, on=date(2026, 5, 1), households=homes[:3])
    for home in homes[3:9]:
        make_check(home)
    make_check(homes[9], skills=4)
    target = figures("K4")
    found = cell(target, cast.village)
    assert (target.second_tier.n, target.second_tier.d, target.second_tier.percent) == (10, 16, "62,5%")
    assert (found.n, found.d, found.percent, found.verdict) == (6, 16, "37,5%", "not_met")


def test_e1_1250_reports_of_1000_households_among_1600_are_62_5_percent(cast, make_activity, figures):
    homes = [
        Household(commune=cast.commune, village=cast.village, head_name=f"Chủ hộ {n}", starts_on=date(2020, 1, 1))
        for n in range(1600)
    ]
    for home in homes:
        home.set_keys()
    homes = Household.objects.bulk_create(homes)
    for kind, present in ((ActivityKind.COMMUNICATION, homes[:800]), (ActivityKind.SUPPORT, homes[550:1000])):
        activity = make_activity(cast.village, kind)
        activity.attendances.bulk_create(
            Attendance(
                commune=cast.commune, activity=activity, household=home, group=Group.HOUSEHOLD, unit=cast.village
            )
            for home in present
        )
    target = figures("K4")
    assert (target.commune.attendances, target.second_tier.text) == (1250, "1.000/1.600 (62,5%)")


def test_b5_households_at_a_meeting_are_not_added_to_the_attendances_of_people(
    cast, make_person, make_household, make_activity, figures
):
    homes = [make_household(cast.village, f"Chủ hộ {n}") for n in range(4)]
    official = make_person(cast.office, group=Group.OFFICIAL)
    make_activity(cast.office, ActivityKind.COMMUNICATION, people=[official], households=homes)
    assert figures("K1").commune.attendances == 1
    assert figures("K4").commune.attendances == 4


def test_f1_a_closed_unit_leaves_the_count(campaign, commune, make_unit, make_activity, figures):
    schools = [make_unit(commune, f"T{n}", UnitKind.PRIMARY) for n in range(12)]
    for school in schools:
        make_activity(school, ActivityKind.COMMUNICATION, on=date(2026, 5, 20))
    schools[0].closed_on = END_OF_JUNE
    schools[0].save()
    may, december = figures("K5", date(2026, 5, 31)).commune, figures("K5", END_OF_YEAR).commune
    assert (may.n, may.d, may.verdict) == (12, 12, "met")
    assert (december.n, december.d, december.verdict) == (11, 11, "met")


def test_f3_a_joint_activity_is_one_and_credits_each_host(cast, make_activity, figures):
    make_activity(cast.a, ActivityKind.FESTIVAL, co_hosts=(cast.b, cast.preschool))
    target = figures("K5")
    assert (target.commune.n, target.commune.d, target.activities) == (3, 3, 1)


def test_g4_pooled_not_averaged_with_both_sources(campaign, commune, cast, make_unit, declare, figures):
    target = campaign.targets.get(code="K3")
    numbers = {"P1": (30, 30), "P2": (12, 40), "P3": (200, 250)}
    TargetCriterion.objects.filter(target=target, kind="UNIT_KIND", value="LOWER_SECONDARY").delete()
    cast.a.closed_on = date(2025, 12, 31)
    cast.a.save()
    for code, (n, d) in numbers.items():
        declare(target, make_unit(commune, code, UnitKind.PRIMARY), Group.PUPIL, n, d)
    found = figures("K3").commune
    assert (found.n, found.d, found.percent, found.declared_d) == (242, 320, "75,6%", 320)


def test_g1_the_latest_running_total_counts(campaign, cast, officer_record, declare, figures):
    target = campaign.targets.get(code="K3")
    declare(target, cast.a, Group.PUPIL, 100, 300, date(2026, 3, 31))
    for month, value in ((4, 180), (5, 260)):
        RunningTotal.objects.create(
            target=target, unit=cast.a, group=Group.PUPIL, as_of=date(2026, month, 30), value=value, **officer_record
        )
    assert cell(figures("K3"), cast.a).n == 260
    assert cell(figures("K3", date(2026, 4, 30), END_OF_YEAR), cast.a).n == 180


def test_g3_a_unit_has_one_series_whoever_enters_it(campaign, cast, officer_record):
    target = campaign.targets.get(code="K3")
    row = {"target": target, "unit": cast.a, "group": Group.PUPIL, "as_of": END_OF_JUNE}
    RunningTotal.objects.create(**row, value=10, **officer_record)
    with pytest.raises(IntegrityError), transaction.atomic():
        RunningTotal.objects.create(**row, value=12, **{**officer_record, "entered_by": cast.editor_a})


def test_g5_two_clocks_happened_by_and_approved_by(cast, make_person, make_activity, figures):
    pupil = make_person(cast.a)
    make_activity(cast.a, on=date(2026, 6, 28), people=[pupil], approved_on=date(2026, 7, 5))
    assert cell(figures("K3", END_OF_JUNE, END_OF_JUNE), cast.a).n is None
    assert cell(figures("K3", END_OF_JUNE, date(2026, 7, 10)), cast.a).n == 1


def test_g7_days_are_those_of_viet_nam_not_of_the_server(cast, make_person, make_activity, figures, monkeypatch):
    """Half past midnight of 1 July at Hà Bắc is still 30 June in UTC: what is approved then is approved in July."""
    activity = make_activity(cast.a, on=date(2026, 6, 28), people=[make_person(cast.a)], status=RecordStatus.SUBMITTED)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 6, 30, 17, 30, tzinfo=UTC))
    approve_record(actor=cast.officer, record=activity)
    assert cell(figures("K3", END_OF_JUNE, END_OF_JUNE), cast.a).n is None
    assert cell(figures("K3", END_OF_JUNE, date(2026, 7, 1)), cast.a).n == 1


def test_h1_waiting_records_are_provisional_and_drafts_never_count(cast, make_person, make_activity, figures):
    pupils = [make_person(cast.a) for _ in range(50)]
    make_activity(cast.a, people=pupils[:40])
    make_activity(cast.a, people=pupils[40:46], status=RecordStatus.SUBMITTED)
    make_activity(cast.a, people=pupils[46:48], status=RecordStatus.DRAFT)
    make_activity(cast.a, people=pupils[48:], status=RecordStatus.RETURNED)
    found = cell(figures("K3"), cast.a)
    assert (found.n, found.d, found.percent, found.verdict) == (40, 50, "80,0%", "not_met")
    assert (found.provisional_n, found.provisional_percent) == (46, "92,0%")


def test_h8_a_session_for_several_targets_is_one_activity(campaign, cast, make_person, make_activity):
    teacher, pupil = make_person(cast.a, group=Group.TEACHER), make_person(cast.a)
    make_activity(cast.a, ActivityKind.TRAINING, people=[teacher, pupil])
    progress = read_progress(campaign, Clocks(END_OF_YEAR, END_OF_YEAR)).progress
    assert (progress.target("K1").activities, progress.target("K3").activities) == (1, 1)
    assert progress.activities_total == 1


def test_k6_needs_an_active_team_and_an_activity_in_the_last_ninety_days(cast, make_activity, figures):
    team = DigitalTeam.objects.create(
        commune=cast.commune, village=cast.village, name="Tổ thôn Một", founded_on=date(2025, 1, 1)
    )
    make_activity(cast.village, ActivityKind.SUPPORT, on=date(2026, 4, 10), team=team)
    assert cell(figures("K6", END_OF_JUNE), cast.village).n == 1
    late = cell(figures("K6", END_OF_YEAR), cast.village)
    assert (late.state, late.n, late.verdict) == ("value", 0, "not_met")


def test_another_commune_changes_nothing_here(cast, make_person, make_activity, figures):
    make_activity(cast.other_school, people=[make_person(cast.other_school)])
    assert figures("K3").commune.state == "no_denominator"


def test_the_number_of_queries_does_not_grow_with_the_rows(
    campaign, cast, make_person, make_household, make_activity, make_check, django_assert_num_queries
):
    def read():
        return read_progress(campaign, Clocks(END_OF_YEAR, END_OF_YEAR)).progress

    with django_assert_num_queries(10):
        read()
    for number in range(12):
        make_activity(cast.a, on=date(2026, 4, 1 + number), people=[make_person(cast.a)], co_hosts=(cast.b,))
        make_check(make_household(cast.village))
    with django_assert_num_queries(10):
        assert read().target("K3").commune.n == 12
