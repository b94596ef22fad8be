"""Everybody who is missing, as a list to print or to take away."""

from django.utils import timezone

from hbs_portal.lib.text import date_short
from reports.exporters.missing import MissingEntry, MissingList
from reports.pages.explanation import households, people, units
from reports.pages.explanation.content import SubjectRow
from reports.pages.explanation.question import Question
from reports.pages.wording import adjusted_text


def missing_subjects(question: Question) -> list[SubjectRow]:
    """All who are missing under the unit, class and search that were asked for; a fixed number of queries."""
    if question.rule.counts_people:
        return people.missing_subjects(question)
    return units.missing_subjects(question) if question.rule.counts_units else households.missing_homes(question)


def missing_list(question: Question) -> MissingList:
    """The same with its heading: both clocks, the figure, which part was chosen."""
    rows = missing_subjects(question)
    clocks = question.reading.clocks
    return MissingList(
        target_code=question.target.code,
        title=f"Danh sách còn thiếu của chỉ tiêu {question.target.code}",
        target_name=question.target.short_name,
        who_label=_who(question),
        where_label=households.WHERE if not question.rule.counts_people else "Lớp, nhóm",
        chosen=part_in_words(question),
        clock_line=f"Số liệu phát sinh đến {date_short(clocks.as_of)}, được duyệt đến {date_short(clocks.approved_by)}",
        figure=f"Kết quả: {question.cell.text}",
        adjusted=adjusted_text(question.cell),
        made_at=timezone.localtime(),
        has_names=not question.rule.counts_units,
        is_by_class=question.rule.counts_people,
        is_one_unit=question.unit is not None,
        is_demo=question.reading.campaign.is_demo,
        entries=tuple(MissingEntry(row.name, row.unit, row.where, row.note) for row in rows),
    )


def _who(question: Question) -> str:
    if question.rule.counts_people:
        return people.WHO
    return units.WHO if question.rule.counts_units else households.WHO


def part_in_words(question: Question) -> str:
    """Which part of the list: "Trường Tiểu học A, lớp 4A, tìm “an”"."""
    parts = [question.unit.name if question.unit else "Toàn xã", question.class_label]
    if question.asked.q:
        parts.append(f"tìm “{question.asked.q}”")
    return ", ".join(filter(None, parts))
