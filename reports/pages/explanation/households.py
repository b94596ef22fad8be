"""The tabs of the target that counts households (K4)."""

from collections.abc import Iterable, Sequence
from datetime import date

from hbs_portal.lib.paging import page_of
from reports.pages.explanation.content import GroupRow, SubjectRow, TabContent, most_missing_first
from reports.pages.explanation.question import Question
from reports.pages.explanation.unnamed import unnamed_rows
from reports.progress import UnitSplit, split
from reports.progress.facts import HouseholdFact
from reports.progress.numbers import grouped
from reports.selectors.subjects.households import (
    CheckRow,
    NamedHousehold,
    all_checks,
    check_reason,
    checks_of,
    named_households,
)

PER_PAGE = 50
WHO = "Chủ hộ"
WHERE = "Địa chỉ"
PASSED_CHECK = "Đạt kiểm tra năm kỹ năng"
BY_MEMBER = "Đạt nhờ thành viên đã được kiểm tra ở hộ trước khi tách"
ACT = "Kiểm tra những hộ này"


def missing_households(question: Question) -> TabContent:
    """Households that have not passed, village by village; what was done with each so far."""
    splits = _splits(question)
    found = _found(question, _villages(splits, "missing"))
    page = page_of(found, question.parameters, PER_PAGE)
    page.object_list = _missing(question, page.object_list, splits)
    may_act = any(question.may_record_for(pk) for pk in splits)
    return TabContent(
        who=WHO,
        page=page,
        groups=most_missing_first(_groups(question, splits)),
        empty="Không còn hộ nào thiếu.",
        where_label=WHERE,
        asides=tuple(_declared_aside(question)),
        is_one_unit=question.unit is not None,
        act_label=ACT if may_act else "",
        found_free=sum(row.is_free for row in _missing(question, found, splits)),
    )


def missing_homes(question: Question) -> list[SubjectRow]:
    """All households found that have not passed, not one page of them."""
    splits = _splits(question)
    return _missing(question, _found(question, _villages(splits, "missing")), splits)


def _splits(question: Question) -> dict[int, UnitSplit]:
    """The households behind the figure by village; a declared village has none behind its figure."""
    rows = split(question.reading.facts, question.rule)
    return {row.unit.id: row for row in rows if row.unit.id in question.counted_units}


def _villages(splits: dict[int, UnitSplit], part: str) -> dict[int, int]:
    """Household -> the village that counts it, of one part of each split."""
    return {pk: unit_id for unit_id, row in splits.items() for pk in getattr(row, part)}


def _found(question: Question, villages: dict[int, int]) -> list[tuple[NamedHousehold, int]]:
    """Those that the search means, by village and name, each with its village."""
    homes = named_households(question.reading, villages)
    places = {pk: place for place, pk in enumerate(question.counted_units)}
    found = [(home, villages[home.id]) for home in homes if question.matches(home.search_key)]
    return sorted(found, key=lambda row: places[row[1]])


def _facts(question: Question) -> dict[int, HouseholdFact]:
    return {row.household_id: row for row in question.reading.facts.households.get(question.target.code, ())}


def _missing(
    question: Question, homes: Sequence[tuple[NamedHousehold, int]], splits: dict[int, UnitSplit]
) -> list[SubjectRow]:
    facts = _facts(question)
    rows = []
    for home, village_id in homes:
        note = "Đã được tiếp cận" if facts[home.id].reached_on else "Chưa được tiếp cận"
        is_waiting = home.id in splits[village_id].waiting
        may_check = question.may_record_for(village_id)
        shown = _subject(question, home, village_id, f"{note}. Đang chờ duyệt" if is_waiting else note)
        rows.append(_tickable(shown, home.id, may_check=may_check, is_free=may_check and not is_waiting))
    return rows


def _tickable(row: SubjectRow, pk: int, *, may_check: bool, is_free: bool) -> SubjectRow:
    return SubjectRow(row.name, row.unit, row.where, row.note, pk=pk if may_check else 0, is_free=is_free)


def _subject(question: Question, home: NamedHousehold, village_id: int, note: str) -> SubjectRow:
    return SubjectRow(home.head_name, question.unit_names.get(village_id, ""), home.address, note)


def _groups(question: Question, splits: dict[int, UnitSplit]) -> Iterable[GroupRow]:
    """By village; the checks that wait are not made a second time."""
    for pk, row in splits.items():
        found = question.counted_units[pk]
        if not row.missing:
            continue
        reached = f"Được tiếp cận: {found.second_tier.text}" if found.second_tier and found.second_tier.d else ""
        yield GroupRow(
            label=found.unit.name,
            missing=len(row.missing),
            total=len(row.missing) + len(row.counted),
            url=question.links.explain(question.target.code, found.unit.code),
            free=len(row.missing - row.waiting) if question.may_record_for(pk) else 0,
            act_url=question.act_url(found.unit.code),
            note=reached,
        )


def _declared_aside(question: Question) -> Iterable[str]:
    left = question.cell.declared_d - question.cell.declared_n
    if left > 0:
        yield f"Ngoài ra còn thiếu {grouped(left)} hộ theo số khai báo; thôn chưa có danh sách nên không nêu được tên."


def counted_households(question: Question) -> TabContent:
    """Households that passed, with the day of the first check they passed and who was checked."""
    facts = _facts(question)
    villages = _villages(_splits(question), "counted")
    fresh = {pk: village for pk, village in villages.items() if _is_of_month(question, facts[pk].passed_on)}
    page = page_of(_found(question, fresh), question.parameters, PER_PAGE)
    checks = checks_of(question.reading, [home.id for home, _ in page.object_list])
    page.object_list = [
        _counted(question, home, village_id, facts[home.id].passed_on, checks.get(home.id, []))
        for home, village_id in page.object_list
    ]
    is_one_unit = question.unit is not None
    return TabContent(
        who=WHO,
        page=page,
        empty="Chưa có hộ nào đạt kiểm tra.",
        intro=_month_intro(question),
        where_label=WHERE,
        is_one_unit=is_one_unit,
    )


def _is_of_month(question: Question, day: date | None) -> bool:
    """Whether a household first passed in the month that was asked for (rule C2); any day where none was."""
    month = question.asked.month
    return month is None or (day is not None and (day.year, day.month) == month)


def _month_intro(question: Question) -> str:
    if question.asked.month is None:
        return ""
    year, month = question.asked.month
    return f"Những hộ được tính lần đầu trong tháng {month}/{year}."


def _counted(
    question: Question, home: NamedHousehold, village_id: int, on: date | None, checks: Sequence[CheckRow]
) -> SubjectRow:
    """A household that split off counts by a member who was checked elsewhere (rule E3): then no own check fits."""
    clocks = question.reading.clocks
    own = next((row for row in checks if row.on == on and row.is_passed and row.state.is_official(clocks)), None)
    note = f"Người được kiểm tra: {own.member}" if own and own.member else ""
    shown = _subject(question, home, village_id, note)
    label = PASSED_CHECK if own else BY_MEMBER
    return SubjectRow(shown.name, shown.unit, shown.where, note, on, label)


def not_counted_households(question: Question) -> TabContent:
    """Households that were only reached, or whose check waits, was returned or withdrawn, or shows too few skills."""
    missing, facts, checks = _villages(_splits(question), "missing"), _facts(question), all_checks(question.reading)
    touched = {pk: village for pk, village in missing.items() if pk in checks or facts[pk].reached_on}
    page = page_of(_found(question, touched), question.parameters, PER_PAGE)
    page.object_list = [
        _subject(question, home, village_id, check_reason(question.reading, checks.get(home.id, [])))
        for home, village_id in page.object_list
    ]
    return TabContent(
        who=WHO,
        page=page,
        empty="Không có hộ nào vừa có bản ghi vừa không được tính.",
        where_label=WHERE,
        unnamed=unnamed_rows(question),
        is_one_unit=question.unit is not None,
    )
