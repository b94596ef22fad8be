"""A small commune with something of everything, and a hundred random changes to it through the services."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from django.core.exceptions import ValidationError
from django.db import transaction

from campaigns.choices import (
    ActivityKind,
    DenominatorPolicy,
    ExclusionReason,
    Group,
    Qualifier,
    RecordStatus,
    Source,
    UnitKind,
)
from campaigns.models import DigitalTeam, Exclusion, Headcount, Household, Membership, Person, Target, Unit
from campaigns.services.duplicates import merge_people
from campaigns.services.household_changes import move_household, split_household
from campaigns.services.households import create_household, end_household
from campaigns.services.merging import merge_units
from campaigns.services.people import create_person, end_membership, move_person
from campaigns.services.targets import target_state, update_target
from campaigns.services.teams import create_team, update_team
from campaigns.services.units import close_unit, create_unit
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal
from training.models.households import SKILL_FIELDS
from training.services.activities import ActivityContent, ActivityError, create_activity
from training.services.declared import declare_headcount, declare_running_total, set_figure_source
from training.services.exclusions import propose_exclusions
from training.services.households import record_household_check
from training.services.revisions import revise_record, undo_withdrawal, withdraw_approval
from training.workflow import WorkflowError, approve_record, return_record, submit_record

RECORDS = (Activity, PlatformUse, HouseholdCheck, RunningTotal, Headcount, Exclusion)
FIRST, LAST = date(2026, 2, 1), date(2026, 10, 31)


class World:
    """The commune of the cast, filled; `change()` does one random thing that a person could do."""

    def __init__(self, cast, campaign, random: Random) -> None:
        self.cast, self.campaign, self.random = cast, campaign, random
        self.one, self.two = cast.officer, cast.officer2
        self.count = 0
        self.done: Counter[str] = Counter()
        self.last_day, self.approved_from = date(2026, 6, 25), None

    def go_on(self, first_approval: date) -> None:
        """From here on things happen until the end of October, and nothing is approved before that day."""
        self.last_day, self.approved_from = LAST, first_approval
        self.done.clear()

    # the beginning

    def fill(self) -> None:
        cast = self.cast
        self.school("TH-D", UnitKind.PRIMARY)
        for number in (2, 3):
            create_unit(
                actor=self.one,
                commune=cast.commune,
                code=f"THON-{number}",
                name=f"Thôn {number}",
                kind=UnitKind.VILLAGE,
                opened_on=date(2020, 1, 1),
            )
        for unit in self.units(*SCHOOLS):
            for number in range(10):
                self.person(unit, Group.PUPIL, f"{number % 2 + 3}A")
            self.person(unit, Group.TEACHER)
            self.person(unit, Group.MANAGER)
        for _ in range(4):
            self.person(cast.office, Group.OFFICIAL)
        for village in self.units(UnitKind.VILLAGE):
            create_team(actor=self.one, village=village, name=f"Tổ {village.code}", founded_on=date(2025, 1, 1))
            for _ in range(4):
                self.household(village)
        for _ in range(60):
            self.tried(self.random.choice([self.activity, self.check, self.platform_use, self.declared]))

    def school(self, code: str, kind: str) -> Unit:
        name = f"Trường {code}"
        opened = date(2020, 1, 1)
        return create_unit(actor=self.one, commune=self.cast.commune, code=code, name=name, kind=kind, opened_on=opened)

    def units(self, *kinds: str) -> list[Unit]:
        return list(Unit.objects.filter(commune=self.cast.commune, kind__in=kinds, closed_on=None).order_by("pk"))

    def person(self, unit: Unit, group: str, class_name: str = "") -> Person:
        self.count += 1
        return create_person(
            actor=self.one,
            unit=unit,
            group=group,
            class_name=class_name,
            starts_on=max(self.day(), unit.opened_on) if self.count > 60 else max(date(2025, 9, 5), unit.opened_on),
            full_name=f"Nguyễn Văn {self.count}",
        )

    def household(self, village: Unit) -> Household:
        self.count += 1
        return create_household(
            actor=self.one, village=village, starts_on=date(2020, 1, 1), head_name=f"Trần Thị {self.count}"
        )

    # dates and choices

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange((self.last_day - FIRST).days))

    def approval_day(self, record) -> date:
        """Not before it was sent; in the second half of a test not before the snapshot was taken."""
        first = max(record.submitted_on, self.approved_from or record.submitted_on)
        return first + timedelta(days=self.random.randrange(20))

    def one_of(self, rows):
        found = list(rows.order_by("pk"))
        if not found:
            raise ValidationError("Không có gì để chọn.")
        return self.random.choice(found)

    def tried(self, action: Callable[[], None]) -> bool:
        """Whether the action could be done; one that the rules refuse leaves nothing behind."""
        try:
            with transaction.atomic():
                action()
        except (ValidationError, WorkflowError, ActivityError):
            return False
        self.done[action.__name__] += 1
        return True

    def change(self) -> None:
        while not self.tried(self.random.choice(CHANGES).__get__(self)):
            pass

    # records

    def sent(self, record, on: date) -> None:
        """Sent on its day, and mostly approved some days later."""
        submit_record(actor=self.one, record=record, on=on)
        if self.random.random() < 0.8:
            approve_record(actor=self.two, record=record, on=self.approval_day(record))

    def activity(self) -> None:
        host = self.random.choice(self.units(*SCHOOLS, UnitKind.VILLAGE, UnitKind.OFFICE))
        day = max(self.day(), host.opened_on)
        present = [row.person_id for row in Membership.objects.filter(commune=self.cast.commune, unit=host).on(day)]
        homes = list(Household.objects.filter(village=host).on(day).values_list("pk", flat=True))
        content = ActivityContent(
            kind=self.random.choice(ActivityKind.values),
            starts_on=day,
            host=host,
            title=f"Buổi {self.random.randrange(1000)}",
            person_ids=frozenset(pk for pk in present if self.random.random() < 0.5),
            household_ids=frozenset(pk for pk in homes if self.random.random() < 0.5),
            group_totals={Group.PUPIL: 60} if host.is_school and self.random.random() < 0.3 else {},
            co_hosts=[
                unit
                for unit in self.units(*SCHOOLS)
                if unit.opened_on <= day and unit != host and self.random.random() < 0.2
            ],
            team=DigitalTeam.objects.filter(village=host).active_on(day).first(),
        )
        record = create_activity(actor=self.one, campaign=self.campaign, content=content, submit=False)
        self.sent(record, day)

    def platform_use(self) -> None:
        member = self.one_of(
            Membership.objects.filter(commune=self.cast.commune, group__in=[Group.TEACHER, Group.MANAGER], ends_on=None)
        )
        if PlatformUse.objects.filter(person_id=member.person_id).exists():
            raise ValidationError("Đã có.")
        day = max(self.day(), member.starts_on)
        values = {"commune": self.cast.commune, "campaign": self.campaign, "person_id": member.person_id}
        record = PlatformUse.objects.create(**values, unit=member.unit, confirmed_on=day, entered_by=self.one)
        self.sent(record, day)

    def check(self) -> None:
        home = self.one_of(Household.objects.filter(commune=self.cast.commune, ends_on=None))
        day = max(self.day(), home.starts_on)
        skills = dict.fromkeys(SKILL_FIELDS, self.random.random() < 0.7)
        record = record_household_check(
            actor=self.one, campaign=self.campaign, household=home, checked_on=day, skills=skills
        )
        if member := Membership.objects.filter(household=home).order_by("pk").first():
            HouseholdCheck.objects.filter(pk=record.pk).update(member=member.person_id)
            record.refresh_from_db()
        self.sent(record, day)

    def declared(self) -> None:
        unit = self.random.choice(self.units(UnitKind.PRIMARY, UnitKind.VILLAGE, UnitKind.OFFICE))
        group, code = {UnitKind.PRIMARY: (Group.PUPIL, "K3"), UnitKind.VILLAGE: (Group.HOUSEHOLD, "K4")}.get(
            unit.kind, (Group.OFFICIAL, "K1")
        )
        day = max(self.day(), unit.opened_on)
        if self.random.random() < 0.5:
            count = 50 + self.random.randrange(50)
            record = declare_headcount(actor=self.one, unit=unit, group=group, effective_on=day, count=count)
        else:
            target = self.campaign.targets.get(code=code)
            value = self.random.randrange(50)
            record = declare_running_total(
                actor=self.one, target=target, unit=unit, group=group, as_of=day, value=value, note="Rà soát lại"
            )
        self.sent(record, day)

    def exclusion(self) -> None:
        member = self.one_of(Membership.objects.filter(commune=self.cast.commune, ends_on=None))
        target = self.campaign.targets.get(code=self.random.choice(["K1", "K2", "K3"]))
        (record,) = propose_exclusions(
            actor=self.one,
            campaign=self.campaign,
            people=[member.person],
            reason=ExclusionReason.MATERNITY,
            starts_on=max(self.day(), member.starts_on),
            target=target if self.random.random() < 0.5 else None,
        )
        self.sent(record, record.starts_on)

    # what becomes of records

    def record_in(self, *states: str):
        model = self.random.choice(RECORDS)
        return self.one_of(model.objects.filter(commune=self.cast.commune, status__in=states))

    def approve(self) -> None:
        record = self.record_in(RecordStatus.SUBMITTED)
        approve_record(actor=self.two, record=record, on=self.approval_day(record))

    def returned(self) -> None:
        return_record(actor=self.two, record=self.record_in(RecordStatus.SUBMITTED), reason="Thiếu minh chứng")

    def withdraw(self) -> None:
        record = self.record_in(RecordStatus.APPROVED)
        on = max(record.approved_on, self.approved_from or record.approved_on)
        withdraw_approval(actor=self.two, record=record, reason="Kê khai nhầm", on=on)
        if self.random.random() < 0.1:
            undo_withdrawal(actor=self.two, record=record)

    def revise(self) -> None:
        draft = revise_record(
            actor=self.one, record=self.record_in(RecordStatus.APPROVED, RecordStatus.WITHDRAWN), reason="Sai danh sách"
        )
        self.altered(draft)
        self.sent(draft, self.approved_from or LAST)

    def altered(self, draft) -> None:
        """The new version says something else."""
        if isinstance(draft, Activity):
            draft.group_totals.all().delete()
            for row in draft.attendances.order_by("pk"):
                if self.random.random() < 0.3:
                    row.delete()
        elif isinstance(draft, HouseholdCheck):
            type(draft).objects.filter(pk=draft.pk).update(public_services=self.random.random() < 0.5)
        elif isinstance(draft, Headcount):
            type(draft).objects.filter(pk=draft.pk).update(count=50 + self.random.randrange(50))
        elif isinstance(draft, RunningTotal):
            type(draft).objects.filter(pk=draft.pk).update(value=self.random.randrange(50), note="Đính chính")
        draft.refresh_from_db()

    # people, households, units, rules

    def open_membership(self) -> Membership:
        return self.one_of(Membership.objects.filter(commune=self.cast.commune, ends_on=None, unit__closed_on=None))

    def join(self) -> None:
        unit = self.random.choice(self.units(*SCHOOLS))
        self.person(unit, self.random.choice([Group.PUPIL, Group.TEACHER]), "3A")

    def move(self) -> None:
        row = self.open_membership()
        unit = self.random.choice(self.units(row.unit.kind))
        group = self.random.choice([row.group, Group.TEACHER if row.group == Group.MANAGER else row.group])
        version, day = row.person.version, max(self.day(), row.starts_on + timedelta(days=1), unit.opened_on)
        move_person(
            actor=self.one, membership=row, expected_version=version, unit=unit, group=group,
            class_name=row.class_name, starts_on=day,
        )  # fmt: skip

    def leave(self) -> None:
        row = self.open_membership()
        day, version = max(self.day(), row.starts_on), row.person.version
        end_membership(actor=self.one, membership=row, expected_version=version, last_day=day, reason="Chuyển đi")

    def same_person(self) -> None:
        people = Person.objects.filter(commune=self.cast.commune, merged_into=None)
        merge_people(actor=self.one, kept=self.one_of(people), absorbed=self.one_of(people))

    def new_home(self) -> None:
        self.household(self.random.choice(self.units(UnitKind.VILLAGE)))

    def open_home(self) -> Household:
        return self.one_of(Household.objects.filter(commune=self.cast.commune, ends_on=None, village__closed_on=None))

    def end_home(self) -> None:
        home = self.open_home()
        day = max(self.day(), home.starts_on)
        end_household(actor=self.one, household=home, expected_version=home.version, last_day=day, reason="Chuyển đi")

    def split_home(self) -> None:
        home = self.open_home()
        split_household(
            actor=self.one, household=home, expected_version=home.version, starts_on=max(self.day(), home.starts_on),
            residents=list(Membership.objects.filter(household=home, ends_on=None)), head_name="Lê Văn Mới",
        )  # fmt: skip

    def move_home(self) -> None:
        home, village = self.open_home(), self.random.choice(self.units(UnitKind.VILLAGE))
        day = max(self.day(), village.opened_on)
        move_household(actor=self.one, household=home, expected_version=home.version, village=village, starts_on=day)

    def resident(self) -> None:
        home = self.open_home()
        person = self.person(home.village, Group.RESIDENT)
        person.memberships.update(household=home, starts_on=home.starts_on)

    def only_late(self, after: int) -> None:
        """Whatever ends a whole unit comes late: after it nothing else would be seen there."""
        if self.done.total() < 80 or self.done["merge_two_units"] + self.done["close"] > after:
            raise ValidationError("Chưa tới lúc.")

    def merge_two_units(self) -> None:
        self.only_late(1)
        kind = self.random.choice([UnitKind.PRIMARY, UnitKind.VILLAGE])
        found = self.units(kind)
        units = self.random.sample(found, min(2, len(found)))
        versions = {unit.pk: unit.version for unit in units}
        code = f"HN-{self.random.randrange(10**6)}"
        merge_units(
            actor=self.one, commune=self.cast.commune, units=units, expected_versions=versions, code=code,
            name=f"Đơn vị {code}", opened_on=self.day(),
        )  # fmt: skip

    def close(self) -> None:
        self.only_late(1)
        unit = self.random.choice(self.units(*SCHOOLS))
        close_unit(actor=self.one, unit=unit, expected_version=unit.version, last_day=self.day(), reason="Giải thể")

    def new_school(self) -> None:
        if self.done["new_school"] > 1:
            raise ValidationError("Đủ rồi.")
        self.school(f"TH-{self.random.randrange(10**6)}", UnitKind.PRIMARY)

    def team(self) -> None:
        team = self.one_of(DigitalTeam.objects.filter(commune=self.cast.commune, village__closed_on=None))
        update_team(
            actor=self.one, team=team, expected_version=team.version, village=team.village, name=team.name,
            leader_name="", member_count=None, decision="", founded_on=team.founded_on,
            dissolved_on=None if team.dissolved_on else self.day(),
        )  # fmt: skip

    def source(self) -> None:
        if self.done["source"] > 2:
            raise ValidationError("Đủ rồi.")
        unit = self.random.choice(self.units(UnitKind.PRIMARY, UnitKind.VILLAGE, UnitKind.OFFICE))
        groups = {UnitKind.PRIMARY: Group.PUPIL, UnitKind.VILLAGE: Group.HOUSEHOLD}
        source = self.random.choice(Source.values)
        group, day = groups.get(unit.kind, Group.OFFICIAL), self.day()
        set_figure_source(actor=self.one, unit=unit, group=group, source=source, effective_on=day)

    def rule(self) -> None:
        target = self.one_of(Target.objects.filter(campaign=self.campaign))
        state = target_state(target)
        if target.qualifier == Qualifier.ATTENDANCE:
            changed = self.random.choice(
                [{"min_sessions": 2}, {"min_sessions": 1}, {"groups": state["groups"][:-1] or state["groups"]},
                 {"activity_kinds": state["activity_kinds"][:-1] or state["activity_kinds"]}]
            )  # fmt: skip
        else:
            changed = self.random.choice([{"threshold_bp": 5000 + self.random.randrange(4000)}, {"window_days": 30}])
            if target.qualifier != Qualifier.TEAM_ACTIVITY:
                changed.pop("window_days", None)
        if not target_is_of_units(target) and self.random.random() < 0.3:
            policy = self.random.choice(DenominatorPolicy.values)
            changed = {"denominator_policy": policy, "fixed_on": date(2026, 5, 5) if policy == "FIXED" else None}
        last = target.versions.order_by("-number").first().effective_on
        update_target(
            actor=self.one, target=target, expected_version=target.version, effective_on=max(self.day(), last),
            reason="Điều chỉnh kế hoạch", **(state | changed),
        )  # fmt: skip


def target_is_of_units(target: Target) -> bool:
    return target.qualifier in (Qualifier.HOSTED_ACTIVITY, Qualifier.TEAM_ACTIVITY)


SCHOOLS = (UnitKind.PRIMARY, UnitKind.LOWER_SECONDARY, UnitKind.PRIMARY_LOWER_SECONDARY, UnitKind.PRESCHOOL)
CHANGES = (
    World.activity, World.activity, World.activity, World.check, World.check, World.platform_use, World.declared,
    World.exclusion, World.approve, World.approve, World.returned, World.withdraw, World.withdraw,
    World.revise, World.revise, World.revise, World.join, World.move, World.move, World.leave, World.leave,
    World.same_person, World.new_home, World.end_home, World.split_home, World.move_home, World.resident,
    World.merge_two_units, World.close, World.new_school, World.team, World.source, World.rule,
)  # fmt: skip
