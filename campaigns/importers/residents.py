"""Residents of one village, grouped into households (head by relation, or by a shared household number)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from campaigns.choices import Group
from campaigns.importers.households import HouseholdIndex
from campaigns.importers.layouts import RESIDENT_LAYOUT
from campaigns.importers.roster import RosterPlan
from campaigns.importers.steps import Place, Problem
from campaigns.models import Household, Membership
from hbs_portal.lib.importing import Doubt, Outcome, ReadRow, RowError


class ResidentPlan(RosterPlan):
    """Households that the village does not have yet are made with the first of their rows that is written."""

    layout = RESIDENT_LAYOUT
    groups = (Group.RESIDENT,)
    unit_word = "Thôn"
    left_words = "ở thôn"
    present_words = "đang ở"
    ask_office = "Hãy báo Phòng Văn hóa - Xã hội để chuyển người về thôn."

    def compare(self, rows: Sequence[ReadRow]) -> Iterator[Outcome | RowError | Doubt]:
        """As for everybody, with two queries more for the households."""
        self._load_households(rows)
        yield from super().compare(rows)

    def _load_households(self, rows: Sequence[ReadRow]) -> None:
        together: dict[str, list[ReadRow]] = defaultdict(list)
        for row in rows:
            together[row.cleaned["household_key"]].append(row)
        index = HouseholdIndex(self.unit)
        index.load({row.cleaned["household_code"] for row in rows if row.cleaned["household_code"]})
        self.households = {key: self._household(index, members) for key, members in together.items()}

    def _household(self, index: HouseholdIndex, members: Sequence[ReadRow]) -> Household:
        """The known household of these rows, or a new one, unsaved. Without a head, the first row lends its name."""
        head = next((row for row in members if row.cleaned["is_head"]), members[0])
        values = {
            "code": next((row.cleaned["household_code"] for row in members if row.cleaned["household_code"]), ""),
            "head_name": head.cleaned["full_name"],
            "address": next((row.cleaned["address"] for row in members if row.cleaned["address"]), ""),
        }
        known = index.same(values) or index.same_head(values)
        if known:
            index.take(known)
            return known
        made = Household(commune_id=self.commune_id, village=self.unit, starts_on=self.effective_on, **values)
        made.set_keys()
        return made

    def place_of(self, row: ReadRow, here: Sequence[Membership]) -> Place:
        household = self.households[row.cleaned["household_key"]]
        if household.village_id != self.unit.pk:
            raise Problem(
                "household_code",
                f"Mã hộ này đang ở {household.village}. Hãy kiểm tra lại mã, hoặc báo Phòng Văn hóa - Xã hội chuyển hộ "
                "về thôn trước.",
            )
        return Place(Group.RESIDENT, household=household, is_head=row.cleaned["is_head"])

    def write(self, outcomes: Sequence[Outcome]) -> None:
        needed = {id(made): made for made in (outcome.existing.place.household for outcome in outcomes) if not made.pk}
        self.writer.create(list(needed.values()))
        super().write(outcomes)

    def class_words(self, place: Place) -> str:
        return f"hộ {place.household}" if place.household else ""
