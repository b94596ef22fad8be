"""Bytes to text: byte order marks, UTF-8, UTF-16, and 8-bit text that a person must confirm."""

import re

from hbs_portal.lib.sheets.container import DAMAGED, LOST_LETTERS, RefusedFile

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LOST = re.compile(r"[A-Za-z]\?[A-Za-z]")
_MOST_LOST = 2
_HEAD_BYTES = 4096
EIGHT_BIT = "windows-1252"


def decoded(content: bytes, *, declared: str = "") -> tuple[str, str]:
    """Return (text, encoding). `declared` is what the file says of itself, tried before 8-bit text is assumed.

    "windows-1252" means: not Unicode, to be recognised by `legacy_text`. Raises RefusedFile for broken UTF-16, and
    for text whose Vietnamese letters a program has replaced by question marks.
    """
    text, encoding = _decoded(content, declared)
    if len(_LOST.findall(text)) > _MOST_LOST:
        raise RefusedFile(LOST_LETTERS)
    return text, encoding


def _decoded(content: bytes, declared: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], encoding), encoding
    head = content[:_HEAD_BYTES]
    zeros = (head[0::2].count(0), head[1::2].count(0))
    if max(zeros) > len(head) / 10:
        encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
        return _strictly(content, encoding), encoding
    for encoding in ("utf-8", declared):
        try:
            if encoding:
                return content.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    return "".join(map(_WINDOWS_1252.__getitem__, content)), EIGHT_BIT


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedFile(DAMAGED) from error


def _windows_1252(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_WINDOWS_1252 = [_windows_1252(byte) for byte in range(256)]
