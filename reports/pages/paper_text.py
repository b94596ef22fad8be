"""The report as it is written: the portal's sentences, and beside them what the office adds."""

from dataclasses import dataclass

from reports.exporters.edition import Edition
from reports.models import ReportParagraph
from reports.papers.content import report_subsections
from reports.papers.parts import Paragraph, Subsection
from reports.selectors.paragraphs import paragraph_rows


@dataclass(frozen=True)
class TextPiece:
    """One place of the report; `own` is None where the office wrote nothing yet."""

    key: str
    title: str
    part: str
    generated: tuple[Paragraph, ...]
    own: ReportParagraph | None

    @property
    def own_text(self) -> str:
        return self.own.text if self.own else ""

    @property
    def version(self) -> int:
        return self.own.version if self.own else 0


def text_pieces(edition: Edition) -> list[TextPiece]:
    """Every place in the order of the report."""
    rows = paragraph_rows(edition.campaign)
    return [_piece(subsection, rows.get(subsection.key)) for subsection in report_subsections(edition)]


def _piece(subsection: Subsection, own: ReportParagraph | None) -> TextPiece:
    sentences = tuple(block for block in subsection.blocks if isinstance(block, Paragraph))
    return TextPiece(subsection.key.value, subsection.title, subsection.part, sentences, own)
