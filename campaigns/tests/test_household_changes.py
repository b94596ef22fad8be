"""A household splits or moves to another village from a day on, and either is taken back (rules E3, F2)."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.versions import StaleRecordError
from campaigns.choices import Group, UnitKind
from campaigns.models import Household, HouseholdMove, Membership
from campaigns.services.household_changes import move_household, split_household, undo_household_move, undo_split

SPLIT_DAY = date(2026, 6, 1)


def url(name, *args):
    return reverse(f"campaigns:{name}", args=args)


@pytest.fixture
def other_village(cast, make_unit):
    return make_unit(cast.commune, "THON-2", UnitKind.VILLAGE, "Thôn Hai")


@pytest.fixture
def household(cast, make_household):
    return make_household(cast.village, "Trần Văn Bảy")


@pytest.fixture
def make_resident(cast, make_person):
    def make(household, full_name, **values):
        person = make_person(cast.village, full_name, Group.RESIDENT, starts_on=date(2025, 1, 1), **values)
        person.memberships.update(household=household)
        return person.memberships.get()

    return make


@pytest.fixture
def split(cast, household):
    def make(*residents, **values):
        household.refresh_from_db()
        content = {"starts_on": SPLIT_DAY, "head_name": "Trần Thị Chín", **values}
        return split_household(
            actor=cast.village_head,
            household=household,
            expected_version=household.version,
            residents=residents,
            **content,
        )

    return make


def stays(person):
    rows = person.memberships.order_by("starts_on").values_list("household__head_name", "starts_on", "ends_on")
    return list(rows)


def test_e3_a_household_splits_from_a_day_and_the_ticked_people_go_along(cast, household, make_resident, split):
    stayer, leaver = make_resident(household, "Trần Văn Bảy"), make_resident(household, "Trần Thị Chín")
    new = split(leaver, code="0042")
    assert (new.split_from, new.village, new.starts_on, new.code) == (household, cast.village, SPLIT_DAY, "0042")
    assert stays(stayer.person) == [("Trần Văn Bảy", date(2025, 1, 1), None)]
    assert stays(leaver.person) == [
        ("Trần Văn Bảy", date(2025, 1, 1), date(2026, 5, 31)),
        ("Trần Thị Chín", SPLIT_DAY, None),
    ]
    assert new.residents.get().is_head
    entry = AuditEntry.objects.get(action="Tách hộ")
    assert entry.after["people"] == [leaver.person_id]


def test_a_split_is_taken_back_as_if_it_never_was(household, make_resident, split, cast):
    leaver = make_resident(household, "Trần Thị Chín")
    new = split(leaver)
    old = undo_split(actor=cast.village_head, household=new, expected_version=new.version)
    assert old == household
    assert stays(leaver.person) == [("Trần Văn Bảy", date(2025, 1, 1), None)]
    assert list(Household.objects.all()) == [household]


def test_a_split_stays_once_something_is_recorded_about_the_new_household(split, make_check, cast):
    new = split()
    make_check(new, date(2026, 7, 1))
    with pytest.raises(ValidationError, match="Hộ mới đã được ghi nhận: kiểm tra hộ Trần Thị Chín"):
        undo_split(actor=cast.village_head, household=new, expected_version=new.version)
    assert Household.objects.count() == 2


@pytest.mark.parametrize(
    ("day", "sentence"), [(date(2020, 1, 1), "Hộ có từ 01/01/2020"), (date(2090, 1, 1), "Ngày này chưa đến")]
)
def test_a_split_needs_a_day_after_the_households_first(split, day, sentence):
    with pytest.raises(ValidationError, match=sentence):
        split(starts_on=day)


def test_f2_a_household_that_moved_splits_only_from_a_day_in_its_present_village(cast, household, other_village, split):
    move_household(
        actor=cast.officer, household=household, expected_version=1, village=other_village, starts_on=SPLIT_DAY
    )
    with pytest.raises(ValidationError, match="Hộ đã chuyển thôn sau ngày 31/05/2026"):
        split(starts_on=date(2026, 5, 31))
    assert Household.objects.count() == 1
    assert split(starts_on=SPLIT_DAY).village == other_village


def test_f2_a_split_is_not_taken_back_across_a_later_move_of_the_old_household(
    cast, household, other_village, make_resident, split
):
    leaver = make_resident(household, "Trần Thị Chín")
    new = split(leaver)
    household.refresh_from_db()
    moved = {"actor": cast.officer, "household": household}
    version = household.version
    move_household(**moved, expected_version=version, village=other_village, starts_on=date(2026, 7, 1))
    with pytest.raises(ValidationError, match="Hộ cũ đã chuyển thôn sau khi tách"):
        undo_split(actor=cast.village_head, household=new, expected_version=new.version)
    undo_household_move(**moved, expected_version=version + 1)
    new.refresh_from_db()
    undo_split(actor=cast.village_head, household=new, expected_version=new.version)
    assert stays(leaver.person) == [("Trần Văn Bảy", date(2025, 1, 1), None)]
    assert leaver.person.memberships.get().unit == cast.village


def test_a_split_on_a_stale_page_writes_nothing(cast, household):
    with pytest.raises(StaleRecordError):
        split_household(
            actor=cast.village_head, household=household, expected_version=9, starts_on=SPLIT_DAY, head_name="Ai"
        )
    assert Household.objects.count() == 1


def test_f2_a_household_moves_from_a_day_and_counts_where_it_was_until_then(
    cast, household, other_village, make_resident
):
    resident = make_resident(household, "Trần Văn Bảy")
    move_household(
        actor=cast.officer, household=household, expected_version=1, village=other_village, starts_on=SPLIT_DAY
    )
    placed = Household.objects.filter(pk=household.pk)
    villages = [
        placed.with_village_on(day).values_list("village_id_on_day", flat=True).get()
        for day in (date(2026, 5, 31), SPLIT_DAY)
    ]
    assert villages == [cast.village.pk, other_village.pk]
    rows = resident.person.memberships.order_by("starts_on").values_list("unit", "household", "starts_on", "ends_on")
    assert list(rows) == [
        (cast.village.pk, household.pk, date(2025, 1, 1), date(2026, 5, 31)),
        (other_village.pk, household.pk, SPLIT_DAY, None),
    ]


def test_a_move_is_taken_back_unless_something_happened_since(
    cast, household, other_village, make_resident, make_check
):
    resident = make_resident(household, "Trần Văn Bảy")
    make_check(household, date(2026, 4, 1))
    values = {"actor": cast.officer, "household": household}
    move_household(**values, expected_version=1, village=other_village, starts_on=SPLIT_DAY)
    undo_household_move(**values, expected_version=2)
    household.refresh_from_db()
    assert (household.village, HouseholdMove.objects.count()) == (cast.village, 0)
    assert stays(resident.person) == [("Trần Văn Bảy", date(2025, 1, 1), None)]
    move_household(**values, expected_version=3, village=other_village, starts_on=SPLIT_DAY)
    make_check(household, date(2026, 7, 1))
    with pytest.raises(ValidationError, match="Hãy chuyển tiếp từ một ngày mới"):
        undo_household_move(**values, expected_version=4)


def test_a_second_move_is_later_than_the_first(cast, household, other_village):
    values = {"actor": cast.officer, "household": household}
    move_household(**values, expected_version=1, village=other_village, starts_on=SPLIT_DAY)
    with pytest.raises(ValidationError, match="Hộ đã chuyển thôn sau ngày 31/05/2026"):
        move_household(**values, expected_version=2, village=cast.village, starts_on=date(2026, 5, 1))


def test_the_village_splits_a_household_once_and_its_page_tells_it(cast, household, make_resident, login):
    leaver = make_resident(household, "Trần Thị Chín")
    client = login(cast.village_head)
    sent = {
        "starts_on": "01/06/2026", "head_name": "Trần Thị Chín", "residents": [leaver.pk], "version": "1",
        "client_key": str(uuid.uuid4()),
    }  # fmt: skip
    answers = [client.post(url("household_split", household.pk), sent) for _ in range(2)]
    new = Household.objects.get(split_from=household)
    assert {answer.url for answer in answers} == {url("household_detail", new.pk)}
    assert Membership.objects.filter(household=new).count() == 1
    page = client.get(url("household_detail", new.pk)).content.decode()
    assert "Tách từ hộ Trần Văn Bảy, Thôn Một" in page
    assert url("household_split_undo", new.pk) in page
    old_page = client.get(url("household_detail", household.pk)).content.decode()
    assert "Một phần tách thành hộ Trần Thị Chín" in old_page
    assert client.post(url("household_split_undo", new.pk), {"version": "1"}).url == url(
        "household_detail", household.pk
    )


def test_a_taken_code_and_a_stale_page_keep_what_was_typed(cast, household, make_household, login):
    make_household(cast.village, "Bùi Văn Cường", code="0007")
    client, address = login(cast.village_head), url("household_split", household.pk)
    sent = {"starts_on": "01/06/2026", "head_name": "Trần Thị Chín", "code": "0007", "version": "1"}
    response = client.post(address, sent)
    assert response.status_code == 422
    assert "Mã hộ này đã có trong danh sách của xã." in response.content.decode()
    stale = client.post(address, sent | {"code": "", "version": "7"})
    assert stale.status_code == 409
    assert "Trần Thị Chín" in stale.content.decode()


def test_the_office_moves_a_household_and_the_page_of_its_undo_says_why_not(cast, household, other_village, login):
    client, address = login(cast.officer), url("household_move", household.pk)
    refused = client.get(url("household_move_undo", household.pk)).content.decode()
    assert "chưa chuyển thôn lần nào" in refused
    assert (
        client.post(address, {"village": other_village.pk, "starts_on": "01/06/2026", "version": "1"}).status_code
        == 302
    )
    page = client.get(url("household_detail", household.pk)).content.decode()
    assert "Chuyển từ Thôn Một sang Thôn Hai" in page
    assert client.post(url("household_move_undo", household.pk), {"version": "2"}).status_code == 302
    household.refresh_from_db()
    assert household.village == cast.village


def test_team_members_do_not_read_who_lives_in_a_household(cast, household, make_resident, login):
    make_resident(household, "Trần Thị Chín")
    address = url("household_detail", household.pk)
    assert "Thành viên trong danh sách" in login(cast.village_head).get(address).content.decode()
    assert "Thành viên trong danh sách" not in login(cast.team_member).get(address).content.decode()


def test_the_page_of_a_household_costs_the_same_queries_whatever_happened(
    cast, household, split, make_resident, login, django_assert_max_num_queries
):
    client, address = login(cast.village_head), url("household_detail", household.pk)
    with django_assert_max_num_queries(40) as few:
        client.get(address)
    for number in range(4):
        split(starts_on=date(2026, 6, 1 + number), head_name=f"Hộ {number}")
        make_resident(household, f"Trần Thị {number}")
    with django_assert_max_num_queries(len(few)):
        client.get(address)
