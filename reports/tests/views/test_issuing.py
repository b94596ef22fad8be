"""The pages of reports: who sees which, what a click starts, what is refused, the bytes that are sent."""

import hashlib
import re
import uuid
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.job_results import result_file_of
from accounts.models import Job
from reports.models import Report, ReportingPeriod, Snapshot
from reports.models.issued import ReportState
from reports.models.periods import PeriodState
from reports.selectors.clocks import Clocks
from reports.services.report_files import FIGURES, FILES, KeptFile, plain_file
from reports.services.snapshots import take_snapshot

LIST, CREATE = "reports:report_list", "reports:report_create"
KINDS = {"XLSX": b"xlsx", "DOCX": b"docx", "PDF": b"%PDF"}


@pytest.fixture
def snapshot(cast, campaign) -> Snapshot:
    day = date(2026, 6, 30)
    return take_snapshot(cast.officer, campaign, Clocks(day, day), "Sáu tháng đầu năm")


@pytest.fixture
def make_report(cast, snapshot, settings):
    """make_report(state): a report with three small files, as a job leaves it or as it was issued."""
    (settings.MEDIA_ROOT / "reports").mkdir(parents=True, exist_ok=True)

    def make(state: str = ReportState.ISSUED, edition: int | None = 1, **values) -> Report:
        is_issued = state != ReportState.PREPARED
        report = Report.objects.create(
            commune=cast.commune,
            campaign=snapshot.campaign,
            snapshot=snapshot,
            title=values.pop("title", "Kết quả sáu tháng đầu năm"),
            state=state,
            edition=edition if is_issued else None,
            prepared_by=cast.officer,
            issued_by=cast.officer if is_issued else None,
            issued_at=timezone.now() if is_issued else None,
            wording={FIGURES: "K3 66,6% (chưa đạt)", "paragraphs": {}, "letterhead": {}},
            **values,
        )
        files = [kept(report, kind, content) for kind, content in KINDS.items()]
        if is_issued:
            for file in files:
                name = f"bao-cao.{file.format.lower()}"
                report.files.create(
                    format=file.format, file=file.path, name=name, size_bytes=file.size_bytes, sha256=file.sha256
                )
        else:
            Report.objects.filter(pk=report.pk).update(
                wording=report.wording | {FILES: [plain_file(row) for row in files]}
            )
        return report

    return make


def kept(report: Report, kind: str, content: bytes) -> KeptFile:
    path = f"reports/{report.pk}-{uuid.uuid4().hex}.{kind.lower()}"
    result_file_of(path).write_bytes(content)
    return KeptFile(kind, path, len(content), hashlib.sha256(content).hexdigest(), timezone.now())


def page_of(client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the first form that has a key of its own."""
    fields = re.findall(r'<input type="hidden" name="(\w+)"[^>]*value="([^"]*)"', page)
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def test_a_preview_is_the_offices_own(login, cast, make_report):
    report = make_report(ReportState.PREPARED)
    address = reverse("reports:report_detail", args=[report.pk])
    assert report.title in page_of(login(cast.officer), LIST)
    assert report.title not in page_of(login(cast.leader), LIST)
    assert login(cast.leader).get(address).status_code == 404
    assert login(cast.leader).get(reverse("reports:report_file", args=[report.pk, "pdf"])).status_code == 404


def test_the_newest_report_stands_first_and_on_the_start_page_of_a_leader(login, cast, make_report):
    report = make_report(paper_number="12")
    client = login(cast.leader)
    for name in (LIST, "reports:dashboard"):
        page = page_of(client, name)
        assert "Báo cáo mới nhất" in page
        assert "K3 66,6% (chưa đạt)" in page
        for kind in ("xlsx", "docx", "pdf"):
            assert reverse("reports:report_file", args=[report.pk, kind]) in page
    assert login(cast.stranger).get(reverse("reports:report_detail", args=[report.pk])).status_code == 404


def test_a_leaders_start_page_costs_at_most_fifteen_queries_with_the_newest_report(
    login, cast, make_report, django_assert_max_num_queries
):
    make_report()
    client = login(cast.leader)
    page_of(client, "reports:dashboard")
    with django_assert_max_num_queries(15):
        page = page_of(client, "reports:dashboard")
    assert "Báo cáo mới nhất" in page


@pytest.mark.parametrize(("kind", "content"), [(kind.lower(), content) for kind, content in KINDS.items()])
def test_a_file_goes_out_byte_for_byte_with_its_type_and_name(login, cast, make_report, kind, content):
    report = make_report()
    answer = login(cast.leader).get(reverse("reports:report_file", args=[report.pk, kind]))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"] == f'attachment; filename="bao-cao.{kind}"'
    assert answer["Content-Type"].startswith("application/")


def test_only_the_pdf_is_shown_inside_the_portals_own_page(login, cast, make_report):
    report = make_report()
    client = login(cast.leader)
    pdf, book = (client.get(reverse("reports:report_file", args=[report.pk, k]) + "?xem=1") for k in ("pdf", "xlsx"))
    assert pdf["Content-Disposition"].startswith("inline")
    assert pdf["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in pdf["Content-Security-Policy"]
    assert book["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("reports:report_file", args=[report.pk, "exe"])).status_code == 404


def test_a_file_that_was_changed_on_the_disk_is_not_sent(login, cast, make_report):
    report = make_report()
    result_file_of(report.files.get(format="PDF").file.name).write_bytes(b"%PDF forged")
    answer = login(cast.leader).get(reverse("reports:report_file", args=[report.pk, "pdf"]))
    assert answer.status_code == 409
    assert "không còn đúng như khi lập" in answer.content.decode()


def test_of_a_revoked_report_a_leader_sees_the_reason_and_no_file(login, cast, make_report):
    report = make_report(ReportState.REVOKED, revoke_reason="Sai số văn bản")
    address = reverse("reports:report_file", args=[report.pk, "pdf"])
    page = page_of(login(cast.leader), "reports:report_detail", report.pk)
    assert "Sai số văn bản" in page
    assert address not in page
    assert login(cast.leader).get(address).status_code == 403
    assert login(cast.officer).get(address).status_code == 200


def test_an_older_edition_says_that_there_is_a_newer_one(login, cast, make_report):
    older, newer = make_report(edition=1), make_report(edition=2)
    client = login(cast.leader)
    assert "Đã có bản mới" in page_of(client, "reports:report_detail", older.pk)
    assert "Đã có bản mới" not in page_of(client, "reports:report_detail", newer.pk)


def test_the_list_is_searched_without_marks_and_filtered_by_state(login, cast, make_report):
    make_report(title="Báo cáo quý hai", paper_number="77/BC-UBND", edition=1)
    make_report(title="Báo cáo tháng chín", edition=2)
    client = login(cast.leader)

    def titles(query: str) -> str:
        return client.get(f"{reverse(LIST)}?{query}").content.decode()

    assert "Báo cáo quý hai" in titles("q=quy+hai")
    assert "Báo cáo tháng chín" not in titles("q=quy+hai")
    assert "Báo cáo quý hai" in titles("q=77/BC")
    assert "Báo cáo tháng chín" not in titles("q=&trang_thai=da-co-ban-moi")
    assert "Không có báo cáo nào khớp" in titles("q=&trang_thai=thu-hoi")
    assert "Báo cáo tháng chín" in titles("xoa-loc=1")


def test_the_list_costs_the_same_for_any_number_of_reports(login, cast, make_report, django_assert_max_num_queries):
    client = login(cast.officer)
    for count in (1, 8):
        for edition in range(count):
            make_report(edition=edition + 10 * count)
            make_report(ReportState.PREPARED)
        with django_assert_max_num_queries(12):
            assert client.get(reverse(LIST)).status_code == 200


def test_before_there_is_a_report_the_page_says_what_to_do(login, cast):
    assert "Chọn kỳ hoặc ngày" in page_of(login(cast.officer), LIST)
    page = page_of(login(cast.leader), LIST)
    assert "Chưa ban hành báo cáo nào" in page
    assert "Lập báo cáo" not in page


def test_frozen_figures_are_reported_without_freezing_again(login, cast, snapshot):
    client = login(cast.officer)
    values = {"nguon": f"chot-{snapshot.pk}", "ngay": "", "duyet": "", "client_key": str(uuid.uuid4())}
    answer = client.post(reverse(CREATE), values | {"paper_number": "9", "dated_on": "06/07/2026"})
    job = Job.objects.get()
    assert answer.url == reverse("accounts:job_detail", args=[job.pk])
    assert job.arguments["snapshot"] == snapshot.pk
    assert job.arguments["words"]["dated_on"] == "2026-07-06"


def test_a_closed_period_is_reported_from_its_closing(login, cast, campaign, snapshot):
    period = ReportingPeriod.objects.create(
        commune=cast.commune,
        campaign=campaign,
        name="Nửa đầu năm",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 30),
        state=PeriodState.CLOSED,
        closed_on=date(2026, 7, 1),
    )
    day = period.ends_on
    closing = take_snapshot(cast.officer, campaign, Clocks(day, day), "Nửa đầu năm", period=period)
    client = login(cast.officer)
    assert f'value="ky-{period.pk}" selected' in page_of(client, CREATE)
    client.post(reverse(CREATE), {"nguon": f"ky-{period.pk}", "client_key": str(uuid.uuid4())})
    assert Job.objects.get().arguments["snapshot"] == closing.pk


def test_a_period_whose_forerunner_is_open_is_refused_with_a_sentence(login, cast, campaign):
    for number, (first, last) in enumerate([((2026, 1, 1), (2026, 3, 31)), ((2026, 4, 1), (2026, 6, 30))], start=1):
        period = ReportingPeriod.objects.create(
            commune=cast.commune, campaign=campaign, name=f"Quý {number}", starts_on=date(*first), ends_on=date(*last)
        )
    answer = login(cast.officer).post(reverse(CREATE), {"nguon": f"ky-{period.pk}", "client_key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "Hãy khóa kỳ trước (“Quý 1”)" in answer.content.decode()
    assert not Job.objects.exists()


def test_snapshots_of_another_commune_are_no_choice(login, cast, snapshot):
    values = {"nguon": f"chot-{snapshot.pk}", "client_key": str(uuid.uuid4())}
    assert login(cast.stranger).post(reverse(CREATE), values).status_code == 422
    assert not Job.objects.exists()


def test_issuing_asks_once_more_and_then_stands(login, cast, make_report):
    report = make_report(ReportState.PREPARED)
    client = login(cast.officer)
    address = reverse("reports:report_issue", args=[report.pk])
    page = page_of(client, "reports:report_issue", report.pk)
    assert "không sửa được" in page
    assert "Số văn bản còn để trống" in page
    answer = client.post(address, form_of(page))
    assert answer.url == reverse("reports:report_detail", args=[report.pk])
    report.refresh_from_db()
    assert (report.state, report.edition, report.files.count()) == (ReportState.ISSUED, 1, 3)
    assert "Thu hồi báo cáo" in page_of(client, "reports:report_detail", report.pk)


def test_what_was_made_again_since_the_question_is_not_issued(login, cast, make_report):
    report = make_report(ReportState.PREPARED)
    client = login(cast.officer)
    values = form_of(page_of(client, "reports:report_issue", report.pk))
    Report.objects.filter(pk=report.pk).update(version=7)
    page = client.post(reverse("reports:report_issue", args=[report.pk]), values, follow=True).content.decode()
    assert "Hãy xem lại rồi làm tiếp" in page
    report.refresh_from_db()
    assert report.state == ReportState.PREPARED


def test_revoking_needs_a_reason(login, cast, make_report):
    report = make_report()
    client = login(cast.officer)
    address = reverse("reports:report_revoke", args=[report.pk])
    values = form_of(page_of(client, "reports:report_revoke", report.pk))
    assert client.post(address, values | {"reason": " "}).status_code == 422
    client.post(address, values | {"reason": "Sai số văn bản"})
    report.refresh_from_db()
    assert (report.state, report.revoke_reason) == (ReportState.REVOKED, "Sai số văn bản")


def test_other_words_start_the_work_again(login, cast, make_report):
    report = make_report(ReportState.PREPARED)
    client = login(cast.officer)
    values = form_of(page_of(client, "reports:report_words", report.pk))
    words = {"title": "Kết quả nửa năm", "paper_number": "5", "dated_on": "06/07/2026", "so_voi": ""}
    answer = client.post(reverse("reports:report_words", args=[report.pk]), values | words)
    assert answer.url == reverse("accounts:job_detail", args=[Job.objects.get().pk])
    report.refresh_from_db()
    assert (report.title, report.paper_number, report.wording[FILES]) == ("Kết quả nửa năm", "5", [])
    page = page_of(client, "reports:report_detail", report.pk)
    assert "Tệp chưa có" in page
    assert "Xem tiến độ" in page


def test_words_that_somebody_else_changed_meanwhile_are_not_written_over(login, cast, make_report):
    report = make_report(ReportState.PREPARED)
    client = login(cast.officer)
    values = form_of(page_of(client, "reports:report_words", report.pk)) | {"title": "Tên của tôi"}
    Report.objects.filter(pk=report.pk).update(version=5, title="Tên của người khác")
    answer = client.post(reverse("reports:report_words", args=[report.pk]), values)
    assert answer.status_code == 409
    assert "Tên của người khác" in answer.content.decode()
    assert not Job.objects.exists()


def test_a_preview_is_made_again_or_thrown_away(login, cast, make_report):
    report = make_report(ReportState.PREPARED)
    client = login(cast.officer)
    page = page_of(client, "reports:report_detail", report.pk)
    client.post(reverse("reports:report_remake", args=[report.pk]), {"version": report.version, **form_of(page)})
    assert Job.objects.get().arguments == {"report": report.pk}
    client.post(reverse("reports:report_discard", args=[report.pk]), {"client_key": str(uuid.uuid4())})
    assert not Report.objects.exists()
