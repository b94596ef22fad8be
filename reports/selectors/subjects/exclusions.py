"""The approved exclusions behind a figure (rule C8), with reason, days and who decided: one query."""

from datetime import date
from typing import NamedTuple

from django.db.models import Q

from campaigns.choices import ExclusionReason
from campaigns.models import Exclusion, Target
from reports.selectors.facts import Reading


class ExcludedPerson(NamedTuple):
    """One exclusion that is in force on the counted day."""

    id: int
    person_id: int
    full_name: str
    search_key: str
    unit_id: int
    reason: str
    note: str
    starts_on: date
    ends_on: date | None
    target_id: int | None
    approver: str
    approved_on: date

    @property
    def of_all_targets(self) -> bool:
        """Whether it was not proposed for this target alone."""
        return self.target_id is None

    @property
    def reason_label(self) -> str:
        return str(ExclusionReason(self.reason).label)


COLUMNS = (
    "pk", "person_id", "person__full_name", "person__search_key", "unit_id", "reason", "note", "starts_on", "ends_on",
    "target_id", "decided_by__full_name", "approved_on",
)  # fmt: skip


def exclusions_of(reading: Reading, target: Target) -> list[ExcludedPerson]:
    """The exclusions of the people whom the figure of this target is also shown without; by name."""
    excluded = reading.facts.excluded.get(target.code, frozenset())
    if not excluded:
        return []
    _, day = reading.facts.span_of(reading.progress.target(target.code).rule)
    rows = Exclusion.objects.filter(
        reading.clocks.official(),
        Q(target=target) | Q(target__isnull=True),
        Q(ends_on__isnull=True) | Q(ends_on__gte=day),
        commune_id=reading.campaign.commune_id,
        campaign=reading.campaign,
        starts_on__lte=day,
    ).order_by("person__sort_key", "person_id", "starts_on", "pk")
    found = (ExcludedPerson(*row) for row in rows.values_list(*COLUMNS))
    return [row for row in found if row.person_id in excluded]
