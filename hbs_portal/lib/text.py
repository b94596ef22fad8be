"""Vietnamese text: one normal form, one fold for searching, one order for sorting, one look for codes and numbers."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from hbs_portal.lib.legacy_text import is_suspect

_KEPT = 16_384  # names of a list are folded several times, and parts of names are shared by many people

MOST_DIGITS = 18

_LOOKALIKES = str.maketrans({"\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ"})

# ICU's `vi` collation: spaces, signs, digits, the alphabet (f, j, w, z of foreign names in their Latin places).
_ORDER = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_CODES = {letter: f"{place:02d}" for place, letter in enumerate(_ORDER, start=1)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_UNKNOWN = "99"


def nfc(text: str) -> str:
    """Return `text` as it is stored: NFC, no invisible characters, single spaces, trimmed, Icelandic Ð as Đ.

    "Hoà" and "Hòa" stay two spellings (storage keeps what was written); `fold` makes them one.
    Test `looks_like_legacy` first: TCVN3 writes "ư" as a soft hyphen, which this function removes.
    """
    spaced = " ".join(text.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    if not spaced.isprintable():  # characters of the classes Cf and Cc are not
        visible = "".join(char for char in spaced if unicodedata.category(char) not in ("Cf", "Cc"))
        spaced = " ".join(visible.split())
    return unicodedata.normalize("NFC", spaced).translate(_LOOKALIKES)


@lru_cache(maxsize=_KEPT)
def fold(text: str) -> str:
    """Return the search form of `text`: no marks, no case, đ as d. "Đông Hải" and "dong hai" fold alike.

    Stored in `search_key`, since SQLite compares only ASCII letters without case.
    """
    decomposed = unicodedata.normalize("NFD", nfc(text).casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).replace("đ", "d")


@lru_cache(maxsize=_KEPT)
def sort_key(text: str) -> str:
    """Return digits whose byte order is the order of Vietnamese text: letters first, then tones, case ignored.

    Digits only, so that every collation of PostgreSQL and SQLite sorts it alike. At most 3 * len(text) + 2 characters.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", nfc(text).casefold()):
        if tone := _TONES.get(char):
            tones[-1:] = [tone]
        elif unicodedata.combining(char) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        else:
            letters.append(char)
            tones.append("0")
    return "".join(_CODES.get(letter) or _code_of_base(letter) for letter in letters) + "00" + "".join(tones)


def _code_of_base(letter: str) -> str:
    """Return the place of a letter of a minority or foreign name: that of its letter without marks (ĕ as e)."""
    return _CODES.get(unicodedata.normalize("NFD", letter)[0], _UNKNOWN)


def name_sort_key(full_name: str) -> str:
    """Return the sort key of a person's name: given name (the last word), then family name, then the words between."""
    words = nfc(full_name).split()
    parts = (words[-1:], words[:1], words[1:-1])
    return "".join(sort_key(" ".join(part)) for part in parts)


def clean_code(value: object) -> str:
    """Return a code (mã định danh, mã học sinh) as text, from a cell of any kind; empty for an empty cell.

    A leading zero stays where the sheet kept it; "123.0", 123.0 and "'123" give "123"; spaces between digits go.
    """
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    text = nfc(str(value)).removeprefix("'")
    digits = re.sub(r"\s+|\.0+$", "", text)
    return digits if digits.isdecimal() else text


def is_record_number(text: str) -> bool:
    """Tell whether `text`, as a page or an address sends it, may be the number of a record.

    Plain digits only, and few enough for the integers of every database.
    """
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def looks_like_legacy(text: str) -> bool:
    """Tell whether `text` is in an encoding of before Unicode, or is UTF-8 read as Windows-1252: never to be stored.

    Give it the text as it came, before `nfc`. What many cells tell together: `legacy_text.recognise`.
    """
    return is_suspect(text)


def number_text(number: int | Decimal) -> str:
    """Return a number in Vietnamese form: 1692 -> "1.692", Decimal("2.5") -> "2,5"."""
    return f"{number:,}".translate(str.maketrans(",.", ".,"))


def date_long(day: date) -> str:
    """Return "ngày 05 tháng 7 năm 2026" (Decree 30/2020: a zero before days under 10 and before months 1 and 2)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def date_short(day: date) -> str:
    """Return "05/09/2026"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
