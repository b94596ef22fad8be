"""One page of a list, tolerant of any `?trang=`, keeping the search and the filters in its links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

PAGE_PARAMETER = "trang"


@dataclass(frozen=True)
class PageLink:
    """A link of the pagination; `query` is None for the gap between far pages."""

    label: str
    query: str | None
    is_current: bool = False


class ListPage(Page):  # type: ignore[type-arg]
    """A Django page that knows the links to its neighbours ("?q=an&trang=2")."""

    def __init__(self, object_list: Any, number: int, paginator: "Paginator[Any]", parameters: QueryDict) -> None:
        super().__init__(object_list, number, paginator)
        self._parameters = parameters

    @property
    def total(self) -> int:
        return self.paginator.count

    def query_for(self, number: int) -> str:
        """Return the query string of a page, with all other parameters of the request."""
        parameters = self._parameters.copy()
        parameters.pop(PAGE_PARAMETER, None)
        if number > 1:
            parameters[PAGE_PARAMETER] = str(number)
        return "?" + parameters.urlencode()

    @property
    def previous_query(self) -> str | None:
        return self.query_for(self.number - 1) if self.has_previous() else None

    @property
    def next_query(self) -> str | None:
        return self.query_for(self.number + 1) if self.has_next() else None

    @property
    def links(self) -> Iterator[PageLink]:
        """The first, the last and the near pages, with a gap between."""
        for number in self.paginator.get_elided_page_range(self.number, on_each_side=1, on_ends=1):
            if isinstance(number, int):
                yield PageLink(str(number), self.query_for(number), is_current=number == self.number)
            else:
                yield PageLink("…", None)


def page_of(items: QuerySet[Any] | Sequence[Any], request_get: QueryDict, per_page: int = 25) -> ListPage:
    """Return the page that `?trang=` asks for: the first for nonsense, the last for a number too high.

    Costs two queries on a queryset: the count and the rows.
    """
    paginator = Paginator(items, per_page)
    page = paginator.get_page(request_get.get(PAGE_PARAMETER))
    return ListPage(page.object_list, page.number, paginator, request_get)
