"""Where an editor or a team member starts: how their unit stands, what is still to finish."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from campaigns.choices import SCHOOL_KINDS, Group, Qualifier, UnitKind
from campaigns.class_names import class_order
from campaigns.models import Campaign, Target
from hbs_portal.lib.dates import local_today
from reports.pages.explanation.question import NotForYouError
from reports.pages.heat import applies
from reports.pages.links import Links
from reports.pages.pace import needed_line
from reports.pages.tiles import Tile, unit_tile, with_notes
from reports.pages.wording import clock_line
from reports.progress import TargetRule, UnitCell, split
from reports.progress.facts import UnitFact
from reports.progress.numbers import grouped
from reports.selectors import Reading, read_progress
from reports.selectors.clocks import Clocks
from reports.selectors.own_records import (
    ACTIVITY,
    CHECK,
    EXCLUSION,
    HEADCOUNT,
    PLATFORM_USE,
    RUNNING_TOTAL,
    OwnRecord,
    own_records,
)
from reports.selectors.subjects.people import ListedPerson, listed_people
from reports.selectors.waiting import WaitingCount, waiting_counts

MOST_RECORDS = 20
MOST_CLASSES = 4
EDIT_VIEWS = {
    ACTIVITY: "training:activity_edit",
    PLATFORM_USE: "training:platform_use_edit",
    CHECK: "training:household_check_edit",
    RUNNING_TOTAL: "training:running_total_edit",
    HEADCOUNT: "training:headcount_edit",
    EXCLUSION: "training:exclusion_edit",
}


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """A target as it stands in the unit; `hint` says what is still to do, empty where nothing is."""

    tile: Tile
    hint: str


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """`note` says why it is still open: what was asked for on its return, or that its day is still to come."""

    record: OwnRecord
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class UnitHomePage:
    """`choices` are all units this person records for, when there are several."""

    unit: UnitFact
    choices: tuple[UnitFact, ...]
    clock_line: str
    figures: tuple[UnitFigure, ...]
    records: tuple[OpenRecord, ...]
    more_records: int
    waiting: tuple[WaitingCount, ...]
    record_url: str


def unit_home_page(user: User, campaign: Campaign, code: str) -> UnitHomePage:
    """The unit of this code, without one the first of the person's own.

    Raises NotForYouError for any other unit, ProgressError where the records contradict each other. The number of
    queries depends on the targets of the plan only.
    """
    reading = read_progress(campaign, Clocks.of(campaign))
    choices = [unit for unit in reading.facts.units if unit.id in user.scope.recording_unit_ids]
    unit = next((unit for unit in choices if code in ("", unit.code)), None)
    if unit is None:
        raise NotForYouError(code)
    records = own_records(campaign.commune_id, unit.id)
    return UnitHomePage(
        unit=unit,
        choices=tuple(choices) if len(choices) > 1 else (),
        clock_line=clock_line(reading.clocks, timezone.localtime().strftime("%H:%M")),
        figures=tuple(_figures(reading, unit)),
        records=tuple(_opened(record) for record in records[:MOST_RECORDS]),
        more_records=max(0, len(records) - MOST_RECORDS),
        waiting=tuple(waiting_counts(campaign.commune_id, {unit.id})),
        record_url=f"{reverse('training:activity_create')}?host={unit.id}",
    )


def _opened(record: OwnRecord) -> OpenRecord:
    return OpenRecord(record, reverse(EDIT_VIEWS[record.kind], args=[record.pk]), record.reason or _plan_note(record))


def _plan_note(record: OwnRecord) -> str:
    """A scheduled activity is no work left over before its day; after it, it asks to be completed."""
    if record.kind != ACTIVITY:
        return ""
    return "Lịch dự kiến, chưa tới ngày." if record.day > local_today() else "Đã diễn ra? Hãy hoàn tất và gửi duyệt."


def _figures(reading: Reading, unit: UnitFact) -> list[UnitFigure]:
    figures = []
    for target in reading.targets:
        progress = reading.progress.target(target.code)
        found = next((row for row in progress.units if row.unit.id == unit.id and applies(row.cell)), None)
        if found:
            url = Links().explain(target.code, unit.code)
            tile = unit_tile(target, found.cell, found.second_tier, url)
            tile = with_notes(tile, "" if tile.word else needed_line(reading, target, found.cell))
            figures.append(UnitFigure(tile, _hint(reading, target, progress.rule, found)))
    return figures


def _hint(reading: Reading, target: Target, rule: TargetRule, found: UnitCell) -> str:
    """ "Trường còn 12 học sinh lớp 4A chưa được ghi nhận."; says first what matters most."""
    place = place_of(found.unit)
    if rule.counts_people:
        return _people_hint(reading, target, rule, found.unit, place)
    if rule.counts_units:
        return "" if found.cell.n else _unit_hint(rule, place)
    left = (found.cell.d or 0) - (found.cell.n or 0)
    return f"{place} còn {grouped(left)} hộ chưa đạt kiểm tra năm kỹ năng." if left > 0 else ""


def place_of(unit: UnitFact) -> str:
    """How a sentence calls the unit: "Trường", "Thôn" or "Đơn vị"."""
    if unit.kind in SCHOOL_KINDS:
        return "Trường"
    return "Thôn" if unit.kind == UnitKind.VILLAGE else "Đơn vị"


def _unit_hint(rule: TargetRule, place: str) -> str:
    if rule.qualifier == Qualifier.TEAM_ACTIVITY:
        window = f" trong {rule.window_days} ngày gần nhất" if rule.window_days else ""
        return f"Tổ công nghệ số cộng đồng của thôn chưa có hoạt động được duyệt{window}."
    return f"{place} chưa có hoạt động lan tỏa nào được duyệt."


def _people_hint(reading: Reading, target: Target, rule: TargetRule, unit: UnitFact, place: str) -> str:
    listed = next((row for row in split(reading.facts, rule) if row.unit.id == unit.id), None)
    if listed is None or not listed.missing:
        return ""
    people = {row.person_id: row for row in listed_people(reading, target, [unit.id])}
    missing = [people[pk] for pk in listed.missing if pk in people]
    lack = "chưa xác nhận dùng nền tảng số" if rule.qualifier == Qualifier.PLATFORM_USE else "chưa được ghi nhận"
    waiting = f" {grouped(len(listed.waiting))} người trong số đó đang chờ duyệt." if listed.waiting else ""
    return f"{place} còn {in_groups(missing)} {lack}.{waiting}"


def in_groups(people: Collection[ListedPerson]) -> str:
    """ "12 học sinh lớp 4A, 3 học sinh lớp 4B và 40 người khác": classes and groups, the fullest first."""
    counts = Counter((row.group, row.class_name if row.group == Group.PUPIL else "") for row in people)
    ordered = sorted(counts.items(), key=lambda found: (-found[1], class_order(found[0][1]), found[0][0]))
    shown = [_group_text(count, *key) for key, count in ordered[:MOST_CLASSES]]
    rest = sum(count for _, count in ordered[MOST_CLASSES:])
    return ", ".join(shown) + (f" và {grouped(rest)} người khác" if rest else "")


def _group_text(count: int, group: str, class_name: str) -> str:
    label = str(Group(group).label)
    return f"{grouped(count)} {label[:1].lower()}{label[1:]}" + (f" lớp {class_name}" if class_name else "")
