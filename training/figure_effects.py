"""What a decision would do to the official figures, asked of the room that counts them without knowing it.

`reports` registers its answer in its AppConfig.ready(): the review page then says "K1, toàn xã: 45/50 (90,0%) thành …".
"""

from collections.abc import Callable

from campaigns.models import ReviewedRecord

#: The record that waits -> sentences about figures, none where the record changes no figure.
FigureEffect = Callable[[ReviewedRecord], list[str]]

_effects: list[FigureEffect] = []


def register_figure_effect(effect: FigureEffect) -> None:
    """Adds an answer once, however often the app is made ready."""
    if effect not in _effects:
        _effects.append(effect)


def figure_effects(record: ReviewedRecord) -> list[str]:
    """What the approval of a record would do to the figures, in words."""
    return [sentence for effect in _effects for sentence in effect(record)]
