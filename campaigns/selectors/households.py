"""What the page of a household tells: who lives there and what happened to it, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from campaigns.models import Household, Membership
from campaigns.roster_access import may_read_people
from campaigns.services.household_changes import residents_on
from hbs_portal.lib.dates import local_today


@dataclass(frozen=True)
class HouseholdEvent:
    """Something that happened to a household on a day; `other` is the household it split from, or that split off."""

    on: date
    words: str
    other: Household | None = None


def residents_shown(household: Household, user: User) -> list[Membership]:
    """Who lives in the household today, for those who may read people; a household that ended shows its last day."""
    if not may_read_people(user):
        return []
    return list(residents_on(household, household.ends_on or local_today()))


def household_events(household: Household) -> list[HouseholdEvent]:
    """Its beginning, splits, moves and end, the newest first. Two queries; `village` and `split_from` come along."""
    moves = list(household.moves.select_related("from_village").order_by("until"))
    villages = [*(move.from_village for move in moves), household.village]
    origin = household.split_from
    begun = f"Tách từ hộ {origin}, {villages[0]}" if origin else f"Có trong danh sách, {villages[0]}"
    events = [HouseholdEvent(household.starts_on, begun, origin)]
    events += [
        HouseholdEvent(move.until + timedelta(days=1), f"Chuyển từ {move.from_village} sang {to}")
        for move, to in zip(moves, villages[1:], strict=True)
    ]
    split_off = household.split_off.order_by("starts_on", "pk")
    events += [HouseholdEvent(new.starts_on, f"Một phần tách thành hộ {new}", new) for new in split_off]
    if household.ends_on:
        reason = f" ({household.end_reason})" if household.end_reason else ""
        events.append(HouseholdEvent(household.ends_on, f"Ngày cuối cùng ở thôn{reason}"))
    return sorted(events, key=lambda event: event.on, reverse=True)
