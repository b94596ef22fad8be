"""When two entries may be one person: the normal form of a name, and what is too near to be told apart (rule C9)."""

import unicodedata
from functools import lru_cache

from hbs_portal.lib.text import fold, nfc

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@lru_cache(maxsize=16_384)
def _normal_word(word: str) -> str:
    """A word with its tone at the end, since "Hoà" and "Hòa" are one word in two spellings."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    tones = [char for char in decomposed if char in _TONES]
    return "".join([char for char in decomposed if char not in _TONES] + tones)


def normal_name(name: str) -> str:
    """Return what stays the same however a name is typed: case, spaces and the place of a tone do not matter."""
    return " ".join(map(_normal_word, nfc(name).split()))


def is_near(one: str, other: str) -> bool:
    """Tell whether two different names may be one name mistyped: only marks differ, or one letter does."""
    first, second = fold(one), fold(other)
    return first == second or _differ_by_one(first, second)


def _differ_by_one(first: str, second: str) -> bool:
    """One letter put in, left out, or replaced by another; two neighbours swapped count as one too."""
    if abs(len(first) - len(second)) > 1:
        return False
    start = _common_prefix(first, second)
    rest, other = first[start:], second[start:]
    if len(rest) == len(other):
        return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    return rest[1:] == other or rest == other[1:]


def _common_prefix(first: str, second: str) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(first), len(second)))
