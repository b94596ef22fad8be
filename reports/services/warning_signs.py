"""What came of looking into a sign."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import StaleRecordError, save_if_unchanged
from campaigns.models import Campaign
from reports.models import SignalReview
from reports.warning_signs import Sign

FIELDS = ["outcome", "note"]


@transaction.atomic
def review_sign(
    *, actor: User, campaign: Campaign, sign: Sign, outcome: str, note: str, expected_version: int
) -> SignalReview:
    """Notes the outcome for this sign, or changes it; `expected_version` is 0 where nothing was noted yet.

    Raises StaleRecordError where somebody else noted something meanwhile.
    """
    review = _review_of(campaign, sign)
    if review.pk and review.version != expected_version:
        raise StaleRecordError(review)
    before = field_values(review, FIELDS) if review.pk else {}
    review.outcome, review.note = outcome, note
    review.reviewed_by, review.reviewed_at = actor, timezone.now()
    _save(review, expected_version)
    before, after = changed_only(before, field_values(review, FIELDS))
    record_audit(
        actor=actor,
        action="Ghi kết quả xem dấu hiệu cần kiểm tra",
        target=review,
        label=f"{sign.kind.label}: {sign.sentence}",
        before=before,
        after=after,
        unit_id=sign.unit_ids[0],
    )
    return review


def _review_of(campaign: Campaign, sign: Sign) -> SignalReview:
    """What was noted about the sign so far; a new row where nothing was."""
    known = {"commune_id": campaign.commune_id, "campaign": campaign, "kind": sign.kind, "key": sign.key}
    return SignalReview.objects.filter(**known).first() or SignalReview(**known)


def _save(review: SignalReview, expected_version: int) -> None:
    if review.pk is None:
        _save_first(review)
    else:
        fields = [*FIELDS, "reviewed_by", "reviewed_at"]
        save_if_unchanged(review, expected_version=expected_version, fields=fields)


def _save_first(review: SignalReview) -> None:
    """Of two who note something about a sign in the same instant the database refuses the second."""
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        known = {"campaign": review.campaign, "kind": review.kind, "key": review.key}
        raise StaleRecordError(SignalReview.objects.get(commune_id=review.commune_id, **known)) from error
