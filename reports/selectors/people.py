"""Who belongs to the counted sets: one query for all targets that count people."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from campaigns.models import Campaign, Membership
from reports.progress.facts import MemberFact, Pair, Span, TargetRule, counted_span
from reports.selectors.clocks import Clocks
from reports.selectors.raw import Numbers, day_of, numbers_in, part_of, union_rows

COLUMNS = ("unit_id", "group", "class_name", "starts_on", "ends_on", "people")


class Memberships(NamedTuple):
    """Who belongs to the counted set of each target, the units and groups that had a list this year (B2, B3), and by
    group whoever ever belonged to it."""

    by_target: Mapping[str, Sequence[MemberFact]]
    known: frozenset[Pair]
    ever: Mapping[str, AbstractSet[int]]


def load_memberships(campaign: Campaign, rules: Sequence[TargetRule], clocks: Clocks) -> Memberships:
    """The counted sets under each target's denominator policy (rule C6); equal policies share one list.

    The lists hold every group that some target counts, so a target's own groups are to be taken from them.
    """
    counting = [rule for rule in rules if rule.counts_people]
    spans = {rule.code: span_of(rule, campaign, clocks) for rule in counting}
    members: dict[Span, list[MemberFact]] = {span: [] for span in spans.values()}
    known: set[Pair] = set()
    ever: defaultdict[str, set[int]] = defaultdict(set)
    for unit_id, group, life, people in _lists(campaign, frozenset().union(*(rule.groups for rule in counting))):
        ever[group].update(people)
        if _meet(life, (campaign.starts_on, clocks.as_of)):
            known.add((unit_id, group))
        for span, found in members.items():
            if _meet(life, span):
                found += [MemberFact(person_id, unit_id, group) for person_id in people]
    return Memberships({code: members[span] for code, span in spans.items()}, frozenset(known), ever)


def span_of(rule: TargetRule, campaign: Campaign, clocks: Clocks) -> Span:
    """The days that decide who belongs to the target (rule C6)."""
    return counted_span(rule, starts_on=campaign.starts_on, as_of=clocks.as_of)


def _lists(campaign: Campaign, groups: AbstractSet[str]) -> Iterator[tuple[int, str, Span, list[int]]]:
    """Unit, group, first and last day, and who belonged there through just these days: few lists, for most people of a
    class come and go together. Classes are told apart because the index does, so that nothing is sorted."""
    rows = Membership.objects.filter(commune_id=campaign.commune_id, group__in=sorted(groups)).order_by()
    lists = rows.values(*COLUMNS[:-1]).annotate(people=Numbers("person_id")).values_list(*COLUMNS)
    for unit_id, group, _, first, last, people in union_rows([part_of(lists)] if groups else []):
        yield unit_id, group, (day_of(first) or date.min, day_of(last) or date.max), numbers_in(people)


def _meet(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
