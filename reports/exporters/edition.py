"""Everything one edition of an official paper is made of, read once; sheets, pages and texts only arrange it.

Frozen figures and those of this moment come in one form, `Content`: a snapshot gives the same paper again years later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from campaigns.choices import SCHOOL_KINDS, UnitKind
from campaigns.models import AgencyProfile, Campaign, Target
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.sheets.writing import Letterhead
from hbs_portal.lib.text import date_short
from reports.models import Snapshot
from reports.models.periods import PeriodMode
from reports.papers.activities import ActivityRow, activity_rows
from reports.periods.flows import PeriodFlows
from reports.progress import CellState, Progress, TargetProgress
from reports.progress.facts import UnitFact
from reports.selectors import Reading, read_progress
from reports.selectors.clocks import Clocks
from reports.selectors.periods import snapshot_before
from reports.selectors.rules import target_of
from reports.selectors.snapshots import last_snapshot
from reports.selectors.subjects.people import class_names_of
from reports.services.period_flows import flows_of
from reports.services.snapshots import content_of, open_snapshot
from reports.snapshots.content import Content, NamedSubjects

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
DEMO_MARK = "DỮ LIỆU MINH HỌA, KHÔNG PHẢI SỐ LIỆU THẬT"
NOT_FROZEN = "Số liệu chưa chốt"
SHOWN_DIGITS = 12


_UNIT_SIGNERS: Mapping[str, str] = {
    UnitKind.VILLAGE.value: "TRƯỞNG THÔN",
    **{kind.value: "HIỆU TRƯỞNG" for kind in SCHOOL_KINDS},
}


class UnknownUnitError(LookupError):
    """No such unit in these figures; the message is for people to read."""


@dataclass(frozen=True)
class Seal:
    """By what a paper's figures can be found again."""

    code: str
    sha256: str
    name: str
    taken_at: datetime
    taken_by: str

    @property
    def short(self) -> str:
        return f"{self.code} · {self.sha256[:SHOWN_DIGITS]}"


@dataclass(frozen=True)
class Previous:
    """Frozen figures that others are compared with."""

    seal: Seal
    content: Content


@dataclass(frozen=True)
class PeriodPart:
    """The period whose end these figures are; `flows` where it tells what happened in it (rule G7)."""

    name: str
    starts_on: date
    ends_on: date
    flows: PeriodFlows | None


@dataclass(frozen=True)
class Edition:
    """`made_by` is empty for a file made from the command line; `seal` is None for figures that are not frozen.

    `unit`: the paper is that unit's own result; `class_names` are then those of its pupils, by person. `previous` are
    the frozen figures that these are compared with.
    """

    reading: Reading
    content: Content
    letterhead: Letterhead
    made_by: str
    made_at: datetime
    seal: Seal | None = None
    unit: UnitFact | None = None
    previous: Previous | None = None
    period: PeriodPart | None = None
    class_names: Mapping[int, str] = field(default_factory=dict)

    @property
    def campaign(self) -> Campaign:
        return self.reading.campaign

    @property
    def progress(self) -> Progress:
        return self.content.progress

    @cached_property
    def activities(self) -> Sequence[ActivityRow]:
        """The official activities; in a unit's own paper those that it hosted or joined."""
        rows = activity_rows(self.content)
        return [row for row in rows if self.unit is None or self.unit.id in row.unit_ids]

    @property
    def subjects(self) -> NamedSubjects | None:
        """People and households that were named anywhere, each once; None where an old snapshot does not tell."""
        return self.content.sources.named if self.unit is None else None

    @property
    def unit_id(self) -> int | None:
        return self.unit.id if self.unit else None

    @cached_property
    def figures(self) -> Sequence[tuple[Target, TargetProgress]]:
        """The targets with their figures. In a unit's own paper those that apply to it, each as the unit's figure."""
        pairs = zip(self.reading.targets, self.progress.targets, strict=True)
        if self.unit is None:
            return list(pairs)
        return [(target, found) for target, figures in pairs if (found := _of_unit(figures, self.unit.id))]

    @property
    def source_line(self) -> str:
        """Where the figures come from, as every sheet and page of a paper says it."""
        return f"Bản chốt {self.seal.short}" if self.seal else NOT_FROZEN

    @property
    def movement(self) -> str:
        """What all titles end with: "Phong trào “Bình dân học vụ số” năm 2026"."""
        return f"Phong trào “{self.campaign.name}” năm {self.campaign.starts_on.year}"

    def for_unit(self, code: str) -> "Edition":
        """The same figures as the paper of one unit. Raises UnknownUnitError."""
        unit = next((unit for unit in self.content.facts.units if unit.code == code), None)
        if unit is None:
            raise UnknownUnitError(f"Không có đơn vị mã “{code}” trong số liệu này.")
        letterhead, class_names = unit_letterhead(self.letterhead, unit), class_names_of(self.reading, unit.id)
        return replace(self, unit=unit, letterhead=letterhead, class_names=class_names)

    @property
    def clock_line(self) -> str:
        """The two clocks of every table (rule G5)."""
        clocks = self.reading.clocks
        return f"(Số liệu phát sinh đến {date_short(clocks.as_of)}, được duyệt đến {date_short(clocks.approved_by)})"

    @property
    def head_lines(self) -> tuple[str, ...]:
        """What stands under the title of every sheet."""
        unit = (f"Đơn vị: {self.unit.name}",) if self.unit else ()
        return (*unit, DEMO_MARK) if self.campaign.is_demo else unit


def _of_unit(figures: TargetProgress, unit_id: int) -> TargetProgress | None:
    """The figure of one unit in the form of a target's; None where the target does not apply to it."""
    row = next((row for row in figures.units if row.unit.id == unit_id), None)
    if row is None or row.cell.state == CellState.NOT_APPLICABLE:
        return None
    return replace(
        figures,
        commune=row.cell,
        units=(row,),
        overlap_n=0,
        overlap_d=0,
        units_applicable=1,
        units_with_denominator=int(row.cell.d is not None),
        units_reported=int(row.cell.has_value),
        second_tier=row.second_tier,
        previous_n=None,
    )


def read_edition(campaign: Campaign, clocks: Clocks, made_by: str = "") -> Edition:
    """The records as they are now, beside the newest frozen figures; the number of queries depends on nothing.

    The figures are drawn at once: facts which contradict each other raise ProgressError here, a frozen content that
    was tampered with raises ContentError.
    """
    reading = read_progress(campaign, clocks)
    return _edition(reading, content_of(reading), made_by, previous=_opened(last_snapshot(campaign, clocks)))


def edition_of_snapshot(
    snapshot: Snapshot, made_by: str = "", previous: Snapshot | None = None, letterhead: Letterhead | None = None
) -> Edition:
    """Frozen figures, whatever the records say today. Raises ContentError where the seal does not fit.

    Compared with `previous`, without it with the figures of the time before; `letterhead` is that of a report.
    """
    campaign, content = snapshot.campaign, open_snapshot(snapshot)
    clocks = Clocks(content.as_of, content.approved_by)
    reading = Reading(
        campaign,
        clocks,
        list(_frozen_targets(campaign, content)),
        content.facts,
        frozen=content.progress,
    )
    before = _opened(previous or snapshot_before(snapshot))
    edition = _edition(reading, content, made_by, previous=before, letterhead=letterhead)
    return replace(edition, seal=_seal_of(snapshot), period=_period_of(snapshot, content))


def _frozen_targets(campaign: Campaign, content: Content) -> Iterator[Target]:
    for position, rule in enumerate(content.facts.rules, start=1):
        name = content.name(rule.code)
        yield target_of(campaign, rule, position, short_name=name.short_name, noun=name.noun)


def _period_of(snapshot: Snapshot, content: Content) -> PeriodPart | None:
    """The period that was closed by this snapshot, not by that of the day before it."""
    period = snapshot.period
    if period is None or content.as_of != period.ends_on:
        return None
    tells_flows = period.mode == PeriodMode.IN_PERIOD
    flows = flows_of(period, content.progress, content.facts, snapshot) if tells_flows else None
    return PeriodPart(period.name, period.starts_on, period.ends_on, flows)


def _edition(
    reading: Reading,
    content: Content,
    made_by: str,
    *,
    previous: Previous | None,
    letterhead: Letterhead | None = None,
) -> Edition:
    return Edition(
        reading=reading,
        content=content,
        letterhead=letterhead or letterhead_of(reading.campaign),
        made_by=made_by,
        made_at=timezone.now(),
        previous=previous,
    )


def _seal_of(snapshot: Snapshot) -> Seal:
    taken_by = str(snapshot.taken_by) if snapshot.taken_by else "Dòng lệnh của máy chủ"
    return Seal(snapshot.code, snapshot.sha256, snapshot.name, snapshot.taken_at, taken_by)


def _opened(snapshot: Snapshot | None) -> Previous | None:
    return Previous(_seal_of(snapshot), open_snapshot(snapshot)) if snapshot else None


def letterhead_of(campaign: Campaign) -> Letterhead:
    """Head, signatures and recipients of the commune's papers, dated today (Nghị định 30/2020/NĐ-CP)."""
    profile = AgencyProfile.objects.filter(commune_id=campaign.commune_id).first() or _plain_profile(campaign)
    return Letterhead(
        agency_lines=(profile.superior_name, profile.agency_name),
        motto_lines=MOTTO,
        place=profile.place,
        symbol=profile.report_symbol,
        day=local_today(),
        signer_lines=tuple(filter(None, (profile.signed_for, profile.signed_instead, profile.signer_title))),
        signer_name=profile.signer_name,
        preparer_label=profile.preparer_title,
        recipients_label="Nơi nhận:",
        recipients=tuple(f"- {line.strip()}" for line in profile.recipients.splitlines() if line.strip()),
    )


def unit_letterhead(letterhead: Letterhead, unit: UnitFact) -> Letterhead:
    """The head of a unit's own paper: the commune above, the unit below, its head signs; names are written by hand."""
    return replace(
        letterhead,
        agency_lines=(" ".join(filter(None, letterhead.agency_lines)), unit.name.upper()),
        signer_lines=(_UNIT_SIGNERS.get(unit.kind, "THỦ TRƯỞNG ĐƠN VỊ"),),
        signer_name="",
        recipients=("- Phòng Văn hóa - Xã hội;", "- Lưu: đơn vị."),
        paper_number="",
        symbol="",
    )


def _plain_profile(campaign: Campaign) -> AgencyProfile:
    """What can be said of a commune that has not described its papers yet."""
    name = campaign.commune.name
    return AgencyProfile(agency_name=name.upper(), place=name.removeprefix("Xã ").removeprefix("Phường "))
