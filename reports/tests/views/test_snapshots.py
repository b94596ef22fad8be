"""The pages of frozen figures: taking, reading, searching, comparing; names only for who may read them."""

import uuid
import zlib
from datetime import date
from hashlib import sha256

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from accounts.models import Job
from campaigns.choices import ActivityKind, Group, RecordStatus
from hbs_portal.lib.dates import local_today
from reports.models import Snapshot
from reports.selectors.clocks import Clocks
from reports.services.snapshots import take_snapshot
from reports.snapshots.content import unpacked
from training.models import Attendance
from training.services.revisions import withdraw_approval

JUNE = Clocks(date(2026, 6, 30), date(2026, 7, 5))


@pytest.fixture
def records(cast, make_person, make_activity, make_household, make_check):
    pupils = [make_person(cast.a, f"Học sinh Số {n}", class_name="4A") for n in range(4)]
    lesson = make_activity(cast.a, people=pupils[:3], title="Bài học số")
    make_activity(cast.a, ActivityKind.FESTIVAL, title="Ngày hội ở trường")
    make_check(make_household(cast.village))
    return {"pupils": pupils, "lesson": lesson}


@pytest.fixture
def taken(cast, campaign, records) -> Snapshot:
    return take_snapshot(cast.officer, campaign, JUNE, "Sáu tháng đầu năm", "gửi Sở")


def page(client, name: str, *arguments, query: str = "", status: int = 200) -> str:
    response = client.get(reverse(f"reports:{name}", args=arguments) + query)
    assert response.status_code == status
    return response.content.decode()


def test_before_the_first_one_the_office_is_told_what_to_do_and_a_leader_whom_to_wait_for(login, cast):
    assert "Hãy chốt trước khi gửi báo cáo" in page(login(cast.officer), "snapshot_list")
    text = page(login(cast.leader), "snapshot_list")
    assert "Khi Phòng Văn hóa - Xã hội chốt" in text
    assert reverse("reports:snapshot_take") not in text


def test_the_office_takes_one_and_a_double_click_takes_no_second(login, cast, records):
    client, key = login(cast.officer), str(uuid.uuid4())
    values = {"name": "Quý II", "ngay": "30/06/2026", "duyet": "05/07/2026", "note": "", "client_key": key}
    answers = [client.post(reverse("reports:snapshot_take"), values) for _ in range(2)]
    job = Job.objects.get()
    progress = reverse("accounts:job_detail", args=[job.pk])
    assert {answer.url for answer in answers} == {progress}
    call_command("run_jobs", once=True)
    snapshot = Snapshot.objects.get()
    led = client.get(progress, headers={"HX-Request": "true"})
    assert led.headers["HX-Redirect"] == reverse("reports:snapshot_detail", args=[snapshot.pk])
    assert f"Đã chốt số liệu, số {snapshot.code}" in page(client, "snapshot_detail", snapshot.pk)
    assert (snapshot.as_of, snapshot.approved_by, snapshot.taken_by) == (JUNE.as_of, JUNE.approved_by, cast.officer)


def test_the_form_suggests_today_and_a_name(login, cast):
    text = page(login(cast.officer), "snapshot_take")
    assert 'name="name"' in text
    assert f"Số liệu đến {min(local_today(), date(2026, 12, 31)):%d/%m/%Y}" in text


@pytest.mark.parametrize(
    "values, words",
    [
        ({"name": ""}, "Tên lần chốt"),
        ({"ngay": "01/01/2031"}, "Hãy chọn một ngày trong thời gian đó"),
        ({"duyet": "01/01/2099"}, "Ngày duyệt không được sau hôm nay"),
    ],
)
def test_a_wrong_form_gets_a_sentence_and_freezes_nothing(login, cast, records, values, words):
    data = {"name": "Quý II", "ngay": "", "duyet": "", "client_key": str(uuid.uuid4())} | values
    response = login(cast.officer).post(reverse("reports:snapshot_take"), data)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Snapshot.objects.exists()


def test_records_that_contradict_each_other_are_told_on_the_page_of_the_job(login, cast, make_person, make_activity):
    make_activity(cast.a, people=[make_person(cast.a), make_person(cast.a)], totals={Group.PUPIL: 1})
    data = {"name": "Quý II", "ngay": "30/06/2026", "duyet": "", "client_key": str(uuid.uuid4())}
    client = login(cast.officer)
    answer = client.post(reverse("reports:snapshot_take"), data)
    call_command("run_jobs", once=True)
    assert "mâu thuẫn" in client.get(answer.url).text
    assert not Snapshot.objects.exists()


def test_the_list_is_found_without_diacritics_and_says_when_nothing_is(login, cast, taken):
    client = login(cast.leader)
    assert "Sáu tháng đầu năm" in page(client, "snapshot_list", query="?q=sau thang")
    assert "Không tìm thấy lần chốt nào" in page(client, "snapshot_list", query="?q=quy")


def test_the_list_takes_as_many_queries_for_one_as_for_many(login, cast, campaign, taken, django_assert_num_queries):
    client = login(cast.leader)
    page(client, "snapshot_list")
    with django_assert_num_queries(5) as few:
        page(client, "snapshot_list")
    for number in range(5):
        take_snapshot(cast.officer, campaign, JUNE, f"Lần {number}")
    with django_assert_num_queries(5) as many:
        page(client, "snapshot_list")
    assert not any("content" in query["sql"].split("FROM")[0] for query in [*few, *many])


def test_the_figures_stay_when_the_records_change(login, cast, taken, records):
    client = login(cast.leader)
    before = page(client, "snapshot_detail", taken.pk)
    assert "3/4 (75,0%)" in before
    assert taken.sha256 in before
    withdraw_approval(actor=cast.officer, record=records["lesson"], reason="Nhầm")
    assert "3/4 (75,0%)" in page(client, "snapshot_detail", taken.pk)


def test_a_figure_opens_who_stood_behind_it_then(login, cast, taken, records):
    client = login(cast.leader)
    records["pupils"][3].memberships.update(ends_on=date(2026, 3, 1))
    counted = page(client, "snapshot_figure", taken.pk, "K3", query="?don-vi=TH-A")
    assert "Học sinh Số 0" in counted
    assert "Bài học số" in counted
    assert "Học sinh Số 3" not in counted
    assert "Học sinh Số 3" in page(client, "snapshot_figure", taken.pk, "K3", query="?tab=con-thieu")


def test_who_is_gone_from_the_lists_is_told_by_number(login, cast, taken, records, make_person):
    gone = make_person(cast.a, "Người Sẽ Xóa", class_name="4A")
    second = take_snapshot(cast.officer, taken.campaign, JUNE, "Hai")
    number = gone.pk
    gone.delete()
    text = page(login(cast.leader), "snapshot_figure", second.pk, "K3", query="?tab=con-thieu")
    assert f"Người số {number} (không còn trong danh sách)" in text


def test_names_are_searched_without_diacritics(login, cast, taken, records):
    text = page(login(cast.leader), "snapshot_figure", taken.pk, "K3", query="?q=hoc sinh so 1")
    assert "Học sinh Số 1" in text
    assert "Học sinh Số 2" not in text


@pytest.mark.parametrize("code", ["K4", "K5", "K6"])
def test_households_and_units_are_told_as_well(login, cast, taken, code):
    text = page(login(cast.leader), "snapshot_figure", taken.pk, code)
    expected = {"K4": "Trần Văn Bảy", "K5": "Ngày hội ở trường", "K6": "Khi chốt chưa có ai được tính"}
    assert expected[code] in text


def test_what_the_snapshot_does_not_hold_is_not_there(login, cast, taken):
    client = login(cast.leader)
    page(client, "snapshot_figure", taken.pk, "K9", status=404)
    page(client, "snapshot_figure", taken.pk, "K3", query="?don-vi=TH-X", status=404)
    page(client, "snapshot_change", taken.pk, "K9", status=404)


@pytest.mark.parametrize("name", ["snapshot_detail", "snapshot_figure", "snapshot_compare", "snapshot_change"])
def test_the_pages_take_the_same_queries_however_many_people(
    login, cast, campaign, records, make_person, make_activity, name, django_assert_max_num_queries
):
    client = login(cast.leader)
    arguments = ["K3"] if name in ("snapshot_figure", "snapshot_change") else []
    small = take_snapshot(cast.officer, campaign, JUNE, "Nhỏ")
    page(client, name, small.pk, *arguments)
    with django_assert_max_num_queries(45) as few:
        page(client, name, small.pk, *arguments)
    make_activity(cast.a, people=[make_person(cast.a, f"Em {n}") for n in range(40)])
    large = take_snapshot(cast.officer, campaign, JUNE, "Lớn")
    with django_assert_max_num_queries(45) as many:
        page(client, name, large.pk, *arguments)
    assert len(many) <= len(few) + 1  # names are asked for where there are any


def test_the_seal_is_checked_and_a_broken_one_is_told(login, cast, taken, past_the_guards):
    client = login(cast.officer)
    assert "Niêm phong còn nguyên" in page(client, "snapshot_seal", taken.pk)
    data = unpacked(taken.content).replace(b'"n":3', b'"n":4')
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_snapshot SET content = %s", [zlib.compress(data, 9)])
    text = page(client, "snapshot_seal", taken.pk)
    assert sha256(data).hexdigest() in text
    assert "đã bị sửa ngoài phần mềm" in text
    assert "đã bị sửa ngoài phần mềm" in page(client, "snapshot_detail", taken.pk, status=409)


def test_the_comparison_says_what_changed_and_why(login, cast, taken, records):
    client = login(cast.leader)
    assert "Không có con số nào thay đổi" in page(client, "snapshot_compare", taken.pk)
    withdraw_approval(actor=cast.officer, record=records["lesson"], reason="Nhầm", on=date(2026, 7, 1))
    text = page(client, "snapshot_compare", taken.pk)
    assert "3/4 (75,0%) → Chưa báo cáo" in text
    assert "Bản ghi bị rút duyệt (điều chỉnh kỳ trước)" in text
    assert "số trước cộng các lý do đúng bằng số sau" in text


def test_what_only_waits_is_told_where_the_figure_itself_is_the_same(login, cast, taken, records, make_activity):
    make_activity(cast.a, on=date(2026, 8, 1), people=records["pupils"][3:], status=RecordStatus.SUBMITTED)
    text = page(login(cast.leader), "snapshot_compare", taken.pk, query="?voi=hom-nay")
    assert "3/4 (75,0%) → 3/4 (75,0%)" in text
    assert "Số tạm tính: 3 → 4 (Số chờ duyệt thay đổi +1)" in text


def test_each_reason_is_told_with_its_name_and_record(login, cast, taken, records):
    withdraw_approval(actor=cast.officer, record=records["lesson"], reason="Nhầm", on=date(2026, 7, 1))
    text = page(login(cast.leader), "snapshot_change", taken.pk, "K3", query="?voi=cung-ngay&don-vi=TH-A")
    assert text.count("Học sinh Số") == 3
    assert reverse("training:activity_detail", args=[records["lesson"].pk]) in text


def test_two_snapshots_are_compared_the_older_first(login, cast, campaign, taken, records, make_activity):
    make_activity(cast.a, on=date(2026, 8, 1), people=records["pupils"][3:])
    later = Clocks(date(2026, 10, 31), date(2026, 11, 1))
    second = take_snapshot(cast.officer, campaign, later, "Mười tháng")
    texts = [
        page(login(cast.leader), "snapshot_compare", one.pk, query=f"?voi={other.number}")
        for one, other in ((taken, second), (second, taken))
    ]
    assert all(f"Từ “Lần chốt {taken.code}” đến “Lần chốt {second.code}”" in text for text in texts)
    assert all("3/4 (75,0%) → 4/4 (100,0%)" in text for text in texts)


def test_of_two_snapshots_of_the_same_days_the_one_taken_first_stands_first(login, cast, campaign, taken, records):
    Attendance.objects.filter(person=records["pupils"][0]).delete()
    second = take_snapshot(cast.officer, campaign, JUNE, "Chốt lại")
    for one, other in ((taken, second), (second, taken)):
        text = page(login(cast.leader), "snapshot_compare", one.pk, query=f"?voi={other.number}")
        assert f"Từ “Lần chốt {taken.code}” đến “Lần chốt {second.code}”" in text
        assert "3/4 (75,0%) → 2/4 (50,0%)" in text


def test_nonsense_in_the_address_compares_with_today(login, cast, taken):
    text = page(login(cast.leader), "snapshot_compare", taken.pk, query="?voi=9999&don-vi=%00")
    assert "Tính lại hôm nay" in text
