"""Households by village, each counted once over all channels (rules E1-E3): two queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db.models import Case, F, Q, QuerySet, When

from campaigns.choices import Group, Qualifier
from campaigns.models import Campaign
from reports.progress.facts import HouseholdFact, TargetRule
from reports.selectors.activities import session_days
from reports.selectors.clocks import Clocks, mark_if
from reports.selectors.people import span_of
from reports.selectors.raw import Sql, day_of, part_of, union_rows
from reports.selectors.villages import load_homes
from training.models import HouseholdCheck
from training.models.households import SKILL_FIELDS

PASSED = Q(**dict.fromkeys(SKILL_FIELDS, True))
ATTENDED = """SELECT * FROM (
WITH session (activity_id, official_on, provisional_on) AS MATERIALIZED ({sessions})
SELECT t.household_id, MIN(session.official_on), MIN(session.provisional_on), '' AS passed
FROM session JOIN training_attendance t ON t.activity_id = session.activity_id
WHERE t.commune_id = %s AND t."group" = %s GROUP BY t.household_id) AS part"""
#: As the database gives it; either kind can be compared with its own.
Day: TypeAlias = Any


@dataclass(slots=True)
class Contacts:
    """Who was reached or passed over all channels (E1): the first official days, and what counts provisionally."""

    reached: dict[int, Day] = field(default_factory=dict)
    passed: dict[int, Day] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)
    waiting_passed: set[int] = field(default_factory=set)

    def add(self, household_id: int, official_on: Day | None, provisional_on: Day | None, passed: str) -> None:
        if official_on:
            _keep_first(self.reached, household_id, official_on)
            if passed:
                _keep_first(self.passed, household_id, official_on)
        if provisional_on:
            self.waiting.add(household_id)
            if passed:
                self.waiting_passed.add(household_id)

    def fact(self, household_id: int, village_id: int) -> HouseholdFact:
        return HouseholdFact(
            household_id,
            village_id,
            day_of(self.reached.get(household_id)),
            day_of(self.passed.get(household_id)),
            household_id in self.waiting,
            household_id in self.waiting_passed,
        )


def _keep_first(days: dict[int, Day], household_id: int, day: Day) -> None:
    if day < days.setdefault(household_id, day):
        days[household_id] = day


def load_households(campaign: Campaign, rules: Sequence[TargetRule], clocks: Clocks) -> dict[str, list[HouseholdFact]]:
    """The households of each target that counts them, under its denominator policy (rule C6)."""
    counting = [rule for rule in rules if rule.qualifier == Qualifier.HOUSEHOLD_CHECK]
    if not counting:
        return {}
    spans = {rule.code: span_of(rule, campaign, clocks) for rule in counting}
    homes = load_homes(campaign, list(dict.fromkeys(spans.values())))
    contacts = _contacts(campaign, clocks)
    facts = {span: [contacts.fact(*home) for home in found] for span, found in homes.items()}
    return {code: facts[span] for code, span in spans.items()}


def _contacts(campaign: Campaign, clocks: Clocks) -> Contacts:
    """All channels: activities, own checks, the check of a member who lives in a household that split off (E3)."""
    checks = _checked(campaign, clocks), _member_checked(campaign, clocks)
    found = Contacts()
    for row in union_rows([_attended(campaign, clocks), *map(part_of, checks)]):
        found.add(*row)
    return found


def _attended(campaign: Campaign, clocks: Clocks) -> Sql:
    sessions, values = session_days(campaign, clocks)
    return ATTENDED.format(sessions=sessions), (*values, campaign.commune_id, Group.HOUSEHOLD.value)


def _checked(campaign: Campaign, clocks: Clocks) -> QuerySet:
    return _of_checks(_checks(campaign, clocks), clocks, subject="household_id")


def _member_checked(campaign: Campaign, clocks: Clocks) -> QuerySet:
    """Rule E3: a household that split off is reached, or passed, by the check of a member who lives in it now."""
    home = "member__memberships"
    lives_there = Q(**{f"{home}__ends_on__isnull": True}) | Q(**{f"{home}__ends_on__gte": clocks.as_of})
    of_members = _checks(campaign, clocks).filter(
        lives_there,
        ~Q(household_id=F(f"{home}__household_id")),
        **{
            f"{home}__commune_id": campaign.commune_id,
            f"{home}__starts_on__lte": clocks.as_of,
            f"{home}__household__split_from__isnull": False,
        },
    )
    return _of_checks(of_members, clocks, subject=f"{home}__household_id")


def _checks(campaign: Campaign, clocks: Clocks) -> QuerySet[HouseholdCheck]:
    return HouseholdCheck.objects.filter(
        clocks.relevant(of=HouseholdCheck),
        commune_id=campaign.commune_id,
        campaign=campaign,
        checked_on__lte=clocks.as_of,
    )


def _of_checks(checks: QuerySet[HouseholdCheck], clocks: Clocks, *, subject: str) -> QuerySet:
    """A row a check: hardly a household has two, so that grouping them would cost more than it saves."""
    return (
        checks.order_by()
        .annotate(
            subject=F(subject),
            official_on=Case(When(clocks.official(of=HouseholdCheck), then=F("checked_on"))),
            provisional_on=Case(When(clocks.counted(of=HouseholdCheck), then=F("checked_on"))),
            passed=mark_if(PASSED),
        )
        .values_list("subject", "official_on", "provisional_on", "passed")
    )
