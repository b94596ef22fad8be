"""The head of a plan and how the commune's papers are signed."""

from typing import Any

from django.db import transaction

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.models import AgencyProfile, Campaign, Unit

CAMPAIGN_FIELDS = ("title", "plan_number", "issued_on", "starts_on", "ends_on", "allows_self_approval", "state")
AGENCY_FIELDS = (
    "superior_name",
    "agency_name",
    "report_symbol",
    "place",
    "signed_for",
    "signed_instead",
    "signer_title",
    "signer_name",
    "preparer_title",
    "recipients",
)


@transaction.atomic
def update_campaign(*, actor: User, campaign: Campaign, expected_version: int, **values: Any) -> Campaign:
    """Changes the head of a plan; `values` are some of CAMPAIGN_FIELDS. Raises StaleRecordError."""
    before = field_values(Campaign.objects.get(pk=campaign.pk), CAMPAIGN_FIELDS)
    _assign(campaign, values, CAMPAIGN_FIELDS)
    save_if_unchanged(campaign, expected_version=expected_version, fields=CAMPAIGN_FIELDS)
    before, after = changed_only(before, field_values(campaign, CAMPAIGN_FIELDS))
    record_audit(actor=actor, action="Sửa kế hoạch", target=campaign, before=before, after=after)
    return campaign


@transaction.atomic
def save_agency_profile(*, actor: User, commune: Unit, expected_version: int, **values: Any) -> AgencyProfile:
    """Changes how papers are headed and signed, or writes it for the first time; `values` are some of AGENCY_FIELDS.

    Raises StaleRecordError.
    """
    stored = AgencyProfile.objects.filter(commune=commune).first()
    profile = AgencyProfile.objects.get(pk=stored.pk) if stored else AgencyProfile(commune=commune)
    _assign(profile, values, AGENCY_FIELDS)
    if stored is None:
        profile.save()
    else:
        save_if_unchanged(profile, expected_version=expected_version, fields=AGENCY_FIELDS)
    before = field_values(stored, AGENCY_FIELDS) if stored else {}
    before, after = changed_only(before, field_values(profile, AGENCY_FIELDS))
    record_audit(
        actor=actor, action="Sửa thể thức văn bản", target=profile, before=before, after=after, commune_id=commune.pk
    )
    return profile


def _assign(record: Campaign | AgencyProfile, values: dict[str, Any], known: tuple[str, ...]) -> None:
    for name, value in values.items():
        if name not in known:
            raise TypeError(f"{name} is not one of {known}")
        setattr(record, name, value)
