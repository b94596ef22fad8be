"""The peer that a careful Django developer writes: annotated counts per target and unit, no loop over people."""

from collections import defaultdict
from datetime import date
from typing import Any

from answers import GROUPS, KINDS, SKILLS, STAFF, UNIT_KINDS, Answers, Counts
from sessions import Session, add_sessions


def by_orm(campaign: Any, as_of: date, approved_by: date) -> Answers:
    return OrmPeer(campaign, as_of, approved_by).answers()


class OrmPeer:
    def __init__(self, campaign: Any, as_of: date, approved_by: date) -> None:
        from django.db.models import Q

        self.campaign, self.as_of, self.approved_by = campaign, as_of, approved_by
        self.here = {"commune_id": campaign.commune_id}
        self.mine = self.here | {"campaign_id": campaign.pk}
        self.Q = Q
        self.counts = Counts()

    def official(self, prefix: str = "") -> Any:
        return self.Q(**{f"{prefix}approved_on__lte": self.approved_by}) & self.later(f"{prefix}ended_on")

    def counted(self, prefix: str = "") -> Any:
        sent = self.Q(**{f"{prefix}submitted_on__lte": self.approved_by})
        sent &= ~self.Q(**{f"{prefix}status__in": ["DRAFT", "RETURNED"]})
        return sent & self.later(f"{prefix}ended_on") & self.later(f"{prefix}revised_on")

    def later(self, field: str) -> Any:
        return self.Q(**{f"{field}__isnull": True}) | self.Q(**{f"{field}__gt": self.approved_by})

    def holds(self, prefix: str = "", first: str = "starts_on", last: str = "ends_on") -> Any:
        until = self.Q(**{f"{prefix}{last}__isnull": True}) | self.Q(**{f"{prefix}{last}__gte": self.as_of})
        return until & self.Q(**{f"{prefix}{first}__lte": self.as_of})

    def answers(self) -> Answers:
        self.add_paper()
        self.lacking = {unit for (unit, _), (heads, *_) in self.counts.declared.items() if heads is None}
        for code in ("K1", "K2", "K3"):
            self.add_people(code)
        self.add_households()
        self.add_sessions()
        return self.counts.answers()

    def add_paper(self) -> None:
        from campaigns.models import FigureSource, Headcount, Membership, Unit
        from training.models import RunningTotal

        units = Unit.objects.filter(self.holds("", "opened_on", "closed_on"), **self.here)
        self.counts.units = list(units.values_list("pk", "kind"))
        lists = Membership.objects.filter(
            self.Q(ends_on__isnull=True) | self.Q(ends_on__gte=self.campaign.starts_on),
            starts_on__lte=self.as_of, group__in=[*STAFF, "PUPIL"], **self.here,
        )  # fmt: skip
        self.counts.known = set(lists.order_by().values_list("unit_id", "group").distinct())
        sources = FigureSource.objects.filter(
            effective_on__lte=self.as_of, chosen_on__lte=self.approved_by, **self.here
        ).order_by("effective_on", "chosen_on")
        chosen = {(row.unit_id, row.group): row.source for row in sources}
        heads = Headcount.objects.filter(self.official(), effective_on__lte=self.as_of, **self.here)
        newest = {(row.unit_id, row.group): row.count for row in heads.order_by("effective_on")}
        for pair in [pair for pair, source in chosen.items() if source == "DECLARED"]:
            self.counts.declared[pair] = (newest.get(pair), {}, {})
        totals = RunningTotal.objects.filter(target__campaign=self.campaign, as_of__lte=self.as_of, **self.here)
        for place, condition in ((1, self.official()), (2, self.counted())):
            for row in totals.filter(condition).select_related("target").order_by("as_of"):
                if (row.unit_id, row.group) in self.counts.declared:
                    self.counts.declared[row.unit_id, row.group][place][row.target.code] = row.value

    def add_people(self, code: str) -> None:
        from campaigns.models import Exclusion, Membership

        members = Membership.objects.filter(
            self.holds(), self.holds("unit__", "opened_on", "closed_on"), group__in=GROUPS[code],
            unit__kind__in=UNIT_KINDS[code], **self.here,
        ).order_by()  # fmt: skip
        for unit, group in self.counts.declared:
            members = members.exclude(unit_id=unit, group=group)
        excluded = Exclusion.objects.filter(
            self.official(), self.holds(), self.Q(target__isnull=True) | self.Q(target__code=code), **self.mine
        ).values("person")
        official, counted = self.reached(code)
        columns = {
            "d": self.distinct(),
            "n": self.distinct(person__in=official),
            "waiting": self.distinct(person__in=counted),
            "excluded": self.distinct(person__in=excluded),
            "both": self.distinct(self.Q(person__in=excluded), person__in=official),
        }
        for row in members.values("unit_id").annotate(**columns).values_list("unit_id", *columns):
            self.counts.listed[code, row[0]] = row[1:]
        commune = members.exclude(unit_id__in=self.lacking).aggregate(**columns)
        self.counts.listed[code, None] = tuple(commune[name] for name in columns)

    def distinct(self, *conditions: Any, **filters: Any) -> Any:
        from django.db.models import Count

        return Count("person_id", distinct=True, filter=self.Q(*conditions, **filters) if filters else None)

    def reached(self, code: str) -> tuple[Any, Any]:
        from training.models import Attendance, PlatformUse

        if code == "K2":
            uses = PlatformUse.objects.filter(confirmed_on__lte=self.as_of, **self.mine)
            return uses.filter(self.official()).values("person"), uses.filter(self.counted()).values("person")
        rows = Attendance.objects.filter(
            activity__campaign=self.campaign, activity__kind__in=KINDS[code], activity__ends_on__lte=self.as_of,
            person__isnull=False, **self.here,
        )  # fmt: skip
        return (
            rows.filter(self.official("activity__")).values("person"),
            rows.filter(self.counted("activity__")).values("person"),
        )

    def add_households(self) -> None:
        from django.db.models import Count

        from campaigns.models import Household

        homes = Household.objects.filter(self.holds(), **self.here).with_village_on(self.as_of).order_by()
        subsets = {
            name: self.contacts(flag, passed)
            for name, flag, passed in (
                ("n", self.official, True), ("waiting", self.counted, True),
                ("reached", self.official, False), ("counted", self.counted, False),
            )
        }  # fmt: skip
        columns = {name: Count("pk", filter=found) for name, found in subsets.items()}
        rows = homes.values("village_id_on_day").annotate(d=Count("pk"), **columns)
        kinds = dict(self.counts.units)
        total, tier = [0, 0, 0, 0, 0], [0, 0, 0]
        for row in rows:
            village = row["village_id_on_day"]
            if kinds.get(village) != "VILLAGE":
                continue
            self.counts.tiers[village] = (row["reached"], row["d"], row["counted"])
            tier = [one + other for one, other in zip(tier, self.counts.tiers[village], strict=True)]
            if (village, "HOUSEHOLD") not in self.counts.declared:
                self.counts.listed["K4", village] = own = (row["d"], row["n"], row["waiting"], 0, 0)
                total = [one + other for one, other in zip(total, own, strict=True)]
                self.counts.said |= {("K4", village)} if row["reached"] else set()
        self.counts.tiers[None], self.counts.listed["K4", None] = tuple(tier), tuple(total)

    def contacts(self, flag: Any, passed: bool) -> Any:
        from django.db.models import F

        from campaigns.models import Membership
        from training.models import Attendance, HouseholdCheck

        checks = HouseholdCheck.objects.filter(flag(), checked_on__lte=self.as_of, **self.mine)
        if passed:
            checks = checks.filter(**dict.fromkeys(SKILLS, True))
        check = "person__household_checks__"
        homes = Membership.objects.filter(
            self.holds(), flag(check), household__split_from__isnull=False, **self.here,
            **{f"{check}checked_on__lte": self.as_of, f"{check}campaign": self.campaign},
            **({f"{check}{skill}": True for skill in SKILLS} if passed else {}),
        ).exclude(household_id=F(f"{check}household_id"))  # fmt: skip
        found = self.Q(pk__in=checks.values("household")) | self.Q(pk__in=homes.values("household"))
        if passed:
            return found
        present = Attendance.objects.filter(
            flag("activity__"), activity__campaign=self.campaign, activity__ends_on__lte=self.as_of,
            group="HOUSEHOLD", **self.here,
        )  # fmt: skip
        return found | self.Q(pk__in=present.values("household"))

    def add_sessions(self) -> None:
        from django.db.models import BooleanField, Count, ExpressionWrapper, F

        from campaigns.models import Unit
        from training.models import Activity, ActivityCoHost, Attendance, GroupTotal

        activities = Activity.objects.filter(ends_on__lte=self.as_of, **self.mine).order_by()
        flags = {"o": self.official(), "c": self.counted()}
        wrapped = {name: ExpressionWrapper(flag, output_field=BooleanField()) for name, flag in flags.items()}
        rows = activities.filter(self.official() | self.counted()).annotate(**wrapped).values_list(
            "pk", "kind", "host_id", "ends_on", "o", "c", "team__village_id", "team__founded_on", "team__dissolved_on"
        )  # fmt: skip
        audience: dict[int, dict[str, list[int | None]]] = defaultdict(dict)
        official = activities.filter(self.official())
        named = Attendance.objects.filter(activity__in=official, **self.here).order_by().values("activity_id", "group")
        for pk, group, heads in named.annotate(heads=Count("pk")).values_list("activity_id", "group", "heads"):
            audience[pk][group] = [heads, None]
        totals = GroupTotal.objects.filter(activity__in=official)
        for pk, group, heads in totals.values_list("activity_id", "group", "total"):
            audience[pk].setdefault(group, [0, None])[1] = heads
        sessions = [Session(*row, *audience_columns(audience[row[0]])) for row in rows]
        links = [*ActivityCoHost.objects.filter(activity__in=activities).values_list("activity_id", "unit_id")]
        merged = Unit.predecessors.through.objects.filter(
            from_unit__commune_id=self.campaign.commune_id, from_unit__opened_on__lte=self.as_of
        )
        links += [(-old, new) for old, new in merged.values_list(F("to_unit_id"), F("from_unit_id"))]
        add_sessions(self.counts, sessions, links, self.as_of)


def audience_columns(groups: dict[str, list[int | None]]) -> tuple[int, ...]:
    """The columns of a Session that speak of who was there."""
    people = sum(named or 0 for group, (named, _) in groups.items() if group != "HOUSEHOLD")
    found: list[int] = [people, groups.get("HOUSEHOLD", [0, 0])[0] or 0]
    for code in ("K1", "K3", "K4"):
        rows = [row for group, row in groups.items() if group in GROUPS[code]]
        found += [int(bool(rows))] if code != "K4" else []
        found += [int(any(named or total for named, total in rows))]
        found += [sum(total - (named or 0) for named, total in rows if total is not None)]
    return tuple(found)
