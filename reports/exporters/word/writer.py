"""The report as a .docx, from the office's own template or the portal's."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.word.rendering import render_document, save_document
from reports.exporters.edition import Edition
from reports.exporters.word.values import template_values
from reports.papers.content import PaperWords, report_content
from reports.selectors.paragraphs import active_template, paragraphs_of

OWN_TEMPLATE = Path(settings.BASE_DIR) / "templates" / "word" / "bao-cao.docx"


class NotWrittenError(OSError):
    """The document could not be made; the text is a sentence for people."""


def write_word(
    edition: Edition,
    path: Path,
    paragraphs: Mapping[str, str] | None = None,
    words: PaperWords | None = None,
) -> None:
    """Write the report to `path`, whole or not at all.

    `paragraphs` by section key: without them those the office keeps for this campaign. Raises NotWrittenError (an
    OSError) where the disk refuses, the office's template cannot be rendered, or the edition is a single unit's.
    """
    if edition.unit is not None:
        raise NotWrittenError(0, "Báo cáo Word chỉ có cho cả xã. Với một đơn vị, hãy chọn Excel")
    kept = paragraphs_of(edition.campaign) if paragraphs is None else paragraphs
    values = template_values(report_content(edition, kept, words), edition)
    try:
        content = render_document(template_path(edition.campaign.commune_id), values, edition_stamp(edition))
    except RefusedFile as error:
        raise NotWrittenError(0, str(error)) from error
    save_document(content, path)


def template_path(commune_id: int) -> Path:
    """The office's template where it has one, else the portal's own."""
    own = active_template(commune_id)
    return Path(own.file.path) if own else OWN_TEMPLATE


def edition_stamp(edition: Edition) -> datetime:
    """When the figures were frozen, so that the same snapshot gives the same file; else this moment."""
    return timezone.localtime(edition.seal.taken_at if edition.seal else edition.made_at)
