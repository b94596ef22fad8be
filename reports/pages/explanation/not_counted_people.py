"""The tab of what does not count for a target that counts people: unfinished records, exclusions, guests, heads."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from django.urls import reverse

from campaigns.choices import Group, Qualifier
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.text import date_short
from reports.pages.explanation.content import ExcludedRow, SubjectRow, TabContent
from reports.pages.explanation.people import PER_PAGE, WHO, splits_of
from reports.pages.explanation.question import Question
from reports.pages.explanation.unnamed import sessions_in_scope, unnamed_rows
from reports.progress import UnitSplit
from reports.progress.numbers import grouped
from reports.selectors.subjects.exclusions import ExcludedPerson, exclusions_of
from reports.selectors.subjects.people import Unfinished, strangers, unfinished


def not_counted_people(question: Question) -> TabContent:
    """Of whom something is recorded that does not count, with the reason; guests; heads without a name."""
    splits = splits_of(question)
    missing = frozenset().union(*(row.missing for row in splits.values()))
    found = unfinished(question.reading, question.rule, missing)
    rows = [_unfinished(question, row) for row in found if question.matches(row.search_key)]
    if question.rule.qualifier == Qualifier.ATTENDANCE:
        rows += _guests(question, frozenset().union(*(row.counted for row in splits.values())))
    return TabContent(
        who=WHO,
        page=page_of(rows, question.parameters, PER_PAGE),
        empty="Không có ai vừa có bản ghi vừa không được tính.",
        asides=tuple(_other_groups(question)),
        unnamed=unnamed_rows(question),
        excluded=_excluded(question, splits),
        is_one_unit=question.unit is not None,
    )


def _activity_url(question: Question, activity_id: int | None, host_id: int | None) -> str:
    if activity_id is None or not question.may_open_activity(host_id):
        return ""
    return reverse("training:activity_detail", args=[activity_id])


def _unfinished(question: Question, row: Unfinished) -> SubjectRow:
    url = _activity_url(question, row.activity_id, row.host_id)
    unit = question.unit_names.get(row.unit_id or 0, "")
    where = f"Lớp {row.where}" if row.where else ""
    return SubjectRow(row.full_name, unit, where, row.reason, None, "Xem hoạt động" if url else "", url)


def _excluded(question: Question, splits: dict[int, UnitSplit]) -> tuple[ExcludedRow, ...]:
    """The members of D whom the figure is also shown without (rule C8); the main figure keeps them."""
    members = frozenset().union(*(row.excluded for row in splits.values()))
    found = exclusions_of(question.reading, question.target) if members else []
    return tuple(_excluded_row(question, row) for row in found if row.person_id in members)


def _excluded_row(question: Question, row: ExcludedPerson) -> ExcludedRow:
    until = f"đến {date_short(row.ends_on)}" if row.ends_on else "chưa có ngày kết thúc"
    return ExcludedRow(
        name=row.full_name,
        unit=question.unit_names.get(row.unit_id, ""),
        reason=f"{row.reason_label}: {row.note}" if row.note else row.reason_label,
        days=f"Từ {date_short(row.starts_on)} {until}",
        scope="Mọi chỉ tiêu" if row.of_all_targets else f"Riêng {question.target.code}",
        decision=f"{row.approver} duyệt ngày {date_short(row.approved_on)}",
        url=reverse("training:exclusion_detail", args=[row.id]) if _may_open_exclusion(question, row) else "",
    )


def _may_open_exclusion(question: Question, row: ExcludedPerson) -> bool:
    scope = question.user.scope
    return scope.reads_commune or (scope.has("EDITOR") and row.unit_id in scope.unit_ids)


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
        return "Không thuộc đơn vị nào vào ngày chốt mẫu số"
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
