"""One commune of bench size, written row by row with a fixed seed: 71,000 attendances and a few of everything else.

12 open schools, 40 villages, 10,000 people, 6,000 households, 1,500 activities with their revisions; records that wait,
were returned, withdrawn or replaced; units that closed or merged; exclusions; declared figures. No names of anybody.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

ATTENDANCES = 71_000
AS_OF = date(2026, 11, 15)
START = date(2026, 1, 1)
TERM = date(2025, 9, 5)
OLD = date(2020, 1, 1)
MERGED = date(2026, 7, 1)
SCHOOLS = [
    *[("PRESCHOOL", 0)] * 3, *[("PRIMARY", 620)] * 4, *[("LOWER_SECONDARY", 700)] * 3,
    *[("PRIMARY_LOWER_SECONDARY", 750)] * 2,
]  # fmt: skip
OFFICES = ["OFFICE", "OFFICE", "OFFICE", "LEARNING_CENTRE", "UNION", "UNION", "UNION", "UNION"]
VILLAGES, HOUSEHOLDS, RESIDENTS = 40, 6_000, 3_000
ACTIVITIES = 1_500
CLASS_SIZE = 35


class Commune:
    """Fills an empty commune; afterwards `campaign` is what the peers are asked about."""

    def __init__(self, seed: int = 2026) -> None:
        from accounts.models import User
        from campaigns.services.plans import load_plan, read_plan

        self.r = Random(seed)
        self.campaign = load_plan(plan=read_plan("plan_ha_bac_2026"))
        self.commune_id = self.campaign.commune_id
        self.user = User.objects.create(username="bench")
        self.attendances = 0

    def fill(self) -> None:
        self.add_units()
        self.add_people()
        self.add_households()
        self.add_activities()
        self.add_platform_uses()
        self.add_checks()
        self.add_decisions()

    # ---- Small words

    def day(self, first: date = START, last: date = AS_OF + timedelta(days=20)) -> date:
        return first + timedelta(days=self.r.randrange((last - first).days + 1))

    def chance(self, part: float) -> bool:
        return self.r.random() < part

    def store(self, rows: list[Any]) -> list[Any]:
        return type(rows[0]).objects.bulk_create(rows, batch_size=500) if rows else []

    def life(self, happened: date) -> dict[str, Any]:
        """The columns of a reviewed record with one version: nine of ten are approved."""
        sent = happened + timedelta(days=self.r.randrange(6))
        fate = self.r.random()
        if fate < 0.03:
            return {"status": "DRAFT", "entered_by": self.user}
        columns = {"entered_by": self.user, "submitted_on": sent}
        if fate < 0.08:
            return columns | {"status": "SUBMITTED"}
        if fate < 0.10:
            return columns | {"status": "RETURNED", "return_reason": "Thiếu minh chứng"}
        columns |= {"approved_on": sent + timedelta(days=self.r.randrange(9)), "decided_by": self.user}
        if fate < 0.12:
            ended = {"ended_on": columns["approved_on"] + timedelta(days=20), "end_reason": "Không có thật"}
            return columns | ended | {"status": "WITHDRAWN"}
        return columns | {"status": "APPROVED"}

    def revised(self, old: Any, *, approve: bool) -> dict[str, Any]:
        """Marks the approved `old` as revised; gives the columns of its new version (H2)."""
        sent = old.approved_on + timedelta(days=4)
        old.revised_on = sent
        columns = {"entered_by": self.user, "replaces": old, "change_reason": "Sửa", "submitted_on": sent}
        if not approve:
            return columns | {"status": "SUBMITTED"}
        old.status, old.ended_on = "REPLACED", sent + timedelta(days=3)
        return columns | {"status": "APPROVED", "approved_on": old.ended_on, "decided_by": self.user}

    def copy(self, row: Any, **columns: Any) -> Any:
        kept = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.name not in {"id", "approved_on", "decided_by", "ended_on", "end_reason", "revised_on", *columns}
        }
        return type(row)(**kept, **columns)

    # ---- Units, people, households

    def add_units(self) -> None:
        from campaigns.models import DigitalTeam

        self.schools = [self.unit(kind, f"Trường {n}", size) for n, (kind, size) in enumerate(SCHOOLS)]
        self.offices = [self.unit(kind, f"Cơ quan {n}", 0) for n, kind in enumerate(OFFICES)]
        self.villages = [self.unit("VILLAGE", f"Thôn {n}", 0) for n in range(VILLAGES)]
        self.old_school = self.unit("PRIMARY", "Trường cũ", 120, closed_on=date(2026, 5, 31))
        last = MERGED - timedelta(days=1)
        self.old_villages = [self.unit("VILLAGE", f"Thôn cũ {n}", 0, closed_on=last) for n in range(2)]
        self.villages[0].opened_on = MERGED
        self.villages[0].save()
        self.villages[0].predecessors.set(self.old_villages)
        self.schools[3].predecessors.set([self.old_school])
        villages = self.villages[:-2] + self.old_villages
        teams = [DigitalTeam(commune_id=self.commune_id, village=u, name="Tổ", founded_on=OLD) for u in villages]
        teams[-1].dissolved_on = teams[-2].dissolved_on = last
        teams[5].dissolved_on = date(2026, 8, 30)
        self.teams = {team.village_id: team for team in self.store(teams)}

    def unit(self, kind: str, name: str, pupils: int, **columns: Any) -> Any:
        from campaigns.models import Unit
        from campaigns.services.plans import place_in_tree

        unit = Unit(commune_id=self.commune_id, parent_id=self.commune_id, kind=kind, name=name, code=name)
        unit.opened_on = OLD
        for column, value in columns.items():
            setattr(unit, column, value)
        unit.save()
        place_in_tree(unit)
        unit.pupils = pupils
        return unit

    def add_people(self) -> None:
        wanted = [
            (unit, group)
            for unit in [*self.schools, self.old_school]
            for group in ["MANAGER", "MANAGER", *["TEACHER"] * (28 if unit.pupils else 14), *["SCHOOL_STAFF"] * 4]
        ]
        wanted += [(unit, "OFFICIAL" if n < 14 else "WORKER") for unit in self.offices[:-2] for n in range(20)]
        wanted += [(unit, "PUPIL") for unit in [*self.schools, self.old_school] for _ in range(unit.pupils)]
        wanted += [(unit, "RESIDENT") for unit in self.villages for _ in range(RESIDENTS // VILLAGES)]
        people = self.store([self.person(number) for number in range(len(wanted))])
        self.members: dict[tuple[int, str], list[Any]] = {}
        rows = []
        for person, (unit, group) in zip(people, wanted, strict=True):
            self.members.setdefault((unit.pk, group), []).append(person)
            rows += self.belonging(person, unit, group)
        self.store(rows)

    def person(self, number: int) -> Any:
        from campaigns.models import Person

        person = Person(commune_id=self.commune_id, full_name=f"Người {number}", code=f"P{number:06}")
        person.set_keys()
        return person

    def belonging(self, person: Any, unit: Any, group: str) -> Iterable[Any]:
        """Usually one membership; one in twenty left or moved on, some teach at two schools."""
        from campaigns.models import Membership

        def row(at: Any, starts_on: date, ends_on: date | None = None) -> Membership:
            return Membership(
                commune_id=self.commune_id, person=person, unit=at, group=group, starts_on=starts_on, ends_on=ends_on
            )

        until = unit.closed_on or (self.day(START, AS_OF) if self.chance(0.05) else None)
        first = max(TERM, unit.opened_on) if not self.chance(0.03) else self.day(START, AS_OF)
        yield row(unit, min(first, until or first), until)
        of_group = {"PUPIL": self.schools[3:], "TEACHER": self.schools}.get(group)
        if of_group and (until or self.chance(0.02 if group == "TEACHER" else 0)) and self.chance(0.8):
            other = self.r.choice([at for at in of_group if at.pk != unit.pk])
            yield row(other, until + timedelta(days=1) if until else TERM)

    def add_households(self) -> None:
        from campaigns.models import Household, HouseholdMove, Membership

        rows = [self.household(number) for number in range(HOUSEHOLDS)]
        self.households = self.store(rows)
        first = [home for home in self.households if home.village_id == self.villages[0].pk]
        before = MERGED - timedelta(days=1)
        self.store(
            [
                HouseholdMove(commune_id=self.commune_id, household=home, from_village=old, until=before)
                for home, old in zip(first, self.old_villages * len(first), strict=False)
            ]
        )
        splits = [self.household(HOUSEHOLDS + n) for n in range(80)]
        for home in splits:
            home.split_from, home.starts_on, home.ends_on = self.r.choice(self.households), self.day(), None
        self.splits = self.store(splits)
        residents = [person for unit in self.villages for person in self.members[unit.pk, "RESIDENT"]]
        self.split_members = [(self.r.choice(residents), home) for home in self.splits]
        for person, home in self.split_members:
            Membership.objects.filter(person=person).update(household=home)
        gone = [home.pk for home in self.households[:60] if home.starts_on == OLD]
        Household.objects.filter(pk__in=gone).update(ends_on=date(2026, 4, 30))

    def household(self, number: int) -> Any:
        from campaigns.models import Household

        village = self.villages[number % VILLAGES]
        home = Household(
            commune_id=self.commune_id, village=village, head_name=f"Chủ hộ {number}", code=f"H{number:06}"
        )
        home.starts_on = OLD if not self.chance(0.02) else self.day()
        home.set_keys()
        return home

    # ---- What was done

    def add_activities(self) -> None:
        from training.models import ActivityCoHost, GroupTotal

        activities = self.store([self.activity(number) for number in range(ACTIVITIES)])
        audiences = [self.audience(activity) for activity in activities]
        approved = [place for place, row in enumerate(activities) if row.status == "APPROVED"]
        revisions = []
        for place in self.r.sample(approved, 60):
            columns = self.revised(activities[place], approve=self.chance(0.7))
            revisions.append((place, self.copy(activities[place], **columns)))
        type(activities[0]).objects.bulk_update(activities, ["status", "revised_on", "ended_on"], batch_size=100)
        self.store([row for _, row in revisions])
        sessions = [*zip(activities, audiences, strict=True)]
        sessions += [(row, audiences[place][2:] or audiences[place]) for place, row in revisions]
        self.store(self.cut_to_size([row for session in sessions for row in self.present(*session)]))
        hosts = [*self.schools, *self.villages]
        links = {(self.r.choice(activities).pk, self.r.choice(hosts).pk) for _ in range(90)}
        self.store([ActivityCoHost(activity_id=one, unit_id=other) for one, other in sorted(links)])
        totals = [(row, group) for row, _ in sessions for group in self.unnamed_groups(row)]
        self.store([GroupTotal(activity=row, group=group, total=self.total(row, group)) for row, group in totals])

    def cut_to_size(self, rows: list[Any]) -> list[Any]:
        assert len(rows) >= ATTENDANCES, len(rows)
        kept = set(self.r.sample(range(len(rows)), ATTENDANCES))
        rows = [row for place, row in enumerate(rows) if place in kept]
        self.named: dict[tuple[int, str], int] = {}
        for row in rows:
            self.named[row.activity_id, row.group] = self.named.get((row.activity_id, row.group), 0) + 1
        return rows

    def activity(self, number: int) -> Any:
        from training.models import Activity

        school = number % 5 < 3
        host = self.r.choice([*self.schools, self.old_school]) if school else self.r.choice(self.villages)
        kind = self.r.choice(["LESSON", "LESSON", "LESSON", "TRAINING", "FESTIVAL"])
        if number % 5 == 3:
            host, kind = self.r.choice(self.offices), self.r.choice(["TRAINING", "COMMUNICATION", "ONLINE_COURSE"])
        elif not school:
            kind = self.r.choice(["SUPPORT", "COMMUNICATION", "TRAINING"])
        day = self.day(START, host.closed_on or AS_OF + timedelta(days=20))
        if host == self.villages[0]:
            host = host if day >= MERGED else self.old_villages[number % 2]
        row = Activity(commune_id=self.commune_id, campaign=self.campaign, kind=kind, title=f"Hoạt động {number}")
        row.host, row.starts_on, row.ends_on, row.team = host, day, day, self.teams.get(host.pk)
        for column, value in self.life(day).items():
            setattr(row, column, value)
        row.set_keys()
        return row

    def audience(self, activity: Any) -> list[tuple[str, Any]]:
        """Who was there: a class or two of a school with a teacher, staff of everywhere, or households of a village."""
        host = activity.host
        if host.kind in ("OFFICE", "LEARNING_CENTRE", "UNION"):
            staff = [
                (group, person)
                for (_, group), people in self.members.items()
                for person in people
                if group in ("OFFICIAL", "WORKER", "MANAGER", "TEACHER", "SCHOOL_STAFF")
            ]
            return self.r.sample(staff, 30)
        if host.kind == "VILLAGE":
            homes = self.r.sample(self.households, 25)
            residents = self.members.get((host.pk, "RESIDENT"), [])
            return [*(("HOUSEHOLD", home) for home in homes), *(("RESIDENT", one) for one in residents[:15])]
        pupils = self.members.get((host.pk, "PUPIL"), [])
        start = self.r.randrange(0, max(1, len(pupils)), CLASS_SIZE)
        classes = pupils[start : start + 2 * CLASS_SIZE] if activity.kind != "FESTIVAL" else pupils[::4]
        teachers = self.r.sample(self.members[host.pk, "TEACHER"], 2)
        return [*(("TEACHER", one) for one in teachers), *(("PUPIL", one) for one in classes)]

    def present(self, activity: Any, audience: list[tuple[str, Any]]) -> Iterable[Any]:
        from training.models import Attendance

        for group, who in audience:
            subject = {"household": who} if group == "HOUSEHOLD" else {"person": who}
            shown = "" if self.chance(0.01) and group != "HOUSEHOLD" else group
            yield Attendance(
                commune_id=self.commune_id, activity=activity, group=shown, unit_id=activity.host_id, **subject
            )

    def unnamed_groups(self, activity: Any) -> list[str]:
        if not self.chance(0.2):
            return []
        groups = {"VILLAGE": ["HOUSEHOLD", "RESIDENT"], "OFFICE": ["OFFICIAL", "WORKER"], "UNION": ["WORKER"]}
        return groups.get(activity.host.kind, ["PUPIL"])

    def total(self, activity: Any, group: str) -> int:
        return self.named.get((activity.pk, group), 0) + self.r.choice([0, 0, 5, 12])

    def add_platform_uses(self) -> None:
        from training.models import PlatformUse

        uses = []
        for (unit_id, group), people in self.members.items():
            if group in ("MANAGER", "TEACHER"):
                for person in people:
                    day = self.day()
                    use = PlatformUse(commune_id=self.commune_id, campaign=self.campaign, person=person)
                    use.unit_id, use.confirmed_on = unit_id, day
                    for column, value in self.life(day).items():
                        setattr(use, column, value)
                    uses += [use] if self.chance(0.85) else []
        self.with_revisions(uses, 12)

    def with_revisions(self, rows: list[Any], count: int) -> None:
        self.store(rows)
        chosen = self.r.sample([row for row in rows if row.status == "APPROVED"], count)
        revisions = [self.copy(row, **self.revised(row, approve=self.chance(0.6))) for row in chosen]
        type(rows[0]).objects.bulk_update(chosen, ["status", "revised_on", "ended_on"], batch_size=100)
        self.store(revisions)

    def add_checks(self) -> None:
        homes = [*self.r.sample(self.households, 4_200), *self.r.sample(self.households, 300)]
        checks = {(check.household_id, check.checked_on): check for check in map(self.check, homes)}
        for person, home in self.split_members[:50]:
            check = self.check(home.split_from)
            check.member = person
            checks[check.household_id, check.checked_on] = check
        self.with_revisions(list(checks.values()), 60)

    def check(self, home: Any) -> Any:
        from training.models import HouseholdCheck
        from training.models.households import SKILL_FIELDS

        row = HouseholdCheck(commune_id=self.commune_id, campaign=self.campaign, household=home, checked_on=self.day())
        all_five = self.chance(0.6)
        for skill in SKILL_FIELDS:
            setattr(row, skill, all_five or self.chance(0.5))
        for column, value in self.life(row.checked_on).items():
            setattr(row, column, value)
        return row

    # ---- Sources, declared figures, exclusions

    def add_decisions(self) -> None:
        from campaigns.models import Exclusion, FigureSource, Headcount
        from training.models import RunningTotal

        targets = {target.code: target for target in self.campaign.targets.all()}
        declaring = [
            (self.offices[-1], "WORKER"), (self.offices[-2], "WORKER"), (self.schools[0], "SCHOOL_STAFF"),
            (self.schools[5], "PUPIL"), (self.villages[7], "HOUSEHOLD"), (self.offices[0], "WORKER"),
        ]  # fmt: skip
        of_group = {"PUPIL": "K3", "HOUSEHOLD": "K4"}
        sources, heads, totals = [], [], []
        for place, (unit, group) in enumerate(declaring):
            at = {"commune_id": self.commune_id, "unit": unit, "group": group}
            sources.append(FigureSource(**at, source="DECLARED", effective_on=date(2026, 2, 1)))
            if place == 5:  # and no head-count at all (B3)
                continue
            heads.append(Headcount(**at, effective_on=date(2026, 2, 1), count=150, **self.approved(date(2026, 2, 3))))
            heads.append(Headcount(**at, effective_on=date(2026, 9, 1), count=160, **self.approved(date(2026, 9, 3))))
            for month, life in ((4, self.approved(date(2026, 5, 2))), (9, self.approved(date(2026, 10, 2)))):
                target = targets[of_group.get(group, "K1")]
                totals.append(RunningTotal(**at, target=target, as_of=date(2026, month, 28), value=10 * month, **life))
            waits = {"status": "SUBMITTED", "submitted_on": date(2026, 11, 2), "entered_by": self.user}
            totals.append(RunningTotal(**at, target=target, as_of=date(2026, 10, 31), value=110, **waits))
        sources.append(FigureSource(commune_id=self.commune_id, unit=self.schools[6], group="PUPIL", source="DECLARED"))
        sources.append(
            FigureSource(
                commune_id=self.commune_id,
                unit=self.schools[6],
                group="PUPIL",
                source="ROSTER",
                effective_on=date(2026, 3, 1),
            )
        )
        for rows in (sources, heads, totals):
            self.store(rows)
        staff = [(pk, one) for (pk, group), many in self.members.items() if group == "TEACHER" for one in many]
        self.store(
            [
                Exclusion(
                    commune_id=self.commune_id, campaign=self.campaign, unit_id=unit_id, person=person, starts_on=START,
                    target=targets["K1"] if place % 2 else None, reason="MATERNITY",
                    ends_on=None if place % 3 else date(2026, 8, 1), **self.life(date(2026, 1, 5)),
                )
                for place, (unit_id, person) in enumerate(self.r.sample(staff, 24))
            ]
        )  # fmt: skip

    def approved(self, day: date) -> dict[str, Any]:
        return {
            "status": "APPROVED",
            "submitted_on": day,
            "approved_on": day,
            "entered_by": self.user,
            "decided_by": self.user,
        }
