"""With which frozen figures an edition is compared: the time before it, whatever order they were frozen in."""

from datetime import date

import pytest

from hbs_portal.lib.dates import local_today
from reports.exporters.edition import edition_of_snapshot, read_edition
from reports.models import ReportingPeriod
from reports.models.periods import PeriodMode
from reports.selectors.clocks import Clocks
from reports.services.periods import close_period
from reports.services.snapshots import take_snapshot

MARCH, JUNE, SEPTEMBER = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)


@pytest.fixture
def freeze(campaign, cast):
    """freeze(day) is a snapshot of that day, known today."""
    return lambda day: take_snapshot(cast.officer, campaign, Clocks(day, local_today()), f"Đến {day}")


@pytest.fixture
def close(campaign, cast):
    """close(name, first, last, mode) is the snapshot of a period's end."""

    def close(name, first, last, mode=PeriodMode.IN_PERIOD):
        period = ReportingPeriod.objects.create(
            commune=cast.commune, campaign=campaign, name=name, starts_on=first, ends_on=last, mode=mode
        )
        return close_period(actor=cast.officer, period=period, expected_version=period.version)

    return close


def compared_with(edition) -> str:
    return edition.previous.seal.code if edition.previous else ""


def test_figures_of_an_earlier_day_that_were_frozen_later_are_not_the_previous_ones(freeze):
    """Frozen in September, then of March for an inquiry: October still follows September."""
    september = freeze(SEPTEMBER)
    freeze(MARCH)
    assert compared_with(edition_of_snapshot(freeze(date(2026, 10, 31)))) == september.code


def test_an_earlier_day_is_compared_with_the_time_before_it_alone(freeze):
    march = freeze(MARCH)
    freeze(SEPTEMBER)
    assert compared_with(edition_of_snapshot(freeze(JUNE))) == march.code


def test_figures_that_are_not_frozen_follow_the_latest_day_too(freeze, campaign):
    september = freeze(SEPTEMBER)
    freeze(MARCH)
    assert compared_with(read_edition(campaign, Clocks(date(2026, 10, 31), local_today()))) == september.code


def test_a_quarter_is_compared_with_the_closing_of_the_quarter_before(close):
    """Not with the opening of its own, which is frozen beside it (rule G8), nor with a month within."""
    first = close("Quý I", date(2026, 1, 1), MARCH)
    second = close("Quý II", date(2026, 4, 1), JUNE)
    assert compared_with(edition_of_snapshot(second)) == first.code


def test_a_running_total_is_compared_with_the_one_before_not_with_a_quarter_of_the_same_day(close):
    half = close("6 tháng", date(2026, 1, 1), JUNE, PeriodMode.RUNNING_TOTAL)
    close("Quý I", date(2026, 1, 1), MARCH)
    close("Quý II", date(2026, 4, 1), JUNE)
    close("Quý III", date(2026, 7, 1), SEPTEMBER)
    nine = close("9 tháng", date(2026, 1, 1), SEPTEMBER, PeriodMode.RUNNING_TOTAL)
    assert compared_with(edition_of_snapshot(nine)) == half.code


def test_the_first_period_is_compared_with_nothing(close):
    assert compared_with(edition_of_snapshot(close("Quý I", date(2026, 1, 1), MARCH))) == ""


def test_the_opening_of_a_period_is_never_taken_for_the_last_figures(close, freeze, campaign):
    close("Quý I", date(2026, 1, 1), MARCH)
    second = close("Quý II", date(2026, 4, 1), JUNE)
    assert compared_with(read_edition(campaign, Clocks(JUNE, local_today()))) == second.code
    assert compared_with(edition_of_snapshot(freeze(date(2026, 5, 31)))) == "BDHVS-2026-001"
