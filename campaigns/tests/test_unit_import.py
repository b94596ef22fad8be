"""Units from a sheet: new and changed by code, nothing closed."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.choices import UnitKind
from campaigns.importers.examining import ListFor, examine
from campaigns.importers.kinds import NotUndoneError
from campaigns.importers.understanding import Answers
from campaigns.models import RosterImport, Unit
from campaigns.services.imports import apply_roster, check_roster, recheck_roster, undo_import
from campaigns.tests.sheets import save_sheets
from hbs_portal.lib.sheets.container import RefusedFile

HEADING = ["STT", "Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Hoạt động từ ngày"]


@pytest.fixture
def checked(cast, tmp_path):
    """checked(lines, …): the import of a list of units by the office."""

    def check(*lines, heading=HEADING, actor=None, unit=None):
        path = save_sheets(tmp_path / "dv.xlsx", {"Sheet1": [["DANH SÁCH ĐƠN VỊ"], [], heading, *lines]})
        return check_roster(
            actor=actor or cast.officer,
            unit=unit or cast.commune,
            kind="UNITS",
            effective_on=date(2026, 9, 5),
            upload=SimpleUploadedFile("dv.xlsx", path.read_bytes()),
        )

    return check


def counts(found):
    kept = found.report["counts"]
    return kept["new"], kept["changed"], kept["unchanged"], kept["errors"]


def reasons(found):
    return [(one["row"], one["column"], one["reason"]) for one in found.report["errors"]]


def test_a_check_writes_nothing_and_apply_opens_the_units(checked, cast):
    before = Unit.objects.count()
    found = checked(
        [1, "MN-DONG", "Trường Mầm non Đông", "Mầm non", "05/09/2020"],
        [2, "LC-TAY", "Trường TH&THCS Tây", "TH&THCS", date(2021, 9, 5)],
        ["", "THON-9", "Thôn Chín", "Thôn", "01/01/2019"],
    )
    assert (counts(found), Unit.objects.count()) == ((3, 0, 0, 0), before)
    apply_roster(actor=cast.officer, roster_import=found)
    rows = Unit.objects.filter(code__in=["MN-DONG", "LC-TAY", "THON-9"]).order_by("code")
    assert [(one.kind, one.opened_on, one.commune, one.path.startswith(cast.commune.path)) for one in rows] == [
        (UnitKind.PRIMARY_LOWER_SECONDARY, date(2021, 9, 5), cast.commune, True),
        (UnitKind.PRESCHOOL, date(2020, 9, 5), cast.commune, True),
        (UnitKind.VILLAGE, date(2019, 1, 1), cast.commune, True),
    ]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Mầm non", UnitKind.PRESCHOOL), ("MẪU GIÁO", UnitKind.PRESCHOOL), ("Tiểu học", UnitKind.PRIMARY),
        ("THCS", UnitKind.LOWER_SECONDARY), ("Trung học cơ sở", UnitKind.LOWER_SECONDARY),
        ("TH&THCS", UnitKind.PRIMARY_LOWER_SECONDARY), ("TH và THCS", UnitKind.PRIMARY_LOWER_SECONDARY),
        ("Thôn", UnitKind.VILLAGE), ("Tổ dân phố", UnitKind.VILLAGE), ("Đoàn thể", UnitKind.UNION),
        ("MTTQ, đoàn thể", UnitKind.UNION), ("Phòng", UnitKind.OFFICE),
        ("Trung tâm học tập cộng đồng", UnitKind.LEARNING_CENTRE), ("Trường THCS", UnitKind.LOWER_SECONDARY),
    ],
)  # fmt: skip
def test_kinds_are_read_as_people_write_them(written, kind, checked, cast):
    apply_roster(actor=cast.officer, roster_import=checked([1, "MOI", "Đơn vị mới", written, "01/01/2020"]))
    assert Unit.objects.get(commune=cast.commune, code="MOI").kind == kind


def test_the_same_file_twice_changes_nothing_and_a_missing_unit_stays_open(checked, cast):
    line = [1, "TH-A", "Trường Tiểu học A", "Tiểu học", "01/01/2020"]
    assert checked(line).report["outcome"] == "nothing"
    assert not Unit.objects.exclude(closed_on=None).exists()


def test_a_known_code_is_changed_and_empty_cells_change_nothing(checked, cast):
    found = checked([1, "th-a", "Trường Tiểu học Hà Bắc", "", ""])
    assert found.report["changed"][0]["changes"] == [["Tên đơn vị", "Trường Tiểu học A", "Trường Tiểu học Hà Bắc"]]
    apply_roster(actor=cast.officer, roster_import=found)
    cast.a.refresh_from_db()
    assert (cast.a.code, cast.a.name, cast.a.kind, cast.a.version) == (
        "TH-A", "Trường Tiểu học Hà Bắc", UnitKind.PRIMARY, 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ([1, "", "Trường Mới", "Tiểu học", "01/01/2020"], "Mã đơn vị", "Chưa có mã"),
        ([1, "MOI", "", "Tiểu học", "01/01/2020"], "Tên đơn vị", "Chưa có tên"),
        ([1, "MOI", "Trường Mới", "Đại học", "01/01/2020"], "Loại đơn vị", "Không rõ loại đơn vị này"),
        ([1, "MOI", "Trường Mới", "", "01/01/2020"], "Loại đơn vị", "Đơn vị mới cần có loại"),
        ([1, "MOI", "Trường Mới", "Tiểu học", ""], "Hoạt động từ ngày", "cần có ngày"),
        ([1, "MOI", "Trường Mới", "Tiểu học", "30/02/2020"], "Hoạt động từ ngày", "Không có ngày 30/02/2020"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(line, column, words, checked):
    ((row, where, reason),) = reasons(checked(line))
    assert (row, where, words in reason) == (4, column, True)


def test_what_is_recorded_of_a_unit_binds_its_entry(checked, cast, make_person, make_household):
    make_person(cast.a, starts_on=date(2025, 9, 5))
    make_household(cast.village)
    found = checked(
        [1, "TH-A", "Trường Tiểu học A", "", "01/10/2025"], [2, "THON-1", "Thôn Một", "Phòng", "01/01/2020"]
    )
    assert [(row, column) for row, column, _ in reasons(found)] == [(4, "Hoạt động từ ngày"), (5, "Loại đơn vị")]


def test_the_same_code_in_two_rows_is_an_error(checked):
    line = [1, "MOI", "Trường Mới", "Tiểu học", "01/01/2020"]
    ((row, _, reason),) = reasons(checked(line, line))
    assert (row, reason) == (5, "Đơn vị này đã có ở dòng 4. Mỗi đơn vị chỉ ghi một dòng.")


def test_a_known_name_under_a_new_code_is_asked_about(checked, cast):
    found = checked([1, "TH-MOI", "trường tiểu học a", "Tiểu học", "01/01/2020"])
    (doubt,) = found.report["duplicates"]
    assert (found.state, doubt["candidates"][0]["id"]) == ("ASKING", cast.a.pk)
    same = Answers(decisions={doubt["key"]: cast.a.pk})
    recheck_roster(actor=cast.officer, roster_import=found, answers=same)
    found.refresh_from_db()
    apply_roster(actor=cast.officer, roster_import=found)
    cast.a.refresh_from_db()
    assert cast.a.code == "TH-MOI"


@pytest.mark.parametrize("who", ["editor_a", "leader", "team_member"])
def test_only_who_manages_units_brings_their_list(who, checked, cast):
    with pytest.raises(RefusedFile, match="Chỉ Phòng Văn hóa - Xã hội"):
        checked([1, "MOI", "Trường Mới", "Tiểu học", "01/01/2020"], actor=getattr(cast, who))


def test_a_school_has_no_list_of_units(checked, cast):
    with pytest.raises(RefusedFile, match="không có danh sách loại này"):
        checked([1, "MOI", "Trường Mới", "Tiểu học", "01/01/2020"], unit=cast.a)


def test_undo_removes_new_units_and_restores_changed_ones(checked, cast):
    applied = checked([1, "MOI", "Trường Mới", "Tiểu học", "01/01/2020"], [2, "TH-A", "Tên khác", "THCS", "01/01/2019"])
    apply_roster(actor=cast.officer, roster_import=applied)
    undo_import(actor=cast.officer, roster_import=applied)
    assert not Unit.objects.filter(code="MOI").exists()
    cast.a.refresh_from_db()
    assert (cast.a.name, cast.a.kind, cast.a.opened_on) == ("Trường Tiểu học A", UnitKind.PRIMARY, date(2020, 1, 1))


def test_undo_is_refused_where_people_stand_on_a_new_unit(checked, cast, make_person):
    applied = checked([1, "MOI", "Trường Mới", "Tiểu học", "01/01/2020"])
    apply_roster(actor=cast.officer, roster_import=applied)
    make_person(Unit.objects.get(code="MOI"))
    with pytest.raises(NotUndoneError, match="đã có người, tài khoản hoặc hoạt động"):
        undo_import(actor=cast.officer, roster_import=applied)


def test_the_number_of_queries_of_a_check_does_not_grow_with_the_rows(cast, tmp_path, make_unit):
    def queries(count):
        codes = [f"DV-{count}-{number}" for number in range(count)]
        known = [make_unit(cast.commune, f"{code}-CU", UnitKind.VILLAGE) for code in codes]
        lines = [[1, one.code, "Thôn đổi tên", "Thôn", "01/01/2020"] for one in known]
        lines += [[1, code, f"Thôn {code}", "Thôn", "01/01/2020"] for code in codes]
        path = save_sheets(tmp_path / f"{count}.xlsx", {"Dv": [HEADING, *lines]})
        with CaptureQueriesContext(connection) as captured:
            report = examine(
                path, file_name=path.name, kind="UNITS", list_for=ListFor(cast.officer, cast.commune, date(2026, 9, 5))
            ).report
        assert (len(report.new), len(report.changed)) == (count, count)
        return len(captured)

    queries(1)  # what is kept on the user object
    assert queries(40) == queries(2)


def test_the_office_brings_the_units_on_the_page_for_the_commune(login, cast, tmp_path):
    client = login(cast.officer)
    assert f"?loai=UNITS&amp;don-vi={cast.commune.pk}" in client.get(reverse("campaigns:unit_list")).content.decode()
    page = client.get(f"{reverse('campaigns:import_upload')}?loai=UNITS&don-vi={cast.commune.pk}").content.decode()
    assert '<option value="UNITS" selected>Đơn vị</option>' in page
    path = save_sheets(tmp_path / "a.xlsx", {"DV": [HEADING, [1, "MOI", "Trường Mới", "Tiểu học", "01/01/2020"]]})
    file = SimpleUploadedFile("a.xlsx", path.read_bytes())
    values = {"kind": "UNITS", "unit": cast.commune.pk, "effective_on": "05/09/2026", "file": file}
    sent = client.post(reverse("campaigns:import_upload"), values)
    assert sent.status_code == 302, sent.content.decode()
    detail = client.get(sent.url).content.decode()
    assert "Nạp 1 đơn vị" in detail
    assert "Trường tiểu học" in detail
    client.post(reverse("campaigns:import_apply", args=[RosterImport.objects.get().pk]))
    assert Unit.objects.filter(code="MOI").exists()


def test_an_editor_is_not_offered_the_list_of_units(login, cast):
    page = login(cast.editor_a).get(reverse("campaigns:import_upload")).content.decode()
    assert 'value="UNITS"' not in page
    assert f'value="{cast.commune.pk}"' not in page
