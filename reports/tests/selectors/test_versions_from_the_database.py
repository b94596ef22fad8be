"""What changes after it was approved: new versions (H2), changed rules (H6), dated sources and head-counts (G5, G6)."""

from datetime import date, timedelta

import pytest

from campaigns.choices import ActivityKind, DenominatorPolicy, Group, RecordStatus, Source, UnitKind
from campaigns.models import FigureSource, Headcount, TargetVersion
from campaigns.services.targets import CRITERIA, RULE_FIELDS, target_state, update_target
from campaigns.wording import target_in_words
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from training.models import RunningTotal

MARCH, MAY, JUNE, YEAR_END = date(2026, 3, 31), date(2026, 5, 31), date(2026, 6, 30), date(2026, 12, 31)
SENT, APPROVED = date(2026, 7, 1), date(2026, 7, 5)


def numbers(target):
    return target.commune.n, target.commune.provisional_n


def test_h2_the_old_version_of_an_activity_counts_until_the_new_one_is_approved(
    cast, make_person, make_activity, revise, figures
):
    pupils = [make_person(cast.a) for _ in range(50)]
    old = make_activity(cast.a, people=pupils[:40])
    new = revise(old, sent=SENT, approved=APPROVED)
    for pupil in pupils[:46]:
        new.attendances.create(commune=cast.commune, person=pupil, group=Group.PUPIL, unit=cast.a)
    at = {day: figures("K3", JUNE, day) for day in (JUNE, SENT, APPROVED - timedelta(1), APPROVED)}
    assert [numbers(target) for target in at.values()] == [(40, 40), (40, 46), (40, 46), (46, 46)]
    assert [target.commune.attendances for target in at.values()] == [40, 40, 40, 46]


def test_h2_while_a_new_version_waits_the_old_one_is_official_and_the_new_one_provisional(
    cast, make_person, make_activity, revise, figures
):
    pupils = [make_person(cast.a) for _ in range(50)]
    new = revise(make_activity(cast.a, people=pupils[:40]), sent=SENT)
    for pupil in pupils[4:50]:
        new.attendances.create(commune=cast.commune, person=pupil, group=Group.PUPIL, unit=cast.a)
    target = figures("K3")
    assert (target.commune.text, target.commune.provisional_n, target.activities) == ("40/50 (80,0%)", 46, 1)


def test_h2_the_same_with_two_sessions_asked_for(campaign, cast, make_person, make_activity, revise, figures):
    campaign.targets.filter(code="K3").update(min_sessions=2)
    pupil = make_person(cast.a)
    make_activity(cast.a, on=date(2026, 4, 1), people=[pupil])
    second = make_activity(cast.a, on=date(2026, 4, 2), people=[pupil])
    assert numbers(figures("K3")) == (1, 1)
    revise(second, sent=SENT)
    assert numbers(figures("K3")) == (1, 0)


def test_h2_units_and_households_keep_the_old_version_too(
    cast, make_activity, make_household, make_check, revise, figures
):
    revise(make_activity(cast.a, ActivityKind.FESTIVAL), sent=SENT, kind=ActivityKind.LESSON)
    revise(make_check(make_household(cast.village)), sent=SENT, self_protection=False)
    assert [numbers(figures(code)) for code in ("K5", "K4")] == [(1, 0), (1, 0)]


def test_h2_platform_uses_and_declared_totals_keep_the_old_version_too(
    campaign, cast, make_person, make_platform_use, declare, revise, figures
):
    teacher = make_person(cast.b, group=Group.TEACHER)
    revise(make_platform_use(teacher), sent=SENT, confirmed_on=date(2027, 2, 1))
    declare(campaign.targets.get(code="K3"), cast.a, n=180, d=300)
    total = RunningTotal.objects.get()
    revise(total, sent=SENT, value=200)
    assert numbers(figures("K2")) == (1, 0)
    assert numbers(figures("K3")) == (180, 200)


def test_h2_a_withdrawn_approval_counts_until_the_day_before(cast, make_person, make_activity, figures):
    activity = make_activity(cast.a, people=[make_person(cast.a)])
    activity.status, activity.ended_on, activity.end_reason = RecordStatus.WITHDRAWN, APPROVED, "Nhập nhầm"
    activity.save()
    assert [numbers(figures("K3", JUNE, day)) for day in (APPROVED - timedelta(1), APPROVED)] == [(1, 1), (None, None)]


@pytest.fixture
def change(campaign, cast):
    """change("K3", date, **values) gives the target a new rule from that day on; recorded on `known` if given."""

    def make(code, effective_on, known=None, **values):
        target = campaign.targets.get(code=code)
        state = target_state(target)
        lists = {name: state[name] for name in CRITERIA}
        fields = {name: getattr(target, name) for name in RULE_FIELDS}
        update_target(
            actor=cast.officer, target=target, expected_version=target.version, effective_on=effective_on,
            **fields | lists | values,
        )  # fmt: skip
        newest = TargetVersion.objects.filter(target=target).order_by("-number").first()
        TargetVersion.objects.filter(pk=newest.pk).update(recorded_on=known or effective_on)
        return newest

    return make


def test_h6_a_changed_rule_is_a_version_from_its_day_on(cast, make_person, make_activity, change, figures):
    """From 1/7 the clause asks for 90 %: 46/50 was not met under 100 %, and is under the new rule."""
    pupils = [make_person(cast.a) for _ in range(50)]
    make_activity(cast.a, people=pupils[:46])
    change("K3", date(2026, 7, 1), operator="MORE_THAN", threshold_bp=9000)
    june, july = figures("K3", JUNE), figures("K3", date(2026, 7, 1))
    assert [(cell.text, cell.verdict) for cell in (t.cell_of(cast.a.pk) for t in (june, july))] == [
        ("46/50 (92,0%)", "not_met"),
        ("46/50 (92,0%)", "met"),
    ]
    assert [(t.rule.version, t.rule.effective_on) for t in (june, july)] == [
        (1, date(2026, 1, 1)),
        (2, date(2026, 7, 1)),
    ]


def test_h6_a_rule_that_was_recorded_later_is_unknown_to_an_earlier_reading(cast, make_person, change, figures):
    """Decided on 15/9 for 1/7: the report of 31/7 keeps its rule, one with what was known on 15/9 has the new one."""
    make_person(cast.a)
    change("K3", date(2026, 7, 1), known=date(2026, 9, 15), operator="MORE_THAN", threshold_bp=9000)
    july = date(2026, 7, 31)
    versions = [figures("K3", july, known).rule.version for known in (july, date(2026, 9, 14), date(2026, 9, 15))]
    assert versions == [1, 1, 2]


def test_h6_a_version_has_its_own_groups_kinds_and_policy(cast, make_person, make_activity, change, figures):
    teacher, pupil = make_person(cast.a, group=Group.TEACHER), make_person(cast.a)
    make_activity(cast.a, ActivityKind.LESSON, people=[pupil, teacher])
    change(
        "K3", date(2026, 7, 1), groups=[Group.TEACHER], unit_kinds=[UnitKind.PRIMARY], min_sessions=2,
        activity_kinds=[ActivityKind.TRAINING], denominator_policy=DenominatorPolicy.FIXED, fixed_on=MAY,
    )  # fmt: skip
    june, december = figures("K3", JUNE), figures("K3")
    assert (june.commune.text, june.rule.groups) == ("1/1 (100,0%)", {"PUPIL"})
    assert (december.commune.d, december.commune.n, december.rule.groups) == (1, None, {"TEACHER"})
    assert (december.rule.denominator_policy, december.rule.fixed_on) == (DenominatorPolicy.FIXED, MAY)
    assert (june.rule.denominator_policy, june.rule.fixed_on) == (DenominatorPolicy.AS_OF, None)


def test_h6_the_words_of_a_reading_are_those_of_its_version(campaign, change, django_assert_num_queries):
    change("K3", date(2026, 7, 1), groups=[Group.TEACHER], operator="AT_LEAST", threshold_bp=8000)
    words = []
    for day in (JUNE, YEAR_END):
        target = read_progress(campaign, Clocks(day, day)).target("K3")
        with django_assert_num_queries(0):
            words.append(target_in_words(target))
    assert words[0].startswith("Toàn bộ (100%) học sinh có tên")
    assert words[1].startswith("Từ 80% trở lên học sinh (giáo viên) có tên")


def test_h6_before_the_first_version_began_the_first_one_holds(campaign, change, figures):
    change("K3", date(2026, 7, 1), operator="MORE_THAN", threshold_bp=9000)
    assert figures("K3", date(2025, 12, 31)).rule.version == 1


@pytest.fixture
def source(cast):
    def choose(unit, chosen, effective_on, chosen_on=None, group=Group.PUPIL):
        return FigureSource.objects.create(
            commune=cast.commune, unit=unit, group=group, source=chosen, effective_on=effective_on,
            chosen_on=chosen_on or effective_on,
        )  # fmt: skip

    return choose


def test_declared_the_source_of_a_unit_and_group_holds_from_its_day_on(
    campaign, cast, make_person, make_activity, declare, source, figures
):
    """Declared from the beginning, by the list from 1/7 on."""
    make_activity(cast.a, people=[make_person(cast.a)])
    make_person(cast.a)
    declare(campaign.targets.get(code="K3"), cast.a, n=180, d=300)
    source(cast.a, Source.ROSTER, date(2026, 7, 1))
    assert [figures("K3", day).commune.text for day in (JUNE, date(2026, 7, 1))] == ["180/300 (60,0%)", "1/2 (50,0%)"]


def test_g5_a_source_that_was_chosen_later_is_unknown_to_an_earlier_reading(
    campaign, cast, make_person, declare, source, figures
):
    make_person(cast.a)
    declare(campaign.targets.get(code="K3"), cast.a, n=180, d=300)
    source(cast.a, Source.ROSTER, date(2026, 6, 1), chosen_on=date(2026, 9, 1))
    assert [figures("K3", JUNE, known).commune.d for known in (date(2026, 8, 31), date(2026, 9, 1))] == [300, 1]


def test_g5_of_two_choices_from_one_day_the_later_one_holds(campaign, cast, make_person, declare, source, figures):
    make_person(cast.a)
    source(cast.a, Source.ROSTER, date(2026, 6, 1), chosen_on=date(2026, 9, 1))
    source(cast.a, Source.DECLARED, date(2026, 6, 1), chosen_on=date(2026, 9, 2))
    declare(campaign.targets.get(code="K3"), cast.a, n=180, d=300)
    assert [figures("K3", JUNE, day).commune.d for day in (date(2026, 9, 1), date(2026, 9, 2))] == [1, 300]


def test_g6_a_real_change_of_a_head_count_holds_from_its_day_on(campaign, cast, declare, approved, figures):
    """300 pupils from 1/1, 320 from 1/9: a reading of 30/6 keeps 300."""
    declare(campaign.targets.get(code="K3"), cast.a, n=180, d=300)
    Headcount.objects.create(
        unit=cast.a, group=Group.PUPIL, effective_on=date(2026, 9, 1), count=320, **approved(date(2026, 9, 1))
    )
    found = [figures("K3", day, YEAR_END).commune.d for day in (JUNE, date(2026, 8, 31), date(2026, 9, 1))]
    assert found == [300, 300, 320]


def test_g6_a_correction_of_a_head_count_applies_backwards(campaign, cast, declare, revise, figures):
    """300 was a typing error for 240: once that is approved every day reads 240; a report of before keeps 300."""
    declare(campaign.targets.get(code="K3"), cast.a, n=180, d=300)
    revise(Headcount.objects.get(), sent=SENT, approved=APPROVED, count=240)
    found = [figures("K3", JUNE, day).commune.text for day in (SENT, APPROVED - timedelta(1), APPROVED)]
    assert found == ["180/300 (60,0%)", "180/300 (60,0%)", "180/240 (75,0%)"]


def test_g2_a_corrected_early_total_leaves_the_later_ones(campaign, cast, declare, approved, revise, figures):
    target = campaign.targets.get(code="K3")
    declare(target, cast.a, n=100, d=300)
    RunningTotal.objects.create(target=target, unit=cast.a, group=Group.PUPIL, as_of=MAY, value=180, **approved(MAY))
    revise(RunningTotal.objects.get(value=100), sent=SENT, approved=APPROVED, value=90)
    assert [figures("K3", day, APPROVED).commune.n for day in (MARCH, MAY)] == [90, 180]
