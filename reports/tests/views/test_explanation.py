"""Why a figure is what it is: sentences, names, who may see them, and what it costs."""

import re
from datetime import date

import pytest

from campaigns.choices import ActivityKind, Group, RecordStatus, Source
from campaigns.models import DigitalTeam, FigureSource, Headcount, Membership
from conftest import clock_values
from training.models import RunningTotal

K3 = "/giai-thich/K3/"


def shown(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def names(response) -> list[str]:
    return [row.name for row in response.context["page"].content.page]


@pytest.fixture
def school(cast, make_person, make_activity):
    """4A: An and Bình reached (Bình again in May), Chi waits; 4B: Đông has a returned lesson, Em nothing."""
    people = {
        name: make_person(cast.a, name, class_name=class_name)
        for name, class_name in {
            "Lê Thị An": "4A", "Lê Văn Bình": "4A", "Lê Thị Chi": "4A", "Đặng Đông": "4B", "Lê Em": "4B",
        }.items()
    }  # fmt: skip
    an, binh, chi, dong, _ = people.values()
    make_activity(cast.a, people=[an, binh], on=date(2026, 3, 10), title="Bài học tháng ba")
    make_activity(cast.a, people=[binh], on=date(2026, 5, 10), title="Bài học tháng năm")
    make_activity(cast.a, people=[chi], status=RecordStatus.SUBMITTED, title="Bài đang chờ")
    make_activity(cast.a, people=[dong], status=RecordStatus.RETURNED, title="Bài bị trả lại")
    return people


def test_the_sentence_the_clause_and_the_rule_are_said(school, cast, login):
    text = shown(login(cast.officer).get(f"{K3}?ngay=2026-10-31"))
    assert "2 trong 5 học sinh đã được trang bị kỹ năng số, tính đến 31/10/2026." in text
    assert "100% học sinh được trang bị kiến thức, kỹ năng số phù hợp với cấp học" in text
    assert "Toàn bộ (100%)" in text
    assert "Có tên trong ít nhất 01 hoạt động đã duyệt: tập huấn, bồi dưỡng; dạy học lồng ghép." in text
    assert "Người có trong danh sách vào ngày 31/10/2026" in text


def test_a_unit_has_its_own_sentence(school, cast, login):
    text = shown(login(cast.leader).get(f"{K3}?don-vi=TH-A&ngay=2026-10-31"))
    assert "Trường Tiểu học A: 2 trong 5 học sinh đã được trang bị kỹ năng số, tính đến 31/10/2026." in text


def test_the_three_numbers_and_the_possible_range(school, cast, login, make_activity):
    make_activity(cast.a, totals={Group.PUPIL: 2})
    page = login(cast.officer).get(K3).context["page"]
    assert page.numbers == (
        ("Lượt", "3", "cộng mọi lần tham gia"),
        ("Người được tính", "2", "mỗi người một lần"),
        ("Chưa định danh", "2", "khoảng có thể 2-4"),
    )


def test_missing_people_come_first_by_class_and_by_name(school, cast, login):
    page = login(cast.officer).get(f"{K3}?don-vi=TH-A").context["page"]
    assert [(group.label, group.missing, group.total) for group in page.content.groups] == [
        ("Lớp 4A", 1, 3),
        ("Lớp 4B", 2, 2),
    ]
    assert [(row.name, row.note) for row in page.content.page] == [
        ("Lê Thị Chi", "Đang chờ duyệt"),
        ("Đặng Đông", ""),
        ("Lê Em", ""),
    ]


def test_who_does_not_record_gets_no_button(school, cast, login):
    response = login(cast.leader).get(f"{K3}?don-vi=TH-A")
    content = response.context["page"].content
    assert ([group.free for group in content.groups], content.act_label, content.is_tickable) == ([0, 0], "", False)
    assert "/con-thieu/ghi/" not in response.content.decode()


def test_a_class_can_be_looked_at_alone(school, cast, login):
    assert names(login(cast.officer).get(f"{K3}?don-vi=TH-A&lop=4B")) == ["Đặng Đông", "Lê Em"]


def test_a_name_is_found_without_its_marks(school, cast, login):
    client = login(cast.officer)
    assert names(client.get(f"{K3}?q=dang+dong")) == ["Đặng Đông"]
    assert "Không tìm thấy ai" in shown(client.get(f"{K3}?q=khong-co-ai"))


def test_who_counts_is_shown_with_the_first_activity(school, cast, login):
    page = login(cast.officer).get(f"{K3}?tab=da-tinh").context["page"]
    assert [(row.name, row.on, row.link_label) for row in page.content.page] == [
        ("Lê Thị An", date(2026, 3, 10), "Bài học tháng ba"),
        ("Lê Văn Bình", date(2026, 3, 10), "Bài học tháng ba"),
    ]
    assert page.content.page[0].link.startswith("/hoat-dong/")


def test_a_month_shows_who_was_new_in_it(school, cast, login):
    client = login(cast.officer)
    assert names(client.get(f"{K3}?tab=da-tinh&thang=2026-03")) == ["Lê Thị An", "Lê Văn Bình"]
    assert names(client.get(f"{K3}?tab=da-tinh&thang=2026-05")) == []


def test_who_does_not_count_is_shown_with_the_reason(school, cast, login, make_person, make_activity):
    visitor = make_person(cast.preschool, "Bé Khách")
    festival = make_activity(cast.a, ActivityKind.FESTIVAL, people=[school["Lê Em"]])
    make_activity(cast.a, people=[visitor, make_person(cast.a, "Cô Giáo", group=Group.TEACHER)])
    page = login(cast.officer).get(f"{K3}?tab=khong-tinh").context["page"]
    assert {row.name: row.note for row in page.content.page} == {
        "Lê Thị Chi": "Đang chờ duyệt",
        "Đặng Đông": "Bản ghi bị trả lại, chưa gửi lại: Thiếu minh chứng",
        "Lê Em": "Loại hoạt động không được tính cho chỉ tiêu này (ngày hội)",
        "Bé Khách": "Thuộc Trường Mầm non C, đơn vị không nằm trong chỉ tiêu này",
    }
    assert page.content.asides == (
        "Các hoạt động được tính còn có 1 giáo viên (lượt), là nhóm không thuộc chỉ tiêu này.",
    )
    assert festival.pk


def test_heads_without_names_are_listed_by_activity(school, cast, login, make_activity):
    activity = make_activity(cast.a, totals={Group.PUPIL: 30}, title="Buổi chưa có tên")
    (row,) = login(cast.officer).get(f"{K3}?tab=khong-tinh").context["page"].content.unnamed
    assert (row.title, row.heads, row.url) == ("Buổi chưa có tên", 30, f"/hoat-dong/{activity.pk}/")


def test_missing_and_counted_sum_to_the_denominator(school, cast, login, make_person):
    for number in range(4):
        make_person(cast.b, f"Người {number}")
    client = login(cast.officer)
    pages = [client.get(f"{K3}?tab={tab}").context["page"] for tab in ("con-thieu", "da-tinh")]
    assert sum(page.content.page.total for page in pages) == pages[0].tile.cell.d == 9


def test_c7_the_units_are_reconciled_with_the_commune(cast, login, make_person, make_activity):
    both = make_person(cast.a, group=Group.TEACHER)
    Membership.objects.create(
        commune=cast.commune, person=both, unit=cast.b, group=Group.TEACHER, starts_on=date(2025, 9, 5)
    )
    make_activity(cast.a, ActivityKind.TRAINING, people=[both, make_person(cast.b, group=Group.TEACHER)])
    client = login(cast.officer)
    page = client.get("/giai-thich/K1/?tab=da-tinh").context["page"]
    assert page.reconciliation == "2 + 1 = 3; toàn xã 2; trùng giữa đơn vị: 1"
    assert page.content.page.total == 2
    assert client.get("/giai-thich/K1/?don-vi=TH-A").context["page"].reconciliation == ""


def test_the_declared_share_is_said_and_has_no_names(cast, campaign, login):
    record = {
        "commune": cast.commune, "entered_by": cast.officer, "unit": cast.a, "group": Group.PUPIL,
        **clock_values(RecordStatus.APPROVED, date(2026, 3, 31), cast.officer2),
    }  # fmt: skip
    FigureSource.objects.create(commune=cast.commune, unit=cast.a, group=Group.PUPIL, source=Source.DECLARED)
    Headcount.objects.create(effective_on=date(2026, 1, 1), count=300, **record)
    RunningTotal.objects.create(
        target=campaign.targets.get(code="K3"), as_of=date(2026, 3, 31), value=260, **record
    )  # fmt: skip
    page = login(cast.officer).get(f"{K3}?don-vi=TH-A").context["page"]
    assert page.declared == "Phần khai báo, chưa có danh sách: 260 trong tử số, 300 trong mẫu số"
    assert page.content.page.total == 0
    assert "còn thiếu 40 học sinh theo số khai báo" in page.content.asides[0]


def test_platform_use_leads_to_a_confirmation(cast, login, make_person, make_platform_use):
    teachers = [make_person(cast.a, f"Cô {name}", group=Group.TEACHER) for name in ("An", "Bình", "Chi")]
    make_platform_use(teachers[0])
    make_platform_use(teachers[1], status=RecordStatus.SUBMITTED)
    client = login(cast.editor_a)
    page = client.get("/giai-thich/K2/").context["page"]
    (group,) = page.content.groups
    # Of the two who are missing one waits and cannot be recorded a second time.
    assert (group.label, group.missing, group.free) == ("Giáo viên", 2, 1)
    assert page.content.act_label == "Ghi xác nhận cho những người này"
    counted = client.get("/giai-thich/K2/?tab=da-tinh").context["page"].content.page
    assert [(row.name, row.link_label) for row in counted] == [("Cô An", "Xác nhận sử dụng nền tảng số")]
    refused = client.get("/giai-thich/K2/?tab=khong-tinh").context["page"].content.page
    assert [(row.name, row.note) for row in refused] == [("Cô Bình", "Đang chờ duyệt")]


@pytest.fixture
def homes(cast, make_household, make_check, make_activity):
    names = ("Đỗ Đạt", "Đỗ Thiếu", "Đỗ Chờ", "Đỗ Gặp", "Đỗ Không")
    rows = {name: make_household(cast.village, name) for name in names}
    make_check(rows["Đỗ Đạt"], on=date(2026, 4, 10))
    make_check(rows["Đỗ Thiếu"], skills=3)
    make_check(rows["Đỗ Chờ"], status=RecordStatus.SUBMITTED)
    make_activity(cast.village, ActivityKind.COMMUNICATION, households=[rows["Đỗ Gặp"]])
    return rows


def test_households_are_missing_by_village_reached_or_not(homes, cast, login):
    page = login(cast.officer).get("/giai-thich/K4/").context["page"]
    assert [(group.label, group.missing, group.note) for group in page.content.groups] == [
        ("Thôn Một", 4, "Được tiếp cận: 3/5 (60,0%)")
    ]
    assert {row.name: row.note for row in page.content.page} == {
        "Đỗ Thiếu": "Đã được tiếp cận",
        "Đỗ Chờ": "Chưa được tiếp cận. Đang chờ duyệt",
        "Đỗ Gặp": "Đã được tiếp cận",
        "Đỗ Không": "Chưa được tiếp cận",
    }


def test_households_that_passed_and_those_that_were_only_reached(homes, cast, login):
    client = login(cast.village_head)
    counted = client.get("/giai-thich/K4/?tab=da-tinh").context["page"].content.page
    assert [(row.name, row.on) for row in counted] == [("Đỗ Đạt", date(2026, 4, 10))]
    refused = client.get("/giai-thich/K4/?tab=khong-tinh").context["page"].content.page
    assert {row.name: row.note for row in refused} == {
        "Đỗ Thiếu": "Đã kiểm tra, mới có 3/5 kỹ năng",
        "Đỗ Chờ": "Bản kiểm tra đang chờ duyệt (5/5 kỹ năng)",
        "Đỗ Gặp": "Mới được tiếp cận, chưa kiểm tra kỹ năng",
    }


def test_schools_without_a_spread_activity_are_told_what_is_missing(cast, login, make_activity):
    make_activity(cast.a, ActivityKind.FESTIVAL, title="Ngày hội")
    make_activity(cast.b, ActivityKind.FESTIVAL, status=RecordStatus.SUBMITTED)
    make_activity(cast.preschool, ActivityKind.LESSON)
    client = login(cast.officer)
    missing = client.get("/giai-thich/K5/").context["page"].content.page
    assert {row.name: row.note for row in missing} == {
        "Trường THCS B": "Có hoạt động đang chờ duyệt; duyệt xong sẽ được tính",
        "Trường Mầm non C": "Chưa có hoạt động lan tỏa nào được duyệt",
    }
    counted = client.get("/giai-thich/K5/?tab=da-tinh").context["page"].content.page
    assert [(row.name, row.note, row.link_label) for row in counted] == [
        ("Trường Tiểu học A", "1 hoạt động được tính", "Ngày hội")
    ]
    refused = client.get("/giai-thich/K5/?tab=khong-tinh").context["page"].content.page
    assert {row.name: row.note for row in refused} == {
        "Trường THCS B": "1 hoạt động đang chờ duyệt",
        "Trường Mầm non C": "1 hoạt động loại dạy học lồng ghép, không thuộc loại được tính",
    }


def test_a_village_is_told_whether_it_lacks_a_team_or_an_activity(cast, login, make_activity):
    client = login(cast.officer)
    url = "/giai-thich/K6/?ngay=2026-10-31"
    assert client.get(url).context["page"].content.page[0].note == "Chưa có Tổ công nghệ số cộng đồng đang hoạt động"
    team = DigitalTeam.objects.create(
        commune=cast.commune, village=cast.village, name="Tổ Một", founded_on=date(2025, 1, 1)
    )
    assert client.get(url).context["page"].content.page[0].note == "Tổ chưa có hoạt động nào được duyệt"
    make_activity(cast.village, ActivityKind.SUPPORT, on=date(2026, 4, 10), team=team)
    note = "Hoạt động gần nhất ngày 10/04/2026, trước khoảng thời gian từ 03/08/2026 đến 31/10/2026"
    assert client.get(url).context["page"].content.page[0].note == note
    assert client.get("/giai-thich/K6/?ngay=2026-06-30").context["page"].content.page.total == 0


@pytest.mark.parametrize(
    ("who", "url", "status"),
    [
        ("officer", K3, 200),
        ("leader", f"{K3}?don-vi=THCS-B", 200),
        ("admin", K3, 200),
        ("officer", "/giai-thich/K9/", 404),
        ("officer", f"{K3}?don-vi=KHONG-CO", 404),
        ("officer", f"{K3}?don-vi=TH-X", 404),
        ("editor_a", K3, 200),
        ("editor_a", f"{K3}?don-vi=TH-A", 200),
        ("editor_a", f"{K3}?don-vi=THCS-B", 404),
        ("team_member", "/giai-thich/K6/", 200),
        ("team_member", f"{K3}?don-vi=TH-A", 404),
        ("stranger", f"{K3}?don-vi=TH-A", 404),
        ("nobody", K3, 403),
    ],
)
def test_who_may_ask_about_whom(who, url, status, school, cast, login):
    assert login(getattr(cast, who)).get(url).status_code == status


@pytest.mark.parametrize("tab", ["con-thieu", "da-tinh", "khong-tinh"])
def test_an_editor_sees_no_name_of_another_unit(tab, school, cast, login):
    text = login(cast.editor_b).get(f"{K3}?tab={tab}").content.decode()
    assert not any(name in text for name in school)


def test_an_editor_without_a_unit_in_the_address_sees_their_own(school, cast, login):
    assert login(cast.editor_a).get(K3).context["page"].place == "Trường Tiểu học A"


def test_a_target_that_does_not_apply_says_so(cast, login):
    text = shown(login(cast.officer).get("/giai-thich/K2/?don-vi=MN-C&ngay=2026-10-31"))
    assert "Trường Mầm non C: chỉ tiêu này không áp dụng vào ngày 31/10/2026." in text


def test_a_unit_that_reported_nothing_is_not_at_zero(cast, login, make_person):
    make_person(cast.b)
    text = shown(login(cast.officer).get(f"{K3}?don-vi=THCS-B&ngay=2026-10-31"))
    assert "Trường THCS B: trong số 1 học sinh chưa có gì được duyệt đến ngày 31/10/2026." in text
    assert "0/1" not in text


def test_a_wrong_day_gets_a_sentence(school, cast, login):
    response = login(cast.officer).get(f"{K3}?ngay=31/02/2026")
    assert response.status_code == 422
    assert "Không có ngày 31/02/2026" in shown(response)


@pytest.mark.parametrize("code", ["K1", "K2", "K3", "K4", "K5", "K6"])
@pytest.mark.parametrize("tab", ["con-thieu", "da-tinh", "khong-tinh"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    code, tab, school, homes, cast, login, make_person, make_activity, make_household, make_check, make_platform_use,
    django_assert_max_num_queries,
):  # fmt: skip
    def grow(count: int) -> None:
        for number in range(count):
            pupil, teacher = make_person(cast.a, class_name="5A"), make_person(cast.b, group=Group.TEACHER)
            make_activity(cast.a, people=[pupil, teacher], totals={Group.PUPIL: 9}, co_hosts=(cast.b,))
            make_activity(cast.a, ActivityKind.FESTIVAL, people=[teacher], status=RecordStatus.DRAFT)
            make_activity(cast.preschool, ActivityKind.FESTIVAL, households=[make_household(cast.village)])
            make_check(make_household(cast.village), skills=number % 6)
            make_platform_use(teacher, status=[RecordStatus.APPROVED, RecordStatus.SUBMITTED][number % 2])

    client = login(cast.officer)
    grow(2)
    with django_assert_max_num_queries(22) as before:
        client.get(f"/giai-thich/{code}/?tab={tab}")
    grow(6)
    with django_assert_max_num_queries(len(before)):
        client.get(f"/giai-thich/{code}/?tab={tab}")
