"""Compile django.po to django.mo without msgfmt, which a fresh machine lacks: `python hbs_portal/locale/compile.py`."""

import re
import struct
from ast import literal_eval
from pathlib import Path

PO_FILE = Path(__file__).parent / "vi" / "LC_MESSAGES" / "django.po"
_MAGIC = 0x950412DE
_HEADER_BYTES = 28
_ENTRY = re.compile(
    r'^msgid (?P<id>(?:".*"\n?)+)(?:^msgid_plural (?P<plural>(?:".*"\n?)+))?^msgstr(?:\[0\])? (?P<text>(?:".*"\n?)+)',
    re.M,
)


def read_messages(po_text: str) -> dict[str, str]:
    """Return msgid -> msgstr; a plural message is keyed "singular\\0plural" (Vietnamese has one form for both)."""
    messages: dict[str, str] = {}
    for entry in _ENTRY.finditer(po_text):
        key = _joined(entry["id"]) + ("\0" + _joined(entry["plural"]) if entry["plural"] else "")
        messages[key] = _joined(entry["text"])
    return messages


def _joined(quoted_lines: str) -> str:
    return "".join(literal_eval(line) for line in quoted_lines.splitlines())


def mo_bytes(messages: dict[str, str]) -> bytes:
    """Return the .mo file: a header, a table of ids, a table of texts, then both, sorted by id."""
    pairs = [(key.encode(), messages[key].encode()) for key in sorted(messages)]
    count = len(pairs)
    columns = ([key for key, _ in pairs], [text for _, text in pairs])
    tables, data = b"", b""
    start = _HEADER_BYTES + 16 * count
    for column in columns:
        for item in column:
            tables += struct.pack("<II", len(item), start + len(data))
            data += item + b"\0"
    header = struct.pack("<7I", _MAGIC, 0, count, _HEADER_BYTES, _HEADER_BYTES + 8 * count, 0, start)
    return header + tables + data


if __name__ == "__main__":
    PO_FILE.with_suffix(".mo").write_bytes(mo_bytes(read_messages(PO_FILE.read_text(encoding="utf-8"))))
