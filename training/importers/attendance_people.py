"""Whom a row of an attendance list means, among those whom the importing person records for (rule C9)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from accounts.models import User
from campaigns.importers.finding import is_somebody_else, may_be
from campaigns.importers.likeness import normal_name
from campaigns.importers.roster import Problem
from campaigns.models import Membership, Person
from hbs_portal.lib.importing import ReadRow
from hbs_portal.lib.text import date_short, name_sort_key
from training.models import Activity


class ReachablePeople:
    """Everybody of the host on the activity's day, and people of other recorded units by code, or name and birth date.

    Two queries for any number of rows.
    """

    def __init__(self, *, actor: User, activity: Activity) -> None:
        self.actor, self.activity = actor, activity
        self.by_code: dict[str, Person] = {}
        self.hosted: dict[str, dict[int, Membership]] = defaultdict(dict)
        self.others: dict[str, dict[int, Person]] = defaultdict(dict)

    def load(self, rows: Sequence[ReadRow]) -> None:
        codes = {row.cleaned["code"] for row in rows} - {""}
        merged = self._merged(codes)
        for membership in self._memberships(rows, codes, set(merged.values())):
            person = membership.person
            if person.code:
                self.by_code[person.code] = person
            name = normal_name(person.full_name)
            if membership.unit_id == self.activity.host_id:
                self.hosted[name][person.pk] = membership
            self.others[name][person.pk] = person
            self.by_code |= {code: person for code, kept in merged.items() if kept == person.pk}

    def _merged(self, codes: set[str]) -> dict[str, int]:
        """Codes of entries that were merged lead to who was kept."""
        rows = Person.objects.filter(commune_id=self.activity.commune_id, code__in=codes, merged_into__isnull=False)
        return {str(code): int(kept or 0) for code, kept in rows.values_list("code", "merged_into_id")}

    def _memberships(self, rows: Sequence[ReadRow], codes: set[str], kept: set[int]) -> list[Membership]:
        names = {name_sort_key(row.cleaned["full_name"])[:400] for row in rows if row.cleaned["birth_date"]}
        wanted = Q(unit_id=self.activity.host_id) | Q(person__code__in=codes) | Q(person__sort_key__in=names)
        found = Membership.objects.recorded_by(self.actor).on(self.activity.starts_on)
        chosen = found.filter(wanted | Q(person_id__in=kept)).select_related("person")
        return list(chosen.order_by("pk"))

    def find(self, values: dict[str, Any]) -> Person:
        """Return the person of a row. Raises Problem, which says what to do."""
        if person := self.by_code.get(values["code"]):
            if is_somebody_else(person, values):
                raise Problem("code", "Mã này là của người khác họ tên và ngày sinh. Hãy kiểm tra lại mã.")
            return person
        people = self._named(values)
        if len(people) == 1:
            return people[0]
        if people:
            raise Problem("full_name", self._several(len(people), values))
        raise Problem("full_name", self._unknown())

    def _named(self, values: dict[str, Any]) -> list[Person]:
        """People of this name: with the birth date anywhere in reach, else in the class or the host alone."""
        name, day = normal_name(values["full_name"]), values["birth_date"]
        hosted = [one for one in self.hosted.get(name, {}).values() if may_be(one.person, values)]
        if day:
            same = [one.person for one in hosted if one.person.birth_date == day]
            known = [one for one in self.others.get(name, {}).values() if may_be(one, values)]
            found = same or [one for one in known if one.birth_date == day]
            if found:
                return found
            hosted = [one for one in hosted if one.person.birth_date is None]
        return [one.person for one in hosted if values["class_name"] in ("", one.class_name)] or [
            one.person for one in hosted if not one.class_name
        ]

    def _several(self, count: int, values: dict[str, Any]) -> str:
        where = f"lớp {values['class_name']}" if values["class_name"] else str(self.activity.host)
        more = "mã định danh" if values["birth_date"] else "ngày sinh hoặc mã định danh"
        return f"Có {count} người cùng họ tên ở {where}. Hãy ghi thêm {more} để biết là ai."

    def _unknown(self) -> str:
        host, day = self.activity.host, date_short(self.activity.starts_on)
        guests = (
            " Người của đơn vị khác cần ghi ngày sinh hoặc mã định danh." if self.actor.scope.has("OFFICER") else ""
        )
        return f"Không có trong danh sách của {host} ngày {day}. Hãy thêm vào danh sách trước, rồi nạp lại.{guests}"
