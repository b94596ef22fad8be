"""Lists of those who are missing leave the portal for a reason, and recorded."""

from pathlib import Path

from django.db import transaction

from accounts.audit import record_audit
from accounts.models import User
from campaigns.models import Campaign
from reports.exporters.edition import letterhead_of
from reports.exporters.missing import MissingList, TakenBy, missing_workbook


class NobodyMissingError(Exception):
    """The chosen part of the list holds nobody; the text says what to do."""


@transaction.atomic
def export_missing(
    *, actor: User, campaign: Campaign, listing: MissingList, unit_id: int | None, reason: str, path: Path
) -> int:
    """Write the list to `path` and one audit entry; returns how many rows.

    Raises NobodyMissingError, then nothing is written.
    """
    count = len(listing.entries)
    if not count:
        raise NobodyMissingError("Phần đang chọn không còn ai thiếu. Hãy chọn đơn vị, lớp khác hoặc bỏ ô tìm.")
    taken = TakenBy(f"{actor.full_name} ({actor.username})", reason)
    missing_workbook(listing, letterhead_of(campaign), taken, path)
    record_audit(
        actor=actor,
        action="Xuất danh sách còn thiếu",
        label=f"{listing.target_code}: {listing.chosen}",
        after={"count": count, "reason": reason, "chosen": listing.chosen, "clocks": listing.clock_line},
        commune_id=campaign.commune_id,
        unit_id=unit_id,
    )
    return count
