"""Pages of entries that may be one person."""

from datetime import date

import pytest
from django.urls import reverse

from campaigns.models import Person
from campaigns.models.imports import DistinctPeople, PersonMerge


def url(name, *args):
    return reverse(f"campaigns:{name}", args=args)


@pytest.fixture
def pair(cast, make_person):
    """One pupil entered twice, once with a code."""
    coded = make_person(cast.a, "Nguyễn Thị Lan", class_name="4A", code="0312345678")
    plain = make_person(cast.b, "Nguyễn Thị Lan", class_name="6A")
    Person.objects.update(birth_date=date(2016, 3, 4))
    return coded, plain


def test_a_pair_is_suggested_with_the_reason_and_leads_to_both_side_by_side(pair, cast, login):
    client = login(cast.officer)
    page = client.get(url("person_duplicates")).content.decode()
    assert "Trùng họ tên và ngày sinh" in page
    first, second = sorted(one.pk for one in pair)
    assert url("person_compare", first, second) in page or url("person_compare", second, first) in page
    compared = client.get(url("person_compare", first, second)).content.decode()
    assert "Trường Tiểu học A" in compared
    assert "Trường THCS B" in compared


def test_pairs_are_narrowed_to_a_unit(pair, cast, login):
    page = login(cast.officer).get(url("person_duplicates"), {"unit": cast.village.pk}).content.decode()
    assert "Không có ai có thể trùng" in page


def test_two_entries_become_one_and_two_again(pair, cast, login):
    coded, plain = pair
    client = login(cast.officer)
    done = client.post(url("person_compare", coded.pk, plain.pk), {"kept": coded.pk})
    assert done.url == url("person_detail", coded.pk)
    plain.refresh_from_db()
    assert plain.merged_into == coded
    merge = PersonMerge.objects.get()
    assert url("merge_undo", merge.pk) in client.get(url("merge_list")).content.decode()
    assert client.post(url("merge_undo", merge.pk)).status_code == 302
    plain.refresh_from_db()
    assert plain.merged_into is None
    assert client.post(url("merge_undo", merge.pk)).status_code == 409


@pytest.mark.parametrize("kept", ["", "999999"])
def test_nothing_is_merged_unless_one_of_the_two_is_chosen(pair, cast, login, kept):
    coded, plain = pair
    response = login(cast.officer).post(url("person_compare", coded.pk, plain.pk), {"kept": kept})
    assert response.status_code == 422
    assert not PersonMerge.objects.exists()


def test_one_person_is_no_pair(pair, cast, login):
    assert login(cast.officer).get(url("person_compare", pair[0].pk, pair[0].pk)).status_code == 404


def test_only_the_office_merges(pair, cast, login):
    coded, plain = pair
    page = url("person_compare", coded.pk, plain.pk)
    assert [login(user).post(page, {"kept": coded.pk}).status_code for user in (cast.leader, cast.editor_a)] == [
        403,
        403,
    ]
    assert login(cast.stranger).post(page, {"kept": coded.pk}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_pairs(
    pair, cast, login, make_person, django_assert_max_num_queries
):
    client = login(cast.officer)
    client.get(url("person_duplicates"))
    with django_assert_max_num_queries(25) as one:
        client.get(url("person_duplicates"))
    for number in range(5):
        for _ in range(2):
            make_person(cast.a, f"Lê Văn Đôi {chr(65 + number)}", class_name="4A")
    with django_assert_max_num_queries(25) as six:
        client.get(url("person_duplicates"))
    assert len(six) == len(one)


def test_a_pair_is_dismissed_for_good_and_suggested_again(pair, cast, login):
    coded, plain = pair
    client = login(cast.officer)
    compare, dismiss = (url(name, coded.pk, plain.pk) for name in ("person_compare", "person_distinct"))
    assert dismiss in client.get(compare).content.decode()
    done = client.post(dismiss, follow=True).content.decode()
    assert "cổng không gợi ý cặp này nữa" in done
    assert "Không có ai có thể trùng" in done
    back = url("distinct_undo", DistinctPeople.objects.get().pk)
    assert back in client.get(url("distinct_list")).content.decode()
    assert "Chưa có cặp nào" in client.post(back, follow=True).content.decode()
    assert "Trùng họ tên và ngày sinh" in client.get(url("person_duplicates")).content.decode()


def test_a_merged_entry_is_refused_as_a_pair_with_a_sentence(pair, cast, login):
    coded, plain = pair
    client = login(cast.officer)
    client.post(url("person_compare", coded.pk, plain.pk), {"kept": coded.pk})
    response = client.post(url("person_distinct", coded.pk, plain.pk), follow=True)
    assert response.status_code == 404, response.content.decode()[:300]
    assert not DistinctPeople.objects.exists()


def test_the_list_of_told_apart_has_constant_queries(pair, cast, login, make_person, django_assert_max_num_queries):
    client = login(cast.officer)
    client.post(url("person_distinct", pair[0].pk, pair[1].pk))
    client.get(url("distinct_list"))
    with django_assert_max_num_queries(25) as one:
        client.get(url("distinct_list"))
    for number in range(4):
        others = [make_person(cast.a, f"Lê Văn Đôi {number}", class_name="4A") for _ in range(2)]
        client.post(url("person_distinct", others[0].pk, others[1].pk))
    with django_assert_max_num_queries(25) as five:
        client.get(url("distinct_list"))
    assert DistinctPeople.objects.count() == 5
    assert len(five) == len(one)
