"""The name of a class, written one way: "lớp 4 a" is 4A."""

import re

from hbs_portal.lib.text import nfc

_PREFIX = re.compile(r"^l[ớo]p(?:\s*:\s*|\s+|(?=\d))", re.IGNORECASE)
_GRADE_CLASS = re.compile(r"(\d{1,2})\s*([a-zđ]\d{0,2})", re.IGNORECASE)


def clean_class_name(text: str) -> str:
    """Return the name without the word "lớp", a grade and its letter joined in capitals; other names as written."""
    name = _PREFIX.sub("", nfc(text))
    found = _GRADE_CLASS.fullmatch(name)
    return f"{int(found[1])}{found[2].upper()}" if found else name


def class_order(name: str) -> tuple[int, str]:
    """Return the place of a class in a list: by grade, 2A before 10A; classes without a grade come last."""
    found = re.match(r"\d+", name)
    return (int(found[0]) if found else 1_000, name)
