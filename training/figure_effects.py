"""What a decision would do to the official figures, asked of the room that counts them without knowing it.

`reports` registers its answer in its AppConfig.ready(): the review page then says "K1, toàn xã: 45/50 (90,0%) → …".
"""

from collections.abc import Callable
from dataclasses import dataclass

from campaigns.models import ReviewedRecord


@dataclass(frozen=True)
class Decision:
    """`begins` would count from today on, `ends` no more; one kind of record. A first approval ends nothing, a
    withdrawal begins nothing, a correction does both (rule H2)."""

    begins: ReviewedRecord | None = None
    ends: ReviewedRecord | None = None

    @property
    def record(self) -> ReviewedRecord:
        """Either of them. Raises ValueError for a decision about nothing."""
        found = self.begins or self.ends
        if found is None:
            raise ValueError("a decision is about a record")
        return found


#: A decision -> sentences about figures, none where it changes no figure.
FigureEffect = Callable[[Decision], list[str]]

_effects: list[FigureEffect] = []


def register_figure_effect(effect: FigureEffect) -> None:
    """Adds an answer once, however often the app is made ready."""
    if effect not in _effects:
        _effects.append(effect)


def effects_of_approval(record: ReviewedRecord) -> list[str]:
    """What the approval of a waiting record would do to the figures of today, in words."""
    old = record.replaces if record.replaces_id else None  # type: ignore[attr-defined]  # of the six kinds
    return _effects_of(Decision(begins=record, ends=old if old is not None and old.is_official else None))


def effects_of_withdrawal(record: ReviewedRecord) -> list[str]:
    """What the figures of today lose, or gain back, without this approved record."""
    return _effects_of(Decision(ends=record))


def _effects_of(decision: Decision) -> list[str]:
    return [sentence for effect in _effects for sentence in effect(decision)]
