"""Pages of people: who may, what is kept when it fails, searching and order."""

import uuid
from datetime import date

from django.urls import reverse

from campaigns.choices import Group, Role
from campaigns.models import Membership, Person


def url(name, *args):
    return reverse(f"campaigns:{name}", args=args)


def names(response):
    return [person.full_name for person in response.context["page"]]


def entry(cast, **values):
    return {
        "full_name": "Nguyễn Thị Lan", "birth_date": "05/09/2015", "gender": "FEMALE", "code": "", "unit": cast.a.pk,
        "group": "PUPIL", "class_name": "lớp 4 a", "starts_on": "05/09/2025",
    } | values  # fmt: skip


def groups_offered(client, page="person_create", *args):
    return [value for value, _ in client.get(url(page, *args)).context["form"].fields["group"].choices]


def test_the_form_offers_the_groups_of_the_own_unit(cast, login, make_user, make_person):
    clerk = make_user("office.clerk", (Role.EDITOR, cast.office))
    school = ["MANAGER", "TEACHER", "SCHOOL_STAFF", "PUPIL"]
    assert groups_offered(login(cast.editor_a)) == ["", *school]
    assert groups_offered(login(clerk)) == ["", "OFFICIAL", "WORKER"]
    assert groups_offered(login(cast.village_head)) == ["RESIDENT"]
    assert groups_offered(login(cast.officer)) == ["", "OFFICIAL", "WORKER", *school, "RESIDENT"]
    pupil = make_person(cast.a, class_name="4A")
    assert groups_offered(login(cast.editor_a), "person_move", pupil.pk) == school


def test_the_office_is_told_which_groups_the_chosen_unit_has(cast, login):
    typed = entry(cast, unit=cast.village.pk, group="TEACHER", class_name="")
    page = login(cast.officer).post(url("person_create"), typed)
    assert page.status_code == 422
    assert "Thôn Một không có nhóm “Giáo viên”. Hãy chọn “Người dân”, hoặc chọn đơn vị khác." in page.text
    assert not Person.objects.exists()


def test_search_needs_no_diacritics_and_names_stand_in_vietnamese_order(cast, login, make_person):
    for name in ("Trần Văn Ân", "Đỗ Văn An", "Lê Đông Hải", "Bùi Thị Ánh"):
        make_person(cast.a, name)
    client = login(cast.editor_a)
    assert names(client.get(url("person_list"))) == ["Đỗ Văn An", "Bùi Thị Ánh", "Trần Văn Ân", "Lê Đông Hải"]
    assert names(client.get(url("person_list"), {"q": "dong hai"})) == ["Lê Đông Hải"]
    assert names(client.get(url("person_list"))) == ["Lê Đông Hải"], "the filter is remembered"
    assert len(names(client.get(url("person_list"), {"xoa-loc": "1"}))) == 4


def test_a_person_is_found_by_code(cast, login, make_person):
    make_person(cast.a, "Lê Hải", code="0012345678")
    make_person(cast.a, "Lê Sơn", code="0099999999")
    assert names(login(cast.officer).get(url("person_list"), {"q": "00123"})) == ["Lê Hải"]


def test_the_list_narrows_by_unit_group_class_and_day(cast, login, make_person):
    make_person(cast.a, "Học Sinh", class_name="4A")
    make_person(cast.a, "Cô Giáo", group=Group.TEACHER)
    make_person(cast.b, "Bạn Kia", class_name="6A")
    make_person(cast.a, "Đã Chuyển", class_name="4A", ends_on=date(2026, 1, 31))
    client = login(cast.officer)
    assert set(names(client.get(url("person_list"), {"unit": cast.a.pk}))) == {"Học Sinh", "Cô Giáo"}
    assert names(client.get(url("person_list"), {"group": "TEACHER"})) == ["Cô Giáo"]
    assert names(client.get(url("person_list"), {"class_name": "6A"})) == ["Bạn Kia"]
    assert names(client.get(url("person_list"), {"presence": "da-thoi"})) == ["Đã Chuyển"]
    on_the_day = client.get(url("person_list"), {"unit": cast.a.pk, "class_name": "4A", "day": "31/01/2026"})
    assert set(names(on_the_day)) == {"Học Sinh", "Đã Chuyển"}


def test_an_empty_list_says_what_to_do(cast, login):
    assert "Danh sách chưa có ai" in login(cast.editor_a).get(url("person_list")).content.decode()
    found = login(cast.editor_a).get(url("person_list"), {"q": "không ai"})
    assert "Không tìm thấy ai" in found.content.decode()


def test_the_list_costs_the_same_for_any_number_of_people(cast, login, make_person, django_assert_max_num_queries):
    client = login(cast.officer)
    counts = []
    for total in (3, 33):
        for number in range(total - Person.objects.count()):
            make_person(cast.a, f"Nguyễn Văn {number}", class_name="4A")
        with django_assert_max_num_queries(20) as queries:
            client.get(url("person_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_stranger_finds_nobody_and_a_reader_changes_nobody(cast, login, make_person):
    person = make_person(cast.a)
    pages = ("person_edit", "person_move", "person_leave", "person_undo")
    assert login(cast.stranger).get(url("person_detail", person.pk)).status_code == 404
    assert [login(cast.stranger).get(url(page, person.pk)).status_code for page in pages] == [404] * 4
    assert login(cast.editor_b).get(url("person_detail", person.pk)).status_code == 404
    assert login(cast.leader).get(url("person_detail", person.pk)).status_code == 200
    assert [login(cast.leader).get(url(page, person.pk)).status_code for page in pages] == [403] * 4
    assert login(cast.team_member).get(url("person_list")).status_code == 403


def test_an_editor_reads_a_former_pupil_but_no_longer_changes_them(cast, login, make_person):
    person = make_person(cast.a, ends_on=date(2026, 1, 31))
    Membership.objects.create(
        commune=cast.commune, person=person, unit=cast.b, group=Group.PUPIL, class_name="6A",
        starts_on=date(2026, 2, 1),
    )  # fmt: skip
    page = login(cast.editor_a).get(url("person_detail", person.pk))
    assert page.status_code == 200
    assert "Trường THCS B" not in page.content.decode()
    assert login(cast.editor_a).get(url("person_edit", person.pk)).status_code == 403
    assert login(cast.editor_b).get(url("person_edit", person.pk)).status_code == 200


def test_a_person_is_entered_day_first(cast, login):
    response = login(cast.editor_a).post(url("person_create"), entry(cast))
    person = Person.objects.get()
    assert response.url == url("person_detail", person.pk)
    assert person.birth_date == date(2015, 9, 5)
    assert person.memberships.get().class_name == "4A"


def test_a_form_that_fails_keeps_what_was_typed(cast, login):
    response = login(cast.editor_a).post(url("person_create"), entry(cast, birth_date="30/02/2015"))
    assert response.status_code == 422
    page = response.content.decode()
    assert "Nguyễn Thị Lan" in page
    assert "Không có ngày 30/02/2015" in page
    assert not Person.objects.exists()


def test_an_editor_enters_nobody_for_another_unit(cast, login):
    assert login(cast.editor_a).post(url("person_create"), entry(cast, unit=cast.b.pk)).status_code == 422
    assert not Person.objects.exists()


def test_a_code_is_taken_once_in_the_commune(cast, login, make_person):
    make_person(cast.b, code="0012345678")
    response = login(cast.editor_a).post(url("person_create"), entry(cast, code="0012345678"))
    assert response.status_code == 422
    assert "đã có trong danh sách của xã" in response.content.decode()


def test_c9_a_possible_duplicate_is_shown_and_added_only_on_demand(cast, login):
    client = login(cast.editor_a)
    client.post(url("person_create"), entry(cast))
    again = client.post(url("person_create"), entry(cast))
    assert again.status_code == 422
    assert "vẫn thêm" in again.content.decode()
    assert Person.objects.count() == 1
    client.post(url("person_create"), entry(cast, add_anyway="on"))
    assert Person.objects.count() == 2


def test_a_double_click_enters_one_person(cast, login):
    client, sent = login(cast.editor_a), entry(cast, client_key=str(uuid.uuid4()))
    first, second = (client.post(url("person_create"), sent) for _ in range(2))
    assert first.url == second.url
    assert Person.objects.count() == 1


def test_the_second_of_two_editors_sees_the_conflict_and_keeps_the_typing(cast, login, make_person):
    person = make_person(cast.a)
    Person.objects.filter(pk=person.pk).update(full_name="Nguyễn Thị Loan", version=2)
    sent = {"full_name": "Nguyễn Thị Liên", "birth_date": "", "gender": "", "code": "", "version": "1"}
    response = login(cast.editor_a).post(url("person_edit", person.pk), sent)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Nguyễn Thị Loan" in page
    assert "Nguyễn Thị Liên" in page
    assert login(cast.editor_a).post(url("person_edit", person.pk), sent | {"version": "2"}).status_code == 302
    assert Person.objects.get().full_name == "Nguyễn Thị Liên"


def moved(person, unit, **values):
    row = person.memberships.get(ends_on=None)
    return {
        "membership": row.pk, "unit": unit.pk, "group": "PUPIL", "class_name": "5A", "starts_on": "02/03/2026",
        "version": person.version,
    } | values  # fmt: skip


def test_an_editor_changes_the_class_and_the_office_the_unit(cast, login, make_person):
    person = make_person(cast.a, class_name="4A")
    page = url("person_move", person.pk)
    assert login(cast.editor_a).post(page, moved(person, cast.b)).status_code == 422
    assert login(cast.editor_a).post(page, moved(person, cast.a)).status_code == 302
    person.refresh_from_db()
    assert login(cast.officer).post(page, moved(person, cast.b, starts_on="01/04/2026")).status_code == 302
    assert [row.class_name for row in person.memberships.order_by("starts_on")] == ["4A", "5A", "5A"]


def test_a_move_prepared_before_another_move_is_a_conflict(cast, login, make_person):
    person = make_person(cast.a, class_name="4A")
    sent = moved(person, cast.a)
    client = login(cast.officer)
    assert client.post(url("person_move", person.pk), sent | {"class_name": "4B"}).status_code == 302
    response = client.post(url("person_move", person.pk), sent | {"starts_on": "01/04/2026"})
    assert response.status_code == 409
    assert Membership.objects.count() == 2


def test_a_leave_is_written_and_taken_back(cast, login, make_person):
    person = make_person(cast.a, class_name="4A")
    client, row = login(cast.editor_a), person.memberships.get()
    sent = {"membership": row.pk, "last_day": "31/01/2026", "reason": "Chuyển trường", "version": 1}
    assert client.post(url("person_leave", person.pk), sent).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == date(2026, 1, 31)
    assert "Bỏ việc thôi" in client.get(url("person_undo", person.pk)).content.decode()
    assert client.post(url("person_undo", person.pk), {"version": 1}).status_code == 409
    assert client.post(url("person_undo", person.pk), {"version": 2}).status_code == 302
    row.refresh_from_db()
    assert row.ends_on is None


def test_an_editor_does_not_take_back_what_the_office_moved_away(cast, login, make_person):
    person = make_person(cast.a, class_name="4A")
    login(cast.officer).post(url("person_move", person.pk), moved(person, cast.b))
    assert login(cast.editor_b).post(url("person_undo", person.pk), {"version": 2}).status_code == 403


def test_an_editor_need_not_choose_their_own_unit(cast, login):
    form = login(cast.editor_a).get(url("person_create")).context["form"]
    assert form["unit"].value() == cast.a.pk
    given = login(cast.officer).get(url("person_create"), {"don-vi": cast.b.pk}).context["form"]
    assert given["unit"].value() == str(cast.b.pk)
