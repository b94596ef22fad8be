"""What the office itself writes in its report, and the Word form it uses: one query each."""

from accounts.models import User
from campaigns.models import Campaign
from reports.models import ReportParagraph, WordTemplate


def paragraphs_of(campaign: Campaign) -> dict[str, str]:
    """The office's paragraphs by section key, as they are kept from edition to edition."""
    return dict(ReportParagraph.objects.filter(campaign=campaign).values_list("section", "text"))


def paragraph_rows(campaign: Campaign) -> dict[str, ReportParagraph]:
    """The same as records, with their versions and who changed them last."""
    rows = ReportParagraph.objects.filter(campaign=campaign).select_related("changed_by")
    return {row.section: row for row in rows}


def active_template(commune_id: int) -> WordTemplate | None:
    """The office's own Word template; None: the portal's is used."""
    found = WordTemplate.objects.filter(commune_id=commune_id, is_active=True)
    return found.select_related("uploaded_by").first()


def templates_of(user: User) -> list[WordTemplate]:
    """What this commune ever uploaded, the newest first."""
    return list(WordTemplate.objects.visible_to(user).select_related("uploaded_by"))
