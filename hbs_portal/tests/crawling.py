"""Walks the portal as one person: every page that can be reached by links, once per shape of address."""

import re
from collections.abc import Iterator

from django.http import HttpResponse
from django.test import Client

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
MOST_PAGES = 120


def shape_of(path: str) -> str:
    """Pages that differ only by numbers, or by their query, are one page."""
    return re.sub(r"\d+", "N", path.split("?", maxsplit=1)[0])


def pages_of(client: Client, start: str = "/") -> Iterator[tuple[str, HttpResponse]]:
    """(path, response) of every HTML page reachable from `start`, breadth first."""
    waiting, seen = [start], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0).replace("&amp;", "&")
        if shape_of(path) in seen:
            continue
        seen.add(shape_of(path))
        response = client.get(path, follow=True)
        if "html" not in response.get("Content-Type", ""):
            continue
        yield path, response
        waiting += LINK.findall(response.content.decode())
