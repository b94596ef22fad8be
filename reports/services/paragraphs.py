"""The office's own paragraphs of the report: kept from edition to edition, never written over unseen."""

from django.db import transaction

from accounts.audit import record_audit
from accounts.models import User
from accounts.versions import StaleRecordError, save_if_unchanged
from campaigns.models import Campaign
from reports.models import ReportParagraph
from reports.papers.parts import SectionKey


@transaction.atomic
def write_paragraph(
    *, actor: User, campaign: Campaign, section: SectionKey, text: str, expected_version: int
) -> ReportParagraph:
    """Stores what the office writes in a section; empty text leaves the section to the portal's sentences.

    `expected_version` is 0 where the form was opened before anything was written. Raises StaleRecordError where
    somebody else wrote meanwhile.
    """
    paragraph, is_new = ReportParagraph.objects.get_or_create(
        campaign=campaign, section=section, defaults={"text": text, "changed_by": actor}
    )
    before = "" if is_new else paragraph.text
    if not is_new:
        if not expected_version:
            raise StaleRecordError(paragraph)
        paragraph.text, paragraph.changed_by = text, actor
        save_if_unchanged(paragraph, expected_version=expected_version, fields=("text", "changed_by"))
    record_audit(
        actor=actor,
        action="Viết đoạn của báo cáo",
        target=paragraph,
        before={"section": section.value, "text": before},
        after={"section": section.value, "text": text},
    )
    return paragraph
