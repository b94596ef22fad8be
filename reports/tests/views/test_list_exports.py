"""Warning signs and samples to call back as workbooks: what their pages show, marked and recorded."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.exports import NOTE_SHEET
from accounts.models import AuditEntry
from campaigns.models import Household
from reports.models.callbacks import CallbackOutcome
from reports.pages.warning_signs import sign_rows
from reports.selectors import read_progress
from reports.selectors.callbacks import sample_rows
from reports.selectors.clocks import Clocks
from reports.services.callbacks import Result, draw_sample, record_results
from reports.services.warning_signs import review_sign

REASON = "Giao đoàn kiểm tra xem lại hồ sơ tại các trường."
CLOCKS = Clocks(date(2026, 10, 31), date(2026, 10, 31))


def book_of(response):
    assert response.status_code == 200, response.content.decode()[:1500]
    return load_workbook(io.BytesIO(response.content))


def told(response) -> list[dict]:
    """The rows by their headings, which stand where the first column says "STT"."""
    rows = [[cell.value for cell in row] for row in book_of(response).worksheets[0].iter_rows()]
    heading = next(place for place, row in enumerate(rows) if row[0] == "STT")
    return [dict(zip(rows[heading], row, strict=True)) for row in rows[heading + 1 :]]


@pytest.fixture
def two_trainings(cast, make_activity):
    """One trainer at both schools on one day: a sign."""
    return [make_activity(unit, trainer="=Nguyễn Văn An", title=f"Tập huấn {unit.code}") for unit in (cast.a, cast.b)]


@pytest.fixture
def sample(campaign, cast, make_person, make_activity):
    """All three pupils of school A who count, one of them with an outcome."""
    make_activity(cast.a, people=[make_person(cast.a, f"Lê Văn {n}", class_name="4A") for n in range(3)])
    target, reading = campaign.targets.get(code="K3"), read_progress(campaign, CLOCKS)
    made = draw_sample(actor=cast.officer, reading=reading, target=target, unit=cast.a, size=3)
    first = sample_rows(made)[0].entry
    said = Result(first.pk, CallbackOutcome.DENIED, "=Chưa học buổi nào", first.version)
    record_results(actor=cast.officer, sample=made, results=[said], called_on=date(2026, 11, 3))
    return made


def test_signs_are_those_of_the_filter_with_what_was_noted(two_trainings, campaign, cast, login):
    client, address = login(cast.officer), reverse("reports:sign_export")
    (row,) = told(client.post(address, {"reason": REASON}))
    assert row["Kết quả xem"] == "Chưa xem"
    assert "=Nguyễn Văn An" in row["Nội dung"]
    assert row["Bản ghi"].count("Tập huấn TH") == 2
    (sign,) = [one.sign for one in sign_rows(cast.officer, campaign)]
    review_sign(
        actor=cast.officer, campaign=campaign, sign=sign, outcome="EXPLAINED", note="Sáng và chiều", expected_version=0
    )
    assert client.post(address, {"reason": REASON}).status_code == 422
    (row,) = told(client.post(f"{address}?state=da-xem", {"reason": REASON}))
    assert (row["Kết quả xem"], row["Ghi chú"]) == ("Có lý do chính đáng", "Sáng và chiều")
    assert (row["Người xem"], row["Ngày gần nhất"].date()) == (str(cast.officer), sign.on)


def test_a_sample_tells_who_said_what_when(sample, cast, login):
    response = login(cast.leader).post(reverse("reports:callback_export", args=[sample.pk]), {"reason": REASON})
    first, *rest = told(response)
    assert (first["Kết quả"], first["Ghi chú"]) == ("Nói không đúng", "=Chưa học buổi nào")
    assert (first["Ngày gọi"].date(), first["Người ghi"]) == (date(2026, 11, 3), str(cast.officer))
    assert [row["Kết quả"] for row in rest] == ["Chưa gọi", "Chưa gọi"]
    assert first["Đơn vị, lớp hoặc địa chỉ"] == "Trường Tiểu học A, Lớp 4A"
    notes = dict(book_of(response)[NOTE_SHEET].iter_rows(values_only=True))
    assert notes["Kết quả"] == "Gọi lại 3 học sinh: 1 nói không đúng, 2 chưa gọi"
    entry = AuditEntry.objects.get(action="Xuất danh sách")
    assert (entry.after["count"], entry.after["reason"], entry.unit_id) == (3, REASON, cast.a.pk)


def test_the_phone_of_a_household_keeps_its_zero(campaign, cast, make_household, make_check, login):
    home = make_household(cast.village, "Trần Văn Bảy", phone="0912345678")
    make_check(home)
    target, reading = campaign.targets.get(code="K4"), read_progress(campaign, CLOCKS)
    made = draw_sample(actor=cast.officer, reading=reading, target=target, unit=None, size=5)
    assert Household.objects.count() == 1
    (row,) = told(login(cast.officer).post(reverse("reports:callback_export", args=[made.pk]), {"reason": REASON}))
    assert row["Điện thoại hộ"] == "0912345678"


@pytest.mark.parametrize("name", ["sign_export", "callback_export"])
def test_names_leave_for_a_reason_only(name, two_trainings, sample, cast, login):
    address = reverse(f"reports:{name}", args=[sample.pk] if name == "callback_export" else [])
    assert login(cast.officer).post(address, {"reason": "xem"}).status_code == 422
    assert not AuditEntry.objects.filter(action="Xuất danh sách").exists()


def test_the_pages_lead_to_their_workbooks(two_trainings, sample, cast, login):
    client = login(cast.officer)
    detail = reverse("reports:callback_detail", args=[sample.pk])
    assert reverse("reports:callback_export", args=[sample.pk]) in client.get(detail).content.decode()
    page = client.get(reverse("reports:sign_list"), {"q": "tap huan"}).content.decode()
    assert f"{reverse('reports:sign_export')}?q=tap+huan" in page
    form = client.get(reverse("reports:callback_export", args=[sample.pk])).content.decode()
    assert f'href="{detail}"' in form
