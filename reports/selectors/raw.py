"""Rows as the database gives them: for the few questions whose answers are thousands of rows."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, partial
from itertools import chain
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Aggregate, QuerySet, TextField

#: A statement with its parameters.
Sql: TypeAlias = tuple[str, tuple[Any, ...]]
CHUNK = 500
DECODER = json.JSONDecoder()


class Numbers(Aggregate):
    """The numbers of all rows of a group in one text, which `numbers_in` reads: a row of its own for each of thousands
    costs several times as much."""

    output_field = TextField()
    template = "STRING_AGG((%(expressions)s)::text, ',')"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="GROUP_CONCAT(%(expressions)s)", **context)


def numbers_in(text: str) -> list[int]:
    """What `Numbers` gathered, "3,1,2", in no order."""
    found: list[int] = DECODER.raw_decode(f"[{text}]")[0]
    return found


def sql_of(queryset: QuerySet) -> Sql:
    """What Django would ask, to stand in a larger statement."""
    sql, values = queryset.query.sql_with_params()
    return str(sql), tuple(values)


def part_of(queryset: QuerySet) -> Sql:
    """A queryset as one part of `union_rows`."""
    sql, values = sql_of(queryset)
    return f"SELECT * FROM ({sql}) AS part", values  # noqa: S608 (Django's own text, its values apart)


def union_rows(parts: Iterable[Sql], *, order: str = "") -> Iterator[tuple[Any, ...]]:
    """The rows of all parts in one query, without Django's conversions, which cost more than the query itself.

    By the chunk, to be read to the end at once: rows that are kept make Python look for garbage among all it holds.
    """
    known = list(parts)
    if not known:
        return iter(())
    cursor = connection.cursor()
    cursor.execute(
        " UNION ALL ".join(sql for sql, _ in known) + order, [value for _, values in known for value in values]
    )
    return chain.from_iterable(iter(partial(cursor.fetchmany, CHUNK), []))


@cache
def day_of(value: date | str | None) -> date | None:
    """SQLite gives days as text; thousands of rows name a few hundred days, so each is read once."""
    return date.fromisoformat(value) if isinstance(value, str) else value
