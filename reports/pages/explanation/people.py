"""The tabs of a target that counts people."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from django.urls import reverse

from campaigns.choices import Group, Qualifier
from campaigns.class_names import class_order
from hbs_portal.lib.paging import page_of
from reports.pages.explanation.content import GroupRow, SubjectRow, TabContent, most_missing_first
from reports.pages.explanation.question import Question
from reports.pages.explanation.unnamed import sessions_in_scope, unnamed_rows
from reports.pages.links import confirm_platforms, record_for_class, record_for_people
from reports.progress import UnitSplit, split
from reports.progress.numbers import grouped
from reports.selectors.subjects.people import (
    FirstDay,
    ListedPerson,
    first_days,
    listed_people,
    strangers,
    unfinished,
)
from training.rosters import Audience

PER_PAGE = 50
WHO = "Họ và tên"
ACT = "Tạo hoạt động cho những người này"
CONFIRM = "Ghi xác nhận cho những người này"


def missing_people(question: Question) -> TabContent:
    """Who is still missing: by class in a unit, by unit in the commune; then by name."""
    splits = splits_of(question)
    everybody = _listed(question, {pk: row.counted | row.missing for pk, row in splits.items()})
    rows = [row for row in everybody if row.person_id in splits[row.unit_id].missing]
    waiting = frozenset().union(*(row.waiting for row in splits.values()))
    page = page_of(_once(row for row in rows if _is_asked(question, row)), question.parameters, PER_PAGE)
    page.object_list = [_subject(question, row, _waiting_note(row, waiting)) for row in page.object_list]
    return TabContent(
        who=WHO,
        page=page,
        groups=_groups(question, everybody, rows),
        empty="Không còn ai thiếu trong danh sách.",
        asides=tuple(_declared_aside(question)),
    )


def _waiting_note(row: ListedPerson, waiting: AbstractSet[int]) -> str:
    return "Đang chờ duyệt" if row.person_id in waiting else ""


def splits_of(question: Question) -> dict[int, UnitSplit]:
    """The people behind the figure, by unit."""
    counted = question.counted_units
    found = split(question.reading.facts, question.rule) if question.rule.counts_people else ()
    return {row.unit.id: row for row in found if row.unit.id in counted}


def _listed(question: Question, wanted: dict[int, AbstractSet[int]]) -> list[ListedPerson]:
    """The wanted people with their names, each once in a unit; declared groups have no list and fall out."""
    rows = listed_people(question.reading, question.target, wanted.keys())
    declared = {(row.unit_id, row.group) for row in question.reading.facts.declared}
    once: dict[tuple[int, int], ListedPerson] = {}
    for row in rows:
        if row.person_id in wanted[row.unit_id] and (row.unit_id, row.group) not in declared:
            once.setdefault((row.unit_id, row.person_id), row)
    return list(once.values())


def _once(rows: Iterable[ListedPerson]) -> list[ListedPerson]:
    """Each person once, for the commune counts them once (rule C7)."""
    return list({row.person_id: row for row in reversed(list(rows))}.values())[::-1]


def _is_asked(question: Question, row: ListedPerson) -> bool:
    asked = question.asked
    return question.matches(row.search_key) and asked.class_name in ("", _class_of(row))


def _class_of(row: ListedPerson) -> str:
    return row.class_name if row.group == Group.PUPIL and row.class_name else row.group


def _subject(question: Question, row: ListedPerson, note: str = "") -> SubjectRow:
    unit = "" if question.unit else question.unit_names.get(row.unit_id, "")
    return SubjectRow(row.full_name, unit, Audience(row.unit_id, row.group, row.class_name).label, note)


def _groups(question: Question, everybody: list[ListedPerson], missing: list[ListedPerson]) -> tuple[GroupRow, ...]:
    if question.unit is None:
        return most_missing_first(_unit_groups(question, missing))
    return tuple(_class_groups(question, question.unit.id, everybody, missing))


def _unit_groups(question: Question, missing: list[ListedPerson]) -> Iterable[GroupRow]:
    people: dict[int, list[ListedPerson]] = {}
    for row in missing:
        people.setdefault(row.unit_id, []).append(row)
    for unit_id, rows in people.items():
        found = question.counted_units[unit_id]
        url = question.links.explain(question.target.code, found.unit.code)
        act_url = _act_url(question, unit_id, rows, "")
        total = (found.cell.d or 0) - found.cell.declared_d
        yield GroupRow(found.unit.name, len(rows), total, url, act_url, _act_label(question), _classes(rows))


def _classes(rows: list[ListedPerson]) -> str:
    """ "4A: 12, 4B: 3": the classes of a unit with missing pupils, the fullest six."""
    counts = Counter(row.class_name for row in rows if row.class_name and row.group == Group.PUPIL)
    shown = [f"{name}: {count}" for name, count in counts.most_common(6)]
    return ", ".join(shown) + ("…" if len(counts) > len(shown) else "")


def _class_groups(
    question: Question, unit_id: int, everybody: list[ListedPerson], missing: list[ListedPerson]
) -> Iterable[GroupRow]:
    totals = Counter(_class_of(row) for row in everybody)
    people: dict[str, list[ListedPerson]] = {}
    for row in missing:
        people.setdefault(_class_of(row), []).append(row)
    for name in sorted(people, key=class_order):
        rows = people[name]
        whole = name if len(rows) == totals[name] else ""
        label = Audience(unit_id, rows[0].group, rows[0].class_name).label
        act_url = _act_url(question, unit_id, rows, whole)
        yield GroupRow(label, len(rows), totals[name], question.url(lop=name), act_url, _act_label(question))


def _act_label(question: Question) -> str:
    return CONFIRM if question.rule.qualifier == Qualifier.PLATFORM_USE else ACT


def _act_url(question: Question, unit_id: int, rows: list[ListedPerson], whole_class: str) -> str:
    if not question.may_record_for(unit_id):
        return ""
    people = [row.person_id for row in rows]
    if question.rule.qualifier == Qualifier.PLATFORM_USE:
        return confirm_platforms(people) if question.user.scope.has("OFFICER", "EDITOR") else ""
    if whole_class:
        return record_for_class(unit_id, rows[0].group, rows[0].class_name)
    return record_for_people(unit_id, people)


def _declared_aside(question: Question) -> Iterable[str]:
    cell = question.cell
    left = cell.declared_d - cell.declared_n
    if left > 0:
        yield (
            f"Ngoài ra còn thiếu {grouped(left)} {question.target.noun} theo số khai báo; "
            "đơn vị chưa có danh sách nên không nêu được tên."
        )


def counted_people(question: Question) -> TabContent:
    """Who counts, by name, with the record by which they count."""
    splits = splits_of(question)
    rows = _once(
        row
        for row in _listed(question, {pk: found.counted for pk, found in splits.items()})
        if _is_asked(question, row)
    )
    rows = _of_month(question, rows)
    page = page_of(rows, question.parameters, PER_PAGE)
    days = first_days(question.reading, question.rule, [row.person_id for row in page.object_list])
    page.object_list = [_counted(question, row, days.get(row.person_id)) for row in page.object_list]
    return TabContent(who=WHO, page=page, empty="Chưa có ai được tính.", intro=_month_intro(question))


def _of_month(question: Question, rows: list[ListedPerson]) -> list[ListedPerson]:
    """Those who were first reached in the month that was asked for (rule C2)."""
    if question.asked.month is None:
        return rows
    days = {
        reach.person_id: reach.official_on
        for reach in question.reading.facts.reaches
        if reach.target_code == question.target.code and reach.official_on
    }
    month = question.asked.month
    return [row for row in rows if (days[row.person_id].year, days[row.person_id].month) == month]


def _month_intro(question: Question) -> str:
    if question.asked.month is None:
        return ""
    year, month = question.asked.month
    return f"Những người được tính lần đầu trong tháng {month}/{year}."


def _counted(question: Question, row: ListedPerson, day: FirstDay | None) -> SubjectRow:
    shown = _subject(question, row)
    if day is None:
        return shown
    link = _activity_url(question, day.activity_id, day.host_id)
    return SubjectRow(shown.name, shown.unit, shown.where, "", day.on, day.title, link)


def _activity_url(question: Question, activity_id: int | None, host_id: int | None) -> str:
    if activity_id is None or not question.may_open_activity(host_id):
        return ""
    return reverse("training:activity_detail", args=[activity_id])


def not_counted_people(question: Question) -> TabContent:
    """Of whom something is recorded that does not count, with the reason; guests; heads without a name."""
    splits = splits_of(question)
    missing = frozenset().union(*(row.missing for row in splits.values()))
    rows = [_unfinished(question, row) for row in unfinished(question.reading, question.rule, missing)
            if question.matches(row.search_key)]  # fmt: skip
    if question.rule.qualifier == Qualifier.ATTENDANCE:
        rows += _guests(question, frozenset().union(*(row.counted for row in splits.values())))
    return TabContent(
        who=WHO,
        page=page_of(rows, question.parameters, PER_PAGE),
        empty="Không có ai vừa có bản ghi vừa không được tính.",
        asides=tuple(_other_groups(question)),
        unnamed=unnamed_rows(question),
    )


def _unfinished(question: Question, row) -> SubjectRow:
    url = _activity_url(question, row.activity_id, row.host_id)
    unit = "" if question.unit else question.unit_names.get(row.unit_id or 0, "")
    where = f"Lớp {row.where}" if row.where else ""
    return SubjectRow(row.full_name, unit, where, row.reason, None, "Xem hoạt động" if url else "", url)


def _guests(question: Question, counted: AbstractSet[int]) -> list[SubjectRow]:
    facts = question.reading.facts
    homes = {row.person_id: row.unit_id for row in facts.members.get(question.target.code, ())
             if row.group in question.rule.groups}  # fmt: skip
    host_id = question.unit.id if question.unit else None
    found = strangers(question.reading, question.rule, counted, host_id)
    return [
        SubjectRow(name, "", "", _guest_reason(question, homes.get(pk)), None, "Xem hoạt động" if url else "", url)
        for pk, name, key, activity_id, activity_host in found
        if question.matches(key)
        for url in [_activity_url(question, activity_id, activity_host)]
    ]


def _guest_reason(question: Question, home_id: int | None) -> str:
    if home_id is None:
        return "Không thuộc đơn vị nào vào ngày lấy số liệu"
    name = question.unit_names.get(home_id, "đơn vị khác")
    applicable = {row.unit.id for row in question.figure.units if row.unit.kind in question.rule.unit_kinds}
    if home_id in applicable:
        return f"Được tính cho {name}"
    return f"Thuộc {name}, đơn vị không nằm trong chỉ tiêu này"


def _other_groups(question: Question) -> Iterable[str]:
    if question.rule.qualifier != Qualifier.ATTENDANCE:
        return
    ids = {session.activity.id for session in sessions_in_scope(question)}
    heads: Counter[str] = Counter()
    for row in question.reading.facts.audiences:
        if row.activity_id in ids and row.group and row.group not in question.rule.groups:
            heads[row.group] += row.named
    named = [f"{grouped(heads[group])} {group.label.lower()}" for group in Group if heads[group]]
    if named:
        yield f"Các hoạt động được tính còn có {', '.join(named)} (lượt), là nhóm không thuộc chỉ tiêu này."
