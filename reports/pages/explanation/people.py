"""The people behind a target that counts people, and the tab of those who are missing."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from campaigns.choices import Group, Qualifier
from campaigns.class_names import class_order
from hbs_portal.lib.paging import page_of
from reports.pages.explanation.content import GroupRow, SubjectRow, TabContent, most_missing_first
from reports.pages.explanation.question import Question
from reports.progress import UnitSplit, split
from reports.progress.numbers import grouped
from reports.selectors.subjects.people import ListedPerson, listed_people
from training.rosters import Audience

PER_PAGE = 50
WHO = "Họ và tên"
ACT = "Tạo hoạt động cho những người này"
CONFIRM = "Ghi xác nhận cho những người này"
WAITING, EXCLUDED = "Đang chờ duyệt", "Đang được loại trừ"


def missing_people(question: Question) -> TabContent:
    """Who is still missing: by class in a unit, by unit in the commune; then by name."""
    splits = splits_of(question)
    everybody = listed(question, {pk: row.counted | row.missing for pk, row in splits.items()})
    missing = [row for row in everybody if row.person_id in splits[row.unit_id].missing]
    found = once(row for row in missing if is_asked(question, row))
    page = page_of(found, question.parameters, PER_PAGE)
    page.object_list = _subjects(question, page.object_list, splits)
    return TabContent(
        who=WHO,
        page=page,
        groups=_groups(question, everybody, missing, splits),
        empty="Không còn ai thiếu trong danh sách.",
        asides=tuple(_declared_aside(question)),
        is_one_unit=question.unit is not None,
        act_label=act_label(question),
        found_free=sum(_is_free(question, row, splits) for row in found),
        classes=_classes_of(question, missing),
    )


def missing_subjects(question: Question) -> list[SubjectRow]:
    """Everybody found by unit, class and search, not one page of them."""
    splits = splits_of(question)
    everybody = listed(question, {pk: row.missing for pk, row in splits.items()})
    return _subjects(question, once(row for row in everybody if is_asked(question, row)), splits)


def splits_of(question: Question) -> dict[int, UnitSplit]:
    """The people behind the figure, by unit."""
    counted = question.counted_units
    found = split(question.reading.facts, question.rule) if question.rule.counts_people else ()
    return {row.unit.id: row for row in found if row.unit.id in counted}


def listed(question: Question, wanted: dict[int, AbstractSet[int]]) -> list[ListedPerson]:
    """The wanted people with their names, each once in a unit; declared groups have no list and fall out."""
    rows = listed_people(question.reading, question.target, wanted.keys())
    declared = {(row.unit_id, row.group) for row in question.reading.facts.declared}
    found: dict[tuple[int, int], ListedPerson] = {}
    for row in rows:
        if row.person_id in wanted[row.unit_id] and (row.unit_id, row.group) not in declared:
            found.setdefault((row.unit_id, row.person_id), row)
    return list(found.values())


def once(rows: Iterable[ListedPerson]) -> list[ListedPerson]:
    """Each person once, for the commune counts them once (rule C7)."""
    return list({row.person_id: row for row in reversed(list(rows))}.values())[::-1]


def is_asked(question: Question, row: ListedPerson) -> bool:
    """Whether the search and the class filter mean this person."""
    asked = question.asked
    return question.matches(row.search_key) and asked.class_name in ("", class_of(row))


def class_of(row: ListedPerson) -> str:
    """How an address names the class of a pupil, the group of anybody else."""
    return row.class_name if row.group == Group.PUPIL and row.class_name else row.group


def label_of(row: ListedPerson) -> str:
    return Audience(row.unit_id, row.group, row.class_name).label


def subject(question: Question, row: ListedPerson) -> SubjectRow:
    """Name, unit and class of a person."""
    return SubjectRow(row.full_name, question.unit_names.get(row.unit_id, ""), label_of(row))


def _subjects(question: Question, rows: Iterable[ListedPerson], splits: dict[int, UnitSplit]) -> list[SubjectRow]:
    return [_missing(question, row, splits) for row in rows]


def _missing(question: Question, row: ListedPerson, splits: dict[int, UnitSplit]) -> SubjectRow:
    found = splits[row.unit_id]
    notes = (WAITING if row.person_id in found.waiting else "", EXCLUDED if row.person_id in found.excluded else "")
    return SubjectRow(
        name=row.full_name,
        unit=question.unit_names.get(row.unit_id, ""),
        where=label_of(row),
        note=". ".join(filter(None, notes)),
        pk=row.person_id if may_act(question, row.unit_id) else 0,
        is_free=_is_free(question, row, splits),
    )


def may_act(question: Question, unit_id: int) -> bool:
    """Whether this person records for people of that unit what the target asks for."""
    if question.rule.qualifier == Qualifier.PLATFORM_USE and not question.user.scope.has("OFFICER", "EDITOR"):
        return False
    return question.may_record_for(unit_id)


def _is_free(question: Question, row: ListedPerson, splits: dict[int, UnitSplit]) -> bool:
    """Who is excluded is not asked to take part (C8); a confirmation that waits cannot be recorded again."""
    found = splits[row.unit_id]
    is_held = question.rule.qualifier == Qualifier.PLATFORM_USE and row.person_id in found.waiting
    return may_act(question, row.unit_id) and row.person_id not in found.excluded and not is_held


def act_label(question: Question) -> str:
    """What can be done for those who are missing; nothing by somebody who records for none of the units."""
    if not any(may_act(question, pk) for pk in question.counted_units):
        return ""
    return CONFIRM if question.rule.qualifier == Qualifier.PLATFORM_USE else ACT


def _groups(
    question: Question, everybody: list[ListedPerson], missing: list[ListedPerson], splits: dict[int, UnitSplit]
) -> tuple[GroupRow, ...]:
    if question.unit is None:
        return most_missing_first(_unit_groups(question, missing, splits))
    return tuple(_class_groups(question, everybody, missing, splits))


def _unit_groups(question: Question, missing: list[ListedPerson], splits: dict[int, UnitSplit]) -> Iterable[GroupRow]:
    people: dict[int, list[ListedPerson]] = {}
    for row in missing:
        people.setdefault(row.unit_id, []).append(row)
    for unit_id, rows in people.items():
        found = question.counted_units[unit_id]
        yield GroupRow(
            label=found.unit.name,
            missing=len(rows),
            total=(found.cell.d or 0) - found.cell.declared_d,
            url=question.links.explain(question.target.code, found.unit.code),
            free=sum(_is_free(question, row, splits) for row in rows),
            act_url=question.act_url(found.unit.code),
            note=_classes(rows),
        )


def _classes(rows: list[ListedPerson]) -> str:
    """ "4A: 12, 4B: 3": the classes of a unit with missing pupils, the fullest six."""
    counts = Counter(row.class_name for row in rows if row.class_name and row.group == Group.PUPIL)
    shown = [f"{name}: {count}" for name, count in counts.most_common(6)]
    return ", ".join(shown) + ("…" if len(counts) > len(shown) else "")


def _class_groups(
    question: Question, everybody: list[ListedPerson], missing: list[ListedPerson], splits: dict[int, UnitSplit]
) -> Iterable[GroupRow]:
    totals = Counter(class_of(row) for row in everybody)
    for name, rows in _by_class(missing).items():
        unit_code = question.unit.code if question.unit else ""
        yield GroupRow(
            label=label_of(rows[0]),
            missing=len(rows),
            total=totals[name],
            url=question.url(lop=name),
            free=sum(_is_free(question, row, splits) for row in rows),
            act_url=question.act_url(unit_code, lop=name),
        )


def _by_class(rows: list[ListedPerson]) -> dict[str, list[ListedPerson]]:
    people: dict[str, list[ListedPerson]] = {}
    for row in rows:
        people.setdefault(class_of(row), []).append(row)
    return {name: people[name] for name in sorted(people, key=class_order)}


def _classes_of(question: Question, missing: list[ListedPerson]) -> tuple[tuple[str, str], ...]:
    """The class filter: classes and groups with somebody missing. In the commune a class is one of all schools."""
    return tuple((name, label_of(rows[0])) for name, rows in _by_class(missing).items())


def _declared_aside(question: Question) -> Iterable[str]:
    cell = question.cell
    left = cell.declared_d - cell.declared_n
    if left > 0:
        yield (
            f"Ngoài ra còn thiếu {grouped(left)} {question.target.noun} theo số khai báo; "
            "đơn vị chưa có danh sách nên không nêu được tên."
        )
