"""The lives that a reviewed record may have had: the columns of each of its versions, oldest first (G5, H1, H2)."""

from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import Any

Columns = dict[str, Any]
Life = list[Columns]

MOST_VERSIONS = 4
FIRST_STATES = ("DRAFT", "SUBMITTED", "RETURNED", *["APPROVED"] * 7)
REVISION_STATES = ("DRAFT", "RETURNED", "SUBMITTED", "SUBMITTED", "APPROVED", "APPROVED")


def life(r: Random, day_from: Callable[[date], date], since: date) -> Life:
    """A record that happened on `since`, with its revisions; nothing waits or is decided before it happened."""
    versions = [_version(r, day_from, since)]
    while len(versions) < MOST_VERSIONS and versions[-1].get("approved_on"):
        last = versions[-1]
        if r.random() < 0.2:
            _withdraw(last, day_from)
        if r.random() < 0.5:
            break
        revision = _version(r, day_from, last.get("ended_on") or last["approved_on"], REVISION_STATES)
        _give_way(last, revision)
        versions.append(revision)
        if revision["status"] == "SUBMITTED" and last["status"] == "APPROVED" and r.random() < 0.2:
            _withdraw(last, day_from)
    return versions


def _version(r: Random, day_from: Callable[[date], date], since: date, states: Sequence[str] = FIRST_STATES) -> Columns:
    submitted_on = r.choice([since, day_from(since)])
    status = r.choice(states)
    if status == "DRAFT":
        return {"status": status}
    columns: Columns = {"status": status, "submitted_on": submitted_on}
    if status == "RETURNED":
        columns["return_reason"] = "Thiếu minh chứng"
    if status == "APPROVED":
        columns["approved_on"] = r.choice([submitted_on, day_from(submitted_on)])
    return columns


def _give_way(old: Columns, revision: Columns) -> None:
    """S3 of the time model: sending a revision is noted on the old version; approving it ends the old one."""
    if revision["status"] in ("SUBMITTED", "APPROVED"):
        old["revised_on"] = revision["submitted_on"]
    if revision["status"] == "APPROVED":
        old["ended_on"] = old.get("ended_on") or revision["approved_on"]
        old["status"] = "REPLACED"


def _withdraw(columns: Columns, day_from: Callable[[date], date]) -> None:
    columns |= {
        "status": "WITHDRAWN",
        "ended_on": day_from(columns["approved_on"]),
        "end_reason": "Không có thật",
    }
