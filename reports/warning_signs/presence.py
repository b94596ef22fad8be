"""A class of which nobody was ever absent."""

from collections import defaultdict
from collections.abc import Iterator

from campaigns.choices import Group
from reports.models.warning_signs import SignalKind
from reports.warning_signs.rows import Presence, Sign, SignRows, record_of, sign_of
from reports.warning_signs.thresholds import ALWAYS_ALL_LEAST_PEOPLE, ALWAYS_ALL_LEAST_SESSIONS


def always_complete(rows: SignRows) -> Iterator[Sign]:
    """ALWAYS_ALL: known by the class; it comes up again each time the number of its sessions has doubled."""
    classes: dict[tuple[int, str, str], list[Presence]] = defaultdict(list)
    for row in rows.presences:
        if row.session_id in rows.sessions:
            classes[row.unit_id, row.group, row.class_name].append(row)
    for (unit_id, group, class_name), found in classes.items():
        if len(found) >= ALWAYS_ALL_LEAST_SESSIONS and all(map(_is_complete, found)):
            who = f"Lớp {class_name}" if class_name else Group(group).label
            most = max(row.present for row in found)
            sentence = f"{who}: {len(found)} buổi lần nào cũng có mặt đủ, nhiều nhất {most}/{most} người."
            # The class stands for the unit whose list it is, also where another unit was the host.
            records = [record_of(rows.sessions[row.session_id])._replace(unit_id=unit_id) for row in found]
            about = (unit_id, group, class_name, _doublings(len(found)))
            yield sign_of(SignalKind.ALWAYS_ALL, about, sentence, records)


def _is_complete(row: Presence) -> bool:
    return row.listed >= ALWAYS_ALL_LEAST_PEOPLE and row.present >= row.listed


def _doublings(sessions: int) -> int:
    """0 from the least number of sessions on, 1 from twice as many, 2 from four times as many."""
    return (sessions // ALWAYS_ALL_LEAST_SESSIONS).bit_length() - 1
