"""Signs in activities: the same number again and again, one trainer at two hosts, one photo on several records."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from hbs_portal.lib.text import date_short, fold, number_text
from reports.models.warning_signs import SignalKind
from reports.warning_signs.rows import Session, Sign, SignRows, sign_of_sessions
from reports.warning_signs.thresholds import (
    SAME_PHOTO_LEAST_ACTIVITIES,
    SAME_TOTALS_LEAST_ACTIVITIES,
    SAME_TOTALS_MORE_THAN_PEOPLE,
    TRAINER_MOST_DAYS,
)

_SEVERAL_NAMES = re.compile(r"[,;/&+()\n]|\s-\s|\bvà\b", re.IGNORECASE)
_TITLES = re.compile(r"^(?:(?:dong chi|d/c|thay|co|ong|ba|anh|chi|ths|ts|bac si)\.?\s+)+")
#: What is written where a name should stand: an office may well be in two places. Đoàn, Trương and Phong are names.
_NO_NAME = re.compile(
    r"\b(?:giao vien|can bo|nhan vien|to truong|to cong nghe|cong nghe so|cnscd|cong an|ubnd|uy ban|doan thanh nien|"
    r"doan xa|hoi phu nu|hoi nong dan|hoi cuu chien binh|mat tran|ban giam hieu|hieu truong|truong thon|phong van hoa|"
    r"trung tam|gvcn|tap the)\b"
)


def repeated_totals(rows: SignRows) -> Iterator[Sign]:
    """SAME_TOTALS: heads without names, so that no list stands behind the number."""
    groups: dict[tuple[int, str, int], list[Session]] = defaultdict(list)
    for heads in rows.heads:
        session = rows.sessions.get(heads.session_id)
        if session and heads.total > heads.named and heads.total > SAME_TOTALS_MORE_THAN_PEOPLE:
            groups[session.host_id, heads.group, heads.total].append(session)
    for (host_id, group, total), sessions in groups.items():
        if len({session.ends_on for session in sessions}) >= SAME_TOTALS_LEAST_ACTIVITIES:
            sentence = f"{len(sessions)} hoạt động cùng ghi đúng {number_text(total)} {group.lower()}, chưa có tên."
            yield sign_of_sessions(SignalKind.SAME_TOTALS, (host_id, group, total), sentence, sessions)


def trainers_in_two_places(rows: SignRows) -> Iterator[Sign]:
    """TRAINER_TWICE: face to face, on one day, at two hosts; at one place it may be one meeting told twice."""
    groups: dict[tuple[str, date], list[Session]] = defaultdict(list)
    written: dict[str, str] = {}
    for session in rows.sessions.values():
        for name in _names(session):
            written.setdefault(_folded(name), name)
            for day in _days(session):
                groups[_folded(name), day].append(session)
    for (name, day), sessions in groups.items():
        if _are_apart(sessions):
            hosts = ", ".join(sorted({session.host for session in sessions}))
            sentence = f"{written[name]} được ghi là người hướng dẫn ở {hosts} trong cùng ngày {date_short(day)}."
            yield sign_of_sessions(SignalKind.TRAINER_TWICE, (name,), sentence, sessions)


def _names(session: Session) -> list[str]:
    """The persons named as trainers; "Công an xã" and single words are none."""
    if not session.is_face_to_face:
        return []
    parts = (part.strip() for part in _SEVERAL_NAMES.split(session.trainer))
    found = {_folded(part): part for part in parts}
    return [part for name, part in found.items() if " " in name and not _NO_NAME.search(name)]


def _folded(name: str) -> str:
    return _TITLES.sub("", fold(name))


def _days(session: Session) -> list[date]:
    length = (session.ends_on - session.starts_on).days + 1
    return [session.starts_on + timedelta(days=n) for n in range(length)] if length <= TRAINER_MOST_DAYS else []


def _are_apart(sessions: Iterable[Session]) -> bool:
    """Two hosts, and not all at one named place."""
    chosen = list(sessions)
    places = {fold(session.place) for session in chosen}
    return len({session.host_id for session in chosen}) > 1 and (len(places) > 1 or places == {""})


def shared_photos(rows: SignRows) -> Iterator[Sign]:
    """SAME_PHOTO: the same file on several activities; versions of one record are one activity."""
    groups: dict[str, dict[int, Session]] = defaultdict(dict)
    for photo in rows.photos:
        if session := rows.sessions.get(photo.session_id):
            groups[photo.sha256][session.root_id] = session
    for digest, sessions in groups.items():
        if len(sessions) >= SAME_PHOTO_LEAST_ACTIVITIES:
            sentence = f"Cùng một tệp ảnh đính kèm {len(sessions)} hoạt động."
            yield sign_of_sessions(SignalKind.SAME_PHOTO, (digest,), sentence, sessions.values())
