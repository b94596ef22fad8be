"""One file of the corpus and what must come of it; and what did come of it, in the same form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from campaigns.choices import Gender
from campaigns.importers.layouts import HOUSEHOLDS, LAYOUTS, PUPILS, RESIDENTS, STAFF
from campaigns.importers.rows import HouseholdRowForm, PupilRowForm, ResidentRowForm, StaffRowForm, staff_group
from campaigns.importers.understanding import Answers, RosterReading, understand
from campaigns.tests.corpus.files import Write, kind_of
from hbs_portal.lib.importing import SourceRow
from hbs_portal.lib.sheets.reading import read_workbook

FORMS = {PUPILS: PupilRowForm, STAFF: StaffRowForm, HOUSEHOLDS: HouseholdRowForm, RESIDENTS: ResidentRowForm}
#: Where a value that is made of several cells begins.
ORIGINS = {
    "birth_date": ("birth_date", "birth_day", "birth_male", "male"),
    "full_name": ("full_name", "family_name"),
    "gender": ("gender", "female", "male"),
    "household_key": ("relation", "household_code", "household_no"),
}


@dataclass(frozen=True)
class Case:
    """A file and what must come of it; rows as Excel numbers them, with the sheet ("4B!5") where there are several.

    `accepted`: a line a row: its number and its values (see `shown`). `rejected` and `warned`: "row column reason …".
    `left_out`: "row reason …". `asked`: kinds of questions; with `reply`, the rest holds after these answers.
    Not `blocks`: no question holds the file back.
    `columns`: "field=letter …" of the first sheet. `refused`: words of the sentence.
    `recognised`: the kind that the file seems to be, where that is another. Reasons need only begin alike.
    """

    name: str
    kind: str
    write: Write
    accepted: str = ""
    rejected: Sequence[str] = ()
    warned: Sequence[str] = ()
    left_out: Sequence[str] = ()
    asked: Sequence[str] = ()
    blocks: bool = True
    reply: Mapping[str, Any] = field(default_factory=dict)
    columns: str = ""
    hidden: Sequence[str] = ()
    others: Sequence[str] = ()
    told: Sequence[str] = ()
    refused: str = ""
    sheets: tuple[str, ...] | None = None
    recognised: str = ""

    @property
    def file_name(self) -> str:
        return f"{self.name}.{'xls' if kind_of(self.write) == 'html' else kind_of(self.write)}"


@dataclass
class Result:
    """What came of a file."""

    accepted: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def reading_of(case: Case, path: Path) -> tuple[RosterReading, RosterReading]:
    """The reading before and after the answers; raises RefusedFile."""
    workbook = read_workbook(path, filename=path.name)
    first = understand(workbook, LAYOUTS[case.kind], Answers(sheets=case.sheets))
    if not case.reply:
        return first, first
    reply = dict(case.reply)
    if "columns" in reply:
        signatures = [question.signature for question in first.questions if question.kind == "columns"]
        reply["columns"] = dict.fromkeys(signatures, reply["columns"])
    return first, understand(workbook, LAYOUTS[case.kind], Answers(sheets=case.sheets, **reply))


def result_of(case: Case, reading: RosterReading) -> Result:
    result = Result()
    households: dict[str, int] = {}
    several = len(reading.sheets) > 1
    for sheet in reading.sheets:
        result.left_out += [f"{_place(row.sheet, row.row, several)} {row.reason}" for row in sheet.left_out]
        for row in sheet.rows:
            form = FORMS[case.kind](data=dict(row.data))
            place = _place(row.sheet, row.number, several)
            if form.is_valid():
                result.accepted.append(
                    " | ".join([place, *shown(case.kind, form.cleaned_data, households)]).rstrip(" |")
                )
            result.rejected += [
                f"{place} {_letter(name, sheet.columns)} {message}"
                for name, messages in form.errors.items()
                for message in messages
            ]
            result.warned += [f"{place} {_letter(name, sheet.columns)} {reason}" for name, reason in form.warnings]
    return result


def _place(sheet: str, row: int, several: bool) -> str:
    return f"{sheet}!{row}" if several else str(row)


def _letter(name: str, columns: Mapping[str, str]) -> str:
    return next((columns[one] for one in ORIGINS.get(name, (name,)) if one in columns), "-")


def shown(kind: str, values: Mapping[str, Any], households: dict[str, int]) -> list[str]:
    """The values of a row as the cases write them."""
    if kind == HOUSEHOLDS:
        names = ("full_name", "code", "village", "address", "member_count", "phone")
        return [*(str(values[name] or "") for name in names), "nghèo" if values["is_poor"] else ""]
    person = [
        values["full_name"],
        _day(values["birth_date"]),
        str(Gender(values["gender"]).label if values["gender"] else ""),
    ]
    if kind == PUPILS:
        return [*person, values["class_name"], values["code"]]
    if kind == STAFF:
        return [*person, str(staff_group(values["position"], in_school=True)), values["code"], values["unit_name"]]
    household = households.setdefault(values["household_key"], len(households) + 1)
    head = "chủ hộ" if values["is_head"] else ""
    return [*person, f"hộ {household}", head, values["household_code"], values["village"], values["address"]]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def raw_values(rows: Sequence[SourceRow]) -> set[str]:
    """All texts that leave understanding, to look for what must not."""
    return {str(value) for row in rows for value in row.data.values() if value is not None}
