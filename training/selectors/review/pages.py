"""One record on one screen: what it says, what it would change, what to look at twice, what proves it."""

from dataclasses import dataclass, field

from accounts.models import User
from campaigns.models import ReviewedRecord, Unit
from hbs_portal.lib.text import date_short
from training.contradictions import approval_blocker
from training.models import Activity, Evidence
from training.selectors.review.effects import effects_of
from training.selectors.review.facts import Facts, facts_of, heading_of
from training.selectors.review.kinds import ReviewKind
from training.selectors.review.warnings import warnings_of
from training.selectors.versions import Difference, compare
from training.workflow import can_undo, self_approval_refusal


@dataclass(frozen=True)
class ReviewPage:
    """Everything that the template shows; `refusal` is why this person may not approve it now."""

    kind: ReviewKind
    record: ReviewedRecord
    unit: Unit
    heading: str
    facts: Facts = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    refusal: str = ""
    may_undo: bool = False
    evidence: list[Evidence] = field(default_factory=list)
    comparison: list[Difference] = field(default_factory=list)


def review_page(*, user: User, kind: ReviewKind, record: ReviewedRecord) -> ReviewPage:
    """The page of one record; a fixed number of queries."""
    is_waiting = record.is_waiting
    return ReviewPage(
        kind=kind,
        record=record,
        unit=kind.unit_of(record),
        heading=heading_of(record),
        facts=[(label, value) for label, value in [*facts_of(record), *_steps(record)] if value],
        effects=effects_of(record) if is_waiting else [],
        warnings=warnings_of(kind, record),
        refusal=_refusal(user, record) if is_waiting else "",
        may_undo=can_undo(user, record),  # type: ignore[arg-type]  # one of the six kinds
        evidence=list(record.evidence.all()) if isinstance(record, Activity) else [],
        comparison=compare(user, record.replaces, record) if record.is_revision else [],
    )


def _refusal(user: User, record: ReviewedRecord) -> str:
    return self_approval_refusal(user, record) or approval_blocker(record) or ""  # type: ignore[arg-type]


def _steps(record: ReviewedRecord) -> Facts:
    return [
        ("Người nhập", str(record.entered_by)),
        ("Gửi duyệt ngày", date_short(record.submitted_on) if record.submitted_on else ""),
        ("Tự duyệt", "Có" if record.self_approved else ""),
    ]
