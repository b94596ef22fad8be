import uuid
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import UnitKind
from campaigns.models import Unit

pytestmark = pytest.mark.django_db
ENTRY = {"code": "TH-D", "name": "Trường Tiểu học D", "kind": "PRIMARY", "opened_on": "05/09/2025", "position": "5"}


def address(name, *args):
    return reverse(f"campaigns:{name}", args=args)


def test_the_list_groups_units_by_kind_and_hides_closed_ones(cast, login, make_unit):
    make_unit(cast.commune, "CU", UnitKind.PRIMARY, "Trường Cũ", closed_on=date(2025, 6, 30))
    page = login(cast.leader).get(address("unit_list")).content.decode()
    assert page.index("Trường Mầm non C") < page.index("Trường Tiểu học A") < page.index("Thôn Một")
    assert "Trường Cũ" not in page
    assert "Trường Tiểu học X" not in page
    assert "Thêm đơn vị" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "tieu hoc a"}, {"TH-A"}),
        ({"q": "Tiểu HỌC A"}, {"TH-A"}),
        ({"kind": "VILLAGE"}, {"THON-1"}),
        ({"state": "da-ket-thuc"}, {"CU"}),
        ({"q": "khong co dau"}, set()),
    ],
)
def test_the_list_is_searched_without_diacritics_and_filtered(cast, login, make_unit, query, found):
    make_unit(cast.commune, "CU", UnitKind.PRIMARY, "Trường Cũ", closed_on=date(2025, 6, 30))
    response = login(cast.officer).get(address("unit_list"), query)
    assert {row.unit.code for row in response.context["rows"]} == found
    assert ("Không có đơn vị nào như vậy" in response.content.decode()) is not found


def test_the_list_says_what_to_do_when_nothing_is_found(cast, login):
    page = login(cast.officer).get(address("unit_list"), {"q": "xyz"}).content.decode()
    assert "Không có đơn vị nào như vậy" in page
    assert "Bỏ lọc" in page


def test_the_list_costs_the_same_queries_however_many_units(
    cast, login, make_unit, make_person, django_assert_num_queries
):
    client = login(cast.officer)
    client.get(address("unit_list"))
    with django_assert_num_queries(8) as few:
        client.get(address("unit_list"))
    for number in range(12):
        make_person(make_unit(cast.commune, f"T{number}", UnitKind.VILLAGE, f"Thôn {number}"))
    with django_assert_num_queries(len(few)):
        client.get(address("unit_list"))


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200),
        ("leader", 200),
        ("editor_a", 200),
        ("editor_b", 403),
        ("team_member", 403),
        ("stranger", 404),
        ("nobody", 403),
    ],
)
def test_a_unit_is_read_by_the_office_and_its_own_editor(cast, login, who, status):
    assert login(getattr(cast, who)).get(address("unit_detail", cast.a.pk)).status_code == status


def test_the_page_of_a_unit_shows_its_people_by_group_and_its_roles(cast, login, make_person):
    for number in range(3):
        make_person(cast.a, full_name=f"Học sinh {number}")
    make_person(cast.a, group="TEACHER")
    make_person(cast.a, ends_on=date(2026, 1, 31))
    response = login(cast.officer).get(address("unit_detail", cast.a.pk))
    overview = response.context["overview"]
    assert [(group.label, group.count) for group in overview.groups] == [("Giáo viên", 1), ("Học sinh", 3)]
    assert overview.people == 4
    assert "Người editor.a - Người nhập của đơn vị" in response.content.decode()


@pytest.mark.parametrize("name", ["unit_create", "unit_edit", "unit_close", "unit_merge"])
@pytest.mark.parametrize(("who", "status"), [("admin", 200), ("officer", 200), ("leader", 403), ("editor_a", 403)])
def test_only_the_office_and_the_administrator_write_units(cast, login, name, who, status):
    args = [cast.a.pk] if name in ("unit_edit", "unit_close") else []
    assert login(getattr(cast, who)).get(address(name, *args)).status_code == status


@pytest.mark.parametrize("name", ["unit_edit", "unit_close"])
def test_a_stranger_does_not_find_the_unit(cast, login, name):
    assert login(cast.stranger).post(address(name, cast.a.pk), ENTRY).status_code == 404


def test_a_form_sent_twice_makes_one_unit(cast, login):
    client = login(cast.officer)
    data = {**ENTRY, "client_key": str(uuid.uuid4())}
    first, second = client.post(address("unit_create"), data), client.post(address("unit_create"), data)
    unit = Unit.objects.get(code="TH-D")
    assert first.url == second.url == address("unit_detail", unit.pk)
    assert unit.opened_on == date(2025, 9, 5)
    assert AuditEntry.objects.filter(action="Thêm đơn vị").count() == 1


def test_a_code_that_is_taken_is_refused_and_keeps_what_was_typed(cast, login):
    response = login(cast.officer).post(address("unit_create"), {**ENTRY, "code": "TH-A", "opened_on": "31/02/2026"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="Trường Tiểu học D"' in page
    assert 'value="31/02/2026"' in page
    assert not Unit.objects.filter(name=ENTRY["name"]).exists()


def test_the_same_code_is_free_in_another_commune(cast, login):
    response = login(cast.officer).post(address("unit_create"), {**ENTRY, "code": "TH-X"})
    assert response.status_code == 302
    taken = login(cast.officer).post(address("unit_create"), {**ENTRY, "code": "TH-X"})
    assert "Mã đơn vị này đã dùng trong xã" in taken.content.decode()


def test_the_second_of_two_editors_sees_both_versions_and_may_save_over(cast, login):
    client = login(cast.officer)
    mine = {**ENTRY, "code": "TH-A", "name": "Tên của tôi", "opened_on": "01/01/2020", "version": "1"}
    Unit.objects.filter(pk=cast.a.pk).update(name="Tên của người khác", version=2)
    response = client.post(address("unit_edit", cast.a.pk), mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Tên của người khác" in page
    assert 'value="Tên của tôi"' in page
    assert Unit.objects.get(pk=cast.a.pk).name == "Tên của người khác"
    again = client.post(address("unit_edit", cast.a.pk), {**mine, "version": response.context["form"].data["version"]})
    assert again.status_code == 302
    assert Unit.objects.get(pk=cast.a.pk).name == "Tên của tôi"


def test_closing_asks_first_and_refuses_a_day_before_the_opening(cast, login, make_person):
    make_person(cast.a)
    client = login(cast.officer)
    asked = client.get(address("unit_close", cast.a.pk)).content.decode()
    assert "1 người đang trong danh sách sẽ thôi thuộc đơn vị" in asked
    refused = client.post(
        address("unit_close", cast.a.pk), {"last_day": "31/12/2019", "reason": "Giải thể", "version": "1"}
    )
    assert refused.status_code == 422
    assert 'value="Giải thể"' in refused.content.decode()


def test_a_unit_closes_once_and_says_so(cast, login):
    data = {"last_day": "30/06/2026", "reason": "Giải thể", "version": "1"}
    page = login(cast.officer).post(address("unit_close", cast.a.pk), data, follow=True).content.decode()
    assert "kết thúc hoạt động sau ngày 30/06/2026" in page
    assert Unit.objects.get(pk=cast.a.pk).closed_on == date(2026, 6, 30)


def merger(cast, **values):
    return {
        "units": [cast.a.pk, cast.b.pk], "name": "Trường TH&THCS Mới", "code": "MOI", "opened_on": "01/07/2026",
        "client_key": str(uuid.uuid4()), **values,
    }  # fmt: skip


def test_merging_shows_a_summary_and_changes_nothing_before_it_is_confirmed(cast, login, make_person):
    make_person(cast.a)
    client = login(cast.officer)
    data = merger(cast)
    response = client.post(address("unit_merge"), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "1 người chuyển sang đơn vị mới" in page
    assert not Unit.objects.filter(code="MOI").exists()
    seen = response.context["form"].versions_now
    done = client.post(address("unit_merge"), {**data, "confirmed": "1", "seen": seen})
    new = Unit.objects.get(code="MOI")
    assert done.url == address("unit_detail", new.pk)
    assert client.post(address("unit_merge"), {**data, "confirmed": "1", "seen": seen}).url == done.url


def test_a_merger_of_units_that_changed_meanwhile_shows_the_summary_again(cast, login):
    client = login(cast.officer)
    data = merger(cast, confirmed="1", seen=f"{cast.a.pk}:1 {cast.b.pk}:1")
    Unit.objects.filter(pk=cast.b.pk).update(version=2)
    response = client.post(address("unit_merge"), data)
    assert response.status_code == 409
    assert "vừa được người khác sửa" in response.content.decode()
    assert not Unit.objects.filter(code="MOI").exists()


@pytest.mark.parametrize("seen", ["", "abc", "1:2:3", "²:1"])
def test_a_merger_without_a_readable_summary_is_not_carried_out(cast, login, seen):
    response = login(cast.officer).post(address("unit_merge"), merger(cast, confirmed="1", seen=seen))
    assert response.status_code == 409


def test_units_that_do_not_fit_are_refused_and_the_form_keeps_what_was_typed(cast, login):
    response = login(cast.officer).post(address("unit_merge"), merger(cast, units=[cast.a.pk, cast.village.pk]))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Chỉ hợp nhất các đơn vị cùng loại" in page
    assert 'value="Trường TH&amp;THCS Mới"' in page


def test_a_unit_of_another_commune_cannot_be_merged(cast, login):
    response = login(cast.officer).post(address("unit_merge"), merger(cast, units=[cast.a.pk, cast.other_school.pk]))
    assert response.status_code == 422
    assert Unit.objects.get(pk=cast.other_school.pk).closed_on is None


@pytest.mark.parametrize(("name", "value"), [("units", "9" * 30), ("units", "a\x00b"), ("seen", f"{'9' * 5000}:1")])
def test_numbers_that_no_unit_can_have_are_refused_in_words(name, value, cast, login):
    response = login(cast.officer).post(address("unit_merge"), merger(cast, confirmed="1", **{name: value}))
    assert response.status_code in (409, 422)
