"""Paging: any `?trang=` gives a page, and the links keep what was searched for."""

import pytest
from django.contrib.sessions.models import Session
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from hbs_portal.lib.paging import page_of


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 1), ("trang=3", 3), ("trang=abc", 1), ("trang=", 1), ("trang=999", 10), ("trang=-1", 10), ("trang=1.5", 1)],
)
def test_any_page_number_gives_a_page(asked: str, number: int) -> None:
    assert page_of(range(100), QueryDict(asked), 10).number == number


def test_links_keep_the_search_and_the_filters() -> None:
    page = page_of(range(100), QueryDict("q=đông hải&thon=1&thon=2&trang=2"), 10)
    assert page.next_query == "?q=%C4%91%C3%B4ng+h%E1%BA%A3i&thon=1&thon=2&trang=3"
    assert page.previous_query == "?q=%C4%91%C3%B4ng+h%E1%BA%A3i&thon=1&thon=2"


def test_the_first_page_has_no_link_back_and_the_last_none_forward() -> None:
    page = page_of(range(5), QueryDict(""), 10)
    assert (page.previous_query, page.next_query, page.total) == (None, None, 5)


def test_far_pages_are_shown_as_a_gap() -> None:
    links = list(page_of(range(200), QueryDict("trang=10"), 10).links)
    assert [link.label for link in links] == ["1", "…", "9", "10", "11", "…", "20"]
    assert [link.label for link in links if link.is_current] == ["10"]
    assert links[1].query is None


def test_an_empty_list_has_one_page() -> None:
    page = page_of([], QueryDict("trang=7"), 10)
    assert (list(page), page.number, page.total) == ([], 1, 0)


@pytest.mark.django_db
def test_a_page_costs_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Session.objects.bulk_create(Session(session_key=str(n), expire_date="2026-01-01T00:00Z") for n in range(30))
    with django_assert_num_queries(2):
        assert len(list(page_of(Session.objects.order_by("pk"), QueryDict("trang=2"), 10))) == 10
