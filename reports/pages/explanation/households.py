"""The tabs of the target that counts households (K4)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from campaigns.choices import Group
from campaigns.models import Household
from hbs_portal.lib.paging import ListPage, page_of
from reports.pages.explanation.content import GroupRow, SubjectRow, TabContent, most_missing_first
from reports.pages.explanation.question import Question
from reports.pages.explanation.unnamed import unnamed_rows
from reports.pages.links import record_for_households
from reports.progress.numbers import grouped
from reports.selectors.subjects.households import (
    check_reason,
    first_passes,
    households_of,
    latest_checks,
    touched,
)

PER_PAGE = 50
WHO = "Chủ hộ"
WHERE = "Địa chỉ"
PASSED_CHECK = "Đạt kiểm tra năm kỹ năng"
CHECK = "Kiểm tra hộ này"
ACT = "Tạo hoạt động cho các hộ trên trang này"


def missing_households(question: Question) -> TabContent:
    """Households that have not passed, village by village; what was done with each so far."""
    rows = _households(question).filter(is_passed=False)
    page = page_of(rows, question.parameters, PER_PAGE)
    homes = list(page.object_list)
    page.object_list = [_missing(question, home) for home in homes]
    return TabContent(
        who=WHO,
        page=page,
        groups=most_missing_first(_groups(question, homes)),
        empty="Không còn hộ nào thiếu.",
        where_label=WHERE,
        link_head="Việc cần làm",
        asides=tuple(_declared_aside(question)),
    )


def _households(question: Question):  # type: ignore[no-untyped-def]  # an annotated queryset
    """Of villages that keep a list; a declared village has no households behind its figure."""
    declared = {row.unit_id for row in question.reading.facts.declared if row.group == Group.HOUSEHOLD}
    listed = question.counted_units.keys() - declared
    return households_of(question.reading, listed, question.asked.q)


def _missing(question: Question, home: Any) -> SubjectRow:
    note = "Đã được tiếp cận" if home.is_reached else "Chưa được tiếp cận"
    url = reverse("training:household_check_record", args=[home.pk]) if _may_check(question, home) else ""
    return SubjectRow(home.head_name, _village(question, home), home.address, note, None, CHECK if url else "", url)


def _may_check(question: Question, home: Household) -> bool:
    return question.may_record_for(home.village_id)


def _village(question: Question, home: Any) -> str:
    return "" if question.unit else question.unit_names.get(home.village_id_on_day, "")


def _groups(question: Question, homes: list[Household]) -> Iterable[GroupRow]:
    """By village; in one village a single row, that acts on the households of this page."""
    for pk, found in question.counted_units.items():
        missing = (found.cell.d or 0) - (found.cell.n or 0)
        if missing <= 0:
            continue
        reached = f"Được tiếp cận: {found.second_tier.text}" if found.second_tier and found.second_tier.d else ""
        url = question.links.explain(question.target.code, found.unit.code)
        shown = [home.pk for home in homes if question.unit and question.may_record_for(pk)]
        act_url = record_for_households(pk, shown)
        yield GroupRow(found.unit.name, missing, found.cell.d or 0, url, act_url, ACT if act_url else "", reached)


def _declared_aside(question: Question) -> Iterable[str]:
    left = question.cell.declared_d - question.cell.declared_n
    if left > 0:
        yield f"Ngoài ra còn thiếu {grouped(left)} hộ theo số khai báo; thôn chưa có danh sách nên không nêu được tên."


def counted_households(question: Question) -> TabContent:
    """Households that passed, with the day of the first check they passed."""
    page = page_of(_households(question).filter(is_passed=True), question.parameters, PER_PAGE)
    homes = list(page.object_list)
    days = first_passes(question.reading, [home.pk for home in homes])
    page.object_list = [
        SubjectRow(home.head_name, _village(question, home), home.address, "", days.get(home.pk), PASSED_CHECK)
        for home in homes
    ]
    return TabContent(who=WHO, page=page, empty="Chưa có hộ nào đạt kiểm tra.", where_label=WHERE)


def not_counted_households(question: Question) -> TabContent:
    """Households that were only reached, or whose check waits, was returned, or shows fewer than five skills."""
    page = page_of(touched(question.reading, _households(question)), question.parameters, PER_PAGE)
    _with_reasons(question, page)
    return TabContent(
        who=WHO,
        page=page,
        empty="Không có hộ nào vừa có bản ghi vừa không được tính.",
        where_label=WHERE,
        unnamed=unnamed_rows(question),
    )


def _with_reasons(question: Question, page: ListPage) -> None:
    homes = list(page.object_list)
    checks = latest_checks(question.reading, [home.pk for home in homes])
    page.object_list = [
        SubjectRow(home.head_name, _village(question, home), home.address, check_reason(checks.get(home.pk)))
        for home in homes
    ]
