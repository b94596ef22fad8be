"""Templates and exports: what leaves the portal comes back as it was."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.exports import NOTE_SHEET
from accounts.models import AuditEntry
from campaigns.choices import Gender, Group
from campaigns.exporters.templates import GUIDE_SHEET, LIST_SHEET
from campaigns.importers.kinds import kind_spec, kinds
from campaigns.importers.understanding import Answers, understand
from campaigns.models import Membership, Person
from hbs_portal.lib.importing import check_rows
from hbs_portal.lib.sheets.reading import read_workbook
from hbs_portal.tests.lib.sheets.strictness import complaints

REASON = "Rà soát danh sách đầu năm học cùng giáo viên."


@pytest.fixture
def checked(tmp_path):
    """checked(response, kind, unit, actor): what an import of the downloaded file would do, nothing being written."""

    def check(response, kind, unit, actor):
        path = tmp_path / "tai-ve.xlsx"
        path.write_bytes(response.content)
        spec = kind_spec(kind)
        reading = understand(read_workbook(path, filename="tai-ve.xlsx"), spec.layout, Answers())
        assert reading.questions == ()
        plan = spec.plan(actor=actor, unit=unit, effective_on=date(2026, 9, 5), answers=Answers(), activity_id=None)
        report = check_rows(reading.rows, spec.row_form, plan)
        report.left_out += reading.left_out
        return report, plan.leavers([])

    return check


@pytest.fixture
def rosters(cast, make_person, make_household):
    """People of every kind, with what is hard to carry over: no code, no birth date, leading zeros, formula signs."""
    pupils = [
        make_person(cast.a, "Nguyễn Thị Lan", class_name="4A", code="0312345678"),
        make_person(cast.a, "Trần Văn Bình", class_name="10A"),
        make_person(cast.a, "H'Mai Êban", class_name="5/1"),
    ]
    Person.objects.filter(pk__in=[one.pk for one in pupils]).update(birth_date=date(2016, 3, 4), gender=Gender.FEMALE)
    staff = [
        make_person(cast.a, "Lê Thị Hoa", Group.TEACHER, code="GV-01"),
        make_person(cast.a, "Phạm Quản Lý", Group.MANAGER),
        make_person(cast.a, "Đỗ Văn Thư", Group.SCHOOL_STAFF),
    ]
    make_household(cast.village, "Trần Văn Bảy", code="0012", address="Xóm 3", member_count=4, phone="0912345678")
    make_household(cast.village, "-Lý A Sử", is_poor=True)
    homes = [make_household(cast.village, "Vũ Thị Tư", code="0013"), make_household(cast.village, "Bùi Văn Năm")]
    for home in homes:
        for name, is_head in ((home.head_name, True), (f"{home.head_name} Con", False)):
            person = make_person(cast.village, name, Group.RESIDENT)
            Membership.objects.filter(person=person).update(household=home, is_head=is_head)
    return {"PUPILS": pupils, "STAFF": staff}


def export_url(kind):
    return reverse("campaigns:household_export" if kind == "HOUSEHOLDS" else "campaigns:person_export")


def exported(client, kind, query=""):
    return client.post(f"{export_url(kind)}?{query}", {"kind": kind, "reason": REASON})


@pytest.mark.parametrize(("kind", "count"), [("PUPILS", 3), ("STAFF", 3), ("HOUSEHOLDS", 4), ("RESIDENTS", 4)])
def test_what_is_exported_imports_again_with_nothing_changed(kind, count, rosters, cast, login, checked):
    unit = cast.a if kind in ("PUPILS", "STAFF") else cast.village
    response = exported(login(cast.officer), kind, f"unit={unit.pk}&village={unit.pk}")
    assert response.status_code == 200, response.content.decode()[:2000]
    report, leavers = checked(response, kind, unit, cast.officer)
    assert [(one.sheet, one.row, one.column, one.reason) for one in report.errors] == []
    assert (len(report.new), [one.changes for one in report.changed], report.doubts) == (0, [], [])
    assert len(report.unchanged) == count
    assert leavers == []


def test_an_export_holds_what_the_page_shows(rosters, cast, login):
    book = workbook_of(exported(login(cast.editor_a), "PUPILS", "q=binh"))
    rows = list(book["Trường Tiểu học A"].iter_rows(min_row=5, values_only=True))
    assert [row[2] for row in rows] == ["Trần Văn Bình"]


def test_codes_are_text_days_are_days_and_no_name_is_a_formula(rosters, cast, login):
    pupil = next(workbook_of(exported(login(cast.officer), "PUPILS"))["Trường Tiểu học A"].iter_rows(min_row=5))
    assert (pupil[1].value, pupil[1].data_type, pupil[3].value.date()) == ("0312345678", "s", date(2016, 3, 4))
    homes = workbook_of(exported(login(cast.officer), "HOUSEHOLDS"))["Thôn Một"]
    (odd,) = [row[2] for row in homes.iter_rows(min_row=5) if row[2].value == "-Lý A Sử"]
    assert (odd.data_type, odd.quotePrefix) == ("s", True)


def test_who_left_is_left_out_when_the_list_comes_back(rosters, cast, login, checked):
    left = rosters["PUPILS"][1]
    Membership.objects.filter(person=left).update(ends_on=date(2026, 1, 31))
    response = exported(login(cast.officer), "PUPILS", f"unit={cast.a.pk}&presence=tat-ca")
    report, _ = checked(response, "PUPILS", cast.a, cast.officer)
    assert [row.reason.partition(":")[0] for row in report.left_out] == ["Trạng thái “Đã chuyển đi”"]
    assert (len(report.unchanged), report.new, report.changed) == (2, [], [])


def test_an_export_says_who_when_and_why_and_is_recorded(rosters, cast, login):
    notes = dict(workbook_of(exported(login(cast.officer), "PUPILS"))[NOTE_SHEET].iter_rows(values_only=True))
    assert notes["Người xuất"] == "Đỗ Thị Cán Bộ (officer)"
    assert notes["Lý do"] == REASON
    entry = AuditEntry.objects.get(action="Xuất danh sách")
    assert (entry.after["count"], entry.after["reason"]) == (3, REASON)
    assert entry.actor == cast.officer


@pytest.mark.parametrize("reason", ["", "abc", "xem", "kiểm tra"])
def test_a_list_with_names_needs_a_reason(reason, rosters, cast, login):
    response = login(cast.officer).post(export_url("PUPILS"), {"kind": "PUPILS", "reason": reason})
    assert response.status_code == 422
    assert not AuditEntry.objects.filter(action="Xuất danh sách").exists()


def test_an_editor_takes_out_only_their_own_unit(rosters, cast, login, make_person):
    make_person(cast.b, "Người Trường Khác", class_name="6A")
    book = workbook_of(exported(login(cast.editor_a), "PUPILS"))
    assert book.sheetnames == ["Trường Tiểu học A", NOTE_SHEET]
    assert login(cast.team_member).get(export_url("PUPILS")).status_code == 403
    assert exported(login(cast.stranger), "PUPILS").status_code == 422


def test_an_export_without_anybody_says_what_to_do(cast, login):
    response = exported(login(cast.officer), "STAFF")
    assert response.status_code == 422
    assert "Hãy đổi loại hoặc bỏ bớt lọc" in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_list(rosters, cast, login, make_person):
    client, query = login(cast.officer), f"unit={cast.a.pk}"
    exported(client, "PUPILS", query)
    with CaptureQueriesContext(connection) as three:
        exported(client, "PUPILS", query)
    for number in range(30):
        make_person(cast.a, f"Em {number}", class_name=f"{number % 5 + 1}B")
    with CaptureQueriesContext(connection) as many:
        exported(client, "PUPILS", query)
    assert len(many) == len(three)


def test_every_kind_has_a_template_that_is_empty_until_it_is_filled(cast, login, checked, tmp_path):
    for spec in kinds():
        units = (cast.a, cast.village, cast.commune)
        unit = next(one for one in units if not spec.unit_kinds or one.kind in spec.unit_kinds)
        response = login(cast.officer).get(template_url(spec.kind, unit))
        assert response.status_code == 200, spec.kind
        book = workbook_of(response)
        assert book.sheetnames[:2] == [LIST_SHEET, GUIDE_SHEET]
        assert [row for row in book[LIST_SHEET].iter_rows(min_row=5, values_only=True) if any(row)] == []
        path = tmp_path / "mau.xlsx"
        path.write_bytes(response.content)
        assert complaints(path) == [], spec.kind
        reading = understand(read_workbook(path, filename="mau.xlsx"), spec.layout, Answers())
        assert (reading.rows, reading.questions) == ([], ()), spec.kind


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("PUPILS", [1, "0399999999", "Vũ Minh An", "05/09/2016", "Nam", "4A"]),
        ("STAFF", [1, "GV-9", "Vũ Minh An", "05/09/1986", "Nam", "Giáo viên"]),
        ("HOUSEHOLDS", [1, "H-9", "Vũ Minh An", "Thôn Một", "Xóm 1", 4, "0912345678", "Hộ cận nghèo"]),
        ("RESIDENTS", [1, "H-9", "Chủ hộ", "", "Vũ Minh An", "05/09/1986", "Nam", "Thôn Một", "Xóm 1"]),
    ],
)
def test_a_filled_template_imports(kind, row, cast, login, checked):
    unit = cast.a if kind in ("PUPILS", "STAFF") else cast.village
    response = login(cast.officer).get(template_url(kind, unit))
    book = workbook_of(response)
    for place, value in enumerate(row, start=1):
        book[LIST_SHEET].cell(5, place).value = value
    filled = io.BytesIO()
    book.save(filled)
    response.content = filled.getvalue()
    report, _ = checked(response, kind, unit, cast.officer)
    assert report.errors == []
    assert len(report.new) == 1


def test_a_template_offers_the_units_classes_and_keeps_them_text(cast, login, make_person):
    for name in ("10A", "4A", "5/1"):
        make_person(cast.a, class_name=name)
    sheet = workbook_of(login(cast.editor_a).get(template_url("PUPILS", cast.a)))[LIST_SHEET]
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert lists == ['"Nam,Nữ"', '"4A,5/1,10A"']
    assert sheet.column_dimensions["F"].number_format == "@"
    assert sheet["A2"].value == "Đơn vị: Trường Tiểu học A"


def test_many_villages_drop_down_from_a_sheet_that_is_seen(cast, login, make_unit):
    for number in range(20):
        make_unit(cast.commune, f"T{number}", "VILLAGE", f"Thôn Đông Hải Nam Sơn {number}")
    book = workbook_of(login(cast.officer).get(template_url("RESIDENTS", cast.a)))
    rules = [rule.formula1 for rule in book[LIST_SHEET].data_validations.dataValidation]
    assert "'Danh mục'!$A$2:$A$22" in rules
    assert all(sheet.sheet_state == "visible" for sheet in book)


def test_an_editor_gets_templates_of_their_own_units_only(cast, login):
    assert login(cast.editor_a).get(template_url("PUPILS", cast.b)).status_code == 404
    assert login(cast.leader).get(template_url("PUPILS", cast.a)).status_code == 403


def template_url(kind, unit):
    return f"{reverse('campaigns:roster_template')}?kind={kind}&unit={unit.pk}"


def workbook_of(response):
    assert response.status_code == 200, response.content.decode()[:1500]
    return load_workbook(io.BytesIO(response.content))
