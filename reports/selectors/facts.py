"""All facts of one reading, and the figures drawn from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from campaigns.models import Campaign, Target, Unit
from reports.progress import compute_progress
from reports.progress.facts import Facts, Pair, TargetRule, UnitFact
from reports.progress.results import Progress
from reports.selectors.activities import load_activities, load_audiences, load_teams
from reports.selectors.clocks import Clocks
from reports.selectors.declared import load_declared
from reports.selectors.households import load_household_tallies
from reports.selectors.people import MembershipRow, load_memberships, load_reaches, members_by_target
from reports.selectors.rules import load_targets


@dataclass
class Reading:
    """One reading of a campaign: its targets, the facts and (computed once, on demand) the figures."""

    campaign: Campaign
    clocks: Clocks
    targets: Sequence[Target]
    facts: Facts

    @cached_property
    def progress(self) -> Progress:
        return compute_progress(self.facts)

    def target(self, code: str) -> Target | None:
        return next((target for target in self.targets if target.code == code), None)

    def rule(self, code: str) -> TargetRule | None:
        return next((rule for rule in self.facts.rules if rule.code == code), None)


def read_progress(campaign: Campaign, clocks: Clocks) -> Reading:
    """Everything the portal knows about a campaign at two clocks, in ten queries."""
    found = load_targets(campaign)
    targets, rules = [target for target, _ in found], [rule for _, rule in found]
    return Reading(campaign, clocks, targets, load_facts(campaign, targets, rules, clocks))


def load_facts(campaign: Campaign, targets: Sequence[Target], rules: Sequence[TargetRule], clocks: Clocks) -> Facts:
    """The facts of all targets; the number of queries depends on nothing."""
    memberships = load_memberships(campaign, targets, clocks)
    return Facts(
        as_of=clocks.as_of,
        approved_by=clocks.approved_by,
        rules=rules,
        units=load_units(campaign, clocks),
        members=members_by_target(memberships, targets, clocks),
        reaches=load_reaches(campaign, rules, clocks),
        households=load_household_tallies(campaign, clocks),
        activities=load_activities(campaign, clocks),
        audiences=load_audiences(campaign, clocks),
        teams=load_teams(campaign, clocks),
        declared=load_declared(campaign, clocks),
        known_rosters=_known_rosters(memberships),
    )


def load_units(campaign: Campaign, clocks: Clocks) -> list[UnitFact]:
    """The units of the commune that were opened by the as-of date, in their order."""
    units = Unit.objects.filter(commune_id=campaign.commune_id, opened_on__lte=clocks.as_of).in_order()
    return [UnitFact(*row) for row in units.values_list("pk", "code", "name", "kind", "opened_on", "closed_on")]


def _known_rosters(memberships: Sequence[MembershipRow]) -> frozenset[Pair]:
    """Units and groups for which a list exists or existed this year: "nobody left" is not "no list" (B2, B3)."""
    return frozenset((row.unit_id, row.group) for row in memberships)
