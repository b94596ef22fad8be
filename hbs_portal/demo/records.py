"""Records of the demo commune in every state, with the clocks of somebody who enters soon and approves within days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from campaigns.choices import Group, RecordStatus
from campaigns.models import Household, Membership, Unit
from hbs_portal.demo.commune import DemoCommune
from training.models import Activity, ActivityCoHost, Attendance, GroupTotal

#: Everything happened by this day; what was sent in the last days still waits.
LAST_DAY = date(2026, 10, 31)


@dataclass
class Batch:
    """Activities and their children, written in a few statements at the end."""

    demo: DemoCommune
    activities: list[Activity] = field(default_factory=list)
    children: list[Attendance | GroupTotal | ActivityCoHost] = field(default_factory=list)

    def add(
        self,
        host: Unit,
        kind: str,
        title: str,
        on: date,
        *,
        people: Iterable[Membership] = (),
        households: Iterable[Household] = (),
        totals: dict[str, int] | None = None,
        co_hosts: Iterable[Unit] = (),
        status: str = RecordStatus.APPROVED,
        **values: Any,
    ) -> Activity:
        """One activity with who was there; only those who belonged to the unit on that day."""
        activity = Activity(
            commune_id=host.commune_id,
            campaign=self.demo.campaign,
            host=host,
            kind=kind,
            title=title,
            starts_on=on,
            ends_on=on,
            **clocks(self.demo, host, on, status),
            **values,
        )
        self.activities.append(activity)
        self.children += [_person(activity, row) for row in people if _belongs(row, on)]
        self.children += [_household(activity, row) for row in households]
        self.children += [GroupTotal(activity=activity, group=group, total=n) for group, n in (totals or {}).items()]
        self.children += [ActivityCoHost(activity=activity, unit=unit) for unit in co_hosts]
        return activity

    def write(self) -> None:
        for activity in self.activities:
            activity.set_keys()
        Activity.objects.bulk_create(self.activities, batch_size=200)
        for model in (Attendance, GroupTotal, ActivityCoHost):
            rows = [child for child in self.children if type(child) is model]
            model._default_manager.bulk_create(rows, batch_size=500)


def clocks(demo: DemoCommune, unit: Unit, on: date, status: str = RecordStatus.APPROVED) -> dict[str, Any]:
    """Who entered and who decided, and when: entered the day after, approved three days after that.

    What lies after the demo's last day was scheduled by then.
    """
    clerk = demo.clerks[unit.code]
    entered, decided = (min(on + timedelta(days=days), LAST_DAY) for days in (1, 4))
    values: dict[str, Any] = {"status": status, "entered_by": clerk, "entered_at": at_hour(entered, 20)}
    if status in (RecordStatus.SUBMITTED, RecordStatus.APPROVED):
        values |= {"submitted_on": entered, "submitted_at": at_hour(entered, 20, 15)}
    if status == RecordStatus.APPROVED:
        values |= {"approved_on": decided, "decided_at": at_hour(decided, 9), "decided_by": demo.officer}
    if status == RecordStatus.RETURNED:
        reason = "Chưa có ảnh minh chứng. Đề nghị bổ sung rồi gửi lại."
        values |= {"return_reason": reason, "decided_at": at_hour(decided, 9), "decided_by": demo.officer}
    return values


def at_hour(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of that local day."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _belongs(row: Membership, on: date) -> bool:
    return row.starts_on <= on and (row.ends_on is None or on <= row.ends_on)


def _person(activity: Activity, row: Membership) -> Attendance:
    return Attendance(
        commune_id=activity.commune_id,
        activity=activity,
        person=row.person,
        group=row.group,
        unit_id=row.unit_id,
        class_name=row.class_name,
    )


def _household(activity: Activity, household: Household) -> Attendance:
    return Attendance(
        commune_id=activity.commune_id,
        activity=activity,
        household=household,
        group=Group.HOUSEHOLD,
        unit_id=household.village_id,
    )
