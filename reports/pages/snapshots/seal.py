"""Whether a snapshot is still what it was: the seal is computed anew, and so are the figures from their facts."""

from dataclasses import dataclass
from hashlib import sha256

from reports.models import Snapshot
from reports.snapshots.canonical import ContentError
from reports.snapshots.content import unpacked
from reports.snapshots.sealing import problem_of


@dataclass(frozen=True, slots=True)
class SealPage:
    """``problem`` is empty where everything fits."""

    snapshot: Snapshot
    stored: str
    computed: str
    size_bytes: int
    problem: str


def seal_page(snapshot: Snapshot) -> SealPage:
    """The result of the check, whatever it is: no query, nothing raised."""
    try:
        data = unpacked(snapshot.content)
    except ContentError as error:
        return SealPage(snapshot, snapshot.sha256, "", len(snapshot.content), str(error))
    problem = problem_of(snapshot.content, snapshot.sha256, snapshot.as_of, snapshot.approved_by)
    return SealPage(snapshot, snapshot.sha256, sha256(data).hexdigest(), len(data), problem)
