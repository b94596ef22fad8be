"""Plain data as canonical JSON and back: the same values give the same bytes, whatever database they came from.

Whatever the engine knows is a dataclass, a NamedTuple or a collection of them, so their annotations say how they are
written; a new field comes along by itself. Rows (a sequence of NamedTuples) become a table with its columns named, in
the order of their values; sets are sorted; days are ISO text. There are no floats: a wrong type is an error here.
"""

import json
import types
from collections.abc import Callable, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

SAME_AS = "same_as"
UNREADABLE = "Nội dung đã chốt không đọc được; có thể đã bị sửa ngoài phần mềm."
Plain = Any
Value = TypeVar("Value")


class ContentError(ValueError):
    """Stored content that cannot be read; the message is for people to read."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of one annotation are written and read; `is_plain` where both leave them as they are."""

    encode: Callable[[Any], Plain]
    decode: Callable[[Plain], Any]
    is_plain: bool = False
    is_table: bool = False


def canonical_bytes(value: Any, hint: Any) -> bytes:
    """The canonical JSON of a value. Raises TypeError where a value is not what its annotation says."""
    plain = codec_of(hint).encode(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def parsed(data: bytes) -> Plain:
    """The JSON of `canonical_bytes`. Raises ContentError."""
    try:
        return json.loads(data)
    except ValueError as error:
        raise ContentError(UNREADABLE) from error


def decoded(plain: Plain, hint: type[Value]) -> Value:
    """The value that was written. Raises ContentError."""
    form: Codec = codec_of(cast(Hashable, hint))
    try:
        return cast(Value, form.decode(plain))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ContentError(UNREADABLE) from error


def settled(value: Value, hint: type[Value]) -> Value:
    """The value as it would be read back: rows in canonical order, sequences as lists."""
    form: Codec = codec_of(cast(Hashable, hint))
    return cast(Value, form.decode(form.encode(value)))


@cache
def codec_of(hint: Any) -> Codec:
    """The codec of an annotation; raises TypeError for one that has none."""
    if hint is Any:
        return Codec(_checked_json, _as_is, is_plain=True)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if isinstance(hint, type) and get_origin(hint) is None:
        return _class_codec(hint)
    return _generic_codec(get_origin(hint), get_args(hint))


def _class_codec(kind: type) -> Codec:
    if issubclass(kind, Enum):
        return Codec(lambda value: kind(value).value, kind)
    if is_dataclass(kind):
        return _dataclass_codec(kind)
    if is_row(kind):
        rows = _row_codecs(kind)
        return Codec(lambda row: dict(zip(rows, _encoded_row(row, rows), strict=True)), lambda d: _row(kind, rows, d))
    raise TypeError(f"No canonical form for {kind}")


def is_row(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


def _generic_codec(origin: Any, arguments: tuple[Any, ...]) -> Codec:
    if origin in (Union, types.UnionType):
        return _optional_codec(arguments)
    if origin is tuple:
        return _tuple_codec(arguments)
    if origin in (Sequence, list):
        return _table_codec(arguments[0]) if is_row(arguments[0]) else _list_codec(arguments[0], list)
    if origin in (AbstractSet, frozenset, set):
        item = codec_of(arguments[0])
        return Codec(lambda found: sorted(map(item.encode, found)), lambda rows: frozenset(map(item.decode, rows)))
    if origin in (Mapping, dict):
        return _mapping_codec(*arguments)
    raise TypeError(f"No canonical form for {origin}")


def _as_is(value: Any) -> Any:
    return value


def _checked_json(value: Any) -> Plain:
    """Free JSON, such as a stored definition of a rule; floats have no place in it."""
    if isinstance(value, dict):
        return {str(key): _checked_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_checked_json(item) for item in value]
    if value is None or type(value) in (bool, int, str):
        return value
    raise TypeError(f"Not canonical: {value!r}")


def _exactly(kind: type) -> Callable[[Any], Plain]:
    def check(value: Any) -> Plain:
        if type(value) is kind:
            return value
        if kind is str and isinstance(value, str):
            return str(value)
        raise TypeError(f"{kind.__name__} expected, not {value!r}")

    return check


_SCALARS: Mapping[Any, Codec] = {
    int: Codec(_exactly(int), _as_is, is_plain=True),
    str: Codec(_exactly(str), _as_is, is_plain=True),
    bool: Codec(_exactly(bool), _as_is, is_plain=True),
    type(None): Codec(_exactly(type(None)), _as_is, is_plain=True),
    date: Codec(lambda day: _exactly(date)(day).isoformat(), date.fromisoformat),
}


def _optional_codec(arguments: tuple[Any, ...]) -> Codec:
    (inner,) = (codec_of(argument) for argument in arguments if argument is not type(None))
    return Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda plain: None if plain is None else inner.decode(plain),
        is_plain=inner.is_plain,
    )


def _tuple_codec(arguments: tuple[Any, ...]) -> Codec:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return _list_codec(arguments[0], tuple)
    items = [codec_of(argument) for argument in arguments]
    return Codec(
        lambda value: [item.encode(part) for item, part in zip(items, value, strict=True)],
        lambda plain: tuple(item.decode(part) for item, part in zip(items, plain, strict=True)),
    )


def _list_codec(hint: Any, container: Callable[..., Any]) -> Codec:
    item = codec_of(hint)
    return Codec(
        lambda values: [item.encode(value) for value in values],
        lambda plain: container(item.decode(value) for value in plain),
    )


def _dataclass_codec(kind: type) -> Codec:
    hints = get_type_hints(kind)
    known = [(field.name, field.default is MISSING and field.default_factory is MISSING) for field in fields(kind)]
    codecs = {name: codec_of(hints[name]) for name, _ in known}

    def decode(plain: Plain) -> Any:
        missing = [name for name, is_needed in known if is_needed and name not in plain]
        if missing:
            raise KeyError(missing)
        return kind(**{name: codec.decode(plain[name]) for name, codec in codecs.items() if name in plain})

    return Codec(lambda value: {name: codec.encode(getattr(value, name)) for name, codec in codecs.items()}, decode)


def _row_codecs(kind: Any) -> dict[str, Codec]:
    hints = get_type_hints(kind)
    return {name: codec_of(hints[name]) for name in kind._fields}


def _encoded_row(row: Sequence[Any], codecs: Mapping[str, Codec]) -> list[Plain]:
    return [codec.encode(value) for codec, value in zip(codecs.values(), row, strict=True)]


def _row(kind: Any, codecs: Mapping[str, Codec], plain: Mapping[str, Plain]) -> Any:
    return kind(**{name: codec.decode(plain[name]) for name, codec in codecs.items() if name in plain})


def _table_codec(kind: Any) -> Codec:
    """Rows as a table, sorted: which row the database gave first says nothing."""
    codecs = _row_codecs(kind)

    def encode(rows: Sequence[Any]) -> Plain:
        encoded = [_encoded_row(row, codecs) for row in rows]
        return {"columns": list(kind._fields), "rows": sorted(encoded, key=_row_order)}

    def decode(plain: Plain) -> list[Any]:
        columns = plain["columns"]
        if columns == list(kind._fields):
            needed = [(place, codecs[name].decode) for place, name in enumerate(columns) if not codecs[name].is_plain]
            return [kind._make(_read_row(row, needed)) for row in plain["rows"]]
        return [_row(kind, codecs, dict(zip(columns, row, strict=True))) for row in plain["rows"]]

    return Codec(encode, decode, is_table=True)


def _row_order(row: list[Plain]) -> str:
    return json.dumps(row, sort_keys=True)


def _read_row(row: list[Plain], needed: Sequence[tuple[int, Callable[[Plain], Any]]]) -> list[Any]:
    for place, decode in needed:
        row[place] = decode(row[place])
    return row


def _mapping_codec(key: Any, item: Any) -> Codec:
    """Keys as text. Tables that equal an earlier one are named instead of written again (targets share their lists)."""
    codec, read_key = codec_of(item), int if key is int else str

    def encode(values: Mapping[Any, Any]) -> Plain:
        encoded: dict[int, Plain] = {}
        for value in values.values():
            if id(value) not in encoded:
                encoded[id(value)] = codec.encode(value)
        plain = {str(name): encoded[id(values[name])] for name in sorted(values)}
        return _named_once(plain) if codec.is_table else plain

    def decode(plain: Plain) -> dict[Any, Any]:
        found: dict[str, Any] = {}
        for name in sorted(plain):
            found[name] = found[plain[name][SAME_AS]] if SAME_AS in _dict(plain[name]) else codec.decode(plain[name])
        return {read_key(name): value for name, value in found.items()}

    return Codec(encode, decode)


def _dict(value: Plain) -> Mapping[str, Plain]:
    return value if isinstance(value, dict) else {}


def _named_once(plain: dict[str, Plain]) -> dict[str, Plain]:
    first: dict[str, Plain] = {}
    result = {}
    for name, table in plain.items():
        same = next((earlier for earlier, known in first.items() if known is table or known == table), None)
        result[name] = {SAME_AS: same} if same is not None else table
        if same is None:
            first[name] = table
    return result
