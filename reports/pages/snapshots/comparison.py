"""Two readings side by side: what differs in every figure, and why, with names where somebody stands behind it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from campaigns.choices import Group
from campaigns.models import Campaign
from hbs_portal.lib.paging import ListPage, page_of
from reports.forms.snapshots import TODAY, ComparisonForm
from reports.models import Snapshot
from reports.pages.snapshots.explanation import NoSuchFigureError, record_text, record_url
from reports.pages.snapshots.figures import clocks_text
from reports.pages.snapshots.wording import (
    aside_text,
    figure_text,
    gone_text,
    place_of,
    reason_label,
    rule_changes,
    signed,
)
from reports.progress.numbers import grouped
from reports.selectors.clocks import Clocks
from reports.selectors.snapshots import NamedSubject, named_subjects
from reports.services.snapshots import open_snapshot, read_content
from reports.snapshots.comparing import CellChange, Comparison, TargetChange, compare
from reports.snapshots.content import Content
from reports.snapshots.makeup import Side, SubjectKind
from reports.snapshots.reasons import Reason, ReasonKind

PER_PAGE = 50
ORDER = {kind: place for place, kind in enumerate(ReasonKind)}


@dataclass(frozen=True, slots=True)
class Compared:
    """A snapshot and what it is compared with; the older reading stands first."""

    comparison: Comparison
    before_label: str
    after_label: str


def compared(snapshot: Snapshot, campaign: Campaign, form: ComparisonForm) -> Compared:
    """Read what was chosen and compare. Raises ContentError (a broken seal) and SnapshotError (contradictions)."""
    one, other = (open_snapshot(snapshot), f"Lần chốt {snapshot.code}"), _other(snapshot, campaign, form)
    rows = [one, other] if _age(one[0]) <= _age(other[0]) else [other, one]
    if form.other is not None and _age(one[0]) == _age(other[0]):  # of the same two days: the one taken first
        rows = [one, other] if snapshot.number < form.other.number else [other, one]
    return Compared(compare(rows[0][0], rows[1][0]), rows[0][1], rows[1][1])


def _other(snapshot: Snapshot, campaign: Campaign, form: ComparisonForm) -> tuple[Content, str]:
    if form.other is not None:
        return open_snapshot(form.other), f"Lần chốt {form.other.code}"
    if form.chosen == TODAY:
        return read_content(campaign, Clocks.of(campaign)), "Số liệu hôm nay"
    return read_content(campaign, Clocks(snapshot.as_of, snapshot.approved_by)), "Tính lại hôm nay"


def _age(content: Content) -> tuple[object, ...]:
    return content.as_of, content.approved_by


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Reasons of one kind in one figure; ``dn`` and ``dd`` are signed texts."""

    label: str
    count: int
    dn: str
    dd: str
    is_unexplained: bool


@dataclass(frozen=True, slots=True)
class FigureChange:
    place: str
    before: str
    after: str
    groups: tuple[ReasonGroup, ...]
    asides: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    code: str
    short_name: str
    rule: tuple[tuple[str, str, str], ...]
    figures: tuple[FigureChange, ...]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    snapshot: Snapshot
    before_label: str
    after_label: str
    before_clocks: str
    after_clocks: str
    targets: tuple[TargetRow, ...]
    unchanged: tuple[str, ...]
    unexplained: int


def comparison_page(snapshot: Snapshot, found: Compared, form: ComparisonForm) -> ComparisonPage:
    """Every target that differs, with its commune and units that differ: no query."""
    comparison = found.comparison
    return ComparisonPage(
        snapshot=snapshot,
        before_label=found.before_label,
        after_label=found.after_label,
        before_clocks=clocks_text(comparison.before),
        after_clocks=clocks_text(comparison.after),
        targets=tuple(
            _target(comparison, target, ChangeLinks(snapshot.pk, form.chosen))
            for target in comparison.targets
            if target.is_moved
        ),
        unchanged=tuple(target.code for target in comparison.targets if not target.is_moved),
        unexplained=comparison.unexplained,
    )


@dataclass(frozen=True, slots=True)
class ChangeLinks:
    """Addresses of the pages that name the reasons one by one."""

    snapshot_id: int
    chosen: str

    def change(self, code: str, unit_code: str) -> str:
        unit = f"&don-vi={unit_code}" if unit_code else ""
        return f"{reverse('reports:snapshot_change', args=[self.snapshot_id, code])}?voi={self.chosen}{unit}"

    def overview(self) -> str:
        return f"{reverse('reports:snapshot_compare', args=[self.snapshot_id])}?voi={self.chosen}"


def _target(comparison: Comparison, target: TargetChange, links: ChangeLinks) -> TargetRow:
    content = comparison.after if target.new_rule else comparison.before
    return TargetRow(
        target.code,
        content.name(target.code).short_name,
        rule_changes(target.old_rule, target.new_rule) if target.is_rule_changed else (),
        tuple(_figure(target.code, change, links) for change in target.cells if change.is_moved),
    )


def _figure(code: str, change: CellChange, links: ChangeLinks) -> FigureChange:
    url = links.change(code, change.unit.code if change.unit else "") if change.reasons else ""
    return FigureChange(
        place_of(change.unit),
        figure_text(change.before),
        figure_text(change.after),
        grouped_reasons(change),
        tuple(aside_text(aside) for aside in change.asides),
        url,
    )


def grouped_reasons(change: CellChange) -> tuple[ReasonGroup, ...]:
    """The reasons by kind, with how much each kind adds; together they are the whole difference."""
    counts: Counter[tuple[ReasonKind, bool]] = Counter()
    dn, dd = counts.copy(), counts.copy()
    for reason in change.reasons:
        key = (reason.kind, reason.is_adjustment)
        counts[key] += 1
        dn[key] += reason.dn
        dd[key] += reason.dd
    return tuple(
        ReasonGroup(
            reason_label(kind, is_adjustment=is_adjustment),
            counts[kind, is_adjustment],
            signed(dn[kind, is_adjustment]),
            signed(dd[kind, is_adjustment]),
            kind == ReasonKind.UNEXPLAINED,
        )
        for kind, is_adjustment in sorted(counts, key=lambda key: (ORDER[key[0]], key[1]))
    )


@dataclass(frozen=True, slots=True)
class ReasonRow:
    who: str
    reason: str
    detail: str
    dn: str
    dd: str
    link: str
    link_label: str


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The reasons of one figure, one by one."""

    title: str
    place: str
    before_label: str
    after_label: str
    before: str
    after: str
    groups: tuple[ReasonGroup, ...]
    page: ListPage
    back_url: str


def change_page(
    snapshot: Snapshot, found: Compared, form: ComparisonForm, code: str, parameters: QueryDict
) -> ChangePage:
    """One figure's difference with names, in at most two queries. Raises NoSuchFigureError."""
    target = found.comparison.target(code)
    unit_code = parameters.get("don-vi", "")
    change = next((row for row in target.cells if _is_asked(row, unit_code)), None) if target else None
    if target is None or change is None:
        raise NoSuchFigureError(code)
    ordered = sorted(change.reasons, key=lambda reason: (ORDER[reason.kind], reason.is_adjustment, reason.subject_id))
    page = page_of(ordered, parameters, PER_PAGE)
    page.object_list = _Teller(snapshot, found.comparison, page.object_list).rows()
    content = found.comparison.after if target.new_rule else found.comparison.before
    return ChangePage(
        title=f"{code} - {content.name(code).short_name}",
        place=place_of(change.unit),
        before_label=found.before_label,
        after_label=found.after_label,
        before=figure_text(change.before),
        after=figure_text(change.after),
        groups=grouped_reasons(change),
        page=page,
        back_url=ChangeLinks(snapshot.pk, form.chosen).overview(),
    )


def _is_asked(change: CellChange, unit_code: str) -> bool:
    return change.unit.code == unit_code if change.unit else not unit_code


class _Teller:
    """Tells reasons with the names of today; records by what they were called when they were read."""

    def __init__(self, snapshot: Snapshot, comparison: Comparison, reasons: Iterable[Reason]) -> None:
        self.reasons = list(reasons)
        self.sides = [Side(comparison.after), Side(comparison.before)]
        self.names = {
            kind: self._names(snapshot.commune_id, kind) for kind in (SubjectKind.PERSON, SubjectKind.HOUSEHOLD)
        }

    def _names(self, commune_id: int, kind: SubjectKind) -> dict[int, NamedSubject]:
        rows = [reason for reason in self.reasons if reason.subject_kind == kind]
        ids = {pk for reason in rows for pk in (reason.subject_id, reason.other_id) if pk}
        return named_subjects(commune_id, kind, ids) if ids else {}

    def rows(self) -> list[ReasonRow]:
        return [self._row(reason) for reason in self.reasons]

    def _row(self, reason: Reason) -> ReasonRow:
        link = record_url(*reason.record) if reason.record else ""
        return ReasonRow(
            self._subject(reason),
            reason_label(reason.kind, is_adjustment=reason.is_adjustment),
            self._detail(reason),
            signed(reason.dn),
            signed(reason.dd),
            link,
            self._record(reason) if reason.record else "",
        )

    def _subject(self, reason: Reason) -> str:
        if reason.subject_kind == SubjectKind.FIGURE:
            return "Cả con số"
        if reason.subject_kind == SubjectKind.UNIT:
            return self._unit(reason.subject_id)
        if reason.subject_kind == SubjectKind.DECLARED:
            return f"{self._unit(reason.unit_id or 0)}, {Group(reason.group).label.lower()} (khai báo)"
        return self._name(reason.subject_kind, reason.subject_id)

    def _name(self, kind: SubjectKind, pk: int) -> str:
        found = self.names[kind].get(pk)
        return found.name if found else gone_text(kind, pk)

    def _unit(self, unit_id: int) -> str:
        found = (side.units[unit_id].name for side in self.sides if unit_id in side.units)
        return next(found, f"Đơn vị số {unit_id}")

    def _record(self, reason: Reason) -> str:
        if reason.record is None:
            return ""
        known = next((side for side in self.sides if reason.record in side.records), self.sides[0])
        return record_text(known, reason.record)

    def _detail(self, reason: Reason) -> str:
        parts = [
            self._unit(reason.other_unit_id) if reason.other_unit_id else "",
            self._name(reason.subject_kind, reason.other_id) if reason.other_id else "",
            _numbers(reason),
        ]
        return "; ".join(part for part in parts if part)


def _numbers(reason: Reason) -> str:
    if reason.before is None and reason.after is None:
        return ""
    before, after = (grouped(n) if n is not None else "chưa có" for n in (reason.before, reason.after))
    return f"{before} → {after}"
