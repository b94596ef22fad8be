"""Freezing the figures of a campaign ("chốt số liệu"), and reading them back."""

from django.db import transaction
from django.db.models import Max

from accounts.audit import record_audit
from accounts.models import User
from campaigns.models import Campaign
from reports.models import ReportingPeriod, Snapshot
from reports.progress import ProgressError
from reports.selectors import Reading, read_progress
from reports.selectors.clocks import Clocks
from reports.selectors.sources import load_sources
from reports.snapshots.content import FORMAT, Content, Sealed, TargetName, seal, unseal

#: How often the records may change under the reading before it is given up.
MOST_READINGS = 3
RESTLESS = "Số liệu đang được sửa liên tục nên chưa chốt được. Hãy thử lại sau ít phút."


class SnapshotError(Exception):
    """Figures that cannot be frozen now; the text is a Vietnamese sentence that says what to do."""


def read_content(campaign: Campaign, clocks: Clocks) -> Content:
    """What a snapshot taken now would hold. Raises SnapshotError where the records contradict each other."""
    try:
        return content_of(read_progress(campaign, clocks))
    except ProgressError as error:
        raise SnapshotError(f"Các bản ghi mâu thuẫn nên chưa có số liệu để chốt: {error}") from None


def content_of(reading: Reading) -> Content:
    """A reading with the records behind it. Raises ProgressError where they contradict each other."""
    return Content(
        format=FORMAT,
        campaign_code=reading.campaign.code,
        as_of=reading.clocks.as_of,
        approved_by=reading.clocks.approved_by,
        names=tuple(TargetName(target.code, target.short_name, target.noun) for target in reading.targets),
        facts=reading.facts,
        progress=reading.progress,
        sources=load_sources(reading),
    )


@transaction.atomic
def take_snapshot(
    actor: User | None,
    campaign: Campaign,
    clocks: Clocks,
    name: str,
    note: str = "",
    period: ReportingPeriod | None = None,
) -> Snapshot:
    """Freeze all figures at these clocks under the next number of the campaign; one audit entry.

    Raises SnapshotError where the records contradict each other (D2, G3), or change while they are read.
    """
    # Two at once wait here: numbers have neither gaps nor doubles.
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    sealed = _seal_at_rest(campaign, clocks)
    last = Snapshot.objects.filter(campaign=campaign).aggregate(last=Max("number"))["last"] or 0
    snapshot = Snapshot(
        commune_id=campaign.commune_id,
        campaign=campaign,
        number=last + 1,
        name=name,
        note=note,
        as_of=clocks.as_of,
        approved_by=clocks.approved_by,
        period=period,
        taken_by=actor,
        content=sealed.content,
        sha256=sealed.sha256,
    )
    snapshot.save(force_insert=True)
    after = {
        "name": name,
        "as_of": clocks.as_of.isoformat(),
        "approved_by": clocks.approved_by.isoformat(),
        "seal": sealed.sha256,
    }
    record_audit(actor=actor, action="Chốt số liệu", target=snapshot, after=after)
    return snapshot


def _seal_at_rest(campaign: Campaign, clocks: Clocks) -> Sealed:
    """Two readings in a row that are equal: then nothing changed between the queries of either of them.

    A transaction that is under way cannot be given one view of the database any more, and this holds on any database.
    """
    sealed = seal(read_content(campaign, clocks))
    for _ in range(MOST_READINGS):
        again = seal(read_content(campaign, clocks))
        if again.sha256 == sealed.sha256:
            return again
        sealed = again
    raise SnapshotError(RESTLESS)


def open_snapshot(snapshot: Snapshot) -> Content:
    """What was frozen. Raises reports.snapshots.canonical.ContentError where the seal does not fit."""
    return unseal(snapshot.content, snapshot.sha256)
