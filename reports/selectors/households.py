"""Households by village, each counted once over all channels (rules E1-E3): two queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, F, Q, QuerySet, When

from campaigns.choices import Qualifier
from campaigns.models import Campaign
from reports.progress.facts import HouseholdFact, TargetRule
from reports.selectors.clocks import Clocks, mark_if
from reports.selectors.people import span_of
from reports.selectors.presence import Presence, first_days
from reports.selectors.raw import day_of, part_of, union_rows
from reports.selectors.villages import Home, load_homes
from training.models import HouseholdCheck
from training.models.households import SKILL_FIELDS

PASSED = Q(**dict.fromkeys(SKILL_FIELDS, True))


@dataclass(slots=True)
class Contacts:
    """Who was reached or passed over all channels (E1): the first official days, and what counts provisionally."""

    reached: dict[int, date]
    waiting: set[int]
    passed: dict[int, date] = field(default_factory=dict)
    waiting_passed: set[int] = field(default_factory=set)

    def add_check(self, household_id: int, official_on: date | None, provisional_on: date | None, passed: str) -> None:
        if official_on:
            _keep_first(self.reached, household_id, official_on)
            if passed:
                _keep_first(self.passed, household_id, official_on)
        if provisional_on:
            self.waiting.add(household_id)
            if passed:
                self.waiting_passed.add(household_id)

    def facts(self, homes: Sequence[Home]) -> list[HouseholdFact]:
        """Column by column, for thousands of households."""
        ids = [household_id for household_id, _ in homes]
        rows = zip(
            ids,
            [village_id for _, village_id in homes],
            map(self.reached.get, ids),
            map(self.passed.get, ids),
            map(self.waiting.__contains__, ids),
            map(self.waiting_passed.__contains__, ids),
            strict=True,
        )
        return list(map(HouseholdFact._make, rows))


def _keep_first(days: dict[int, date], household_id: int, day: date) -> None:
    if day < days.setdefault(household_id, day):
        days[household_id] = day


def load_households(
    campaign: Campaign, rules: Sequence[TargetRule], clocks: Clocks, presence: Presence
) -> dict[str, list[HouseholdFact]]:
    """The households of each target that counts them, under its denominator policy (rule C6)."""
    counting = [rule for rule in rules if rule.qualifier == Qualifier.HOUSEHOLD_CHECK]
    if not counting:
        return {}
    spans = {rule.code: span_of(rule, campaign, clocks) for rule in counting}
    homes = load_homes(campaign, list(dict.fromkeys(spans.values())))
    contacts = _contacts(campaign, clocks, presence)
    facts = {span: contacts.facts(found) for span, found in homes.items()}
    return {code: facts[span] for code, span in spans.items()}


def _contacts(campaign: Campaign, clocks: Clocks, presence: Presence) -> Contacts:
    """All channels: activities, own checks, the check of a member who lives in a household that split off (E3)."""
    official, provisional = first_days(presence.activities, presence.households)
    found = Contacts(reached=official, waiting=set(provisional))
    checks = _checked(campaign, clocks), _member_checked(campaign, clocks)
    for household_id, official_on, provisional_on, passed in union_rows(map(part_of, checks)):
        found.add_check(household_id, day_of(official_on), day_of(provisional_on), passed)
    return found


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
