"""Facts to tallies: each qualifier has its way of counting."""

from collections.abc import Callable, Mapping

from campaigns.choices import Qualifier
from reports.progress.activity_targets import cover_hosts, cover_teams
from reports.progress.facts import TargetRule
from reports.progress.flows import Flows
from reports.progress.households import cover_households
from reports.progress.lookup import Lookup
from reports.progress.people import cover_people
from reports.progress.tallies import Coverage

_COUNTERS: Mapping[Qualifier, Callable[[TargetRule, Lookup, Flows], Coverage]] = {
    Qualifier.ATTENDANCE: cover_people,
    Qualifier.PLATFORM_USE: cover_people,
    Qualifier.HOUSEHOLD_CHECK: cover_households,
    Qualifier.HOSTED_ACTIVITY: cover_hosts,
    Qualifier.TEAM_ACTIVITY: cover_teams,
}


def cover(rule: TargetRule, lookup: Lookup, flows: Flows) -> Coverage:
    """Count one target in the way of its qualifier."""
    return _COUNTERS[rule.qualifier](rule, lookup, flows)
