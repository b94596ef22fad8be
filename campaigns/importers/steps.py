"""What one row of a list of people does, and the words for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from campaigns.choices import Gender
from campaigns.models import Household, Membership, Person
from hbs_portal.lib.importing import ReadRow
from hbs_portal.lib.text import clean_code, date_short, fold

CODE_DIGITS = 10
LABELS = {"full_name": "Họ và tên", "birth_date": "Ngày sinh", "gender": "Giới tính", "code": "Mã định danh"}
LEFT_LIST = "Không còn trong danh sách nạp"
OTHER_PERSON = 0
MEMBERSHIP_FIELDS = ("group", "class_name", "household_id", "is_head", "ends_on", "end_reason")


@dataclass(frozen=True)
class Place:
    """Where a row says that somebody belongs within the unit."""

    group: str
    class_name: str = ""
    household: Household | None = None
    is_head: bool = False

    def is_of(self, membership: Membership) -> bool:
        household_id = self.household.pk if self.household else membership.household_id
        mine = (self.group, self.class_name, household_id, self.is_head)
        return mine == (membership.group, membership.class_name, membership.household_id, membership.is_head)


@dataclass(frozen=True)
class Step:
    """What one row does: to which person (None: a new one), which fields, and what happens to the membership.

    `ends` stops on the day before the effective day; `recast` gets the new place as it stands; `opens` starts one.
    """

    person: Person | None
    place: Place
    values: Mapping[str, Any] = field(default_factory=dict)
    ends: Membership | None = None
    recast: Membership | None = None
    opens: bool = False


class Problem(Exception):
    """Why a row cannot be taken over, and the field it lies in."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def recast(membership: Membership, place: Place) -> None:
    membership.group, membership.class_name, membership.is_head = place.group, place.class_name, place.is_head
    if place.household:
        membership.household = place.household


def refuse_lost_zeros(row: ReadRow) -> None:
    """Excel drops the zeros at the front of a number: an official code that is short and numeric has lost them."""
    cell = row.source.data.get("code")
    is_official = "dinh danh" in fold(row.source.headings.get("code", ""))
    if isinstance(cell, (int, float)) and is_official and len(clean_code(cell)) < CODE_DIGITS:
        raise Problem(
            "code",
            f"Mã định danh có {CODE_DIGITS} chữ số; Excel đã làm mất số 0 ở đầu. Hãy định dạng cột này là Văn bản.",
        )


def words_of(membership: Membership) -> str:
    if membership.class_name:
        return f"lớp {membership.class_name}"
    return f"nhóm {membership.get_group_display()}"


def yes_no(flag: bool) -> str:
    return "Có" if flag else "Không"


def group_words(group: str) -> str:
    return str(dict(Membership._meta.get_field("group").flatchoices).get(group, group))


def shown(value: Any) -> str:
    if isinstance(value, date):
        return date_short(value)
    return str(Gender(value).label) if value in Gender.values else str(value or "")
