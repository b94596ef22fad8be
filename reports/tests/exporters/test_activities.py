"""Sheet "Hoạt động": what was done, and heads that are never added to people."""

from datetime import date

from campaigns.choices import ActivityKind, RecordStatus
from reports.exporters.edition import read_edition
from reports.tests.exporters.conftest import CLOCKS, row_of


def titles(edition) -> list[str]:
    return [row.title for row in edition.activities]


def test_named_and_unnamed_heads_stand_in_columns_of_their_own(book):
    """D1: 12 were there, 7 with a name."""
    assert row_of(book["Hoạt động"], "Tiết học số lớp 4A", 3)[6:11] == [7, 7, 5, 0, 0]


def test_households_are_not_added_to_people(book):
    assert row_of(book["Hoạt động"], "Đến từng hộ", 3)[6:11] == [0, 0, 0, 8, 0]


def test_the_last_row_adds_attendances_and_counts_each_person_once(book):
    """C1: three pupils came twice: 13 attendances, 10 people."""
    assert row_of(book["Hoạt động"], "Cộng: 4 hoạt động", 3)[6:11] == [13, 10, 5, 8, 0]


def test_attendances_are_those_of_the_engine(edition):
    rows = edition.activities
    assert sum(row.people for row in rows if row.kind == "LESSON") == 10
    assert edition.progress.target("K3").commune.attendances == 10


def test_who_joined_what_it_was_about_and_what_proves_it(book):
    row = row_of(book["Hoạt động"], "Tập huấn nền tảng số", 3)
    assert row[3:6] == ["Trường THCS B", "Trường Tiểu học A", "Tập huấn, bồi dưỡng: Thanh toán số"]
    assert row[11] == "2 ảnh\n1 tệp PDF"


def test_only_official_activities_up_to_the_day_are_listed(campaign, cast, make_activity):
    make_activity(cast.a, title="Được tính")
    make_activity(cast.a, title="Chờ duyệt", status=RecordStatus.SUBMITTED)
    make_activity(cast.a, title="Nháp", status=RecordStatus.DRAFT)
    make_activity(cast.a, title="Sau ngày lấy số liệu", on=date(2026, 11, 1))
    make_activity(cast.a, title="Duyệt muộn", approved_on=date(2026, 11, 2))
    assert titles(read_edition(campaign, CLOCKS)) == ["Được tính"]


def test_another_communes_activities_are_never_listed(campaign, cast, make_activity):
    make_activity(cast.other_school, title="Của xã khác")
    assert titles(read_edition(campaign, CLOCKS)) == []


def test_an_activity_of_several_days_says_until_when(campaign, cast, make_activity, open_again):
    activity = make_activity(cast.a, ActivityKind.TRAINING, date(2026, 4, 12), title="Tập huấn hai ngày")
    type(activity).objects.update(starts_on=date(2026, 4, 11))
    row = row_of(open_again(read_edition(campaign, CLOCKS))["Hoạt động"], "Tập huấn hai ngày", 3)
    assert row[2] == "Tập huấn hai ngày (đến ngày 12/04/2026)"
    assert row[1].date() == date(2026, 4, 11)
