"""One sheet: from its heading and its lines to the rows of people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.importers.understanding.asking import Answers, Question
from campaigns.importers.understanding.columns import with_spilt_name
from campaigns.importers.understanding.days import settle_day_order, turned_days_warning
from campaigns.importers.understanding.entries import part_entries
from campaigns.importers.understanding.headings import Heading, column_letter, find_heading
from campaigns.importers.understanding.households import merged_groups, only_heads, with_households, with_poverty
from campaigns.importers.understanding.lines import Line, lines_of, without_dittos
from campaigns.importers.understanding.notes import notes_of_leaving
from campaigns.importers.understanding.people import Context, part
from campaigns.importers.understanding.shapes import Layout, SheetReading
from campaigns.importers.understanding.titles import (
    class_in_sheet_name,
    class_in_title,
    school_in_title,
    village_in_title,
)
from campaigns.importers.understanding.values import Made, makers_of
from hbs_portal.lib.importing import LeftOut, SourceRow
from hbs_portal.lib.sheets.reading import Sheet
from hbs_portal.lib.text import fold, nfc

CLOSING_LINE = "Dòng chữ ngoài bảng, không phải người"
_AWAY = ("dang nghi", "dang bao luu", "dang di vang")
_SHOWN_CHARACTERS = 60
_SHOWN_LINES = 10


@dataclass(frozen=True)
class Table:
    """A sheet and its heading."""

    sheet: Sheet
    heading: Heading


def find_table(sheet: Sheet, layout: Layout, answers: Answers) -> Table | None:
    """Return the table of a sheet, None where it has none or where required fields are missing."""
    heading = find_heading(sheet, layout, answers.columns)
    return Table(sheet, with_spilt_name(sheet, heading)) if heading and heading.is_complete else None


def read_table(table: Table, layout: Layout, answers: Answers) -> tuple[SheetReading, list[Question]]:
    """Take the people from under a heading; lines of text are nobody and are told."""
    sheet, heading = table.sheet, table.heading
    titles = [row for row in sheet.rows if row.number < heading.first_row]
    context, class_from = _context_of(table, layout)
    lines_below = lines_of(sheet, heading, layout)
    people = part(lines_below, heading, layout) if layout.of_people else part_entries(lines_below, heading)
    lines = _resolved([found.line for found in people.found])
    made = makers_of(sheet, heading, lines)
    rows = [
        _source_row(table, line, made, _merged_context(found.context, context), layout)
        for found, line in zip(people.found, lines, strict=True)
    ]
    notes = notes_of_leaving(sheet, heading) if layout.present else {}
    rows, left_out = _present(rows, layout, notes)
    rows, members = _by_household(rows, table, layout)
    rows, questions = settle_day_order(sheet.name, rows, answers)
    reading = SheetReading(
        name=sheet.name,
        header_row=heading.last_row,
        columns={name: column_letter(index) for name, index in heading.columns.items()},
        class_from=class_from if layout.has_classes else "",
        rows=tuple(rows),
        left_out=tuple(sorted([*left_out, *members], key=lambda row: row.row)),
        other_lines=tuple(LeftOut(sheet.name, line.number, _line_reason(line)) for line in people.others),
        signature=heading.signature,
        unit_name=next((name for row in titles for cell in row.cells if (name := school_in_title(cell))), ""),
        warnings=(
            *_repeated_columns(table, layout),
            *turned_days_warning(sheet.name, rows),
            *_bare_names(sheet.name, people.bare_names),
        ),
    )
    return reading, questions


def _context_of(table: Table, layout: Layout) -> tuple[Context, str]:
    """What titles and the sheet's name say of everybody in the sheet, and in words where the class is from."""
    sheet, heading = table.sheet, table.heading
    titles = [(row.number, cell) for row in sheet.rows if row.number < heading.first_row for cell in row.cells]
    context = Context()
    context.village = next((name for _, cell in titles if (name := village_in_title(cell))), "")
    context.village = context.village or village_in_title(sheet.name)
    if not layout.has_classes:
        return context, ""
    if "class_name" in heading.columns:
        letter = column_letter(heading.columns["class_name"])
        return context, f"cột {letter} “{heading.headings['class_name']}”"
    for number, cell in titles:
        if name := class_in_title(cell):
            context.class_name = name
            return context, f"dòng {number}"
    context.class_name = class_in_sheet_name(sheet.name)
    return context, "tên trang tính" if context.class_name else ""


def _merged_context(nearer: Context, of_sheet: Context) -> Context:
    """A line between the people says more than the title."""
    return Context(
        nearer.class_name or of_sheet.class_name,
        nearer.unit_name or of_sheet.unit_name,
        nearer.village or of_sheet.village,
    )


def _resolved(lines: list[Line]) -> list[Line]:
    """The lines with what ditto marks stand for."""
    resolved: list[Line] = []
    above: Mapping[str, Any] = {}
    for line in lines:
        resolved.append(without_dittos(line, above))
        above = resolved[-1].values
    return resolved


def _source_row(table: Table, line: Line, made: Made, context: Context, layout: Layout) -> SourceRow:
    data = made.values(line)
    headings = dict(made.headings)
    said = {"class_name": context.class_name, "unit_name": context.unit_name, "village": context.village}
    for name, value in said.items():
        if name in layout.aliases and name not in data and (value or name == "class_name"):
            data[name] = value
            headings[name] = layout.labels[name]
    return SourceRow(table.sheet.name, line.number, data, headings)


def _present(rows: list[SourceRow], layout: Layout, notes: Mapping[int, str]) -> tuple[list[SourceRow], list[LeftOut]]:
    """Only those whose status, or the note where there is none, says that they are there; the others are named."""
    kept: list[SourceRow] = []
    away: list[LeftOut] = []
    for row in rows:
        status = nfc(str(row.data.get("status") or ""))
        note = "" if status else notes.get(row.number, "")
        if not note and (not status or is_present(status, layout)):
            kept.append(row)
        else:
            said = f"Ghi chú “{note}”" if note else f"Trạng thái “{status}”"
            away.append(LeftOut(row.sheet, row.number, f"{said}: {nfc(str(row.data.get('full_name') or ''))}"))
    return kept, away


def is_present(status: str, layout: Layout) -> bool:
    """Tell whether a status says that somebody is on the roster."""
    text = fold(status)
    return not layout.present or (text.startswith(layout.present) and not text.startswith(_AWAY))


def _by_household(rows: list[SourceRow], table: Table, layout: Layout) -> tuple[list[SourceRow], list[LeftOut]]:
    if layout.households == "none":
        return rows, []
    groups = merged_groups(table.sheet, table.heading)
    if layout.households == "members":
        return with_households(rows, groups), []
    heads, members = only_heads(rows, groups)
    return [with_poverty(row) for row in heads], members


def _line_reason(line: Line) -> str:
    return f"{CLOSING_LINE}: “{line.first_text[:_SHOWN_CHARACTERS]}”"


def _bare_names(sheet_name: str, lines: Sequence[Line]) -> Iterator[str]:
    """Warn of names that stand alone: below a table they are mostly of who signs, but nobody is lost unsaid."""
    if lines:
        numbers = ", ".join(str(line.number) for line in lines[:_SHOWN_LINES])
        more = f" và {len(lines) - _SHOWN_LINES} dòng khác" if len(lines) > _SHOWN_LINES else ""
        yield (
            f"Trang “{sheet_name}”: dòng {numbers}{more} chỉ có tên nên không được đọc. "
            "Nếu là người trong danh sách, hãy ghi thêm số thứ tự và ngày sinh."
        )


def _repeated_columns(table: Table, layout: Layout) -> Iterator[str]:
    """Warn of people in a second table to the right, who are not read."""
    heading = table.heading
    for column, name in heading.repeated.items():
        if name in (layout.name_field, "family_name"):
            read = heading.columns.get(name, heading.columns.get("family_name", column))
            yield (
                f"Trang “{table.sheet.name}”: cột {column_letter(column)} cũng ghi “{heading.headings[name]}” nhưng "
                f"không được đọc; chỉ đọc cột {column_letter(read)}. "
                "Nếu bảng chia hai bên, hãy chép về một bảng."
            )
