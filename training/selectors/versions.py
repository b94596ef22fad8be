"""The versions of one record, what differs between them, and what may be done with the one that was approved (H2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts.access import may_approve, may_keep_rosters, may_record
from accounts.models import User
from campaigns.choices import RecordStatus
from campaigns.models import Exclusion, Headcount
from hbs_portal.lib.text import number_text
from training.models import Activity, PlatformUse, RunningTotal
from training.selectors.review.facts import Facts, facts_of
from training.services.revisions import withdrawal_undo_refusal
from training.succession import revision_of
from training.workflow import self_approval_refusal

NAMES_SHOWN = 20
REVISABLE = (RecordStatus.APPROVED, RecordStatus.WITHDRAWN)
#: Kinds that are entered by who keeps the lists of a unit.
KEPT_WITH_ROSTERS = (PlatformUse, RunningTotal, Headcount, Exclusion)


@dataclass(frozen=True)
class Difference:
    """One line of a comparison; `is_changed` where the two sides differ."""

    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        return self.old != self.new


@dataclass(frozen=True)
class VersionLine:
    """One version with what it changed against the one before; `is_shown` is the version on the page."""

    record: Any
    number: int
    is_shown: bool
    changes: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What the page of a record says of its versions, and which steps this person may take.

    `revision` is the version that was made of this one, `newest` the last of the chain; `review_refusal` says to who
    may approve why not this record (rule H3).
    """

    lines: tuple[VersionLine, ...]
    revision: Any | None
    newest: Any
    may_revise: bool
    may_withdraw: bool
    may_undo_withdrawal: bool
    may_review: bool = False
    review_refusal: str = ""


def standing_of(user: User, record: Any) -> Standing:
    """A number of queries that depends on the number of versions alone; a first version costs two."""
    chain = _chain(record)
    revision = next((one for one in chain if one.replaces_id == record.pk), None)
    is_open = record.status in REVISABLE and revision is None
    is_withdrawn = record.status == RecordStatus.WITHDRAWN
    waits_for_user = record.is_waiting and may_approve(user)
    refusal = self_approval_refusal(user, record) if waits_for_user else ""
    return Standing(
        lines=tuple(_lines(user, chain, record)) if len(chain) > 1 else (),
        revision=revision,
        newest=chain[-1],
        may_revise=is_open and may_write(user, record),
        may_withdraw=record.is_official and may_approve(user),
        may_undo_withdrawal=is_withdrawn and may_approve(user) and withdrawal_undo_refusal(user, record) is None,
        may_review=waits_for_user and not refusal,
        review_refusal=refusal,
    )


def may_write(user: User, record: Any) -> bool:
    """Whether this person enters records of this kind and unit."""
    enters = may_keep_rosters(user) if isinstance(record, KEPT_WITH_ROSTERS) else may_record(user)
    return enters and type(record)._default_manager.all().editable_by(user).filter(pk=record.pk).exists()


def _chain(record: Any) -> list[Any]:
    """All versions of the record, the oldest first."""
    rows = type(record)._default_manager.select_related("entered_by", "decided_by")
    chain = [record]
    while chain[0].replaces_id:
        chain.insert(0, rows.get(pk=chain[0].replaces_id))
    later = revision_of(record)
    while later is not None:
        chain.append(rows.get(pk=later.pk))
        later = revision_of(later)
    return chain


def _lines(user: User, chain: list[Any], shown: Any) -> Iterator[VersionLine]:
    before: Any | None = None
    for number, record in enumerate(chain, start=1):
        changes = tuple(row for row in compare(user, before, record) if row.is_changed) if before else ()
        yield VersionLine(record, number, record.pk == shown.pk, changes)
        before = record


def compare(user: User, old: Any, new: Any) -> list[Difference]:
    """Every field of both versions side by side; of the attendance list, names that this person may read."""
    before, after = dict(_all_facts(old)), dict(_all_facts(new))
    rows = [Difference(label, before.get(label, ""), after.get(label, "")) for label in {**before, **after}]
    if isinstance(new, Activity):
        rows += _attendance_changes(user, old, new)
    return [row for row in rows if row.old or row.new]


def _all_facts(record: Any) -> Facts:
    if not isinstance(record, Activity):
        return facts_of(record)
    totals = "; ".join(f"{row.get_group_display()}: {number_text(row.total)}" for row in record.group_totals.all())
    files = record.evidence.count()
    proof = number_text(files) if files else ""
    return [*facts_of(record), ("Tổng số theo nhóm", totals), ("Số tệp minh chứng", proof)]


def _attendance_changes(user: User, old: Activity, new: Activity) -> list[Difference]:
    before, after = _present(user, old), _present(user, new)
    gone = _names([name for key, name in before.items() if key not in after])
    come = _names([name for key, name in after.items() if key not in before])
    return [Difference("Không còn trong danh sách", gone, ""), Difference("Thêm vào danh sách", "", come)]


def _present(user: User, activity: Activity) -> dict[tuple[int | None, int | None], str]:
    """Who was there; the name is empty for people of units that this person does not read."""
    rows = activity.attendances.filter(commune_id=activity.commune_id).select_related("person", "household")
    return {
        (row.person_id, row.household_id): str(row.person or row.household) if _reads(user, row.unit_id) else ""
        for row in rows.order_by("person__sort_key", "household__sort_key", "pk")
    }


def _reads(user: User, unit_id: int | None) -> bool:
    return user.scope.reads_commune or unit_id in user.scope.unit_ids


def _names(names: list[str]) -> str:
    shown = [name for name in names if name][:NAMES_SHOWN]
    rest = len(names) - len(shown)
    more = [f"{number_text(rest)} người khác"] if rest else []
    return ", ".join([*shown, *more])
