"""Households: pages and writes."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.models import Household, Unit


def url(name, *args):
    return reverse(f"campaigns:{name}", args=args)


def entry(cast, **values):
    return {
        "village": cast.village.pk, "head_name": "Trần Văn Bảy", "code": "0007", "address": "Xóm Đông",
        "member_count": "4", "phone": "", "is_poor": "on", "starts_on": "01/01/2026",
    } | values  # fmt: skip


def heads(response):
    return [household.head_name for household in response.context["page"]]


def test_a_household_is_entered_once_by_its_village(cast, login):
    client, sent = login(cast.village_head), entry(cast, client_key=str(uuid.uuid4()))
    first, second = (client.post(url("household_create"), sent) for _ in range(2))
    household = Household.objects.get()
    assert first.url == second.url == url("household_detail", household.pk)
    assert (household.code, household.is_poor, household.starts_on) == ("0007", True, date(2026, 1, 1))
    assert AuditEntry.objects.filter(action="Thêm hộ gia đình", unit_id=cast.village.pk).count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"head_name": ""}, "Xóm Đông"),
        ({"starts_on": "31/12/2090"}, "chưa đến"),
        ({"starts_on": "31/02/2026"}, "Không có ngày 31/02/2026"),
        ({"head_name": "TrÇn V¨n B¶y"}, "bảng mã cũ"),
    ],
)
def test_a_wrong_entry_keeps_what_was_typed(cast, login, values, sentence):
    response = login(cast.village_head).post(url("household_create"), entry(cast, **values))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Household.objects.exists()


def test_search_filter_and_empty_state(cast, login, make_household):
    make_household(cast.village, "Đặng Thị Ánh", address="Xóm Bắc", is_poor=True)
    make_household(cast.village, "Bùi Văn Cường", ends_on=date(2026, 1, 31))
    client = login(cast.officer)
    assert heads(client.get(url("household_list"), {"q": "xom bac"})) == ["Đặng Thị Ánh"]
    assert heads(client.get(url("household_list"), {"is_poor": "on"})) == ["Đặng Thị Ánh"]
    assert heads(client.get(url("household_list"), {"presence": "da-thoi"})) == ["Bùi Văn Cường"]
    assert heads(client.get(url("household_list"), {"village": cast.village.pk, "presence": "tat-ca"})) == [
        "Đặng Thị Ánh", "Bùi Văn Cường"
    ]  # fmt: skip
    assert "Không tìm thấy hộ nào" in client.get(url("household_list"), {"q": "không có"}).content.decode()


def test_only_the_village_and_the_office_write(cast, login, make_household):
    household = make_household(cast.village)
    page = url("household_edit", household.pk)
    users = [cast.village_head, cast.officer, cast.team_member, cast.leader, cast.editor_a, cast.stranger]
    assert [login(user).get(page).status_code for user in users] == [200, 200, 403, 403, 404, 404]
    assert login(cast.team_member).get(url("household_detail", household.pk)).status_code == 200
    assert login(cast.editor_a).post(url("household_create"), entry(cast)).status_code == 422


def test_who_records_goes_from_a_household_to_its_check_and_a_reader_sees_no_such_way(cast, login, make_household):
    household = make_household(cast.village)
    check = reverse("training:household_check_record", args=[household.pk])
    pages = [url("household_list"), url("household_detail", household.pk)]
    for user, is_shown in [(cast.team_member, True), (cast.officer, True), (cast.leader, False)]:
        client = login(user)
        assert [check in client.get(page).content.decode() for page in pages] == [is_shown, is_shown]
    Household.objects.update(ends_on=date(2026, 1, 31))
    page = login(cast.team_member).get(url("household_detail", household.pk)).content.decode()
    assert check not in page


def test_a_household_older_than_its_merged_village_can_still_be_mended(cast, login, make_household):
    household = make_household(cast.village, "Trần Văn Bảy", starts_on=date(2025, 1, 1))
    Unit.objects.filter(pk=cast.village.pk).update(opened_on=date(2025, 7, 1))
    client, sent = login(cast.village_head), entry(cast, version="1", starts_on="01/01/2025", phone="0912345678")
    assert client.post(url("household_edit", household.pk), sent).status_code == 302
    assert Household.objects.get().phone == "0912345678"
    moved = client.post(url("household_edit", household.pk), sent | {"version": "2", "starts_on": "02/01/2025"})
    assert moved.status_code == 422
    assert "không hoạt động vào ngày 02/01/2025" in moved.content.decode()


def test_the_second_of_two_edits_is_a_conflict(cast, login, make_household):
    household = make_household(cast.village)
    Household.objects.filter(pk=household.pk).update(head_name="Trần Văn Tám", version=2)
    response = login(cast.village_head).post(url("household_edit", household.pk), entry(cast, version="1"))
    assert response.status_code == 409
    assert "Trần Văn Tám" in response.content.decode()
    assert Household.objects.get().head_name == "Trần Văn Tám"


def test_a_household_leaves_and_comes_back(cast, login, make_household):
    household = make_household(cast.village)
    client = login(cast.village_head)
    sent = {"last_day": "31/01/2026", "reason": "Chuyển đi", "version": "1"}
    assert client.post(url("household_leave", household.pk), sent).status_code == 302
    household.refresh_from_db()
    assert household.ends_on == date(2026, 1, 31)
    assert client.post(url("household_undo", household.pk), {"version": "1"}).status_code == 409
    assert client.post(url("household_undo", household.pk), {"version": "2"}).status_code == 302
    household.refresh_from_db()
    assert household.ends_on is None


def test_the_list_costs_the_same_for_any_number_of_households(
    cast, login, make_household, django_assert_max_num_queries
):
    client = login(cast.officer)
    costs = []
    for count in (2, 30):
        for number in range(count):
            make_household(cast.village, f"Trần Văn {number}")
        with django_assert_max_num_queries(20) as queries:
            client.get(url("household_list"))
        costs.append(len(queries))
    assert costs[0] == costs[1]
