"""Rows as the database gives them: for the few questions whose answers are thousands of rows."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, partial
from itertools import chain
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import QuerySet

#: A statement with its parameters.
Sql: TypeAlias = tuple[str, tuple[Any, ...]]
CHUNK = 500


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
