"""Random histories of small communes, as rows of the portal's own tables (so that every constraint holds).

`History` makes up one commune from a seed and puts its rows into `Histories`, which writes those of many together. Days
come from a handful per history, and their neighbours, so that first days, last days and clocks fall together often.
"""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from django.db.models import Model

from campaigns.choices import ActivityKind, ExclusionReason, Group, UnitKind, groups_of_kind
from campaigns.models import (
    Campaign,
    DigitalTeam,
    Exclusion,
    FigureSource,
    Headcount,
    Household,
    HouseholdMove,
    Membership,
    Person,
    Target,
    TargetCriterion,
    TargetVersion,
    Unit,
)
from reports.tests.naive.lives import Life, life
from reports.tests.naive.rules import random_rule
from reports.tests.naive.writing import Histories
from training.models import (
    Activity,
    ActivityCoHost,
    Attendance,
    GroupTotal,
    HouseholdCheck,
    PlatformUse,
    RunningTotal,
)
from training.models.households import SKILL_FIELDS

LONG_AGO = date(2000, 1, 1)
YEAR_START, YEAR_END = date(2026, 1, 1), date(2026, 12, 31)
KINDS = (
    UnitKind.VILLAGE,
    UnitKind.VILLAGE,
    UnitKind.PRIMARY,
    UnitKind.LOWER_SECONDARY,
    UnitKind.PRESCHOOL,
    UnitKind.OFFICE,
)


class History:
    """One commune's year, made up from a seed; `size` bounds how much happens."""

    def __init__(self, into: Histories, seed: int, size: int, number: int) -> None:
        self.into, self.size, self.seed = into, size, seed
        self.r = Random(f"{seed}/{size}")
        self.put = into.put
        self.days = sorted(YEAR_START + timedelta(days=self.r.randint(-90, 400)) for _ in range(6))
        self.days.append(YEAR_START)
        self.commune = self.put(Unit(code=f"X{number}", name=f"Xã {number}", kind="COMMUNE", opened_on=LONG_AGO))
        self.make_campaigns()
        self.make_units()
        self.make_targets()
        self.make_households()
        self.make_people()
        self.make_activities()
        self.make_confirmations()
        self.make_declared()
        self.make_exclusions()

    # ---- Chance

    def chance(self, share: float) -> bool:
        return self.r.random() < share

    def some(self, most: int) -> range:
        return range(self.r.randint(0, most * self.size))

    def day(self) -> date:
        return self.r.choice(self.days) + timedelta(days=self.r.choice((-1, 0, 0, 0, 1)))

    def day_from(self, first: date) -> date:
        """A day that is not earlier: one of the known ones, or one soon after."""
        later = [day for day in self.days if day >= first]
        return self.r.choice([*later, first, first + timedelta(days=self.r.randint(0, 20))])

    def span(self, first: date | None = None) -> tuple[date, date | None]:
        start = first or self.r.choice([self.day(), date(2025, 1, 1)])
        return start, None if self.chance(0.5) else self.day_from(start)

    def clocks(self) -> tuple[date, date]:
        """A day on or before which things happened, and one on or before which they were approved."""
        as_of = min(max(self.day(), self.day(), YEAR_START), YEAR_END)
        if self.chance(0.1):
            as_of = self.day()
        return as_of, self.r.choice([as_of, self.day(), self.day(), YEAR_END, date(2027, 6, 1)])

    def reviewed(self, model: type[Model], life_of_record: Life, versions: list[dict]) -> list[Model]:
        """A record and its revisions; `versions` holds the contents of each."""
        rows: list[Model] = []
        for depth, (columns, content) in enumerate(zip(life_of_record, versions, strict=True)):
            decided = {"decided_by": self.into.clerk} if columns.get("approved_on") else {}
            replaces = {"replaces": rows[-1]} if rows else {}
            row = model(commune=self.commune, entered_by=self.into.clerk, **columns, **decided, **replaces, **content)
            rows.append(self.put(row, depth))
        return rows

    def life(self, since: date) -> Life:
        return life(self.r, self.day_from, since)

    # ---- Campaigns, units, teams, targets

    def make_campaigns(self) -> None:
        """The one that is read, and last year's, whose records count nowhere in it."""
        shared = {"commune": self.commune, "name": "Phong trào", "title": "Kế hoạch"}
        self.campaign = self.put(Campaign(code="2026", starts_on=YEAR_START, ends_on=YEAR_END, **shared))
        self.last_year = self.put(
            Campaign(code="2025", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), state="CLOSED", **shared)
        )

    def a_campaign(self) -> Campaign:
        return self.last_year if self.chance(0.05) else self.campaign

    def make_units(self) -> None:
        self.units = [self.a_unit(kind, *self.life_of_unit()) for kind in (*KINDS, *(self.r.choice(KINDS),))]
        merged = None
        for _ in self.some(1):
            merged = self.merge_units(with_unit=merged if self.chance(0.7) else None)
        self.busy = self.r.sample(self.units, 3)
        self.teams = []
        for village in (unit for unit in self.units if unit.kind == UnitKind.VILLAGE):
            self.make_teams(village)

    def life_of_unit(self) -> tuple[date, date | None]:
        if self.chance(0.6):
            return date(2020, 1, 1), None
        return self.span()

    def a_unit(self, kind: str, opened_on: date, closed_on: date | None) -> Unit:
        code = f"U{len(getattr(self, 'units', []))}-{self.r.randint(0, 10**9)}"
        return self.put(
            Unit(
                commune=self.commune, parent=self.commune, code=code, name=code, kind=kind, opened_on=opened_on,
                closed_on=closed_on, position=self.r.randint(1, 3),
            ),
            depth=1,
        )  # fmt: skip

    def merge_units(self, with_unit: Unit | None) -> Unit | None:
        """Units close, a new one opens, as a rule on the day after; a merged unit may be merged again."""
        kind = with_unit.kind if with_unit else self.r.choice([UnitKind.VILLAGE, UnitKind.VILLAGE, *KINDS])
        merging = [unit for unit in self.units if unit.kind == kind and unit is not with_unit]
        merging = self.r.sample(merging, min(len(merging), 2 - bool(with_unit))) + ([with_unit] if with_unit else [])
        if not merging:
            return None
        last_day = self.day_from(max(unit.opened_on for unit in merging))
        for unit in merging:
            if not self.chance(0.1):
                unit.closed_on = last_day
        opened_on = last_day + timedelta(days=self.r.choice((1, 1, 1, 0, 5)))
        merged = self.a_unit(kind, opened_on, None if self.chance(0.8) else self.day_from(opened_on))
        for unit in merging:
            self.put(Unit.predecessors.through(from_unit=merged, to_unit=unit))
        self.units.append(merged)
        return merged

    def make_teams(self, village: Unit) -> None:
        """One after the other; the village's last one may be at work still."""
        founded_on = self.r.choice([date(2024, 5, 1), date(2024, 5, 1), self.day()])
        for _ in range(self.r.choice((0, 1, 2, 2))):
            dissolved_on = self.day_from(founded_on) if self.chance(0.6) else None
            team = DigitalTeam(
                commune=self.commune, village=village, name="Tổ", founded_on=founded_on, dissolved_on=dissolved_on
            )
            self.teams.append(self.put(team))
            if dissolved_on is None:
                return
            founded_on = self.day_from(dissolved_on)

    def make_targets(self) -> None:
        self.targets = []
        wanted = ["ATTENDANCE", "ATTENDANCE", "PLATFORM_USE", "HOUSEHOLD_CHECK", "HOSTED_ACTIVITY", "TEAM_ACTIVITY"]
        for number, qualifier in enumerate(wanted):
            versions = [random_rule(self.r, qualifier, self.day) for _ in range(self.r.choice((1, 1, 1, 2, 3)))]
            self.make_target(f"K{number}", versions)

    def make_target(self, code: str, versions: list[dict]) -> None:
        """The newest version is the target itself; days of versions run forward and back."""
        latest = versions[-1]
        lists = {"groups": "GROUP", "unit_kinds": "UNIT_KIND", "activity_kinds": "ACTIVITY_KIND"}
        fields = {name: value for name, value in latest.items() if name not in lists}
        target = self.put(
            Target(
                campaign=self.campaign, code=code, short_name=code, noun="người", position=len(self.targets), **fields
            )
        )
        for name, kind in lists.items():
            for value in latest[name]:
                self.put(TargetCriterion(target=target, kind=kind, value=value))
        for number, rule in enumerate(versions, start=1):
            definition = dict(rule, fixed_on=rule["fixed_on"].isoformat() if rule["fixed_on"] else None)
            days = (YEAR_START, YEAR_START) if number == 1 else (self.day(), self.day())
            self.put(
                TargetVersion(
                    target=target, number=number, effective_on=days[0], recorded_on=days[1], definition=definition
                )
            )
        self.targets.append(target)

    # ---- Households and people

    def a_unit_of(self) -> Unit:
        """Most of what happens happens in a few units, so that it meets."""
        return self.r.choice(self.busy if self.chance(0.7) else self.units)

    def units_of_kind(self, *kinds: str) -> list[Unit]:
        return [unit for unit in self.units if unit.kind in kinds]

    def make_households(self) -> None:
        self.households: list[Household] = []
        for _ in self.some(4):
            self.a_household(split_from=None)
        for _ in self.some(1):
            if self.households:
                self.a_household(split_from=self.r.choice(self.households))

    def a_household(self, split_from: Household | None) -> None:
        starts_on, ends_on = self.span(self.day() if split_from else self.r.choice([date(2020, 1, 1), self.day()]))
        villages = self.units_of_kind(UnitKind.VILLAGE)
        depth = len(self.households) if split_from else 0
        household = self.put(
            Household(
                commune=self.commune, village=self.r.choice(villages), head_name="Chủ hộ", starts_on=starts_on,
                ends_on=ends_on, split_from=split_from,
            ),
            depth,
        )  # fmt: skip
        self.households.append(household)
        untils = {self.day() for _ in range(self.r.choice((0, 0, 1, 2)))}
        for until in sorted(untils):
            self.put(
                HouseholdMove(
                    commune=self.commune, household=household, from_village=self.r.choice(villages), until=until
                )
            )

    def make_people(self) -> None:
        self.people = [
            self.put(Person(commune=self.commune, full_name=f"Người {number}"))
            for number in range(self.r.randint(2, 6 * self.size))
        ]
        self.memberships: list[Membership] = []
        for person in self.people:
            for _ in range(self.r.choice((0, 1, 2, 2, 3, 4))):
                self.a_membership(person)

    def a_membership(self, person: Person) -> None:
        """Joining, moving, returning, belonging to two units: wherever the database lets somebody belong."""
        theirs = [row for row in self.memberships if row.person is person]
        follows = [row for row in theirs if row.ends_on]
        starts_on, ends_on = self.span()
        if follows and self.chance(0.6):
            starts_on, ends_on = self.span(
                self.r.choice(follows).ends_on + timedelta(days=self.r.choice((1, 1, 0, 30)))
            )
        unit = self.a_unit_of()
        group = self.r.choice(groups_of_kind(unit.kind)[-2:] if self.chance(0.6) else groups_of_kind(unit.kind))
        for row in theirs:
            is_same_day, are_open = row.starts_on == starts_on, row.ends_on is None and ends_on is None
            if row.unit is unit and row.group == group and (is_same_day or are_open):
                return
        household = None
        if group == Group.RESIDENT and self.households and self.chance(0.8):
            household = self.r.choice(self.households)
        membership = Membership(
            commune=self.commune, person=person, unit=unit, group=group, household=household, starts_on=starts_on,
            ends_on=ends_on,
        )  # fmt: skip
        self.memberships.append(self.put(membership))

    # ---- What was done

    def make_activities(self) -> None:
        for _ in self.some(8):
            day = self.day()
            records = self.life(day)
            first = self.an_activity(day)
            contents = [first] + [self.r.choice([first, self.an_activity(self.day())]) for _ in records[1:]]
            campaign = self.a_campaign()
            for activity in self.reviewed(Activity, records, [dict(row, campaign=campaign) for row in contents]):
                self.make_audience(activity)

    def an_activity(self, day: date) -> dict:
        host = self.a_unit_of()
        teams = [team for team in self.teams if team.village is host]
        if self.chance(0.3):
            teams = self.teams
        return {
            "kind": self.r.choice(ActivityKind.values),
            "title": "Hoạt động",
            "starts_on": day - timedelta(days=self.r.choice((0, 0, 3))),
            "ends_on": day,
            "host": host,
            "team": self.r.choice(teams) if teams and self.chance(0.8) else None,
        }

    def make_audience(self, activity: Activity) -> None:
        others = [unit for unit in self.units if unit is not activity.host]
        for unit in self.r.sample(others, self.r.choice((0, 0, 0, 1, 2))):
            self.put(ActivityCoHost(activity=activity, unit=unit))
        named: dict[str, int] = defaultdict(int)
        for person in self.r.sample(self.people, self.r.randint(0, len(self.people))):
            group, unit = self.group_of(person, activity.ends_on)
            named[group] += 1
            self.put(Attendance(commune=self.commune, activity=activity, person=person, group=group, unit=unit))
        for household in self.r.sample(self.households, self.r.randint(0, len(self.households) // 2)):
            named[Group.HOUSEHOLD] += 1
            self.put(
                Attendance(
                    commune=self.commune, activity=activity, household=household, group=Group.HOUSEHOLD,
                    unit=household.village,
                )
            )  # fmt: skip
        for group in self.r.sample(Group.values, self.r.choice((0, 0, 1, 2, 4))):
            total = named[group] + self.r.choice((0, 0, 1, 5))
            self.put(GroupTotal(activity=activity, group=group, total=total))

    def group_of(self, person: Person, day: date) -> tuple[str, Unit | None]:
        """The group of the day; empty for a guest (B5)."""
        for row in self.memberships:
            if row.person is person and row.starts_on <= day and (row.ends_on is None or day <= row.ends_on):
                return row.group, row.unit
        return "", None

    def make_confirmations(self) -> None:
        """Platforms in use, once a person (again after a withdrawal); checks, once a household and day."""
        for person in self.people:
            since: date | None = self.day()
            while since and self.chance(0.5):
                since = self.a_platform_use(person, since)
        for household in self.households:
            taken: set[date] = set()
            for _ in range(self.r.choice((0, 0, 1, 1, 2))):
                self.a_check(household, taken)

    def a_platform_use(self, person: Person, since: date) -> date | None:
        """Returns the day from which there is room for another one, None if this one stays."""
        records = self.life(since)
        days = [since] + [self.r.choice([since, self.day()]) for _ in records[1:]]
        shared = {"person": person, "campaign": self.campaign, "unit": self.r.choice(self.units)}
        rows = self.reviewed(PlatformUse, records, [dict(shared, confirmed_on=day) for day in days])
        return rows[0].ended_on if len(rows) == 1 and rows[0].status == "WITHDRAWN" else None

    def a_check(self, household: Household, taken: set[date]) -> None:
        day = self.day()
        if day in taken:
            return
        taken.add(day)
        residents = [row.person for row in self.memberships if row.household]
        campaign = self.a_campaign()
        contents = []
        records = self.life(day)
        for place in range(len(records)):
            if place and self.chance(0.3) and (moved := self.day()) not in taken:
                taken.add(moved)
                day = moved
            shown = len(SKILL_FIELDS) if self.chance(0.6) else self.r.randint(0, 4)
            member = self.r.choice(residents) if residents and self.chance(0.7) else None
            contents.append(
                {"household": household, "campaign": campaign, "checked_on": day, "member": member}
                | {name: place < shown for place, name in enumerate(SKILL_FIELDS)}
            )
        self.reviewed(HouseholdCheck, records, contents)

    # ---- Declared figures, exclusions

    def make_declared(self) -> None:
        for unit in self.units:
            groups = [*groups_of_kind(unit.kind), *([Group.HOUSEHOLD] if unit.kind == UnitKind.VILLAGE else [])]
            for group in groups:
                if self.chance(0.15):
                    self.declare(unit, group)

    def declare(self, unit: Unit, group: str) -> None:
        chosen = {(LONG_AGO, LONG_AGO) if self.chance(0.5) else (self.day(), self.day())}
        chosen |= {(self.day(), self.day()) for _ in range(self.r.choice((0, 0, 1, 2)))}
        for place, (effective_on, chosen_on) in enumerate(self.r.sample(sorted(chosen), len(chosen))):
            source = "DECLARED" if place == 0 or self.chance(0.4) else "ROSTER"
            self.put(
                FigureSource(
                    commune=self.commune, unit=unit, group=group, source=source, effective_on=effective_on,
                    chosen_on=chosen_on,
                )
            )  # fmt: skip
        self.a_series(Headcount, "effective_on", "count", {"unit": unit, "group": group}, most=12)
        for target in self.targets:
            if self.chance(0.6):
                self.a_series(RunningTotal, "as_of", "value", {"target": target, "unit": unit, "group": group}, most=14)

    def a_series(self, model: type[Model], dated: str, number: str, shared: dict, most: int) -> None:
        """Numbers from day to day; a correction is a revision of the same day (G6), decreases happen (G2)."""
        for day in sorted({self.day() for _ in range(self.r.choice((0, 1, 1, 2, 3)))}):
            records = self.life(day)
            self.reviewed(model, records, [{**shared, dated: day, number: self.r.randint(0, most)} for _ in records])

    def make_exclusions(self) -> None:
        taken = set()
        for person in self.people:
            if self.chance(0.5):
                continue
            starts_on, ends_on = self.span()
            target = self.r.choice([None, None, *self.targets])
            key = (id(person), id(target), starts_on)
            if key not in taken:
                taken.add(key)
                shared = {"person": person, "campaign": self.a_campaign(), "unit": self.r.choice(self.units)}
                shared |= {"target": target, "reason": self.r.choice(ExclusionReason.values), "starts_on": starts_on}
                records = self.life(starts_on)
                contents = [
                    dict(shared, ends_on=self.r.choice([ends_on, None, self.day_from(starts_on)])) for _ in records
                ]
                self.reviewed(Exclusion, records, contents)
