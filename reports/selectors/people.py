"""Who belongs to the counted sets: one query for all targets that count people."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from campaigns.models import Campaign, Membership
from reports.progress.facts import MemberFact, Pair, Span, TargetRule, counted_span
from reports.selectors.clocks import Clocks, mark_if
from reports.selectors.raw import part_of, union_rows


class Memberships(NamedTuple):
    """Who belongs to the counted set of each target, and the units and groups that had a list this year (B2, B3)."""

    by_target: Mapping[str, Sequence[MemberFact]]
    known: frozenset[Pair]


def load_memberships(campaign: Campaign, rules: Sequence[TargetRule], clocks: Clocks) -> Memberships:
    """The counted sets under each target's denominator policy (rule C6); equal policies share one list.

    The lists hold every group that some target counts, so a target's own groups are to be taken from them.
    """
    year = (campaign.starts_on, clocks.as_of)
    counting = [rule for rule in rules if rule.counts_people]
    spans = {rule.code: span_of(rule, campaign, clocks) for rule in counting}
    groups = frozenset().union(*(rule.groups for rule in counting))
    if not groups:
        return Memberships({}, frozenset())
    places = list(dict.fromkeys([year, *spans.values()]))
    members: dict[Span, list[MemberFact]] = {span: [] for span in spans.values()}
    known: set[Pair] = set()
    lists = [(place, members[span]) for place, span in enumerate(places, start=3) if span in members]
    for row in union_rows([part_of(_memberships(campaign, places, groups))]):
        if row[3]:
            known.add(row[1:3])
        for place, found in lists:
            if row[place]:
                found.append(MemberFact(row[0], row[1], row[2]))
    return Memberships({code: members[span] for code, span in spans.items()}, frozenset(known))


def span_of(rule: TargetRule, campaign: Campaign, clocks: Clocks) -> Span:
    """The days that decide who belongs to the target (rule C6)."""
    return counted_span(rule, starts_on=campaign.starts_on, as_of=clocks.as_of)


def _memberships(campaign: Campaign, spans: Sequence[Span], groups: AbstractSet[str]) -> QuerySet:
    """Person, unit, group, and for each span some text if a day of it was spent there."""
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    rows = Membership.objects.filter(_within(first, last), commune_id=campaign.commune_id, group__in=sorted(groups))
    flags = {f"span_{place}": mark_if(_within(*span)) for place, span in enumerate(spans)}
    return rows.order_by().annotate(**flags).values_list("person_id", "unit_id", "group", *flags)


def _within(first: date, last: date) -> Q:
    return (Q(ends_on__isnull=True) | Q(ends_on__gte=first)) & Q(starts_on__lte=last)
