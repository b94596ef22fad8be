"""Decisions on many records at once; each takes the same step as alone (training.workflow)."""

from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from hbs_portal.lib.text import number_text
from training.selectors.review.bulk import BulkPlan, plan_bulk
from training.selectors.review.kinds import kind_of, tokens_of
from training.workflow import WorkflowError, approve_record, undo_decision


@dataclass
class BulkResult:
    """What was done: ids by kind, and the sentences of those that were refused."""

    done: dict[str, list[int]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(ids) for ids in self.done.values())

    @property
    def tokens(self) -> list[str]:
        return tokens_of(self.done)


@transaction.atomic
def approve_many(*, actor: User, chosen: dict[str, list[int]]) -> BulkResult:
    """Approves what this officer may approve of the chosen records; one's own and contradictory ones stay waiting.

    Rules H3, B4. Each record has its own audit entry, so that its history reads as if it was approved alone.
    """
    plan: BulkPlan = plan_bulk(user=actor, chosen=chosen)
    lines = plan.left_out_lines
    result = BulkResult(refused=[f"{label} ({number_text(count)} bản ghi): {reason}" for label, reason, count in lines])
    for slug, records in plan.records.items():
        for record in records:
            _try(result, slug, record.pk, lambda record=record: approve_record(actor=actor, record=record))
    return result


@transaction.atomic
def undo_many(*, actor: User, chosen: dict[str, list[int]]) -> BulkResult:
    """Takes back one's own decisions while the time for it lasts; the others are told."""
    result = BulkResult()
    for slug, ids in chosen.items():
        for record in kind_of(slug).visible_to(actor).filter(pk__in=ids):
            _try(result, slug, record.pk, lambda record=record: undo_decision(actor=actor, record=record))
    return result


def _try(result: BulkResult, slug: str, pk: int, step) -> None:  # type: ignore[no-untyped-def]
    try:
        step()
    except WorkflowError as error:
        result.refused.append(str(error))
    else:
        result.done.setdefault(slug, []).append(pk)
