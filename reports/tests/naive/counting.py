"""Who is counted and who was reached, unit by unit, before any verdict: people, households, units, declared figures."""
# ruff: noqa: SIM102, SIM114, ERA001 (plain on purpose: one question a line)

from datetime import date, timedelta
from types import SimpleNamespace

from reports.tests.naive.reading import Reading

SKILLS = ("public_services", "online_shopping", "digital_payment", "self_protection", "other_platforms")


class Counting(Reading):
    # ---- People (B5, C1, C3-C7)

    def listed_people(self, unit, rule) -> list[int]:
        """The members of D: who belonged to the unit then, in a counted group that is kept by list; each once (C1)."""
        people = []
        for row in self.all.memberships:
            if row.unit_id == unit.id and row.group in rule.groups and not self.is_declared(unit.id, row.group):
                if self.is_there(row.starts_on, row.ends_on, self.counted_days(rule)):
                    if row.person_id not in people:
                        people.append(row.person_id)
        return people

    def is_list_known(self, unit, rule) -> bool:
        """B2, B3: a list exists or existed this year ("nobody is left" is not "no list")."""
        if self.listed_people(unit, rule):
            return True
        for row in self.all.memberships:
            if row.unit_id == unit.id and row.group in rule.groups and not self.is_declared(unit.id, row.group):
                if self.is_there(row.starts_on, row.ends_on, (self.campaign.starts_on, self.T)):
                    return True
        return False

    def is_reached(self, person_id: int, rule, official: bool) -> bool:
        if rule.qualifier == "PLATFORM_USE":
            for use in self.all.uses:
                if use.campaign_id == self.campaign_id and use.person_id == person_id:
                    if use.confirmed_on <= self.T and self.counts(use, official):
                        return True
            return False
        # C3: of a counting kind, and often enough.
        sessions = 0
        for activity in self.activities(official):
            if activity.kind in rule.activity_kinds:
                for row in self.all.attendances:
                    if row.activity_id == activity.id and row.person_id == person_id:
                        sessions += 1
        return sessions >= rule.min_sessions

    def first_day(self, subject_id: int, rule) -> date:
        """C2: the day on which somebody who counts came to count."""
        days = []
        for use in self.all.uses:
            if rule.qualifier == "PLATFORM_USE" and use.campaign_id == self.campaign_id:
                if use.person_id == subject_id and use.confirmed_on <= self.T and self.is_official(use):
                    days.append(use.confirmed_on)
        for activity in self.official_activities():
            for row in self.all.attendances:
                if rule.qualifier == "ATTENDANCE" and activity.kind in rule.activity_kinds:
                    if row.activity_id == activity.id and row.person_id == subject_id:
                        days.append(activity.ends_on)
        for household in self.all.households:
            if rule.qualifier == "HOUSEHOLD_CHECK" and household.id == subject_id:
                days += [check.checked_on for check in self.checks_of(household, official=True) if self.is_pass(check)]
        return sorted(days)[rule.min_sessions - 1]

    def reached_of(self, people: list[int], rule, official: bool) -> list[int]:
        return [person_id for person_id in people if self.is_reached(person_id, rule, official)]

    def is_excluded(self, person_id: int, rule) -> bool:
        """C8: approved, in force on the counted day, of this target or of all."""
        day = self.counted_days(rule)[1]
        for row in self.all.exclusions:
            if row.campaign_id == self.campaign_id and row.person_id == person_id and self.is_official(row):
                if row.target_id is None or row.target_id == rule.target_id:
                    if self.is_there(row.starts_on, row.ends_on, (day, day)):
                        return True
        return False

    # ---- Declared figures (G1-G3, G6)

    def is_declared(self, unit_id: int, group: str) -> bool:
        """The last choice by the day it holds from, then by the day it was made; without one: by list."""
        last = None
        for row in self.all.sources:
            if row.unit_id == unit_id and row.group == group:
                if row.effective_on <= self.T and row.chosen_on <= self.K:
                    if last is None or (row.effective_on, row.chosen_on) > (last.effective_on, last.chosen_on):
                        last = row
        return last is not None and last.source == "DECLARED"

    def head_count(self, unit_id: int, group: str) -> int | None:
        last = None
        for row in self.all.headcounts:
            if row.unit_id == unit_id and row.group == group and row.effective_on <= self.T and self.is_official(row):
                if last is None or row.effective_on > last.effective_on:
                    last = row
        return last.count if last else None

    def running_total(self, unit_id: int, group: str, rule, official: bool) -> int | None:
        last = None
        for row in self.all.running_totals:
            if row.target_id == rule.target_id and row.unit_id == unit_id and row.group == group:
                if row.as_of <= self.T and self.counts(row, official):
                    if last is None or row.as_of > last.as_of:
                        last = row
        return last.value if last else None

    # ---- Households (E1-E3)

    def village_on(self, household, day: date) -> int:
        """F2: where it was counted on that day, also across mergers of villages."""
        found = None
        for move in self.all.moves:
            if move.household_id == household.id and move.until >= day:
                if found is None or move.until < found.until:
                    found = move
        return found.from_village_id if found else household.village_id

    def listed_households(self, unit, rule) -> list:
        """Like people, in the village where they were on the counted day, or on any of them."""
        first, last = self.counted_days(rule)
        found = []
        for household in self.all.households:
            day = first
            while day <= last:
                if self.is_there(household.starts_on, household.ends_on, (day, day)):
                    if self.village_on(household, day) == unit.id:
                        found.append(household)
                        break
                day += timedelta(days=1)
        return found

    def lives_in(self, person_id: int | None, household) -> bool:
        for row in self.all.memberships:
            if row.person_id == person_id and row.household_id == household.id:
                if self.is_there(row.starts_on, row.ends_on, (self.T, self.T)):
                    return True
        return False

    def checks_of(self, household, official: bool) -> list:
        found = []
        for row in self.all.checks:
            if row.campaign_id != self.campaign_id or row.checked_on > self.T or not self.counts(row, official):
                continue
            if row.household_id == household.id:
                found.append(row)
            # E3: a household that split off has the checks of who lives in it now.
            elif household.split_from_id is not None and self.lives_in(row.member_id, household):
                found.append(row)
        return found

    def has_passed(self, household, official: bool) -> bool:
        return any(self.is_pass(check) for check in self.checks_of(household, official))

    def is_pass(self, check) -> bool:
        """E2: all five skills were shown in one check."""
        return all(getattr(check, skill) for skill in SKILLS)

    def was_reached(self, household, official: bool) -> bool:
        """E1: by any channel."""
        if self.checks_of(household, official):
            return True
        for activity in self.activities(official):
            for row in self.all.attendances:
                if row.activity_id == activity.id and row.household_id == household.id:
                    return True
        return False

    # ---- What was counted in one unit, before any verdict

    def tally(self, unit, rule) -> SimpleNamespace:
        tally = SimpleNamespace(
            n=0, d=0, provisional=0, reported=False, declared_n=0, declared_d=0,
            listed=[], reached=[], waiting=[], excluded=[], tier=None,
        )  # fmt: skip
        if self.counts_units(rule):
            self.tally_of_unit(tally, unit, rule)
        elif rule.qualifier == "HOUSEHOLD_CHECK":
            self.tally_of_households(tally, unit, rule)
        else:
            self.tally_of_people(tally, unit, rule)
        # B2: nobody to count does not apply, unless somebody was counted all the same (B4).
        tally.applies = tally.d != 0 or tally.n > 0
        tally.over = tally.d is not None and tally.n > tally.d
        return tally

    def tally_of_people(self, tally, unit, rule) -> None:
        tally.listed = self.listed_people(unit, rule)
        tally.reached = self.reached_of(tally.listed, rule, official=True)
        tally.waiting = self.reached_of(tally.listed, rule, official=False)
        tally.excluded = [person_id for person_id in tally.listed if self.is_excluded(person_id, rule)]
        tally.n, tally.d, tally.provisional = len(tally.reached), len(tally.listed), len(tally.waiting)
        is_known = self.is_list_known(unit, rule)
        lacks_head_count = False
        for group in rule.groups:
            if self.is_declared(unit.id, group):
                is_known = True
                if self.head_count(unit.id, group) is None:
                    lacks_head_count = True
                self.add_declared(tally, unit, group, rule)
        # B3: no list and no head-count, or one of the declared groups lacks its head-count.
        if not is_known or lacks_head_count:
            tally.d = None
        # B1: a 0 was said where the unit (or what was merged into it, F2) held a session that reached nobody of it.
        if rule.qualifier == "ATTENDANCE":
            for activity in self.official_activities():
                for doer in self.units_of(activity):
                    if self.tells_of(activity, rule) and doer in self.with_predecessors(unit.id):
                        tally.reported = True
        tally.reported = tally.reported or tally.n > 0

    def add_declared(self, tally, unit, group: str, rule) -> None:
        heads = self.head_count(unit.id, group)
        total = self.running_total(unit.id, group, rule, official=True)
        waiting = self.running_total(unit.id, group, rule, official=False)
        tally.d += heads or 0
        tally.declared_d += heads or 0
        tally.n += total or 0
        tally.declared_n += total or 0
        tally.provisional += waiting if waiting is not None else total or 0
        if total is not None:
            tally.reported = True

    def tally_of_households(self, tally, unit, rule) -> None:
        listed = self.listed_households(unit, rule)
        # E2: the lower tier stands apart, with the households of a village that declares its K4 figure too.
        tally.tier = {
            "d": [household.id for household in listed],
            "n": [household.id for household in listed if self.was_reached(household, official=True)],
            "provisional_n": [household.id for household in listed if self.was_reached(household, official=False)],
        }
        if self.is_declared(unit.id, "HOUSEHOLD"):
            self.add_declared(tally, unit, "HOUSEHOLD", rule)
            tally.d = self.head_count(unit.id, "HOUSEHOLD")
            return
        tally.listed = tally.tier["d"]
        tally.reached = [household.id for household in listed if self.has_passed(household, official=True)]
        tally.waiting = [household.id for household in listed if self.has_passed(household, official=False)]
        tally.n, tally.d, tally.provisional = len(tally.reached), len(listed) or None, len(tally.waiting)
        tally.reported = len(tally.tier["n"]) > 0

    def tally_of_unit(self, tally, unit, rule) -> None:
        tally.d = 1
        tally.n = int(self.did_enough(unit, rule, official=True, until=self.T))
        tally.provisional = int(self.did_enough(unit, rule, official=False, until=self.T))
        # B1: something relevant of the unit, or of one that was merged into it (F2), was approved.
        for activity in self.official_activities():
            for known in self.with_predecessors(unit.id):
                if rule.qualifier == "HOSTED_ACTIVITY" and known in self.units_of(activity):
                    tally.reported = True
                if rule.qualifier == "TEAM_ACTIVITY" and known == self.village_of_team(activity.team_id):
                    tally.reported = True

    def did_enough(self, unit, rule, *, official: bool, until: date) -> bool:
        done = 0
        for activity in self.activities(official):
            if activity.kind not in rule.activity_kinds:
                continue
            if rule.qualifier == "HOSTED_ACTIVITY":
                # K5, F3: host or co-host, itself or as what was merged into it (F2); an activity counts once.
                if any(doer in self.with_predecessors(unit.id) for doer in self.units_of(activity)):
                    done += 1
            elif self.in_window(activity.ends_on, rule.window_days, until):
                # K6: its own team, active on the last day of the window.
                for team in self.all.teams:
                    if team.id == activity.team_id and team.village_id == unit.id:
                        if self.is_there(team.founded_on, team.dissolved_on, (until, until)):
                            done += 1
        return done >= rule.min_count
