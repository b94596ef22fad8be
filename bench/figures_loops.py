"""The peer that knows no SQL: every row of the commune as an object, and loops over them."""
# ruff: noqa: C901, SIM102 (plain on purpose)

from collections import defaultdict
from datetime import date
from typing import Any

from answers import GROUPS, KINDS, STAFF, UNIT_KINDS, Answers, Counts
from figures_orm import audience_columns
from sessions import Session, add_sessions


def by_loops(campaign: Any, as_of: date, approved_by: date) -> Answers:
    return LoopPeer(campaign, as_of, approved_by).answers()


class LoopPeer:
    def __init__(self, campaign: Any, as_of: date, approved_by: date) -> None:
        self.campaign, self.as_of, self.approved_by = campaign, as_of, approved_by
        self.counts = Counts()

    def rows(self, model: Any, **filters: Any) -> list[Any]:
        return list(model.objects.filter(commune_id=self.campaign.commune_id, **filters))

    def is_official(self, row: Any) -> bool:
        is_ended = row.ended_on and row.ended_on <= self.approved_by
        return bool(row.approved_on) and row.approved_on <= self.approved_by and not is_ended

    def is_counted(self, row: Any) -> bool:
        if row.status in ("DRAFT", "RETURNED") or not row.submitted_on or row.submitted_on > self.approved_by:
            return False
        return not any(day and day <= self.approved_by for day in (row.ended_on, row.revised_on))

    def holds(self, row: Any) -> bool:
        return row.starts_on <= self.as_of and (row.ends_on is None or row.ends_on >= self.as_of)

    def answers(self) -> Answers:
        from campaigns.models import Membership, Unit
        from training.models import Activity, Attendance

        self.units = {unit.pk: unit for unit in self.rows(Unit) if unit.is_open(self.as_of)}
        self.counts.units = [(unit.pk, unit.kind) for unit in self.units.values()]
        self.memberships = self.rows(Membership)
        self.activities = {
            row.pk: row for row in self.rows(Activity, campaign=self.campaign) if row.ends_on <= self.as_of
        }
        self.attendances = [row for row in self.rows(Attendance) if row.activity_id in self.activities]
        self.add_paper()
        self.lacking = {unit for (unit, _), (heads, *_) in self.counts.declared.items() if heads is None}
        for code in ("K1", "K2", "K3"):
            self.add_people(code)
        self.add_households()
        self.add_sessions()
        return self.counts.answers()

    def add_paper(self) -> None:
        from campaigns.models import FigureSource, Headcount
        from training.models import RunningTotal

        for row in self.memberships:
            is_of_year = row.starts_on <= self.as_of and (not row.ends_on or row.ends_on >= self.campaign.starts_on)
            if is_of_year and row.group in (*STAFF, "PUPIL"):
                self.counts.known.add((row.unit_id, row.group))
        chosen, heads = {}, {}
        for row in sorted(self.rows(FigureSource), key=lambda row: (row.effective_on, row.chosen_on)):
            if row.effective_on <= self.as_of and row.chosen_on <= self.approved_by:
                chosen[row.unit_id, row.group] = row.source
        for row in sorted(self.rows(Headcount), key=lambda row: row.effective_on):
            if row.effective_on <= self.as_of and self.is_official(row):
                heads[row.unit_id, row.group] = row.count
        for pair, source in chosen.items():
            if source == "DECLARED":
                self.counts.declared[pair] = (heads.get(pair), {}, {})
        for row in sorted(self.rows(RunningTotal, target__campaign=self.campaign), key=lambda row: row.as_of):
            found = self.counts.declared.get((row.unit_id, row.group))
            if found and row.as_of <= self.as_of:
                if self.is_official(row):
                    found[1][row.target.code] = row.value
                if self.is_counted(row):
                    found[2][row.target.code] = row.value

    def add_people(self, code: str) -> None:
        from campaigns.models import Exclusion

        listed = defaultdict(set)
        for row in self.memberships:
            unit = self.units.get(row.unit_id)
            is_declared = (row.unit_id, row.group) in self.counts.declared
            if unit and unit.kind in UNIT_KINDS[code] and row.group in GROUPS[code] and not is_declared:
                if self.holds(row):
                    listed[unit.pk].add(row.person_id)
        official, counted = self.reached(code)
        excluded = {
            row.person_id
            for row in self.rows(Exclusion, campaign=self.campaign)
            if self.is_official(row) and self.holds(row) and (row.target is None or row.target.code == code)
        }
        everybody = set()
        for unit_id, people in listed.items():
            self.counts.listed[code, unit_id] = sizes(people, official, counted, excluded)
            everybody |= people if unit_id not in self.lacking else set()
        self.counts.listed[code, None] = sizes(everybody, official, counted, excluded)

    def reached(self, code: str) -> tuple[set[int], set[int]]:
        from training.models import PlatformUse

        if code == "K2":
            uses = [use for use in self.rows(PlatformUse, campaign=self.campaign) if use.confirmed_on <= self.as_of]
            rows = [(use.person_id, use) for use in uses]
        else:
            rows = [(row.person_id, self.activities[row.activity_id]) for row in self.attendances if row.person_id]
            rows = [(person_id, record) for person_id, record in rows if record.kind in KINDS[code]]
        return (
            {person_id for person_id, record in rows if self.is_official(record)},
            {person_id for person_id, record in rows if self.is_counted(record)},
        )

    def add_households(self) -> None:
        from campaigns.models import Household, HouseholdMove
        from training.models import HouseholdCheck

        homes = self.rows(Household)
        moves = {}
        for move in sorted(self.rows(HouseholdMove), key=lambda move: move.until, reverse=True):
            if move.until >= self.as_of:
                moves[move.household_id] = move.from_village_id
        split = {home.pk for home in homes if home.split_from_id}
        lives_in = defaultdict(list)
        for row in self.memberships:
            if row.household_id in split and self.holds(row):
                lives_in[row.person_id].append(row.household_id)
        told = [
            (row.household_id, self.activities[row.activity_id], False) for row in self.attendances if row.household_id
        ]
        for check in self.rows(HouseholdCheck, campaign=self.campaign):
            if check.checked_on <= self.as_of:
                for home in [check.household_id, *lives_in.get(check.member_id, [])]:
                    told.append((home, check, check.is_passed))
        reached = {home for home, record, _ in told if self.is_official(record)}
        waiting = {home for home, record, _ in told if self.is_counted(record)}
        passed = {home for home, record, is_passed in told if is_passed and self.is_official(record)}
        waiting_passed = {home for home, record, is_passed in told if is_passed and self.is_counted(record)}
        listed = defaultdict(set)
        for home in homes:
            if self.holds(home):
                listed[moves.get(home.pk, home.village_id)].add(home.pk)
        everybody, of_tiers = set(), set()
        for village, found in listed.items():
            if village not in self.units:
                continue
            of_tiers |= found
            self.counts.tiers[village] = (len(found & reached), len(found), len(found & waiting))
            if (village, "HOUSEHOLD") not in self.counts.declared:
                everybody |= found
                self.counts.listed["K4", village] = sizes(found, passed, waiting_passed, set())
                self.counts.said |= {("K4", village)} if found & reached else set()
        self.counts.listed["K4", None] = sizes(everybody, passed, waiting_passed, set())
        self.counts.tiers[None] = (len(of_tiers & reached), len(of_tiers), len(of_tiers & waiting))

    def add_sessions(self) -> None:
        from campaigns.models import DigitalTeam, Unit
        from training.models import ActivityCoHost, GroupTotal

        teams = {team.pk: team for team in self.rows(DigitalTeam)}
        audience: dict[int, dict[str, list[int | None]]] = defaultdict(dict)
        for row in self.attendances:
            audience[row.activity_id].setdefault(row.group, [0, None])[0] += 1
        for row in GroupTotal.objects.filter(activity__commune_id=self.campaign.commune_id):
            audience[row.activity_id].setdefault(row.group, [0, None])[1] = row.total
        sessions = []
        for row in self.activities.values():
            o, c, team = self.is_official(row), self.is_counted(row), teams.get(row.team_id)
            of_team = (team.village_id, team.founded_on, team.dissolved_on) if team else (None, None, None)
            if o or c:
                found = audience_columns(audience[row.pk]) if o else ()
                sessions.append(Session(row.pk, row.kind, row.host_id, row.ends_on, o, c, *of_team, *found))
        co_hosts = ActivityCoHost.objects.filter(activity__commune_id=self.campaign.commune_id)
        links = [(link.activity_id, link.unit_id) for link in co_hosts]
        for unit in Unit.objects.filter(commune_id=self.campaign.commune_id, opened_on__lte=self.as_of):
            links += [(-old.pk, unit.pk) for old in unit.predecessors.all()]
        add_sessions(self.counts, sessions, links, self.as_of)


def sizes(listed: set[int], reached: set[int], counted: set[int], excluded: set[int]) -> tuple[int, ...]:
    rest = listed & excluded
    return len(listed), len(listed & reached), len(listed & counted), len(rest), len(rest & reached)
