"""Units, digital teams and accounts leave the portal as their pages show them; the units come in again unchanged."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.exports import NOTE_SHEET
from accounts.models import AuditEntry
from campaigns.models import DigitalTeam, Unit
from campaigns.services.imports import check_roster

REASON = "Gửi Phòng Nội vụ rà soát đầu mối các đơn vị."


def export(client, name, query="", **typed):
    return client.post(f"{reverse(f'campaigns:{name}_export')}?{query}", {"reason": REASON, **typed})


def book_of(response):
    assert response.status_code == 200, response.content.decode()[:1500]
    return load_workbook(io.BytesIO(response.content))


def told(response) -> list[dict]:
    """The rows by their headings."""
    heading, *rows = [[cell.value for cell in row] for row in book_of(response).worksheets[0].iter_rows(min_row=3)]
    return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.fixture
def team(cast):
    return DigitalTeam.objects.create(
        commune=cast.commune,
        village=cast.village,
        name="Tổ công nghệ số thôn Đông",
        leader_name="=Trần Văn Bảy",
        member_count=7,
        decision="Quyết định số 15/QĐ-UBND",
        founded_on=date(2026, 1, 5),
    )


def test_units_import_again_unchanged(cast, login, make_person):
    make_person(cast.a, "Nguyễn Văn An", class_name="4A")
    Unit.objects.filter(pk=cast.b.pk).update(name="=Trường B", closed_on=date(2026, 5, 31))
    response = export(login(cast.officer), "unit", "state=tat-ca")
    found = check_roster(
        actor=cast.officer,
        unit=cast.commune,
        kind="UNITS",
        effective_on=date(2026, 9, 5),
        upload=SimpleUploadedFile("don-vi.xlsx", response.content),
    )
    counts = found.report["counts"]
    units = Unit.objects.filter(commune=cast.commune).count()
    assert (counts["new"], counts["changed"], counts["errors"]) == (0, 0, 0), found.report
    assert counts["unchanged"] == units >= 3


def test_units_are_those_of_the_page_with_their_last_day_and_their_people(cast, login, make_person):
    make_person(cast.a, "Nguyễn Văn An", class_name="4A")
    Unit.objects.filter(pk=cast.b.pk).update(closed_on=date(2020, 5, 31))
    rows = {row["Mã đơn vị"]: row for row in told(export(login(cast.officer), "unit"))}
    assert cast.b.code not in rows
    assert rows[cast.a.code]["Số người trong danh sách"] == 1
    (closed,) = told(export(login(cast.officer), "unit", "state=da-ket-thuc"))
    assert (closed["Mã đơn vị"], closed["Ngày hoạt động cuối cùng"].date()) == (cast.b.code, date(2020, 5, 31))


def test_units_name_nobody_so_no_reason_is_asked(cast, login):
    response = login(cast.leader).post(reverse("campaigns:unit_export"), {"client_key": "1"})
    assert "Lý do" not in dict(book_of(response)[NOTE_SHEET].iter_rows(values_only=True))
    assert AuditEntry.objects.get(action="Xuất danh sách").object_label == (
        "Danh sách đơn vị: tình trạng: Đang hoạt động"
    )


def test_a_team_names_its_leader_so_a_reason_is_asked_and_kept(team, cast, login):
    client = login(cast.officer)
    assert client.post(reverse("campaigns:team_export"), {"reason": "xem"}).status_code == 422
    (row,) = told(export(client, "team"))
    assert (row["Thôn"], row["Tổ trưởng"], row["Số thành viên"]) == (cast.village.name, "=Trần Văn Bảy", 7)
    assert row["Ngày thành lập"].date() == date(2026, 1, 5)
    assert AuditEntry.objects.get(action="Xuất danh sách").after["reason"] == REASON


def test_teams_of_other_villages_do_not_leave_with_an_editor(team, cast, login):
    response = export(login(cast.editor_a), "team")
    assert response.status_code == 422
    assert "Hãy bỏ bớt lọc" in response.content.decode()


def test_accounts_tell_roles_and_state_and_nothing_of_a_password(cast, login):
    cast.editor_a.set_password("mật khẩu rất bí mật 1")
    cast.editor_a.save()
    response = export(login(cast.admin), "account", f"unit={cast.a.pk}")
    rows = {row["Tên đăng nhập"]: row for row in told(response)}
    assert rows["editor.a"]["Vai trò và đơn vị"] == "Người nhập của đơn vị, Trường Tiểu học A"
    assert rows["editor.a"]["Tình trạng"] == "Đang dùng"
    cells = [str(cell.value) for sheet in book_of(response) for row in sheet.iter_rows() for cell in row]
    assert not [text for text in cells if "argon2" in text or cast.editor_a.password in text]


@pytest.mark.parametrize(("page", "name"), [("unit_list", "unit"), ("team_list", "team"), ("account_list", "account")])
def test_a_list_leads_to_its_workbook_with_its_filters(page, name, team, cast, login):
    text = login(cast.admin).get(reverse(f"campaigns:{page}"), {"state": ""}).content.decode()
    assert f'href="{reverse(f"campaigns:{name}_export")}?state="' in text


def test_the_number_of_queries_does_not_grow_with_the_list(team, cast, login, make_unit, make_user):
    client = login(cast.admin)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            for name in ("unit", "team", "account"):
                export(client, name)
        return len(asked)

    queries()
    few = queries()
    for number in range(8):
        village = make_unit(cast.commune, f"T-{number}", "VILLAGE", f"Thôn {number}")
        DigitalTeam.objects.create(
            commune=cast.commune, village=village, name=f"Tổ {number}", founded_on=date(2026, 1, 5)
        )
        make_user(f"truong-thon-{number}", ("EDITOR", village))
    assert queries() == few
