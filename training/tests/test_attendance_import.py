"""The attendance of an activity from a sheet: who is found, what marks say, what is refused, undo."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import ActivityKind, Group, RecordStatus
from campaigns.importers.examining import ListFor, examine
from campaigns.importers.kinds import NotUndoneError
from campaigns.models import Person, RosterImport
from campaigns.services.imports import ImportNotAppliedError, apply_roster, check_roster, undo_import
from campaigns.tests.sheets import save_sheets
from hbs_portal.lib.sheets.container import RefusedFile
from training.models import Attendance

DAY = date(2026, 4, 10)
HEADING = ["STT", "Họ và tên", "Ngày sinh", "Lớp", "Có mặt"]
BORN = date(2016, 3, 4)


@pytest.fixture
def pupils(cast, make_person):
    """Class 4A of school A: An and Bình with birth dates and codes, Chi without; two Dung in 4A and 4B."""
    names = (("Nguyễn Văn An", "4A", "0000000001"), ("Trần Thị Bình", "4A", "0000000002"), ("Lê Chi", "4A", None))
    made = {name.split()[-1]: make_person(cast.a, name, class_name=where, code=code) for name, where, code in names}
    made |= {where: make_person(cast.a, "Phạm Thị Dung", class_name=where) for where in ("4B", "4C")}
    Person.objects.filter(pk__in=[made["An"].pk, made["Bình"].pk]).update(birth_date=BORN)
    return made


@pytest.fixture
def activity(cast, make_activity):
    return make_activity(
        cast.a, ActivityKind.LESSON, DAY, status=RecordStatus.DRAFT, entered_by=cast.editor_a, title="Bài học số"
    )


@pytest.fixture
def checked(cast, activity, tmp_path):
    """checked(lines, …): the import of a sheet with these lines under its heading, by the editor of school A."""

    def check(*lines, heading=HEADING, actor=None, about=None, unit=None):
        path = save_sheets(tmp_path / "diem-danh.xlsx", {"Sheet1": [["DANH SÁCH ĐIỂM DANH"], [], heading, *lines]})
        return check_roster(
            actor=actor or cast.editor_a,
            unit=unit or cast.a,
            kind="ATTENDANCE",
            effective_on=DAY,
            upload=SimpleUploadedFile("diem-danh.xlsx", path.read_bytes()),
            activity_id=(about or activity).pk,
        )

    return check


def attending(activity):
    return set(Attendance.objects.filter(activity=activity).values_list("person_id", flat=True))


def counts(roster_import):
    kept = roster_import.report["counts"]
    return kept["new"], kept["changed"], kept["unchanged"], kept["errors"]


def reasons(roster_import):
    return [(one["row"], one["column"], one["reason"]) for one in roster_import.report["errors"]]


def test_a_check_writes_nothing_and_apply_records_who_was_there(checked, activity, cast, pupils):
    found = checked(
        [1, "Nguyễn Văn An", "04/03/2016", "4A", "x"],
        [2, "TRẦN THỊ BÌNH", "", "4A", "vắng"],
        [3, "Lê Chi", "", "", "có"],
    )
    assert (found.state, counts(found), attending(activity)) == ("CHECKED", (2, 0, 1, 0), set())
    apply_roster(actor=cast.editor_a, roster_import=found)
    assert attending(activity) == {pupils["An"].pk, pupils["Chi"].pk}
    row = Attendance.objects.get(person=pupils["An"])
    assert (row.group, row.unit, row.class_name) == (Group.PUPIL, cast.a, "4A")
    activity.refresh_from_db()
    assert (activity.version, activity.status) == (2, RecordStatus.DRAFT)
    assert AuditEntry.objects.filter(action="Sửa hoạt động", object_id=activity.pk).count() == 1


def test_the_same_file_twice_changes_nothing(checked, activity, cast, pupils):
    lines = ([1, "Nguyễn Văn An", "04/03/2016", "4A", "x"], [2, "Lê Chi", "", "4A", ""])
    apply_roster(actor=cast.editor_a, roster_import=checked(*lines))
    again = checked(*lines)
    assert (again.report["outcome"], counts(again)) == ("nothing", (0, 0, 2, 0))


def test_who_is_marked_absent_is_taken_off_and_who_is_not_in_the_file_stays(checked, activity, cast, pupils):
    apply_roster(actor=cast.editor_a, roster_import=checked([1, "Lê Chi", "", "", 1], [2, "Nguyễn Văn An", "", "", 1]))
    found = checked([1, "Nguyễn Văn An", "", "4A", 0], [2, "Trần Thị Bình", "", "4A", 1])
    assert counts(found) == (1, 1, 0, 0)
    assert found.report["changed"][0]["changes"] == [["Điểm danh", "Có mặt", "Vắng"]]
    apply_roster(actor=cast.editor_a, roster_import=found)
    assert attending(activity) == {pupils["Chi"].pk, pupils["Bình"].pk}


@pytest.mark.parametrize(
    ("heading", "marks", "present"),
    [
        ("Có mặt", ["x", "", ""], {"An"}),
        ("Điểm danh", ["", "Vắng", ""], {"An", "Chi"}),
        ("Vắng", ["x", "", "P"], {"Bình"}),
        ("Vắng", ["v", "", "k"], {"Bình"}),
        ("Có mặt", ["có", "không", "Có mặt"], {"An", "Chi"}),
        ("Tình trạng", ["Có mặt", "Vắng có phép", "Nghỉ học"], {"An"}),
        ("Ghi chú", ["", "Vắng (ốm)", "Đạt giải"], {"An", "Chi"}),
        ("Dân tộc", ["Kinh", "Kinh", "Tày"], {"An", "Bình", "Chi"}),
    ],
)
def test_marks_decide_who_was_there(heading, marks, present, checked, activity, cast, pupils):
    names = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Chi")
    lines = [[n, name, mark] for n, (name, mark) in enumerate(zip(names, marks, strict=True), start=1)]
    apply_roster(actor=cast.editor_a, roster_import=checked(*lines, heading=["STT", "Họ và tên", heading]))
    assert attending(activity) == {pupils[name].pk for name in present}


def test_marks_that_say_two_things_or_nothing_are_errors_at_their_cells(checked, pupils):
    found = checked(
        [1, "Nguyễn Văn An", "", "4A", "v"],
        [2, "Trần Thị Bình", "", "4A", "x"],
        [3, "Lê Chi", "", "4A", "vắng"],
        [4, "Phạm Thị Dung", "", "4B", ""],
        [5, "Phạm Thị Dung", "", "4C", "???"],
    )
    assert [(row, column) for row, column, _ in reasons(found)] == [(4, "Có mặt"), (7, "Có mặt"), (8, "Có mặt")]
    assert "có thể là vắng" in reasons(found)[0][2]
    assert "còn trống" in reasons(found)[1][2]


def test_unknown_people_are_told_where_to_be_added(checked, pupils, activity):
    found = checked([1, "Vũ Lạ Mặt", "01/01/2016", "4A", "x"], [2, "Nguyễn Văn An", "05/05/2015", "4A", "x"])
    sentence = (
        "Không có trong danh sách của Trường Tiểu học A ngày 10/04/2026. Hãy thêm vào danh sách trước, rồi nạp lại."
    )
    assert reasons(found) == [(4, "Họ và tên", sentence), (5, "Họ và tên", sentence)]
    assert attending(activity) == set()


def test_one_name_of_two_people_needs_more_to_tell_them_apart(checked, pupils, cast, activity):
    found = checked([1, "Phạm Thị Dung", "", "", "x"])
    assert "Có 2 người cùng họ tên" in reasons(found)[0][2]
    apply_roster(actor=cast.editor_a, roster_import=checked([1, "Phạm Thị Dung", "", "4C", "x"]))
    assert attending(activity) == {pupils["4C"].pk}


def test_a_code_goes_before_the_name_and_a_wrong_code_is_seen(checked, pupils, cast, activity):
    heading = ["STT", "Mã định danh", "Họ và tên", "Có mặt"]
    wrong = checked([1, "0000000001", "Trần Thị Bình", "x"], heading=heading)
    assert "của người khác" in reasons(wrong)[0][2]
    apply_roster(actor=cast.editor_a, roster_import=checked([1, "0000000001", "Nguyen Van An", "x"], heading=heading))
    assert attending(activity) == {pupils["An"].pk}


def test_the_same_person_in_two_rows_is_an_error(checked, pupils):
    found = checked([1, "Lê Chi", "", "", "x"], [2, "Lê Chi", "", "4A", "x"])
    assert reasons(found) == [(5, "Họ và tên", "Người này đã có ở dòng 4. Hãy xóa một trong hai dòng.")]


def test_people_of_another_school_and_those_who_left_before_the_day_are_unknown(checked, cast, make_person, pupils):
    make_person(cast.b, "Đỗ Văn Em", code="0000000009")
    make_person(cast.a, "Bùi Đã Chuyển", class_name="4A", ends_on=date(2026, 4, 9))
    heading = ["Mã định danh", "Họ và tên", "Có mặt"]
    found = checked(["0000000009", "Đỗ Văn Em", "x"], ["", "Bùi Đã Chuyển", "x"], heading=heading)
    assert [row for row, _, _ in reasons(found)] == [4, 5]


def test_the_office_finds_guests_of_other_units_by_code_or_birth_date(checked, cast, make_person, activity, pupils):
    guest = make_person(cast.b, "Đỗ Văn Em", code="0000000009")
    other = make_person(cast.b, "Đỗ Thị Khách")
    Person.objects.filter(pk=other.pk).update(birth_date=BORN)
    heading = ["Mã định danh", "Họ và tên", "Ngày sinh", "Có mặt"]
    lines = (["0000000009", "Đỗ Văn Em", "", "x"], ["", "Đỗ Thị Khách", "04/03/2016", "x"])
    apply_roster(actor=cast.officer, roster_import=checked(*lines, heading=heading, actor=cast.officer))
    assert attending(activity) == {guest.pk, other.pk}
    alone = checked(["", "Đỗ Thị Khách", "", "x"], heading=heading, actor=cast.officer)
    assert "cần ghi ngày sinh hoặc mã" in reasons(alone)[0][2]


def test_more_names_than_the_total_are_refused_at_their_rows(checked, activity, pupils, cast):
    activity.group_totals.create(group=Group.PUPIL, total=1)
    found = checked([1, "Lê Chi", "", "", "x"], [2, "Nguyễn Văn An", "", "", "x"])
    assert [row for row, _, _ in reasons(found)] == [4, 5]
    assert "Tổng số học sinh có mặt là 1, ít hơn 2 tên đã chọn" in reasons(found)[0][2]
    with pytest.raises(ImportNotAppliedError):
        apply_roster(actor=cast.editor_a, roster_import=found)
    assert attending(activity) == set()


def test_only_drafts_and_returned_activities_of_ones_own_unit_are_filled(checked, cast, make_activity, pupils):
    line = [1, "Lê Chi", "", "", "x"]
    sent = make_activity(cast.a, on=DAY, status=RecordStatus.SUBMITTED)
    with pytest.raises(RefusedFile, match="Chờ duyệt"):
        checked(line, about=sent)
    foreign = make_activity(cast.b, on=DAY, status=RecordStatus.DRAFT)
    for unit in (cast.a, cast.b):
        with pytest.raises(RefusedFile, match="Chưa rõ điểm danh của hoạt động nào"):
            checked(line, about=foreign, unit=unit)


def test_an_activity_that_was_sent_after_the_check_is_not_filled(checked, cast, activity, pupils):
    found = checked([1, "Lê Chi", "", "", "x"])
    type(activity).objects.filter(pk=activity.pk).update(status=RecordStatus.SUBMITTED, submitted_on=DAY)
    with pytest.raises(ImportNotAppliedError, match="Chờ duyệt"):
        apply_roster(actor=cast.editor_a, roster_import=found)
    assert attending(activity) == set()


def test_undo_takes_names_off_and_puts_absent_ones_back(checked, cast, activity, pupils):
    apply_roster(actor=cast.editor_a, roster_import=checked([1, "Lê Chi", "", "", "x"]))
    applied = checked([1, "Lê Chi", "", "", "vắng"], [2, "Nguyễn Văn An", "", "", "x"])
    apply_roster(actor=cast.editor_a, roster_import=applied)
    undo_import(actor=cast.editor_a, roster_import=applied)
    assert attending(activity) == {pupils["Chi"].pk}
    assert Attendance.objects.get(person=pupils["Chi"]).class_name == "4A"


def test_undo_is_refused_once_the_list_was_changed_or_sent(checked, cast, activity, pupils):
    applied = checked([1, "Lê Chi", "", "", "x"])
    apply_roster(actor=cast.editor_a, roster_import=applied)
    activity.attendances.create(commune_id=cast.commune.pk, person=pupils["An"], group=Group.PUPIL, unit=cast.a)
    with pytest.raises(NotUndoneError, match="đã được sửa sau lần nạp"):
        undo_import(actor=cast.editor_a, roster_import=applied)
    type(activity).objects.filter(pk=activity.pk).update(status=RecordStatus.SUBMITTED, submitted_on=DAY)
    with pytest.raises(NotUndoneError, match="đã gửi duyệt"):
        undo_import(actor=cast.editor_a, roster_import=applied)


def test_the_number_of_queries_does_not_grow_with_the_list(cast, activity, make_person, tmp_path, pupils):
    def queries(count):
        names = [f"Em {chr(65 + n // 26)}{chr(97 + n % 26)}" for n in range(count)]
        for name in names:
            if not Person.objects.filter(full_name=name).exists():
                make_person(cast.a, name, class_name="4A")
        path = save_sheets(tmp_path / f"{count}.xlsx", {"4A": [HEADING[:2], *enumerate(names, start=1)]})
        list_for = ListFor(cast.editor_a, cast.a, DAY, activity_id=activity.pk)
        with CaptureQueriesContext(connection) as captured:
            report = examine(path, file_name=path.name, kind="ATTENDANCE", list_for=list_for).report
        assert len(report.new) == count
        return len(captured)

    queries(1)  # what is kept on the user object
    assert queries(60) == queries(3)


def test_the_page_of_a_draft_leads_to_the_upload_of_its_list(login, cast, activity, pupils, tmp_path):
    client = login(cast.editor_a)
    page = client.get(reverse("training:activity_detail", args=[activity.pk])).content.decode()
    address = f"{reverse('campaigns:import_upload')}?loai=ATTENDANCE&amp;hoat-dong={activity.pk}"
    assert f'href="{address}"' in page
    upload = client.get(address.replace("&amp;", "&")).content.decode()
    assert "Điểm danh của hoạt động “Bài học số”, Trường Tiểu học A, ngày 10/04/2026" in upload
    assert 'name="unit"' not in upload.split("tai-mau")[0]
    path = save_sheets(tmp_path / "a.xlsx", {"4A": [HEADING[:2], [1, "Lê Chi"]]})
    file = SimpleUploadedFile("a.xlsx", path.read_bytes())
    sent = client.post(
        reverse("campaigns:import_upload"), {"file": file, "activity_id": activity.pk, "client_key": uuid.uuid4()}
    )
    assert sent.status_code == 302
    stored = RosterImport.objects.get()
    assert (stored.kind, stored.unit, stored.activity_id) == ("ATTENDANCE", cast.a, activity.pk)
    detail = client.get(sent.url).content.decode()
    assert "Nạp 1 lượt điểm danh" in detail
    client.post(reverse("campaigns:import_apply", args=[stored.pk]))
    assert attending(activity) == {pupils["Chi"].pk}
    assert client.get(sent.url).status_code == 200


@pytest.mark.parametrize("who", ["team_member", "leader"])
def test_who_does_not_keep_lists_sees_no_link(who, login, cast, make_activity):
    activity = make_activity(cast.village, ActivityKind.SUPPORT, DAY, status=RecordStatus.DRAFT)
    page = login(getattr(cast, who)).get(reverse("training:activity_detail", args=[activity.pk])).content.decode()
    assert "Nạp điểm danh" not in page


def test_an_approved_activity_has_no_link(login, cast, make_activity):
    activity = make_activity(cast.a, on=DAY)
    page = login(cast.officer).get(reverse("training:activity_detail", args=[activity.pk])).content.decode()
    assert "Nạp điểm danh" not in page


def test_an_activity_of_another_school_opens_the_plain_upload(login, cast, make_activity):
    foreign = make_activity(cast.b, on=DAY, status=RecordStatus.DRAFT)
    address = f"{reverse('campaigns:import_upload')}?loai=ATTENDANCE&hoat-dong={foreign.pk}"
    page = login(cast.editor_a).get(address).content.decode()
    assert "Điểm danh của hoạt động" not in page
