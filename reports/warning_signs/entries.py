"""Records that came into the portal long after what they tell of."""

from collections import defaultdict
from collections.abc import Iterator

from hbs_portal.lib.text import date_short, number_text
from reports.models.warning_signs import SignalKind
from reports.warning_signs.rows import ACTIVITY, Entry, Sign, SignRecord, SignRows, sign_of
from reports.warning_signs.thresholds import ENTRY_LATE_DAYS

NOUNS = {
    ACTIVITY: "hoạt động",
    "nen-tang": "xác nhận dùng nền tảng số",
    "kiem-tra-ho": "bản kiểm tra hộ",
    "luy-ke": "số luỹ kế",
}


def late_entries(rows: SignRows) -> Iterator[Sign]:
    """LATE_ENTRY: what a unit entered on one day is one sign: a batch is looked at once, and anew if it grows."""
    batches: dict[tuple[str, int, object], list[Entry]] = defaultdict(list)
    for entry in rows.entries:
        if _delay(entry) > ENTRY_LATE_DAYS:
            batches[entry.kind, entry.unit_id, entry.entered_on].append(entry)
    for (kind, unit_id, day), entries in batches.items():
        records = [SignRecord(row.kind, row.id, row.label, row.unit_id, row.on) for row in entries]
        yield sign_of(SignalKind.LATE_ENTRY, (kind, unit_id, day, len(entries)), _sentence(entries), records)


def _delay(entry: Entry) -> int:
    return (entry.entered_on - entry.on).days


def _sentence(entries: list[Entry]) -> str:
    delays = sorted(map(_delay, entries))
    how_late = f"{delays[0]}" if delays[0] == delays[-1] else f"{delays[0]} đến {delays[-1]}"
    many = f"{number_text(len(entries))} {NOUNS[entries[0].kind]}"
    return f"{many} nhập ngày {date_short(entries[0].entered_on)}, sau ngày diễn ra {how_late} ngày."
