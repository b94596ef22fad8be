"""Which unit and target a row of declared figures means, and whether this person may declare it."""

from collections import defaultdict
from typing import Any

from accounts.models import User
from campaigns.choices import Group, UnitKind
from campaigns.importers.roster import Problem
from campaigns.models import Campaign, Target, Unit
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short, fold
from training.criteria import CountedSet, counted_sets

ASK_OFFICE = "Hãy để đơn vị đó tự khai, hoặc nhờ Phòng Văn hóa - Xã hội nạp chung cho cả xã."


class Places:
    """Units and targets of the commune, in three queries for any number of rows.

    A list of one unit holds figures of that unit; a list of the commune those of all its units.
    """

    def __init__(self, *, actor: User, unit: Unit, campaign: Campaign) -> None:
        self.actor, self.unit, self.campaign = actor, unit, campaign
        self.sets: list[CountedSet] = counted_sets(campaign)
        self.by_code: dict[str, Unit] = {}
        self.by_name: dict[str, list[Unit]] = defaultdict(list)
        for one in Unit.objects.visible_to(actor).in_order():
            self.by_code[one.code.casefold()] = one
            self.by_name[fold(one.name)].append(one)

    def unit_of(self, values: dict[str, Any]) -> Unit:
        """Return the unit of a row. Raises Problem: unknown, closed, not this person's, not of this list."""
        unit, column = self._named(values)
        if not self.actor.scope.has("OFFICER") and unit.pk not in self.actor.scope.recording_unit_ids:
            raise Problem(column, f"Bạn không khai số liệu cho {unit}. {ASK_OFFICE}")
        if self.unit.kind != UnitKind.COMMUNE and unit.pk != self.unit.pk:
            raise Problem(column, f"Dòng này là của {unit}, lần nạp này là của {self.unit}. {ASK_OFFICE}")
        if not unit.is_open(local_today()):
            raise Problem(column, f"{unit} không còn hoạt động. Hãy kiểm tra lại đơn vị.")
        return unit

    def _named(self, values: dict[str, Any]) -> tuple[Unit, str]:
        if code := values["unit_code"]:
            if code.casefold() not in self.by_code:
                raise Problem("unit_code", "Xã không có đơn vị mã này. Hãy xem lại mã ở trang Đơn vị.")
            return self.by_code[code.casefold()], "unit_code"
        if name := values["unit_name"]:
            found = self.by_name.get(fold(name), []) or self._coded(name)
            if len(found) != 1:
                several = "Xã có nhiều đơn vị tên này" if found else "Xã không có đơn vị tên này"
                raise Problem("unit_name", f"{several}. Hãy ghi mã đơn vị như ở trang Đơn vị.")
            return found[0], "unit_name"
        if self.unit.kind == UnitKind.COMMUNE:
            raise Problem("unit_code", "Chưa rõ số này của đơn vị nào. Hãy ghi mã đơn vị.")
        return self.unit, "__all__"

    def _coded(self, name: str) -> list[Unit]:
        """A column "Đơn vị" may hold codes."""
        unit = self.by_code.get(name.casefold())
        return [unit] if unit else []

    def require_counted(self, unit: Unit, group: str) -> None:
        """Raises Problem where no target counts this group in such a unit."""
        if not any(unit.kind in one.unit_kinds and group in one.groups for one in self.sets):
            label = str(Group(group).label).lower()
            raise Problem("group", f"Không chỉ tiêu nào tính {label} ở {unit}. Hãy kiểm tra lại nhóm.")

    def target_of(self, values: dict[str, Any], unit: Unit) -> Target:
        """Return the target of a running total. Raises Problem: unknown, or it does not count the group there."""
        said = values["target"].casefold()
        known = {one.target.code.casefold(): one for one in self.sets}
        counted = known.get(said) or known.get(said.split(" ")[0])
        if counted is None:
            codes = ", ".join(one.target.code for one in self.sets)
            raise Problem("target", f"Không có chỉ tiêu này. Hãy ghi một trong các mã: {codes}.")
        if unit.kind not in counted.unit_kinds or values["group"] not in counted.groups:
            label = str(Group(values["group"]).label).lower()
            raise Problem("target", f"Chỉ tiêu {counted.target.code} không tính {label} ở {unit}. Hãy kiểm tra lại.")
        return counted.target

    def require_in_campaign(self, values: dict[str, Any]) -> None:
        """Raises Problem where the day of a running total is not within the plan."""
        first, last = self.campaign.starts_on, self.campaign.ends_on
        if not first <= values["as_of"] <= last:
            raise Problem(
                "as_of", f"Ngày phải trong thời gian của kế hoạch, từ {date_short(first)} đến {date_short(last)}."
            )
