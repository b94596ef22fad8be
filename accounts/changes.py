"""The audit in words: the stored names and values of an entry as a person reads them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import DateField, DateTimeField, Field, ForeignKey, Model
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.timezone import is_aware, localtime

from accounts.models import AuditEntry
from hbs_portal.lib.text import date_short, number_text

#: Bookkeeping of the machine: true, but nothing a person asks for.
HIDDEN = frozenset(
    [
        "id",
        "version",
        "session_version",
        "search_key",
        "sort_key",
        "path",
        "sha256",
        "request_id",
        "upload_key",
        "commune_id",
        "commune",
        "is_demo",
        "created_at",
        "created_on",
        "since",
        "lease_until",
        "attempts",
        "arguments",
        "result_path",
        "password",
        "last_login",
    ]
)
#: Fields whose models give them no Vietnamese name, and keys that services write beside field names.
LABELS = {
    "roles": "Vai trò",
    "results": "Kết quả",
    "seed": "Số khởi đầu của lần rút",
    "reason": "Lý do",
    "count": "Số bản ghi",
    "clocks": "Thời điểm số liệu",
    "chosen": "Phần được chọn",
    "person": "Người",
    "people": "Người tham gia",
    "activity": "Hoạt động",
    "household": "Hộ gia đình",
    "households": "Hộ gia đình",
    "campaign": "Kế hoạch",
    "target": "Chỉ tiêu",
    "unit": "Đơn vị",
    "units": "Đơn vị",
    "owner": "Người yêu cầu",
    "user": "Tài khoản",
    "actor": "Người thực hiện",
    "parent": "Đơn vị cấp trên",
    "group": "Nhóm",
    "groups": "Nhóm",
    "class_name": "Lớp",
    "criteria": "Tiêu chí",
    "kind": "Loại",
    "value": "Giá trị",
    "topics": "Chủ đề",
    "co_hosts": "Đơn vị phối hợp",
    "attendees": "Người có mặt",
    "totals": "Số người theo nhóm",
    "submitted_on": "Ngày gửi duyệt",
    "replaces": "Thay cho bản",
    "revised_on": "Có bản sửa gửi ngày",
    "approved_on": "Ngày duyệt",
    "uploaded_by": "Người tải lên",
    "uploaded_at": "Tải lên lúc",
    "file": "Tệp",
    "files": "Các tệp (SHA-256)",
    "size_bytes": "Dung lượng (byte)",
    "progress_percent": "Tiến độ (%)",
    "message": "Lời nhắn",
    "result_name": "Tên tệp",
    "bindings": "Ô được gắn",
    "predecessors": "Hợp nhất từ",
    "from": "Hợp nhất từ",
    "memberships": "Số người chuyển sang",
    "memberships_ended": "Số người kết thúc",
    "removed": "Bỏ đi",
    "changed": "Thay đổi",
    "counts": "Số dòng",
    "new": "Mới",
    "unchanged": "Không đổi",
    "left_out": "Bỏ qua",
    "errors": "Có lỗi",
    "activity_kinds": "Loại hoạt động",
    "unit_kinds": "Loại đơn vị",
    "platforms": "Nền tảng số",
    "evidence_count": "Số minh chứng",
    "group_totals": "Số người theo nhóm",
    "person_ids": "Người tham gia",
    "household_ids": "Hộ tham gia",
    "role": "Vai trò",
    "seal": "Niêm phong (SHA-256)",
    "section": "Mục của báo cáo",
    "text": "Đoạn văn",
    "snapshot": "Số liệu đã chốt",
}
ROOMS = ("accounts", "campaigns", "training", "reports")
UNNAMED = "Chi tiết khác"
#: Ends the name of a field that is kept in basis points; people read and write it in per cent.
BASIS_POINTS = " (phần vạn)"
Names = dict[tuple[type[Model], int], str]


@dataclass(frozen=True)
class Change:
    """One field of one entry; both sides are ready to be shown, "" where there was nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ReadableEntry:
    entry: AuditEntry
    kind: str
    changes: tuple[Change, ...]


def readable(entries: Sequence[AuditEntry]) -> list[ReadableEntry]:
    """The entries with their changes in Vietnamese, in the same order.

    Keys that point to records are named in one query a kind of record, however many entries there are.
    """
    names = _names(entries)
    return [_readable(entry, _model(entry), names) for entry in entries]


def _model(entry: AuditEntry) -> type[Model] | None:
    try:
        return apps.get_model(entry.object_type)
    except (LookupError, ValueError):
        return None


def _readable(entry: AuditEntry, model: type[Model] | None, names: Names) -> ReadableEntry:
    keys = [key for key in {**entry.before, **entry.after} if key not in HIDDEN]
    changes = tuple(
        Change(
            _label(key, field),
            _text(entry.before.get(key), field, names),
            _text(entry.after.get(key), field, names),
        )
        for key, field in ((key, _field(model, key)) for key in keys)
    )
    told = tuple(change for change in changes if change.before or change.after)
    return ReadableEntry(entry, capfirst(str(model._meta.verbose_name)) if model else "", told)


@cache
def _field(model: type[Model] | None, key: str) -> Field | None:
    """The concrete field that is stored under this name ("unit_id" and "unit" alike).

    An entry may also tell of a record beside its own (a person's membership): then the nearest room that has a field of
    this name with words for people says what it is.
    """
    own = next((field for field in _fields(model) if key in (field.attname, field.name)), None)
    return own if own is not None else _field_nearby(model, key)


@cache
def _field_nearby(model: type[Model] | None, key: str) -> Field | None:
    ours = [other for other in apps.get_models() if other._meta.app_label in ROOMS]
    if model is not None:
        ours.sort(key=lambda other: other._meta.app_label != model._meta.app_label)
    named = (field for other in ours for field in _fields(other) if key in (field.attname, field.name))
    return next((field for field in named if _has_words(field)), None)


def _fields(model: type[Model] | None) -> Sequence[Field]:
    return model._meta.concrete_fields if model else ()


def _has_words(field: Field) -> bool:
    """True where the model gives the field a Vietnamese name; Django's own guess is English."""
    return str(field.verbose_name) != field.name.replace("_", " ")


def _label(key: str, field: Field | None) -> str:
    if field is not None and _has_words(field):
        return str(capfirst(field.verbose_name)).removesuffix(BASIS_POINTS)
    name = field.name if field is not None else key.removesuffix("_id")
    if word := LABELS.get(name) or _words().get(key):
        return word
    if key.isdecimal():
        return f"Số {key}"
    return key if not key.isascii() or " " in key else UNNAMED


def _text(value: Any, field: Field | None, names: Names) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, list) and all(type(item) is int for item in value):
        return f"{number_text(len(value))} bản ghi"
    if isinstance(value, list):
        return "; ".join(_text(item, field, names) for item in value)
    if isinstance(value, dict):
        told = ((key, item, _field_nearby(None, key)) for key, item in value.items() if key not in HIDDEN)
        return "; ".join(f"{_label(key, near)}: {_text(item, near, names)}" for key, item, near in told)
    return _of_field(value, field, names) if field is not None else _plain(value)


def _of_field(value: Any, field: Field, names: Names) -> str:
    if isinstance(value, int) and str(field.verbose_name).endswith(BASIS_POINTS):
        return f"{number_text(Decimal(value) / 100)}%"
    if isinstance(field, ForeignKey) and isinstance(value, int):
        return names.get((field.related_model, value), f"số {value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, DateField) and isinstance(value, str):
        return _moment(value) if isinstance(field, DateTimeField) else _day(value)
    return _plain(value)


def _plain(value: Any) -> str:
    return number_text(value) if isinstance(value, int) and value > 9999 else _words().get(value, str(value))


@cache
def _words() -> dict[Any, str]:
    """The Vietnamese word of every code of the house (roles, groups, kinds, states), for codes kept in lists."""
    fields = (field for model in apps.get_models() if model._meta.app_label in ROOMS for field in _fields(model))
    return {value: str(label) for field in fields for value, label in field.flatchoices if isinstance(value, str)}


def _day(text: str) -> str:
    day = parse_date(text[:10])
    return date_short(day) if day else text


def _moment(text: str) -> str:
    moment = parse_datetime(text)
    if moment is None:
        return text
    return f"{localtime(moment) if is_aware(moment) else moment:%H:%M %d/%m/%Y}"


def _names(entries: Iterable[AuditEntry]) -> Names:
    """Names of all records that the entries point to, one query a model."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for entry in entries:
        for key, value in (*entry.before.items(), *entry.after.items()):
            field = _field(_model(entry), key) if key not in HIDDEN else None
            if isinstance(field, ForeignKey):
                wanted[field.related_model].update(item for item in _many(value) if isinstance(item, int))
    return {
        (model, pk): str(record)
        for model, keys in wanted.items()
        if keys
        for pk, record in model._default_manager.in_bulk(keys).items()
    }


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
