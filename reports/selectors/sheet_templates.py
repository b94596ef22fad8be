"""The superior's forms, what they are filled with, and the files that were made of them."""

from django.db.models import QuerySet

from accounts.models import Job, User
from campaigns.models import Campaign, Unit
from hbs_portal.lib.text import fold
from reports.exporters.sheet_template.figures import Known
from reports.models import SheetTemplate

SHEET_TEMPLATE = "sheet_template"


def templates_of(user: User, q: str = "") -> list[SheetTemplate]:
    """The forms this person may read, those in use first; of them those whose title or file name holds every word."""
    rows = SheetTemplate.objects.visible_to(user).select_related("uploaded_by").order_by("-is_active", "title", "pk")
    words = fold(q).split()
    return [row for row in rows if all(word in fold(f"{row.title} {row.name}") for word in words)]


def fills_of(template: SheetTemplate) -> QuerySet[Job]:
    """The files that anybody of the commune had made of a form, the newest first."""
    rows = Job.objects.filter(commune_id=template.commune_id, kind=SHEET_TEMPLATE, arguments__template=template.pk)
    return rows.select_related("owner").order_by("-pk")


def known_figures(campaign: Campaign) -> Known:
    """What a form may ask for today: the targets of the campaign, and the units of the commune."""
    targets = campaign.targets.order_by("position", "code").values_list("code", "short_name")
    units = Unit.objects.filter(commune_id=campaign.commune_id).exclude(pk=campaign.commune_id).in_order()
    return Known(dict(targets), dict(units.values_list("code", "name")))
