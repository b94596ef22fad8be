"""Who stood behind a frozen figure: drawn from the frozen facts; only names are looked up today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from campaigns.choices import ExclusionReason, Group
from hbs_portal.lib.paging import ListPage, page_of
from hbs_portal.lib.text import date_short, fold
from reports.models import Snapshot
from reports.pages.snapshots.figures import FrozenLinks, clocks_text
from reports.pages.snapshots.wording import RECORDS, SUBJECTS, gone_text, place_of, rule_rows
from reports.pages.wording import declared_text
from reports.progress import Cell, CellState, TargetProgress
from reports.progress.facts import UnitFact
from reports.progress.numbers import grouped
from reports.selectors.snapshots import NamedSubject, named_subjects
from reports.snapshots.content import Content, RecordKind
from reports.snapshots.makeup import Makeup, Part, Side, SubjectKind

PER_PAGE = 50
COUNTED, MISSING, EXCLUDED = "da-tinh", "con-thieu", "loai-tru"
TABS = {COUNTED: "Đã tính", MISSING: "Còn thiếu", EXCLUDED: "Được loại trừ"}
EMPTY = {
    COUNTED: "Khi chốt chưa có ai được tính.",
    MISSING: "Khi chốt không còn ai thiếu trong danh sách.",
    EXCLUDED: "Khi chốt không có ai được loại trừ.",
}


class NoSuchFigureError(LookupError):
    """The snapshot holds no such target or unit."""


@dataclass(frozen=True, slots=True)
class FrozenRow:
    name: str
    unit: str
    where: str
    note: str
    on: date | None
    link: str

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.unit, self.where) if part)


@dataclass(frozen=True, slots=True)
class FrozenTab:
    label: str
    count: int
    url: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class FrozenExplanation:
    """The page; `asides` tell of what has no names: declared figures, heads without a name."""

    snapshot: Snapshot
    title: str
    place: str
    clocks: str
    cell: Cell
    rule: tuple[tuple[str, str], ...]
    who: str
    tabs: tuple[FrozenTab, ...]
    page: ListPage
    empty: str
    asides: tuple[str, ...]
    q: str
    tab: str
    unit_code: str
    is_searchable: bool

    @property
    def declared(self) -> str:
        """Why the figure is more than the names under the tabs; empty where nothing is declared."""
        return declared_text(self.cell)

    @property
    def shows_places(self) -> bool:
        return any(row.place for row in self.page)

    @property
    def shows_notes(self) -> bool:
        return any(row.note for row in self.page)

    @property
    def shows_days(self) -> bool:
        return any(row.on for row in self.page)


@dataclass(frozen=True)
class _Asked:
    side: Side
    makeup: Makeup
    figure: TargetProgress
    unit: UnitFact | None
    parts: list[Part]
    commune_id: int

    @property
    def kind(self) -> SubjectKind:
        return self.makeup.subject_kind

    @property
    def content(self) -> Content:
        return self.side.content

    def subjects(self, tab: str) -> dict[int, Part]:
        """Subject -> the unit that it is told of, in the order of the units; for the commune each once (C7)."""
        found: dict[int, Part] = {}
        for part in self.parts:
            for pk in part.subjects:
                if self._belongs(pk, tab):
                    found.setdefault(pk, part)
        return found

    def _belongs(self, pk: int, tab: str) -> bool:
        if tab == EXCLUDED:
            return pk in self.makeup.excluded
        return (pk in self.makeup.covered) == (tab == COUNTED)


def frozen_explanation(snapshot: Snapshot, content: Content, code: str, parameters: QueryDict) -> FrozenExplanation:
    """One frozen figure, with everybody behind it. One query (names). Raises NoSuchFigureError."""
    asked = _asked(snapshot, content, code, parameters.get("don-vi", ""))
    tab = parameters.get("tab", "")
    tab = tab if tab in TABS else COUNTED
    links = FrozenLinks(snapshot.pk)
    unit_code = asked.unit.code if asked.unit else ""
    name = content.name(code)
    return FrozenExplanation(
        snapshot=snapshot,
        title=f"{code} - {name.short_name}",
        place=place_of(asked.unit),
        clocks=clocks_text(content),
        cell=_cell(asked),
        rule=rule_rows(asked.figure.rule),
        who=SUBJECTS[asked.kind],
        tabs=tuple(
            FrozenTab(label, len(asked.subjects(key)), links.explain(code, unit_code, tab=key), key == tab)
            for key, label in TABS.items()
            if key != EXCLUDED or asked.figure.rule.counts_people
        ),
        page=_page(asked, tab, parameters),
        empty=EMPTY[tab],
        asides=tuple(_asides(asked, name.noun)),
        q=parameters.get("q", "")[:80],
        tab=tab,
        unit_code=unit_code,
        is_searchable=asked.kind != SubjectKind.UNIT,
    )


def _asked(snapshot: Snapshot, content: Content, code: str, wanted: str) -> _Asked:
    side = Side(content)
    makeup = side.makeup(code)
    if makeup.figure is None:
        raise NoSuchFigureError(code)
    unit = next((unit for unit in content.facts.units if unit.code == wanted), None)
    if wanted and unit is None:
        raise NoSuchFigureError(wanted)
    parts = [makeup.parts[unit.id]] if unit and unit.id in makeup.parts else []
    return _Asked(side, makeup, makeup.figure, unit, parts if unit else makeup.counted_parts, snapshot.commune_id)


def _cell(asked: _Asked) -> Cell:
    if asked.unit is None:
        return asked.figure.commune
    return asked.figure.cell_of(asked.unit.id) or Cell(CellState.NOT_APPLICABLE)


def _page(asked: _Asked, tab: str, parameters: QueryDict) -> ListPage:
    subjects = asked.subjects(tab)
    names = _names(asked, parameters.get("q", "")[:80])
    is_search = bool(fold(parameters.get("q", "")).split())
    shown = [pk for pk in subjects if pk in names or not is_search]
    order = {part.unit.id: place for place, part in enumerate(asked.parts)}
    shown.sort(key=lambda pk: (order[subjects[pk].unit.id], pk not in names, _sort_key(names, pk), pk))
    page = page_of(shown, parameters, PER_PAGE)
    page.object_list = [_row(asked, tab, pk, subjects[pk], names) for pk in page.object_list]
    return page


def _names(asked: _Asked, q: str) -> dict[int, NamedSubject]:
    if asked.kind == SubjectKind.UNIT:
        return {unit.id: NamedSubject(unit.id, unit.name, "") for unit in asked.content.facts.units}
    return named_subjects(asked.commune_id, asked.kind, q=q)


def _sort_key(names: dict[int, NamedSubject], pk: int) -> str:
    return names[pk].sort_key if pk in names else ""


def _row(asked: _Asked, tab: str, pk: int, part: Part, names: dict[int, NamedSubject]) -> FrozenRow:
    name = names[pk].name if pk in names else gone_text(asked.kind, pk)
    unit = "" if asked.unit or asked.kind == SubjectKind.UNIT else part.unit.name
    groups = asked.makeup.groups_of.get((pk, part.unit.id), frozenset()) if asked.kind == SubjectKind.PERSON else ()
    where = "; ".join(str(group.label) for group in Group if group.value in groups)
    if tab == EXCLUDED:
        return FrozenRow(name, unit, where, _exclusion(asked, pk), None, "")
    return _counted_row(asked, pk, name, unit, where) if tab == COUNTED else FrozenRow(name, unit, where, "", None, "")


def _counted_row(asked: _Asked, pk: int, name: str, unit: str, where: str) -> FrozenRow:
    by = asked.makeup.counted_by.get(pk)
    if by is None:
        return FrozenRow(name, unit, where, "", None, "")
    return FrozenRow(name, unit, where, record_text(asked.side, (by.kind, by.record_ids[-1])), by.on,
                     record_url(by.kind, by.record_ids[-1]))  # fmt: skip


def record_text(side: Side, key: tuple[RecordKind, int]) -> str:
    """A record as it was called when it was frozen."""
    record = side.records.get(key)
    if record is not None and record.title:
        return record.title
    return f"{RECORDS[key[0]]} số {key[1]}"


def record_url(kind: RecordKind, pk: int) -> str:
    """Where the record stands today; only activities have a page of their own."""
    return reverse("training:activity_detail", args=[pk]) if kind == RecordKind.ACTIVITY else ""


def _exclusion(asked: _Asked, person_id: int) -> str:
    """The reasons that hold for this target, with their days (C8)."""
    rows = [
        row
        for row in asked.content.sources.exclusions
        if row.person_id == person_id and row.target_code in ("", asked.makeup.code)
    ]
    return "; ".join(f"{ExclusionReason(row.reason).label}, {_days(row.starts_on, row.ends_on)}" for row in rows)


def _days(first: date, last: date | None) -> str:
    return f"từ {date_short(first)}" + (f" đến {date_short(last)}" if last else "")


def _asides(asked: _Asked, noun: str) -> Iterator[str]:
    yield from _declared_asides(asked, noun)
    cell = _cell(asked)
    if cell.unnamed:
        yield f"Ngoài ra có {grouped(cell.unnamed)} lượt người chưa có tên, không tính vào tử số."


def _declared_asides(asked: _Asked, noun: str) -> Iterable[str]:
    for part in asked.parts:
        for group, fact in sorted(part.declared.items()):
            n, d = fact.official.get(asked.makeup.code, 0), fact.d
            total = f"trong {grouped(d)}" if d is not None else "chưa có quy mô"
            yield f"{part.unit.name}, {Group(group).label.lower()}: khai báo {grouped(n)} {total} {noun}, không có tên."
