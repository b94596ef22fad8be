"""Part I: what the records say about plan and participants; the leading itself is told by the office."""

from collections import Counter
from collections.abc import Iterator

from campaigns.choices import SCHOOL_KINDS, UnitKind
from hbs_portal.lib.text import date_short, number_text
from reports.exporters.edition import Edition
from reports.papers.grammar import joined, sentence
from reports.papers.parts import Paragraph
from reports.progress.facts import UnitFact


def direction(edition: Edition) -> Iterator[Paragraph]:
    """The plan's span and who takes part at the as-of date."""
    campaign = edition.campaign
    yield Paragraph(
        f"Phong trào được triển khai từ ngày {date_short(campaign.starts_on)} "
        f"đến ngày {date_short(campaign.ends_on)} với {number_text(len(edition.progress.targets))} chỉ tiêu."
    )
    units = taking_part(edition)
    if units:
        yield Paragraph(sentence(f"Tham gia thực hiện có {number_text(len(units))} đơn vị: {_by_kind(units)}"))


def taking_part(edition: Edition) -> list[UnitFact]:
    """The units open at the as-of date that some target applies to."""
    facts = edition.reading.facts
    concerned = frozenset().union(*(rule.unit_kinds for rule in facts.rules))
    return [unit for unit in facts.units if unit.is_open(facts.as_of) and unit.kind in concerned]


def _by_kind(units: list[UnitFact]) -> str:
    """ "6 cơ sở giáo dục, 13 thôn và 2 đơn vị khác"."""
    kinds = Counter(_kind_noun(unit.kind) for unit in units)
    order = ("cơ sở giáo dục", "thôn", "cơ quan, trung tâm", "đoàn thể")
    return joined([f"{number_text(kinds[noun])} {noun}" for noun in order if kinds[noun]])


def _kind_noun(kind: str) -> str:
    if kind in SCHOOL_KINDS:
        return "cơ sở giáo dục"
    if kind == UnitKind.VILLAGE:
        return "thôn"
    return "đoàn thể" if kind == UnitKind.UNION else "cơ quan, trung tâm"
