"""Households in a list of people: by code, by merged cells, or by the relation to the head."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from campaigns.importers.understanding.headings import Heading
from campaigns.importers.understanding.shapes import Doubtful
from hbs_portal.lib.importing import LeftOut, SourceRow
from hbs_portal.lib.sheets.reading import Sheet
from hbs_portal.lib.text import clean_code, fold

HEAD_WORDS = frozenset({"chu ho", "ch", "la chu ho", "chu ho gia dinh"})
_MARKERS = ("household_code", "household_no", "code", "ordinal")
_MOST_ROWS = 500  # of one merged cell: more is a mistake, not a household
_POOR = re.compile(r"\b(ngheo|hn|hcn)\b")
_NOT_POOR = re.compile(r"\b(khong|thoat|het|ngoai|chua)\b")


def merged_groups(sheet: Sheet, heading: Heading) -> dict[int, int]:
    """Return row -> first row of the merged cell that joins it with others, in a column that numbers households."""
    columns = {heading.columns[name] for name in _MARKERS if name in heading.columns}
    groups: dict[int, int] = {}
    for top, left, bottom, right in sheet.merges:
        if left in columns and left == right and heading.last_row < top < bottom <= top + _MOST_ROWS:
            groups.update(dict.fromkeys(range(top, bottom + 1), top))
    return groups


def is_head_word(value: object) -> bool:
    return fold(str(value or "")) in HEAD_WORDS


def with_households(rows: list[SourceRow], groups: Mapping[int, int]) -> list[SourceRow]:
    """Give every resident the key of the household and say who its head is."""
    keys = _keys(rows, groups)
    heads = _heads(rows, keys)
    return [_joined(row, key, heads.get(key)) for row, key in zip(rows, keys, strict=True)]


def _keys(rows: list[SourceRow], groups: Mapping[int, int]) -> list[str]:
    keys: list[str] = []
    current = ""
    for row in rows:
        key = _own_key(row, groups)
        if not key and _continues(row):
            key = current
        current = key or current
        keys.append(key)
    return keys


def _own_key(row: SourceRow, groups: Mapping[int, int]) -> str:
    """The household that the row itself names, "" where it only continues the one above."""
    village = fold(str(row.data.get("village") or ""))
    for name in ("household_code", "household_no"):
        if code := clean_code(row.data.get(name)):
            return f"{row.sheet}|{village}|{name}|{code}"
    if row.number in groups:
        return f"{row.sheet}|{groups[row.number]}"
    if is_head_word(row.data.get("relation")):
        return f"{row.sheet}|{row.number}"
    return ""


def _continues(row: SourceRow) -> bool:
    """A relation to a head, or no number of its own where heads have one."""
    return bool(row.data.get("relation")) or ("ordinal" in row.data and row.data["ordinal"] in (None, ""))


def _heads(rows: list[SourceRow], keys: list[str]) -> dict[str, SourceRow]:
    """The head of each household: by relation, by the name of the head in a column of its own, or the first row."""
    heads: dict[str, SourceRow] = {}
    certain: set[str] = set()
    for row, key in zip(rows, keys, strict=True):
        named = fold(str(row.data.get("head_name") or "")) == fold(str(row.data.get("full_name") or ""))
        is_head = is_head_word(row.data.get("relation")) or named
        if key not in heads or (is_head and key not in certain):
            heads[key] = row
        if is_head:
            certain.add(key)
    return heads


def _joined(row: SourceRow, key: str, head: SourceRow | None) -> SourceRow:
    is_head = bool(key) and head is row
    shown: Any = key or None
    if key and not is_head and is_head_word(row.data.get("relation")) and head:
        reason = f"Hộ này đã có chủ hộ ở dòng {head.number}. Mỗi hộ chỉ có một chủ hộ."
        shown = Doubtful(row.data.get("relation"), reason)
    headings = dict(row.headings)
    headings["household_key"] = next((headings[name] for name in ("relation", *_MARKERS) if name in headings), "")
    return replace(row, data={**row.data, "household_key": shown, "is_head": is_head}, headings=headings)


def only_heads(rows: list[SourceRow], groups: Mapping[int, int]) -> tuple[list[SourceRow], list[LeftOut]]:
    """Of a list of members, keep one row a household, the head's; members are counted, not taken over."""
    has_relation = any(row.data.get("relation") for row in rows)
    if not groups and not has_relation:
        return rows, []
    named = [replace(row, data={**row.data, "household_code": row.data.get("code")}) for row in rows]
    keys = _keys(named, groups)
    heads = _heads(named, keys)
    kept: list[SourceRow] = []
    members: list[LeftOut] = []
    sizes = Counter(keys)
    for row, key in zip(named, keys, strict=True):
        head = heads[key]
        if not key or head is row:
            kept.append(_counted(row, sizes[key] if key else 0))
        else:
            members.append(LeftOut(row.sheet, row.number, f"Thành viên của hộ ở dòng {head.number}"))
    return kept, members


def _counted(row: SourceRow, members: int) -> SourceRow:
    counted = row.data.get("member_count") or members or None
    return replace(row, data={**row.data, "member_count": counted})


def with_poverty(row: SourceRow) -> SourceRow:
    """Say of a household whether it is poor or nearly poor, by a note or by a mark in a column of its own.

    A list without such columns says nothing of it.
    """
    if not {"note", "poor", "near_poor"} & row.data.keys():
        return row
    marked = any(fold(str(row.data.get(name) or "")) not in ("", "0", "-", "khong") for name in ("poor", "near_poor"))
    note = fold(str(row.data.get("note") or ""))
    noted = bool(_POOR.search(note)) and not _NOT_POOR.search(note)
    return replace(row, data={**row.data, "is_poor": marked or noted})
