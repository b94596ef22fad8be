"""Households by village, each counted once over all channels (rules E1, E2): two queries."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db.models import BooleanField, F, Q, QuerySet, Value

from campaigns.choices import Group
from campaigns.models import Campaign, Household
from reports.progress.facts import HouseholdTally
from reports.selectors.clocks import Clocks, flag
from training.models import Attendance, HouseholdCheck
from training.models.households import SKILL_FIELDS

PASSED = Q(**dict.fromkeys(SKILL_FIELDS, True))
COLUMNS = ("subject", "official", "checked", "passed")


def load_household_tallies(campaign: Campaign, clocks: Clocks) -> list[HouseholdTally]:
    """Villages with their households at the as-of date: all, reached, passed; official and provisional."""
    households = Household.objects.filter(commune_id=campaign.commune_id).on(clocks.as_of)
    placed = households.with_village_on(clocks.as_of)
    villages = dict(placed.values_list("pk", "village_id_on_day"))  # type: ignore[misc]  # annotated just above
    contacts = _Contacts(_contacts(campaign, clocks))
    totals = Counter(villages.values())
    counts = {name: Counter(villages[pk] for pk in found if pk in villages) for name, found in contacts.sets.items()}
    checks = Counter(villages[pk] for pk in contacts.checks if pk in villages)
    return [
        HouseholdTally(
            village, total, **{name: count[village] for name, count in counts.items()}, checks=checks[village]
        )
        for village, total in totals.items()
    ]


class _Contacts:
    """Which households were reached or passed; a set each, so that no channel counts twice (E1)."""

    def __init__(self, rows: Iterable[tuple[int, bool, bool, bool]]) -> None:
        self.sets: dict[str, set[int]] = {
            name: set() for name in ("reached", "passed", "provisional_reached", "provisional_passed")
        }
        self.checks: list[int] = []
        for household_id, official, checked, passed in rows:
            self._add(household_id, bool(official), bool(passed))
            if official and checked:
                self.checks.append(household_id)

    def _add(self, household_id: int, official: bool, passed: bool) -> None:
        for name in self._names(official, passed):
            self.sets[name].add(household_id)

    @staticmethod
    def _names(official: bool, passed: bool) -> Iterator[str]:
        yield "provisional_reached"
        if passed:
            yield "provisional_passed"
        if official:
            yield "reached"
        if official and passed:
            yield "passed"


def _contacts(campaign: Campaign, clocks: Clocks) -> QuerySet:
    """One row for every household at an activity and for every check."""
    at_activities = Attendance.objects.filter(
        clocks.counted("activity__"),
        commune_id=campaign.commune_id,
        group=Group.HOUSEHOLD,
        activity__commune_id=campaign.commune_id,
        activity__campaign=campaign,
        activity__ends_on__lte=clocks.as_of,
    )
    checks = HouseholdCheck.objects.filter(
        clocks.counted(), commune_id=campaign.commune_id, campaign=campaign, checked_on__lte=clocks.as_of
    )
    attended = _rows(at_activities, official=clocks.official("activity__"), checked=False, passed=None)
    return attended.union(_rows(checks, official=clocks.official(), checked=True, passed=PASSED), all=True)


def _rows(queryset: QuerySet, *, official: Q, checked: bool, passed: Q | None) -> QuerySet:
    columns = {
        "subject": F("household_id"),
        "official": flag(official),
        "checked": Value(checked, output_field=BooleanField()),
        "passed": flag(passed),
    }
    return queryset.order_by().annotate(**columns).values_list(*COLUMNS)
