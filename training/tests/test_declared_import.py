"""Declared figures from a sheet: drafts of the importing person, with the refusals of the forms."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.choices import Group, RecordStatus
from campaigns.importers.examining import ListFor, examine
from campaigns.importers.kinds import NotUndoneError
from campaigns.models import Headcount
from campaigns.services.imports import ImportNotAppliedError, apply_roster, check_roster, undo_import
from campaigns.tests.sheets import save_sheets
from training.models import RunningTotal
from training.services.declared import declare_headcount, declare_running_total
from training.workflow import submit_record

COUNTS = ["STT", "Mã đơn vị", "Nhóm", "Quy mô", "Từ ngày"]
TOTALS = ["Đơn vị", "Mã chỉ tiêu", "Nhóm", "Số lũy kế", "Đến ngày", "Ghi chú"]
BOTH = ["Mã đơn vị", "Nhóm", "Quy mô", "Có hiệu lực từ ngày", "Chỉ tiêu", "Số luỹ kế", "Luỹ kế đến ngày"]


@pytest.fixture
def checked(cast, tmp_path):
    """checked(lines, …): the import of these lines for the whole commune by the office, unless told otherwise."""

    def check(*lines, heading=COUNTS, actor=None, unit=None):
        path = save_sheets(tmp_path / "so.xlsx", {"Sheet1": [["SỐ KHAI BÁO"], [], heading, *lines]})
        return check_roster(
            actor=actor or cast.officer,
            unit=unit or cast.commune,
            kind="DECLARED",
            effective_on=date(2026, 9, 5),
            upload=SimpleUploadedFile("so.xlsx", path.read_bytes()),
        )

    return check


def counts(found):
    kept = found.report["counts"]
    return kept["new"], kept["changed"], kept["unchanged"], kept["errors"]


def reasons(found):
    return [(one["row"], one["column"], one["reason"]) for one in found.report["errors"]]


def test_a_check_writes_nothing_and_apply_makes_drafts_of_the_importing_person(checked, cast):
    found = checked([1, "TH-A", "Học sinh", 412, "05/09/2025"], [2, "thcs-b", "học sinh", "1.250", date(2025, 9, 5)])
    assert (counts(found), Headcount.objects.count()) == ((2, 0, 0, 0), 0)
    apply_roster(actor=cast.officer, roster_import=found)
    rows = Headcount.objects.order_by("count").values_list("unit__code", "group", "count", "status", "entered_by")
    assert list(rows) == [
        ("TH-A", Group.PUPIL, 412, RecordStatus.DRAFT, cast.officer.pk),
        ("THCS-B", Group.PUPIL, 1250, RecordStatus.DRAFT, cast.officer.pk),
    ]


def test_the_same_file_twice_changes_nothing_and_another_number_changes_the_draft(checked, cast):
    line = [1, "TH-A", "Học sinh", 412, "05/09/2025"]
    apply_roster(actor=cast.officer, roster_import=checked(line))
    assert checked(line).report["outcome"] == "nothing"
    found = checked([1, "TH-A", "Học sinh", 415, "05/09/2025"])
    assert found.report["changed"][0]["changes"] == [["Quy mô", "412", "415"]]
    apply_roster(actor=cast.officer, roster_import=found)
    assert list(Headcount.objects.values_list("count", flat=True)) == [415]


def test_running_totals_are_drafts_with_target_and_day(checked, cast):
    line = ["Trường Tiểu học A", "K3", "HS", 300, "31/03/2026", ""]
    apply_roster(actor=cast.officer, roster_import=checked(line, heading=TOTALS))
    row = RunningTotal.objects.get()
    assert (row.target.code, row.unit, row.group, row.value, row.as_of, row.status) == (
        "K3", cast.a, Group.PUPIL, 300, date(2026, 3, 31), RecordStatus.DRAFT,
    )  # fmt: skip
    assert checked(line, heading=TOTALS).report["outcome"] == "nothing"


def test_one_sheet_may_hold_both_and_the_totals_are_held_against_its_own_head_counts(checked, cast):
    count = ["TH-A", "Học sinh", 412, "05/09/2025", "", "", ""]
    good = ["TH-A", "Học sinh", "", "", "K3", 400, "31/03/2026"]
    bad = ["TH-A", "Học sinh", "", "", "K3", 413, "30/04/2026"]
    found = checked(bad, count, good, heading=BOTH)
    ((row, column, reason),) = reasons(found)
    assert (row, column) == (4, "Số luỹ kế")
    assert "tử số vượt mẫu số: luỹ kế 413, quy mô 412 học sinh" in reason
    fine = checked(good, count, heading=BOTH)
    apply_roster(actor=cast.officer, roster_import=fine)
    assert (Headcount.objects.count(), RunningTotal.objects.count()) == (1, 1)


def test_a_decrease_needs_a_reason_also_within_the_file(checked, cast):
    lines = (["TH-A", "K3", "Học sinh", 300, "31/03/2026", ""], ["TH-A", "K3", "Học sinh", 280, "30/04/2026", ""])
    ((row, _, reason),) = reasons(checked(*lines, heading=TOTALS))
    assert (row, "Số giảm cần có lý do" in reason) == (5, True)
    lines[1][-1] = "Rà soát, bỏ 20 em ghi trùng"
    apply_roster(actor=cast.officer, roster_import=checked(*lines, heading=TOTALS))
    assert RunningTotal.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ([1, "KHONG-CO", "Học sinh", 5, "05/09/2025"], "Mã đơn vị", "Xã không có đơn vị mã này"),
        ([1, "", "Học sinh", 5, "05/09/2025"], "Mã đơn vị", "Chưa rõ số này của đơn vị nào"),
        ([1, "TH-A", "Học viên cao học", 5, "05/09/2025"], "Nhóm", "Không rõ nhóm này"),
        ([1, "TH-A", "Hộ", 5, "05/09/2025"], "Nhóm", "Không chỉ tiêu nào tính hộ gia đình"),
        ([1, "TH-A", "Học sinh", 5.5, "05/09/2025"], "Quy mô", "số nguyên"),
        ([1, "TH-A", "Học sinh", -5, "05/09/2025"], "Quy mô", "nhỏ hơn 0"),
        ([1, "TH-A", "Học sinh", "nhiều", "05/09/2025"], "Quy mô", "số nguyên"),
        ([1, "TH-A", "Học sinh", 5, "31/02/2026"], "Từ ngày", "Không có ngày 31/02/2026"),
        ([1, "TH-A", "Học sinh", 5, "01/01/2099"], "Từ ngày", "chưa tới"),
        ([1, "TH-A", "Học sinh", 5, ""], "Từ ngày", "Chưa có ngày"),
        ([1, "TH-A", "Học sinh", "", "05/09/2025"], "Quy mô", "chưa có số"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(line, column, words, checked):
    ((row, where, reason),) = reasons(checked(line))
    assert (row, where) == (4, column)
    assert words in reason


@pytest.mark.parametrize(
    ("target", "group", "day", "column", "words"),
    [
        ("K9", "Học sinh", "31/03/2026", "Mã chỉ tiêu", "Hãy ghi một trong các mã: K1"),
        ("K4", "Học sinh", "31/03/2026", "Mã chỉ tiêu", "Chỉ tiêu K4 không tính học sinh"),
        ("K3", "Học sinh", "31/12/2025", "Đến ngày", "thời gian của kế hoạch"),
        ("", "Học sinh", "31/03/2026", "Mã chỉ tiêu", "Chưa có mã chỉ tiêu"),
    ],
)
def test_a_total_of_no_such_target_or_day_is_refused(target, group, day, column, words, checked):
    ((_, where, reason),) = reasons(checked(["TH-A", target, group, 5, day, ""], heading=TOTALS))
    assert (where, words in reason) == (column, True)


def test_an_editor_declares_for_the_own_unit_only(checked, cast):
    lines = ([1, "TH-A", "Học sinh", 412, "05/09/2025"], [2, "THCS-B", "Học sinh", 300, "05/09/2025"])
    found = checked(*lines, actor=cast.editor_a, unit=cast.a)
    ((row, column, reason),) = reasons(found)
    assert (row, column, "Bạn không khai số liệu cho Trường THCS B" in reason) == (5, "Mã đơn vị", True)
    own = checked(["Học sinh", 412, "05/09/2025"], heading=COUNTS[2:], actor=cast.editor_a, unit=cast.a)
    apply_roster(actor=cast.editor_a, roster_import=own)
    row = Headcount.objects.get()
    assert (row.unit, row.entered_by) == (cast.a, cast.editor_a)


def test_a_number_that_was_sent_is_not_changed(checked, cast):
    values = {"unit": cast.a, "group": Group.PUPIL, "effective_on": date(2025, 9, 5)}
    sent = declare_headcount(actor=cast.editor_a, count=412, **values)
    submit_record(actor=cast.editor_a, record=sent)
    assert checked([1, "TH-A", "Học sinh", 412, "05/09/2025"]).report["outcome"] == "nothing"
    ((_, column, reason),) = reasons(checked([1, "TH-A", "Học sinh", 415, "05/09/2025"]))
    assert (column, "đã gửi duyệt" in reason) == ("Quy mô", True)


def test_the_same_number_in_two_rows_is_an_error(checked):
    line = [1, "TH-A", "Học sinh", 412, "05/09/2025"]
    ((row, _, reason),) = reasons(checked(line, line))
    assert (row, reason) == (5, "Số này đã khai ở dòng 4. Hãy xóa một trong hai dòng.")


def test_a_file_with_one_wrong_row_writes_nothing(checked, cast):
    found = checked([1, "TH-A", "Học sinh", 412, "05/09/2025"], [2, "TH-A", "?", 412, "05/09/2025"])
    with pytest.raises(ImportNotAppliedError):
        apply_roster(actor=cast.officer, roster_import=found)
    assert not Headcount.objects.exists()
    apply_roster(actor=cast.officer, roster_import=found, only_valid_rows=True)
    assert Headcount.objects.count() == 1


def test_totals_and_closing_lines_are_no_figures(checked):
    found = checked(
        [1, "TH-A", "Học sinh", 412, "05/09/2025"],
        ["", "Tổng cộng", "", 412, ""],
        [],
        ["", "", "", "Hà Bắc, ngày 05 tháng 9 năm 2025"],
        ["", "NGƯỜI LẬP BIỂU"],
    )
    assert counts(found) == (1, 0, 0, 0)


def test_undo_deletes_the_drafts_and_gives_changed_ones_their_numbers_back(checked, cast, campaign):
    values = {"unit": cast.a, "group": Group.PUPIL}
    declare_headcount(actor=cast.officer, effective_on=date(2025, 9, 5), count=412, **values)
    target = campaign.targets.get(code="K3")
    declare_running_total(actor=cast.officer, target=target, as_of=date(2026, 3, 31), value=100, **values)
    applied = checked(
        ["TH-A", "Học sinh", 415, "05/09/2025", "", "", ""],
        ["TH-A", "Học sinh", "", "", "K3", 110, "31/03/2026"],
        ["TH-A", "Học sinh", "", "", "K3", 120, "30/04/2026"],
        heading=BOTH,
    )
    apply_roster(actor=cast.officer, roster_import=applied)
    undo_import(actor=cast.officer, roster_import=applied)
    assert list(Headcount.objects.values_list("count", flat=True)) == [412]
    assert list(RunningTotal.objects.values_list("value", flat=True)) == [100]


def test_undo_is_refused_once_a_draft_was_sent(checked, cast):
    applied = checked([1, "TH-A", "Học sinh", 412, "05/09/2025"])
    apply_roster(actor=cast.officer, roster_import=applied)
    submit_record(actor=cast.officer, record=Headcount.objects.get())
    with pytest.raises(NotUndoneError, match="đã có số được gửi duyệt hoặc sửa"):
        undo_import(actor=cast.officer, roster_import=applied)
    assert Headcount.objects.count() == 1


def test_the_template_comes_back_as_it_was_filled(login, cast, tmp_path):
    address = f"{reverse('campaigns:roster_template')}?kind=DECLARED&unit={cast.commune.pk}"
    path = tmp_path / "mau.xlsx"
    path.write_bytes(login(cast.officer).get(address).content)
    book = load_workbook(path)
    sheet = book["Danh sách"]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "STT")
    names = [cell.value for cell in sheet[head]]
    for name, value in {"Mã đơn vị": "TH-A", "Nhóm": "Học sinh", "Quy mô": 412}.items():
        sheet.cell(head + 1, names.index(name) + 1, value)
    sheet.cell(head + 1, names.index("Có hiệu lực từ ngày") + 1, date(2025, 9, 5))
    book.save(path)
    list_for = ListFor(cast.officer, cast.commune, date(2026, 9, 5))
    report = examine(path, file_name=path.name, kind="DECLARED", list_for=list_for).report
    assert (len(report.new), report.errors) == (1, [])


def test_the_pages_of_declared_figures_lead_to_the_upload_and_back(login, cast, checked):
    client = login(cast.officer)
    upload = reverse("campaigns:import_upload")
    all_units = client.get(reverse("training:declared_list")).content.decode()
    assert f"{upload}?loai=DECLARED&amp;don-vi={cast.commune.pk}" in all_units
    one = client.get(reverse("training:declared_unit", args=[cast.a.pk])).content.decode()
    assert f"{upload}?loai=DECLARED&amp;don-vi={cast.a.pk}" in one
    assert (
        '<option value="DECLARED" selected>'
        in client.get(f"{upload}?loai=DECLARED&don-vi={cast.a.pk}").content.decode()
    )
    found = checked([1, "TH-A", "Học sinh", 412, "05/09/2025"])
    page = client.get(reverse("campaigns:import_detail", args=[found.pk])).content.decode()
    assert "TH-A, quy mô 412 học sinh từ 05/09/2025" in page
    assert "PUPIL" not in page
    apply_roster(actor=cast.officer, roster_import=found)
    done = client.get(reverse("campaigns:import_detail", args=[found.pk])).content.decode()
    assert "Đã nạp 1 số khai báo của Xã Hà Bắc. Các số này là bản nháp" in done


def test_the_number_of_queries_of_a_check_does_not_grow_with_the_rows(cast, tmp_path):
    def queries(count):
        lines = [[n + 1, "TH-A", "Học sinh", 400 + n, f"{n % 28 + 1:02d}/{n // 28 + 1:02d}/2026"] for n in range(count)]
        path = save_sheets(tmp_path / f"{count}.xlsx", {"So": [COUNTS, *lines]})
        list_for = ListFor(cast.officer, cast.commune, date(2026, 9, 5))
        with CaptureQueriesContext(connection) as captured:
            report = examine(path, file_name=path.name, kind="DECLARED", list_for=list_for).report
        assert len(report.new) == count
        return len(captured)

    queries(1)  # what is kept on the user object
    assert queries(60) == queries(3)
