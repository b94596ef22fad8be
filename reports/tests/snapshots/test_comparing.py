"""Every kind of reason, one at a time: what happened, what it adds to n and d, and whether it is an adjustment."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from campaigns.choices import ActivityKind, ExclusionReason, Group, RecordStatus, Source, UnitKind
from campaigns.models import DigitalTeam, Exclusion, Headcount, Household, Membership
from campaigns.services.duplicates import merge_people
from campaigns.services.merging import merge_units
from campaigns.services.targets import target_state, update_target
from campaigns.services.units import close_unit
from conftest import clock_values
from reports.selectors.clocks import Clocks
from reports.services.snapshots import read_content
from reports.snapshots.comparing import compare
from reports.snapshots.reasons import ReasonKind
from training.models import RunningTotal
from training.services.declared import set_figure_source
from training.services.revisions import revise_record, withdraw_approval
from training.workflow import approve_record, submit_record, undo_decision

JUNE, OCTOBER = Clocks(date(2026, 6, 30), date(2026, 6, 30)), Clocks(date(2026, 10, 31), date(2026, 12, 31))
LATER = date(2026, 8, 1)


@pytest.fixture
def reasons(campaign):
    """reasons(change, "K3", unit) is what the change did to that figure: {(kind, dn, dd, is_adjustment): how often}."""

    def found(change, code, unit=None, *, before=JUNE, after=OCTOBER):
        old = read_content(campaign, before)
        change()
        comparison = compare(old, read_content(campaign, after))
        assert comparison.unexplained == 0
        cells = comparison.target(code).cells
        cell = next(cell for cell in cells if (cell.unit.id if cell.unit else None) == (unit.pk if unit else None))
        kinds = [(row.kind, row.dn, row.dd, row.is_adjustment) for row in cell.reasons]
        return {kind: kinds.count(kind) for kind in kinds}

    return found


@pytest.fixture
def pupils(cast, make_person):
    return [make_person(cast.a, f"Học sinh {n}", class_name="4A") for n in range(4)]


def nothing() -> None:
    """For differences that only the clocks make."""


def test_g8_a_list_that_was_changed_backwards_is_an_adjustment_of_its_day(cast, campaign, pupils, make_person, reasons):
    """Lists have no day of approval: read again for 30 June, who was entered later as there in May is told apart."""

    def enter_later() -> None:
        make_person(cast.a, "Em Vào Sổ Muộn", class_name="4A", starts_on=date(2026, 5, 4))
        Membership.objects.filter(person=pupils[0]).update(ends_on=date(2026, 6, 1))

    again = Clocks(JUNE.as_of, OCTOBER.approved_by)
    assert reasons(enter_later, "K3", cast.a, after=again) == {
        (ReasonKind.JOINED, 0, 1, True): 1,
        (ReasonKind.LEFT, 0, -1, True): 1,
    }


def test_nothing_changed_means_no_reason(cast, campaign, pupils, make_activity):
    make_activity(cast.a, people=pupils)
    same = compare(read_content(campaign, JUNE), read_content(campaign, JUNE))
    assert not any(target.is_changed for target in same.targets)


def test_newly_covered_by_a_lesson_after_the_older_day(cast, pupils, make_activity, reasons):
    found = reasons(lambda: make_activity(cast.a, on=LATER, people=pupils[:2]), "K3", cast.a)
    assert found == {(ReasonKind.NEWLY_COVERED, 1, 0, False): 2}


def test_what_happened_before_and_became_known_later_is_an_adjustment(cast, pupils, make_activity, reasons):
    make_activity(cast.a, people=pupils[:2], approved_on=date(2026, 7, 5))
    assert reasons(nothing, "K3") == {(ReasonKind.NEWLY_COVERED, 1, 0, True): 2}


def test_joined_and_covered_are_two_reasons(cast, make_person, pupils, make_activity, reasons):
    def join():
        make_activity(cast.a, on=LATER, people=[make_person(cast.a, starts_on=LATER)])

    assert reasons(join, "K3", cast.a) == {
        (ReasonKind.JOINED, 0, 1, False): 1,
        (ReasonKind.NEWLY_COVERED, 1, 0, False): 1,
    }


def test_a_covered_pupil_who_leaves_leaves_both(cast, pupils, make_activity, reasons):
    make_activity(cast.a, people=pupils)
    leave = pupils[0].memberships.update
    assert reasons(lambda: leave(ends_on=LATER), "K3", cast.a) == {(ReasonKind.LEFT, -1, -1, False): 1}


def test_who_moves_is_told_where_and_the_commune_stays(cast, campaign, pupils, make_activity, reasons):
    make_activity(cast.a, people=pupils)

    def move():
        pupils[0].memberships.update(ends_on=date(2026, 7, 31))
        values = {"commune": cast.commune, "person": pupils[0], "group": Group.PUPIL}
        Membership.objects.create(unit=cast.b, class_name="6A", starts_on=LATER, **values)

    old = read_content(campaign, JUNE)
    assert reasons(move, "K3", cast.a) == {(ReasonKind.MOVED_OUT, -1, -1, False): 1}
    target = compare(old, read_content(campaign, OCTOBER)).target("K3")
    (arrival,) = next(cell for cell in target.units if cell.unit.id == cast.b.pk).reasons
    assert (arrival.kind, arrival.other_unit_id, arrival.dn, arrival.dd) == (ReasonKind.MOVED_IN, cast.a.pk, 1, 1)
    assert target.commune.reasons == ()


def test_another_group_of_the_same_unit(cast, campaign, make_person):
    teacher = make_person(cast.a, group=Group.TEACHER)
    before = read_content(campaign, JUNE)
    teacher.memberships.update(group=Group.PUPIL)
    comparison = compare(before, read_content(campaign, JUNE))
    for code, dd in (("K2", -1), ("K3", 1)):
        (reason,) = comparison.target(code).commune.reasons
        assert (reason.kind, reason.dn, reason.dd) == (ReasonKind.GROUP_CHANGED, 0, dd)


def test_a_withdrawn_approval_takes_back_what_was_counted(cast, pupils, make_activity, reasons):
    lesson = make_activity(cast.a, people=pupils[:3])
    withdraw = lambda: withdraw_approval(actor=cast.officer, record=lesson, reason="Nhầm", on=LATER)  # noqa: E731
    assert reasons(withdraw, "K3", cast.a) == {(ReasonKind.WITHDRAWN, -1, 0, True): 3}


def test_a_revision_takes_a_name_out_and_another_in(cast, pupils, make_activity, reasons):
    lesson = make_activity(cast.a, people=pupils[:2])

    def revise():
        draft = revise_record(actor=cast.officer2, record=lesson, reason="Nhầm tên")
        draft.attendances.filter(person=pupils[0]).delete()
        values = {"commune": cast.commune, "person": pupils[2], "unit": cast.a, "group": Group.PUPIL}
        draft.attendances.create(class_name="4A", **values)
        submit_record(actor=cast.officer2, record=draft, on=LATER)
        approve_record(actor=cast.officer, record=draft, on=LATER)

    assert reasons(revise, "K3", cast.a) == {(ReasonKind.REVISED, 1, 0, True): 1, (ReasonKind.REVISED, -1, 0, True): 1}


def test_a_decision_that_was_undone(cast, pupils, make_activity, reasons):
    lesson = make_activity(cast.a, people=pupils[:2], status=RecordStatus.SUBMITTED)
    approve_record(actor=cast.officer, record=lesson)
    today = timezone.localdate()
    clocks = Clocks(date(2026, 6, 30), max(today, date(2026, 12, 31)))
    found = reasons(lambda: undo_decision(actor=cast.officer, record=lesson), "K3", cast.a, before=clocks, after=clocks)
    assert found == {(ReasonKind.UNDONE, -1, 0, True): 2}


def test_clocks_that_go_back(cast, pupils, make_activity, reasons):
    make_activity(cast.a, on=LATER, people=pupils[:2])
    found = reasons(nothing, "K3", cast.a, before=OCTOBER, after=JUNE)
    assert found == {(ReasonKind.BEYOND_CLOCKS, -1, 0, False): 2}


def test_two_entries_of_one_person(cast, pupils, make_person, make_activity, reasons):
    twin = make_person(cast.b, "Học sinh 0", class_name="6A")
    make_activity(cast.b, people=[twin])

    def merge():
        merge_people(actor=cast.officer, kept=pupils[0], absorbed=twin)

    found = reasons(merge, "K3")
    assert found == {(ReasonKind.MERGED, -1, -1, False): 1, (ReasonKind.MERGED, 1, 0, False): 1}


def test_a_closed_school_takes_its_pupils_along(cast, pupils, make_activity, reasons):
    make_activity(cast.a, people=pupils)

    def close():
        values = {"expected_version": cast.a.version, "last_day": date(2026, 7, 31), "reason": "Giải thể"}
        close_unit(actor=cast.officer, unit=cast.a, **values)

    assert reasons(close, "K3", cast.a) == {(ReasonKind.UNIT_CLOSED, -1, -1, False): 4}


def test_a_new_school_is_one_more_to_count(cast, make_unit, reasons):
    def found():
        make_unit(cast.commune, "TH-MOI", UnitKind.PRIMARY, opened_on=LATER)

    assert reasons(found, "K5") == {(ReasonKind.UNIT_OPENED, 0, 1, False): 1}


def test_merged_schools_and_what_they_had_done(cast, pupils, make_person, make_activity, reasons):
    make_activity(cast.a, people=pupils)
    make_activity(cast.a, ActivityKind.FESTIVAL)
    make_person(cast.b, class_name="6A")

    def merge():
        units = [cast.a, cast.b]
        merge_units(
            actor=cast.officer,
            commune=cast.commune,
            units=units,
            expected_versions={unit.pk: unit.version for unit in units},
            code="LIEN-CAP",
            name="Trường TH&THCS A",
            opened_on=LATER,
        )

    found = reasons(merge, "K5")
    assert found == {
        (ReasonKind.UNITS_MERGED, -1, -1, False): 1,
        (ReasonKind.UNITS_MERGED, 0, -1, False): 1,
        (ReasonKind.UNITS_MERGED, 0, 1, False): 1,
        (ReasonKind.INHERITED, 1, 0, False): 1,
    }
    assert reasons(nothing, "K3") == {}


def test_another_source_of_figures(cast, pupils, make_activity, reasons):
    make_activity(cast.a, people=pupils[:3])
    values = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
    approved = clock_values(RecordStatus.APPROVED, date(2026, 5, 2), cast.officer)
    Headcount.objects.create(count=40, effective_on=date(2026, 5, 1), **values, **approved)

    def switch():
        set_figure_source(
            actor=cast.officer, unit=cast.a, group=Group.PUPIL, source=Source.DECLARED, effective_on=LATER
        )

    later = Clocks(OCTOBER.as_of, max(timezone.localdate(), OCTOBER.approved_by))
    assert reasons(switch, "K3", cast.a, after=later) == {
        (ReasonKind.SOURCE_SWITCHED, -1, -1, False): 3,
        (ReasonKind.SOURCE_SWITCHED, 0, -1, False): 1,
        (ReasonKind.SOURCE_SWITCHED, 0, 40, False): 1,
    }


@pytest.fixture
def declared(cast, campaign):
    """A school that declares: 40 pupils, 10 of them reached; returns how to say another number."""
    set_figure_source(actor=cast.officer, unit=cast.a, group=Group.PUPIL, source=Source.DECLARED)
    cast.a.figure_sources.update(chosen_on=date(2020, 1, 1))
    values = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
    k3 = campaign.targets.get(code="K3")

    def say(number: int, day: date, kind=RunningTotal):
        approved = clock_values(RecordStatus.APPROVED, max(day, date(2026, 5, 2)), cast.officer)
        if kind is Headcount:
            return Headcount.objects.create(count=number, effective_on=day, **values, **approved)
        return RunningTotal.objects.create(target=k3, value=number, as_of=day, **values, **approved)

    say(40, date(2026, 5, 1), Headcount)
    say(10, date(2026, 5, 1))
    return say


def test_a_new_declared_number_and_a_corrected_one(cast, declared, reasons):
    found = reasons(lambda: declared(15, LATER), "K3", cast.a)
    assert found == {(ReasonKind.DECLARED_NEW, 5, 0, False): 1}
    heads = Headcount.objects.get()

    def correct():
        draft = revise_record(actor=cast.officer2, record=heads, reason="Đếm sai")
        Headcount.objects.filter(pk=draft.pk).update(count=38)
        draft.refresh_from_db()
        submit_record(actor=cast.officer2, record=draft, on=LATER)
        approve_record(actor=cast.officer, record=draft, on=LATER)

    found = reasons(correct, "K3", cast.a, before=Clocks(JUNE.as_of, JUNE.as_of), after=Clocks(JUNE.as_of, LATER))
    assert found == {(ReasonKind.DECLARED_CORRECTED, 0, -2, True): 1}


def test_a_declared_number_that_was_withdrawn(cast, declared, reasons):
    last = declared(15, date(2026, 6, 1))
    withdraw = lambda: withdraw_approval(actor=cast.officer, record=last, reason="Nhầm", on=LATER)  # noqa: E731
    assert reasons(withdraw, "K3", cast.a) == {(ReasonKind.WITHDRAWN, -5, 0, False): 1}


def test_a_denominator_that_was_unknown(cast, declared, reasons):
    Headcount.objects.all().delete()
    found = reasons(lambda: declared(40, LATER, Headcount), "K3", cast.a)
    assert found == {(ReasonKind.DECLARED_NEW, 0, 40, False): 1}


def test_another_rule_from_a_day_on(cast, campaign, pupils, make_activity, reasons):
    make_activity(cast.a, people=pupils[:3])
    target = campaign.targets.get(code="K3")

    def change():
        update_target(
            actor=cast.officer,
            target=target,
            expected_version=target.version,
            effective_on=LATER,
            reason="Kế hoạch điều chỉnh",
            **(target_state(target) | {"min_sessions": 2}),
        )

    later = Clocks(OCTOBER.as_of, max(timezone.localdate(), OCTOBER.approved_by))
    assert reasons(change, "K3", cast.a, after=later) == {(ReasonKind.RULE_CHANGED, -1, 0, False): 3}


def test_a_new_household_a_split_one_and_one_that_left(cast, make_household, make_check, reasons):
    old = make_household(cast.village)
    make_check(old)

    def live():
        make_household(cast.village, "Trần Văn Tách", starts_on=LATER, split_from=old)
        make_household(cast.village, "Lê Thị Đến", starts_on=LATER)
        Household.objects.filter(pk=old.pk).update(ends_on=LATER)

    assert reasons(live, "K4", cast.village) == {
        (ReasonKind.SPLIT_OFF, 0, 1, False): 1,
        (ReasonKind.JOINED, 0, 1, False): 1,
        (ReasonKind.LEFT, -1, -1, False): 1,
    }


@pytest.fixture
def team(cast):
    values = {"commune": cast.commune, "village": cast.village, "name": "Tổ"}
    return DigitalTeam.objects.create(founded_on=date(2025, 1, 1), **values)


def test_the_window_of_a_team_moves_on(cast, team, make_activity, reasons):
    make_activity(cast.village, ActivityKind.SUPPORT, on=date(2026, 6, 1), team=team)
    assert reasons(nothing, "K6", cast.village) == {(ReasonKind.WINDOW_MOVED, -1, 0, False): 1}


def test_a_team_is_dissolved(cast, team, make_activity, reasons):
    make_activity(cast.village, ActivityKind.SUPPORT, on=date(2026, 6, 1), team=team)
    dissolve = lambda: DigitalTeam.objects.update(dissolved_on=date(2026, 7, 10))  # noqa: E731
    july = Clocks(date(2026, 7, 15), date(2026, 7, 15))
    assert reasons(dissolve, "K6", cast.village, after=july) == {(ReasonKind.TEAM_DISSOLVED, -1, 0, False): 1}


def test_an_exclusion_moves_only_the_figure_beside(cast, campaign, pupils, reasons):
    def exclude():
        Exclusion.objects.create(
            commune=cast.commune,
            campaign=campaign,
            unit=cast.a,
            person=pupils[0],
            reason=ExclusionReason.SICK_LEAVE,
            starts_on=LATER,
            entered_by=cast.editor_a,
            **clock_values(RecordStatus.APPROVED, LATER, cast.officer),
        )

    assert reasons(exclude, "K3", cast.a) == {(ReasonKind.EXCLUDED, 0, 0, False): 1}
    ended = {"before": OCTOBER, "after": Clocks(date(2026, 7, 1), OCTOBER.approved_by)}
    assert reasons(nothing, "K3", cast.a, **ended) == {(ReasonKind.EXCLUSION_ENDED, 0, 0, False): 1}


def test_what_no_cause_is_known_for_is_shown_and_never_hidden(cast, campaign, pupils, make_activity):
    """Frozen facts that were tampered with: coverage without any record behind it."""
    make_activity(cast.a, on=LATER, people=pupils[:2])
    before, after = read_content(campaign, JUNE), read_content(campaign, OCTOBER)
    torn = replace(after, sources=replace(after.sources, counted=[]))
    comparison = compare(before, torn)
    assert comparison.unexplained == 4  # two pupils, in their school and in the commune
    assert {row.kind for row in comparison.target("K3").commune.reasons} == {ReasonKind.UNEXPLAINED}


def test_figures_that_do_not_follow_from_their_facts_leave_a_rest(cast, campaign, pupils):
    before = read_content(campaign, JUNE)
    figures = before.progress.targets
    wrong = tuple(
        replace(figure, commune=replace(figure.commune, d=9)) if figure.rule.code == "K3" else figure
        for figure in figures
    )
    comparison = compare(before, replace(before, progress=replace(before.progress, targets=wrong)))
    (rest,) = comparison.target("K3").commune.reasons
    assert (rest.kind, rest.dn, rest.dd) == (ReasonKind.UNEXPLAINED, 0, 5)
