"""A paper as PDF: the report of the whole commune with its tables behind it, or the tables of one unit."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from hbs_portal.lib.printing import print_pdf
from reports.exporters.activities_sheet import NAME as LIST
from reports.exporters.edition import Edition
from reports.exporters.pdf.tables import printed_blocks, printed_sheet
from reports.exporters.workbook import sheets_of
from reports.papers.content import PaperWords, ReportContent, place_line, report_content
from reports.selectors.paragraphs import paragraphs_of

TEMPLATE = "reports/print/paper.html"
STYLE = Path(settings.BASE_DIR) / "static" / "css" / "paper.css"


def write_pdf(
    edition: Edition,
    path: Path,
    paragraphs: Mapping[str, str] | None = None,
    words: PaperWords | None = None,
    at_page: Callable[[int], None] = lambda _: None,
) -> None:
    """Write the paper to `path`, whole or not at all; the same snapshot gives the same document, but
    for the line that tells who made it when.

    `paragraphs` by section key: without them those the office keeps for this campaign. A unit's own paper holds its
    tables only; the commune's leaves the list of activities (hundreds of pages) to the workbook of the same snapshot.
    Raises PrintingError (an OSError) with a sentence where this machine cannot print.
    """
    content = _report(edition, paragraphs, words)
    context = {
        "edition": edition,
        "sheets": [printed_sheet(sheet) for sheet in sheets_of(edition) if edition.unit or sheet.name != LIST],
        "title": _title(edition),
        "place_line": content.place_line if content else place_line(edition.letterhead, None),
    }
    html = render_to_string(TEMPLATE, context | (_report_context(content) if content else {}))
    moment = timezone.localtime(edition.seal.taken_at if edition.seal else edition.made_at)
    print_pdf(html, STYLE.read_text(encoding="utf-8"), path, moment=moment, at_page=at_page)


def _report(edition: Edition, paragraphs: Mapping[str, str] | None, words: PaperWords | None) -> ReportContent | None:
    if edition.unit is not None:
        return None
    kept = paragraphs_of(edition.campaign) if paragraphs is None else paragraphs
    return report_content(edition, kept, words)


def _report_context(content: ReportContent) -> dict[str, Any]:
    """The texts of the report, its tables laid out for the template."""
    return {
        "content": content,
        "opening": printed_blocks(content.opening),
        "sections": [(section.heading, printed_blocks(section.blocks)) for section in content.sections],
        "closing": printed_blocks(content.closing),
        "appendices": [(appendix, printed_blocks(appendix.blocks)) for appendix in content.appendices],
    }


def _title(edition: Edition) -> str:
    name = edition.unit.name if edition.unit else str(edition.campaign.commune)
    return f"{edition.movement} - {name}"
