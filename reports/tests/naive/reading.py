"""What a reading rests on: the two clocks, rules by version, units and their mergers, activities and who was there."""
# ruff: noqa: SIM102, SIM114 (plain on purpose: one question a line)

from datetime import date, timedelta
from types import SimpleNamespace


class Reading:
    """The records of one commune, asked at two clocks: T (happened by) and K (approved by)."""

    def __init__(self, records: SimpleNamespace, campaign_id: int, as_of: date, approved_by: date) -> None:
        self.all, self.campaign_id, self.T, self.K = records, campaign_id, as_of, approved_by
        for campaign in records.campaigns:
            if campaign.id == campaign_id:
                self.campaign = campaign

    # ---- The two clocks (G5) and the life of a record (H1, H2)

    def is_official(self, row) -> bool:
        if row.approved_on is None or row.approved_on > self.K:
            return False
        return row.ended_on is None or row.ended_on > self.K

    def is_counted(self, row) -> bool:
        """H1: official ones and those that waited; a version whose revision was sent gives way to it (H2)."""
        if row.status == "DRAFT" or row.status == "RETURNED":
            return False
        if row.submitted_on is None or row.submitted_on > self.K:
            return False
        if row.ended_on is not None and row.ended_on <= self.K:
            return False
        return row.revised_on is None or row.revised_on > self.K

    def counts(self, row, official: bool) -> bool:
        return self.is_official(row) if official else self.is_counted(row)

    # ---- Rules as data, by version (H6)

    def rule_in_force(self, target) -> SimpleNamespace:
        chosen, first = None, None
        for version in self.all.versions:
            if version.target_id != target.id:
                continue
            if version.number == 1:
                first = version
            if version.effective_on <= self.T and version.recorded_on <= self.K:
                if chosen is None or version.number > chosen.number:
                    chosen = version
        chosen = chosen or first
        if chosen is None:
            values = dict(vars(target), groups=[], unit_kinds=[], activity_kinds=[])
            lists = {"GROUP": "groups", "UNIT_KIND": "unit_kinds", "ACTIVITY_KIND": "activity_kinds"}
            for row in self.all.criteria:
                if row.target_id == target.id:
                    values[lists[row.kind]].append(row.value)
        else:
            values = dict(chosen.definition)
            if values["fixed_on"]:
                values["fixed_on"] = date.fromisoformat(values["fixed_on"])
        return SimpleNamespace(**dict(values, target_id=target.id, code=target.code))

    # ---- Units (F1, F2) and the day on which the counted set is taken (C6)

    def counted_days(self, rule) -> tuple[date, date]:
        """First and last day on any of which it is enough to be there."""
        if self.counts_units(rule) or rule.denominator_policy == "AS_OF":
            return self.T, self.T
        if rule.denominator_policy == "FIXED":
            day = min(rule.fixed_on, self.T)
            return day, day
        # A plan that was entered in December has no year so far: then it is the day itself.
        return min(self.campaign.starts_on, self.T), self.T

    def counts_units(self, rule) -> bool:
        return rule.qualifier in ("HOSTED_ACTIVITY", "TEAM_ACTIVITY")

    def counts_people(self, rule) -> bool:
        return rule.qualifier in ("ATTENDANCE", "PLATFORM_USE")

    def is_there(self, since: date, until: date | None, days: tuple[date, date]) -> bool:
        """Both ends of both are included."""
        return since <= days[1] and (until is None or until >= days[0])

    def applicable_units(self, rule) -> list:
        found = []
        for unit in self.all.units:
            if unit.kind in rule.unit_kinds and self.is_there(unit.opened_on, unit.closed_on, self.counted_days(rule)):
                found.append(unit)
        return found

    def listed_units(self, rules: list) -> list:
        """F1: those that are open, and those closed ones that some target counts on its own day (C6)."""
        found = []
        for unit in self.all.units:
            if self.is_there(unit.opened_on, unit.closed_on, (self.T, self.T)):
                found.append(unit)
            elif any(unit in self.applicable_units(rule) for rule in rules):
                found.append(unit)
        return found

    def with_predecessors(self, unit_id: int) -> list[int]:
        """F2: a merged unit and all that went into it, over several mergers too."""
        found = [unit_id]
        for known in found:
            for link in self.all.predecessors:
                if link.from_unit_id == known and link.to_unit_id not in found:
                    found.append(link.to_unit_id)
        return found

    # ---- Activities, lượt and unnamed heads (C4, D1-D3, F3, H8)

    def activities(self, official: bool) -> list:
        found = []
        for row in self.all.activities:
            if row.campaign_id == self.campaign_id and row.ends_on <= self.T and self.counts(row, official):
                found.append(row)
        return found

    def official_activities(self) -> list:
        return self.activities(official=True)

    def units_of(self, activity) -> list[int]:
        """F3: the host and the co-hosts."""
        units = [activity.host_id]
        for link in self.all.co_hosts:
            if link.activity_id == activity.id and link.unit_id not in units:
                units.append(link.unit_id)
        return units

    def village_of_team(self, team_id: int | None) -> int | None:
        for team in self.all.teams:
            if team.id == team_id:
                return team.village_id
        return None

    def named(self, activity, group: str | None = None) -> int:
        """Named people of a group on that day, without a group everybody but households (B5)."""
        count = 0
        for row in self.all.attendances:
            if row.activity_id == activity.id:
                if row.group == group or (group is None and row.group != "HOUSEHOLD"):
                    count += 1
        return count

    def unnamed(self, activity, rule) -> int:
        """D2: unnamed = total - named, of the groups that the target counts."""
        heads = 0
        for row in self.all.group_totals:
            if row.activity_id == activity.id and row.group in rule.groups:
                assert row.total >= self.named(activity, row.group), "D2: more names than heads"
                heads += row.total - self.named(activity, row.group)
        return heads

    def in_window(self, day: date, window: int | None, until: date) -> bool:
        return day <= until and (window is None or day > until - timedelta(days=window))

    def serves(self, activity, rule) -> bool:
        """docs/decisions.md: of a counting kind, and with at least one person (or household) of the target's groups."""
        if activity.kind not in rule.activity_kinds or not self.in_window(activity.ends_on, rule.window_days, self.T):
            return False
        if self.counts_units(rule):
            return self.serves_a_unit(activity, rule)
        for row in self.all.attendances:
            if row.activity_id == activity.id and row.group in rule.groups:
                return True
        for row in self.all.group_totals:
            if row.activity_id == activity.id and row.group in rule.groups and row.total > 0:
                return True
        return False

    def serves_a_unit(self, activity, rule) -> bool:
        """K5: a unit, or what was merged into it, held it; K6: the unit's team did."""
        for unit in self.applicable_units(rule):
            if rule.qualifier == "TEAM_ACTIVITY" and unit.id == self.village_of_team(activity.team_id):
                return True
            if rule.qualifier == "HOSTED_ACTIVITY":
                for doer in self.units_of(activity):
                    if doer in self.with_predecessors(unit.id):
                        return True
        return False

    def tells_of(self, activity, rule) -> bool:
        """Of a counting kind, and with a number of the target's groups, be it a 0 that was written down (B1)."""
        if activity.kind not in rule.activity_kinds:
            return False
        for row in [*self.all.attendances, *self.all.group_totals]:
            if row.activity_id == activity.id and row.group in rule.groups:
                return True
        return False

    def attendances(self, activity, rule) -> int:
        """Lượt; households at a meeting are never added to people."""
        return self.named(activity, "HOUSEHOLD" if rule.qualifier == "HOUSEHOLD_CHECK" else None)
