"""The report of the People's Committee as content: `report_content` is the one entrance of Word and PDF."""

from collections.abc import Iterable, Mapping
from datetime import date

from hbs_portal.lib.sheets.writing import Letterhead
from hbs_portal.lib.text import date_long, date_short
from reports.exporters.edition import Edition
from reports.exporters.units_sheet import roman
from reports.papers.appendices import report_appendices
from reports.papers.grammar import lowered
from reports.papers.outline import OUTLINE, Part
from reports.papers.parts import (
    Appendix,
    Block,
    PaperWords,
    Paragraph,
    ParagraphKind,
    ReportContent,
    ReportTable,
    Section,
    SectionKey,
    Subsection,
    TableColumn,
    TableRow,
)

__all__ = [
    "Appendix",
    "PaperWords",
    "Paragraph",
    "ParagraphKind",
    "ReportContent",
    "ReportTable",
    "Section",
    "SectionKey",
    "TableColumn",
    "TableRow",
    "report_content",
    "report_subsections",
]

KIND_WORD = "BÁO CÁO"
BLANK = " " * 6
UNDATED = f"ngày{BLANK}tháng{BLANK}năm{BLANK}"


def report_content(edition: Edition, paragraphs: Mapping[str, str], words: PaperWords | None = None) -> ReportContent:
    """The whole report. In: the figures, the office's paragraphs by section key, number and title of the paper.

    The same edition and words give the same content; no name of a person stands in it but the signer's.
    """
    words = words or PaperWords()
    return ReportContent(
        letterhead=edition.letterhead,
        number_line=number_line(words.number, edition.letterhead.symbol),
        place_line=place_line(edition.letterhead, words.dated_on),
        kind_word=KIND_WORD,
        title=words.title or suggested_title(edition),
        marks=edition.head_lines,
        clock_line=edition.clock_line,
        opening=(Paragraph(_opening(edition)),),
        sections=tuple(_section(number, part, edition, paragraphs) for number, part in enumerate(OUTLINE, start=1)),
        closing=(Paragraph(_closing(edition)),),
        appendices=report_appendices(edition, _origin(edition, words)),
        seal_line=edition.source_line,
    )


def report_subsections(edition: Edition) -> list[Subsection]:
    """What the portal writes by itself, piece by piece: shown beside the office's paragraphs."""
    return [
        Subsection(piece.key, f"{roman(number)}. {part.title}", piece.title, tuple(piece.sentences(edition)))
        for number, part in enumerate(OUTLINE, start=1)
        for piece in part.pieces
    ]


def suggested_title(edition: Edition) -> str:
    """ "Kết quả thực hiện Phong trào “Bình dân học vụ số” quý II/2026"; without a period the day of the figures."""
    if edition.period is None:
        return f"Kết quả thực hiện {edition.movement} (số liệu đến ngày {date_short(edition.reading.clocks.as_of)})"
    name, year = lowered(edition.period.name), str(edition.campaign.starts_on.year)
    return f"Kết quả thực hiện Phong trào “{edition.campaign.name}” {name}{'' if year in name else f' năm {year}'}"


def number_line(number: str, symbol: str) -> str:
    """ "Số: 12/BC-UBND"; a number that is not given yet leaves room for the pen, one with a stroke brings its own
    symbol."""
    return f"Số: {full_number(number, symbol)}"


def full_number(number: str, symbol: str) -> str:
    """ "12/BC-UBND"."""
    number = number.strip()
    return number if "/" in number else f"{number or BLANK}/{symbol}"


def place_line(letterhead: Letterhead, dated_on: date | None) -> str:
    """ "Hà Bắc, ngày 05 tháng 7 năm 2026"; without a day, room to write it."""
    day = dated_on or letterhead.day
    return f"{letterhead.place}, {date_long(day) if day else UNDATED}"


def _section(number: int, part: Part, edition: Edition, paragraphs: Mapping[str, str]) -> Section:
    """A part with its pieces; a piece without any words leaves no empty heading behind."""
    blocks: list[Block] = []
    count = 0
    for piece in part.pieces:
        found = [*piece.sentences(edition), *office_paragraphs(paragraphs.get(piece.key, ""))]
        if found and piece.title:
            count += 1
            blocks.append(Paragraph(f"{count}. {piece.title}", ParagraphKind.HEADING))
        blocks += found
    return Section(roman(number), part.title, tuple(blocks))


def office_paragraphs(text: str) -> Iterable[Paragraph]:
    """Each line that the office wrote is a paragraph."""
    return [Paragraph(line.strip(), is_office=True) for line in text.splitlines() if line.strip()]


def _opening(edition: Edition) -> str:
    """Which plan is reported on, at which clocks (rule G5)."""
    clocks = edition.reading.clocks
    return (
        f"Thực hiện {_plan(edition)}, Ủy ban nhân dân {_commune(edition)} báo cáo kết quả{_period(edition)} như sau "
        f"({_span(edition)} đến hết ngày {date_short(clocks.as_of)}, "
        f"được duyệt đến hết ngày {date_short(clocks.approved_by)}):"
    )


def _period(edition: Edition) -> str:
    """ " quý II/2026" where a period is reported on."""
    return f" {lowered(edition.period.name)}" if edition.period else ""


def _span(edition: Edition) -> str:
    """From when the figures are told (rule G7): a period in its own days, everything else from the beginning."""
    period = edition.period
    if period and period.flows:
        return f"số phát sinh trong kỳ từ ngày {date_short(period.starts_on)}, số luỹ kế"
    return "số liệu luỹ kế" if period else "số liệu phát sinh"


def _plan(edition: Edition) -> str:
    """The plan with its number and day, as far as they were recorded."""
    campaign = edition.campaign
    number = f" số {campaign.plan_number}" if campaign.plan_number else ""
    day = f" ngày {date_short(campaign.issued_on)}" if campaign.issued_on else ""
    return f"Kế hoạch{number}{day} triển khai {edition.movement}"


def _origin(edition: Edition, words: PaperWords) -> str:
    """Which report an appendix belongs to (Nghị định 30/2020/NĐ-CP, phụ lục I, mục III)."""
    letterhead = edition.letterhead
    day = words.dated_on or letterhead.day
    dated = date_long(day) if day else UNDATED
    agency = f"Ủy ban nhân dân {_commune(edition)}"
    return f"(Kèm theo Báo cáo số {full_number(words.number, letterhead.symbol)} {dated} của {agency})"


def _closing(edition: Edition) -> str:
    subject = f"kết quả{_period(edition)} thực hiện {edition.movement}"
    return f"Trên đây là báo cáo {subject} trên địa bàn {_commune(edition)}./."


def _commune(edition: Edition) -> str:
    return lowered(edition.campaign.commune.name)
