"""A whole workbook: which sheets are read, what is asked, what is told."""

from collections.abc import Iterator
from dataclasses import replace

from campaigns.importers.understanding.asking import Answers, Question
from campaigns.importers.understanding.columns import columns_question
from campaigns.importers.understanding.headings import find_heading, unnamed_heading
from campaigns.importers.understanding.legacy import converted, encoding_of, legacy_question, texts_of
from campaigns.importers.understanding.shapes import Layout, RosterReading, SheetReading
from campaigns.importers.understanding.tables import find_table, read_table
from hbs_portal.lib.legacy_text import recognise
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.sheets.reading import Sheet, Workbook

NO_SUCH_SHEET = "Tệp không có trang tính đã chọn. Hãy kiểm tra lại tên trang tính rồi tải lên lại."
LEFT_SHEET = (
    "Trang “{}” không có tên cột nào của danh sách nên chưa được đọc. "
    "Nếu trang này cũng là danh sách, hãy chọn ý nghĩa của từng cột dưới đây; nếu không, bỏ qua câu này."
)


def understand(workbook: Workbook, layout: Layout, answers: Answers | None = None) -> RosterReading:
    """Find the tables of a workbook and the people in them.

    Raises RefusedFile with the layout's sentence when there is no table and nothing that an answer could mend.
    """
    answers = answers or Answers()
    encoding = encoding_of(answers.legacy)
    read, hidden = _chosen(workbook, answers)
    sheets = [converted(sheet, encoding) for sheet in read] if encoding else read
    tables = {sheet.name: table for sheet in sheets if (table := find_table(sheet, layout, answers))}
    readings: list[SheetReading] = []
    questions: list[Question] = []
    for table in tables.values():
        reading, asked = read_table(table, layout, answers)
        readings.append(reading)
        questions += asked
    others = [sheet for sheet in sheets if sheet.name not in tables]
    legacy = [] if answers.legacy is not None else list(_ask_legacy(readings, others, layout, answers))
    unread = {question.sheet for question in legacy}
    plain = [sheet for sheet in others if sheet.name not in unread]
    asked_columns = (_ask_columns(sheet, layout, answers, is_needed=not readings) for sheet in plain)
    questions += [question for question in asked_columns if question]
    questions += [*_ask_hidden(hidden, layout, answers, is_needed=not readings), *legacy]
    if not readings and not questions:
        raise RefusedFile(layout.missing_sentence)
    return RosterReading(
        sheets=tuple(readings),
        hidden_sheets=tuple(sheet.name for sheet in hidden),
        other_sheets=tuple(sheet.name for sheet in others),
        questions=tuple(_once(questions)),
        warnings=(*workbook.warnings, *(warning for reading in readings for warning in reading.warnings)),
    )


def _once(questions: list[Question]) -> Iterator[Question]:
    """One answer holds for the whole file where it is about days or letters: it is asked once."""
    asked: set[str] = set()
    for question in questions:
        if question.kind not in asked or question.kind == "columns":
            yield question
        asked.add(question.kind)


def _chosen(workbook: Workbook, answers: Answers) -> tuple[list[Sheet], list[Sheet]]:
    """The sheets to read, and the hidden ones that are not read."""
    wanted = None if answers.sheets is None else set(answers.sheets)
    if wanted is not None and not wanted & {sheet.name for sheet in workbook.sheets}:
        raise RefusedFile(NO_SUCH_SHEET)
    shown = {*(answers.hidden_sheets or ()), *(wanted or ())}
    is_read = {
        sheet.name: (not sheet.hidden or sheet.name in shown) and (wanted is None or sheet.name in wanted)
        for sheet in workbook.sheets
    }
    read = [sheet for sheet in workbook.sheets if is_read[sheet.name]]
    return read, [sheet for sheet in workbook.sheets if sheet.hidden and not is_read[sheet.name]]


def _ask_columns(sheet: Sheet, layout: Layout, answers: Answers, *, is_needed: bool) -> Question | None:
    """Ask where a heading lacks required fields that an unknown column may hold.

    Beside a table of another sheet, notes without any required field are told and hold nothing back.
    """
    heading = find_heading(sheet, layout, answers.columns) or unnamed_heading(sheet, layout, answers.columns)
    question = columns_question(sheet, heading, layout) if heading and not heading.is_complete else None
    if not question or not heading or is_needed or set(heading.columns) & set().union(*layout.required):
        return question
    return replace(question, text=LEFT_SHEET.format(sheet.name), blocks=False)


def _ask_hidden(hidden: list[Sheet], layout: Layout, answers: Answers, *, is_needed: bool) -> Iterator[Question]:
    """Hidden sheets with a table of this kind are told; they may be read, and must be where nothing else is there."""
    if answers.hidden_sheets is not None or answers.sheets is not None:
        return
    names = [sheet.name for sheet in hidden if find_table(sheet, layout, answers)]
    if names:
        listed = ", ".join(f"“{name}”" for name in names)
        yield Question(
            kind="hidden_sheets",
            sheet=names[0],
            text=f"Tệp có trang tính ẩn {listed} chưa được đọc. Hãy chọn trang nào cần đọc thêm, hoặc bỏ qua.",
            options=tuple((name, name) for name in names),
            blocks=is_needed,
        )


def _ask_legacy(
    readings: list[SheetReading], others: list[Sheet], layout: Layout, answers: Answers
) -> Iterator[Question]:
    """Ask about text of before Unicode where it would be stored, or where it hides a table."""
    for reading in readings:
        texts = [value for row in reading.rows for value in row.data.values() if isinstance(value, str)]
        if question := legacy_question(reading.name, texts):
            yield question
    for sheet in others:
        encoding = recognise(texts_of(sheet))
        if encoding and find_table(converted(sheet, encoding), layout, answers):
            question = legacy_question(sheet.name, texts_of(sheet))
            if question:
                yield question
