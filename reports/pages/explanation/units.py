"""The tabs of targets that count units (K5, K6): units with what they did, and units that still lack it."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse

from campaigns.choices import ActivityKind, Qualifier
from hbs_portal.lib.paging import page_of
from hbs_portal.lib.text import date_short
from reports.pages.explanation.content import SubjectRow, TabContent
from reports.pages.explanation.counted_people import proof_links
from reports.pages.explanation.question import Question
from reports.progress import UnitCell
from reports.progress.facts import ActivityFact, UnitFact
from reports.progress.lookup import Lookup, look_up
from reports.selectors.subjects.activities import NamedActivity, named_activities
from reports.selectors.subjects.evidence import Proof, proofs_of, visible_activities

PER_PAGE = 50
WHO = "Đơn vị"
FIRST = "Hoạt động đầu tiên"


def missing_units(question: Question) -> TabContent:
    """Units that still lack the activity, each with what stands in the way."""
    return _content(question, missing_subjects(question), "Không đơn vị nào còn thiếu.", "Việc cần làm")


def missing_subjects(question: Question) -> list[SubjectRow]:
    """All units that still lack the activity."""
    lookup = look_up(question.reading.facts)
    return [_missing(question, found, lookup) for found in question.counted_units.values() if not found.cell.n]


def _content(question: Question, rows: list[SubjectRow], empty: str, link_head: str = FIRST) -> TabContent:
    page = page_of(rows, question.parameters, PER_PAGE)
    return TabContent(who=WHO, page=page, empty=empty, link_head=link_head, is_searchable=False)


def _missing(question: Question, found: UnitCell, lookup: Lookup) -> SubjectRow:
    url = _record_url(question, found.unit) if question.may_record_for(found.unit.id) else ""
    note = _lack(question, found, lookup)
    return SubjectRow(found.unit.name, note=note, link_label="Ghi hoạt động" if url else "", link=url)


def _record_url(question: Question, unit: UnitFact) -> str:
    """A new activity that would count: of this unit, for K6 by its team, of a kind that counts."""
    chosen: dict[str, int | str] = {"host": unit.id}
    facts = question.reading.facts
    if question.rule.qualifier == Qualifier.TEAM_ACTIVITY:
        team = next((row for row in facts.teams if row.unit_id == unit.id and row.is_active(facts.as_of)), None)
        chosen |= {"team": team.id} if team else {}
    kind = next((kind.value for kind in ActivityKind if kind in question.rule.activity_kinds), "")
    return f"{reverse('training:activity_create')}?{urlencode(chosen | ({'kind': kind} if kind else {}))}"


def _lack(question: Question, found: UnitCell, lookup: Lookup) -> str:
    if found.cell.waiting:
        return "Có hoạt động đang chờ duyệt; duyệt xong sẽ được tính"
    if question.rule.qualifier == Qualifier.TEAM_ACTIVITY:
        return _team_lack(question, found.unit, lookup)
    return "Chưa có hoạt động lan tỏa nào được duyệt"


def _team_lack(question: Question, unit: UnitFact, lookup: Lookup) -> str:
    facts = question.reading.facts
    active = {team.id for team in facts.teams if team.unit_id == unit.id and team.is_active(facts.as_of)}
    if not active:
        return "Chưa có Tổ công nghệ số cộng đồng đang hoạt động"
    last = max((row.on for row in _done(question, unit, lookup) if row.team_id in active), default=None)
    if last is None:
        return "Tổ chưa có hoạt động nào được duyệt"
    return f"Hoạt động gần nhất ngày {date_short(last)}, trước khoảng thời gian {_window_text(question)}"


def _window_text(question: Question) -> str:
    until = question.reading.clocks.as_of
    first = until - timedelta(days=(question.rule.window_days or 1) - 1)
    return f"từ {date_short(first)} đến {date_short(until)}"


def _done(question: Question, unit: UnitFact, lookup: Lookup) -> list[ActivityFact]:
    """The official activities that credit this unit (its predecessors' too, F2) of the target's kinds, oldest first."""
    rule, facts = question.rule, question.reading.facts
    rows = (row for row in facts.activities if row.official and row.kind in rule.activity_kinds)
    if rule.qualifier == Qualifier.TEAM_ACTIVITY:
        teams = {team.id for team in facts.teams if team.unit_id == unit.id and team.is_active(facts.as_of)}
        rows = (row for row in rows if row.team_id in teams)
    else:
        rows = (row for row in rows if unit.id in lookup.credited(row))
    return sorted(rows, key=lambda row: (row.on, row.id))


def _in_window(question: Question, rows: list[ActivityFact]) -> list[ActivityFact]:
    if question.rule.window_days is None:
        return rows
    first = question.reading.clocks.as_of - timedelta(days=question.rule.window_days - 1)
    return [row for row in rows if row.on >= first]


def counted_units(question: Question) -> TabContent:
    """Units that count, with how many activities, the first of them and its evidence."""
    lookup = look_up(question.reading.facts)
    done = {
        found.unit.id: _in_window(question, _done(question, found.unit, lookup))
        for found in question.counted_units.values()
        if found.cell.n
    }
    ids = {rows[0].id for rows in done.values() if rows}
    campaign = question.reading.campaign
    first, files = named_activities(campaign, ids), proofs_of(campaign, ids)
    visible = visible_activities(question.user, ids)
    rows = [_counted(question, pk, found, first, files, visible) for pk, found in done.items() if found]
    return _content(question, rows, "Chưa có đơn vị nào được tính.")


def _counted(
    question: Question,
    unit_id: int,
    done: list[ActivityFact],
    named: dict[int, NamedActivity],
    files: dict[int, list[Proof]],
    visible: frozenset[int],
) -> SubjectRow:
    activity = named.get(done[0].id)
    note = f"{len(done)} hoạt động được tính"
    if activity is None:
        return SubjectRow(question.unit_names[unit_id], note=note)
    may_open = activity.id in visible
    url = reverse("training:activity_detail", args=[activity.id]) if may_open else ""
    proofs, proof_note = proof_links(files.get(activity.id, []), may_open=may_open)
    name = question.unit_names[unit_id]
    return SubjectRow(name, "", "", note, activity.on, activity.title, url, proofs=proofs, proof_note=proof_note)


def not_counted_units(question: Question) -> TabContent:
    """What units did that does not count for this target: waiting, or of another kind."""
    rows = [row for found in question.counted_units.values() for row in _not_counted(question, found.unit)]
    return _content(question, rows, "Mọi hoạt động của các đơn vị đều được tính.")


def _not_counted(question: Question, unit: UnitFact) -> Iterable[SubjectRow]:
    own = [row for row in question.reading.facts.activities if unit.id in (*row.unit_ids, row.team_unit_id)]
    waiting = sum(not row.official for row in own)
    if waiting:
        yield SubjectRow(unit.name, note=f"{waiting} hoạt động đang chờ duyệt")
    others = Counter(row.kind for row in own if row.official and row.kind not in question.rule.activity_kinds)
    for kind, count in others.items():
        label = ActivityKind(kind).label.lower()
        yield SubjectRow(unit.name, note=f"{count} hoạt động loại {label}, không thuộc loại được tính")
