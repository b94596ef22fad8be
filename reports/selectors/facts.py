"""All facts of one reading, and the figures drawn from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from campaigns.models import Campaign, Target, Unit
from reports.progress import compute_progress
from reports.progress.facts import Facts, TargetRule, UnitFact
from reports.progress.results import Progress
from reports.selectors.activities import load_activities, load_teams
from reports.selectors.clocks import Clocks
from reports.selectors.declared import load_decisions
from reports.selectors.households import load_households
from reports.selectors.people import load_memberships
from reports.selectors.presence import load_presence
from reports.selectors.reaches import load_reaches
from reports.selectors.rules import load_targets

UNIT_COLUMNS = ("pk", "code", "name", "kind", "opened_on", "closed_on", "predecessors")


@dataclass
class Reading:
    """One reading of a campaign: its targets, the facts and the figures: frozen ones, or computed once, on demand."""

    campaign: Campaign
    clocks: Clocks
    targets: Sequence[Target]
    facts: Facts
    frozen: Progress | None = None

    @cached_property
    def progress(self) -> Progress:
        return self.frozen or compute_progress(self.facts)

    def target(self, code: str) -> Target | None:
        return next((target for target in self.targets if target.code == code), None)

    def rule(self, code: str) -> TargetRule | None:
        return next((rule for rule in self.facts.rules if rule.code == code), None)


def read_progress(campaign: Campaign, clocks: Clocks) -> Reading:
    """Everything the portal knows about a campaign at two clocks, in ten queries."""
    found = load_targets(campaign, clocks)
    targets, rules = [target for target, _ in found], [rule for _, rule in found]
    return Reading(campaign, clocks, targets, load_facts(campaign, rules, clocks))


def load_facts(campaign: Campaign, rules: Sequence[TargetRule], clocks: Clocks) -> Facts:
    """The facts of all targets; the number of queries depends on nothing."""
    memberships = load_memberships(campaign, rules, clocks)
    decisions = load_decisions(campaign, rules, clocks)
    presence = load_presence(campaign, clocks, load_activities(campaign, clocks))
    return Facts(
        as_of=clocks.as_of,
        approved_by=clocks.approved_by,
        rules=rules,
        units=load_units(campaign, clocks),
        members=memberships.by_target,
        reaches=load_reaches(campaign, rules, clocks, presence, memberships.ever),
        households=load_households(campaign, rules, clocks, presence),
        activities=presence.activities,
        audiences=presence.audiences,
        teams=load_teams(campaign, clocks),
        declared=decisions.declared,
        excluded=decisions.excluded,
        known_rosters=memberships.known,
        starts_on=campaign.starts_on,
    )


def load_units(campaign: Campaign, clocks: Clocks) -> list[UnitFact]:
    """The units of the commune that were opened by the as-of date, in their order, with their predecessors (F2)."""
    units = Unit.objects.filter(commune_id=campaign.commune_id, opened_on__lte=clocks.as_of).in_order()
    facts: dict[int, UnitFact] = {}
    for pk, code, name, kind, opened_on, closed_on, predecessor in units.values_list(*UNIT_COLUMNS):
        known = facts[pk].predecessor_ids if pk in facts else frozenset()
        ids = known | {predecessor} if predecessor else known
        facts[pk] = UnitFact(pk, code, name, kind, opened_on, closed_on, ids)
    return list(facts.values())
