"""A report from the figures to the issued files: what is in them, what never changes, what a lost worker leaves."""

import hashlib
from datetime import date, timedelta

import pytest
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.job_results import result_file_of
from accounts.jobs import LostJobError, Progress, carry_out, take_job
from accounts.models import AuditEntry, Job, JobState
from accounts.versions import StaleRecordError
from campaigns.choices import ActivityKind, Group
from hbs_portal.lib.printing import PrintingError
from reports.models import Report, ReportFile, ReportingPeriod, ReportParagraph, Snapshot
from reports.models.issued import ReportState
from reports.pages.issued import preview_warnings
from reports.selectors.clocks import Clocks
from reports.selectors.issued import files_of_newest_report, reports_of
from reports.services import report_files
from reports.services.issuing import (
    IssuingError,
    Words,
    change_words,
    discard_report,
    issue_report,
    remake_files,
    request_report_of_day,
    request_report_of_period,
    request_report_of_snapshot,
    revoke_report,
)
from reports.services.report_files import (
    FILES,
    OvertakenError,
    forget_unused_files,
    is_intact,
    kept_files,
    make_files,
    prepare_once,
)

JUNE = Clocks(date(2026, 6, 30), date(2026, 7, 5))
WORDS = Words("Kết quả sáu tháng", "12", date(2026, 7, 6))


@pytest.fixture(autouse=True)
def _one_lesson(cast, make_person, make_activity):
    """Two of three pupils were reached: K3 is 2/3 (66,6%)."""
    pupils = [make_person(cast.a, f"Học sinh {number}", Group.PUPIL, "4A") for number in range(3)]
    make_activity(cast.a, ActivityKind.LESSON, people=pupils[:2])


def ended(job: Job) -> Job:
    carry_out(take_job(job.pk))
    return Job.objects.get(pk=job.pk)


@pytest.fixture
def prepare(cast, campaign):
    def make(words: Words = WORDS) -> Report:
        job = ended(
            request_report_of_day(actor=cast.officer, campaign=campaign, clocks=JUNE, name="Sáu tháng", words=words)
        )
        assert job.state == JobState.DONE, job.message
        return reports_of(cast.officer).get(pk=job.arguments["report"])

    return make


def issue(report: Report, actor) -> Report:
    issued = issue_report(actor=actor, report=report, expected_version=report.version)
    return reports_of(actor).get(pk=issued.pk)


def lose(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_one_job_freezes_the_figures_and_makes_the_three_files(prepare, cast):
    report = prepare()
    snapshot = Snapshot.objects.get()
    assert (report.snapshot, report.state, report.prepared_by) == (snapshot, ReportState.PREPARED, cast.officer)
    assert (snapshot.as_of, snapshot.approved_by) == (JUNE.as_of, JUNE.approved_by)
    assert [file.format for file in kept_files(report)] == ["XLSX", "DOCX", "PDF"]
    assert all(is_intact(file.path, file.sha256) for file in kept_files(report))
    assert "K3\N{NO-BREAK SPACE}66,6%" in report.wording["figures"]
    assert not ReportFile.objects.exists()


def test_the_number_the_day_the_title_and_the_seal_stand_in_every_format(prepare):
    report = prepare()
    book, paper, pdf = (result_file_of(file.path) for file in kept_files(report))
    text = "\n".join(page.extract_text() for page in PdfReader(pdf).pages)
    rows = str(list(load_workbook(book)["Chỉ tiêu"].iter_rows(values_only=True)))
    document = Document(paper)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    word = "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)
    for found in (text, word):
        assert "Kết quả sáu tháng" in " ".join(found.split())
        assert "66,6%" in found
    for found in (text, word, rows):
        assert "12/BC-UBND" in found
        assert "06 tháng 7 năm 2026" in found
        assert report.snapshot.code in found
        assert report.snapshot.sha256[:12] in found


def test_a_report_without_a_title_gets_the_usual_one(prepare):
    assert prepare(Words()).title.startswith("Kết quả thực hiện Phong trào")


def test_a_worker_that_dies_after_preparing_leaves_one_report_and_one_snapshot(cast, campaign):
    job = request_report_of_day(actor=cast.officer, campaign=campaign, clocks=JUNE, name="Sáu tháng", words=WORDS)
    first = take_job(job.pk)
    prepare_once(first, Progress(first))
    lose(job)
    assert ended(job).state == JobState.DONE
    assert (Report.objects.count(), Snapshot.objects.count()) == (1, 1)
    assert len(kept_files(Report.objects.get())) == 3


def test_a_worker_that_lost_its_job_leaves_no_file(cast, campaign, settings):
    job = request_report_of_day(actor=cast.officer, campaign=campaign, clocks=JUNE, name="Sáu tháng", words=WORDS)
    first = take_job(job.pk)
    lose(job)
    take_job(job.pk)
    with pytest.raises(LostJobError):
        prepare_once(first, Progress(first))
    assert not Report.objects.exists()
    assert not list((settings.MEDIA_ROOT / "reports").glob("*"))


def test_a_format_that_cannot_be_written_fails_with_its_sentence_and_leaves_nothing(
    cast, campaign, monkeypatch, settings
):
    def refuse(*_):
        raise PrintingError("Máy chủ chưa cài thư viện Pango.")

    monkeypatch.setitem(report_files.WRITERS, "pdf", refuse)
    job = request_report_of_day(actor=cast.officer, campaign=campaign, clocks=JUNE, name="Sáu tháng", words=WORDS)
    done = ended(job)
    assert (done.state, done.message) == (JobState.FAILED, "Máy chủ chưa cài thư viện Pango.")
    assert Report.objects.get().wording == {}
    assert not list((settings.MEDIA_ROOT / "reports").glob("*"))


def test_an_open_period_is_closed_for_its_report(cast, campaign):
    period = ReportingPeriod.objects.create(
        commune=cast.commune, campaign=campaign, name="Quý II", starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30)
    )
    done = ended(request_report_of_period(actor=cast.officer, period=period, words=WORDS))
    period.refresh_from_db()
    report = Report.objects.get()
    assert done.state == JobState.DONE, done.message
    assert period.is_closed
    assert (report.snapshot.period, report.snapshot.as_of) == (period, period.ends_on)


def test_a_period_that_cannot_be_closed_has_no_report(cast, campaign):
    period = ReportingPeriod.objects.create(
        commune=cast.commune, campaign=campaign, name="Quý IX", starts_on=date(2026, 1, 1), ends_on=date(2099, 1, 1)
    )
    with pytest.raises(IssuingError, match="Hãy khóa kỳ từ ngày đó"):
        request_report_of_period(actor=cast.officer, period=period, words=WORDS)
    assert not Job.objects.exists()


def test_other_words_make_the_files_again_from_the_same_snapshot(prepare, cast, django_capture_on_commit_callbacks):
    report = prepare()
    before = kept_files(report)
    with django_capture_on_commit_callbacks(execute=True):
        job = change_words(
            actor=cast.officer, report=report, expected_version=report.version, words=WORDS._replace(paper_number="99")
        )
    assert Report.objects.get().wording[FILES] == [], "nothing that could be issued while they are made"
    assert not any(result_file_of(file.path).exists() for file in before)
    assert ended(job).state == JobState.DONE
    after = Report.objects.get()
    assert (after.paper_number, after.snapshot) == ("99", report.snapshot)
    assert {f.sha256 for f in kept_files(after)}.isdisjoint(f.sha256 for f in before)
    (entry,) = AuditEntry.objects.filter(action="Sửa báo cáo")
    assert (entry.before, entry.after) == ({"paper_number": "12"}, {"paper_number": "99"})


def test_a_run_that_was_overtaken_by_other_words_puts_nothing_in_their_place(prepare, cast):
    report = prepare()
    first = remake_files(actor=cast.officer, report=report, expected_version=report.version)
    report.refresh_from_db()
    running = take_job(first.pk)
    held = prepare_once(running, Progress(running))
    change_words(actor=cast.officer, report=report, expected_version=report.version, words=WORDS)
    with pytest.raises(OvertakenError):
        make_files(held, running, Progress(running))
    assert Report.objects.get().wording[FILES] == []


def test_what_is_issued_is_byte_for_byte_what_was_looked_at(prepare, cast):
    report = prepare()
    looked_at = {file.format: file for file in kept_files(report)}
    issued = issue(report, cast.officer)
    assert (issued.state, issued.edition, issued.issued_by) == (ReportState.ISSUED, 1, cast.officer)
    for file in issued.files.all():
        content = result_file_of(file.file.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256 == looked_at[file.format].sha256
        assert (len(content), file.name.split("_")[-1]) == (file.size_bytes, f"lan-1.{file.format.lower()}")
    (entry,) = AuditEntry.objects.filter(action="Ban hành báo cáo")
    assert entry.after["edition"] == 1


def test_an_issued_report_is_neither_worded_nor_made_nor_thrown_away(prepare, cast):
    report = issue(prepare(), cast.officer)
    values = {"actor": cast.officer, "report": report}
    for step in (
        lambda: change_words(**values, expected_version=report.version, words=WORDS),
        lambda: remake_files(**values, expected_version=report.version),
        lambda: discard_report(**values),
        lambda: issue_report(**values, expected_version=report.version),
    ):
        with pytest.raises(IssuingError):
            step()
    with pytest.raises(TypeError):
        report.files.first().delete()
    with pytest.raises(TypeError):
        report.files.update(sha256="0" * 64)


def test_a_report_that_was_made_again_meanwhile_is_not_issued_unseen(prepare, cast):
    report = prepare()
    ended(remake_files(actor=cast.officer, report=report, expected_version=report.version))
    with pytest.raises(StaleRecordError):
        issue_report(actor=cast.officer, report=report, expected_version=report.version)
    assert not ReportFile.objects.exists()


def test_a_file_that_was_changed_on_the_disk_is_not_issued(prepare, cast):
    report = prepare()
    result_file_of(kept_files(report)[2].path).write_bytes(b"%PDF-1.7 another one")
    with pytest.raises(IssuingError, match="không còn đúng"):
        issue(report, cast.officer)


def test_a_newer_edition_marks_the_older_one_and_a_revoked_one_gives_way(prepare, cast, campaign):
    first = issue(prepare(), cast.officer)
    again = request_report_of_snapshot(actor=cast.officer, snapshot=first.snapshot, words=WORDS)
    second = issue(reports_of(cast.officer).get(pk=ended(again).arguments["report"]), cast.officer)
    assert (first.edition, second.edition) == (1, 2)
    assert reports_of(cast.leader).get(pk=first.pk).is_superseded
    assert {file.report for file in files_of_newest_report(cast.leader, campaign)} == {second}

    revoke_report(actor=cast.officer, report=second, expected_version=second.version, reason="Sai số quyết định")
    assert not reports_of(cast.leader).get(pk=first.pk).is_superseded
    assert {file.report for file in files_of_newest_report(cast.leader, campaign)} == {first}
    assert reports_of(cast.leader).get(pk=second.pk).revoke_reason == "Sai số quyết định"
    assert ReportFile.objects.filter(report=second).count() == 3
    with pytest.raises(IssuingError):
        revoke_report(actor=cast.officer, report=second, expected_version=second.version + 1, reason="Lần nữa")


def test_another_day_is_another_subject(prepare, cast, campaign):
    first = issue(prepare(), cast.officer)
    day = Clocks(date(2026, 5, 31), JUNE.approved_by)
    job = request_report_of_day(actor=cast.officer, campaign=campaign, clocks=day, name="Tháng 5", words=WORDS)
    other = issue(reports_of(cast.officer).get(pk=ended(job).arguments["report"]), cast.officer)
    assert other.edition == 1
    assert not reports_of(cast.leader).get(pk=first.pk).is_superseded


def test_the_office_is_told_what_to_look_at_before_issuing(prepare, cast, campaign):
    report = prepare(Words())
    warnings = "\n".join(preview_warnings(report))
    assert "Số văn bản còn để trống" in warnings
    assert "Ngày văn bản còn để trống" in warnings
    assert "K6: chưa báo cáo." in warnings
    assert "Trường THCS B" in warnings
    assert "Nội dung hoặc thể thức đã sửa" not in warnings
    ReportParagraph.objects.create(campaign=campaign, section="causes", text="Máy tính hỏng.")
    assert "Nội dung hoặc thể thức đã sửa" in "\n".join(preview_warnings(report))


def test_a_preview_that_is_thrown_away_leaves_the_snapshot(prepare, cast, django_capture_on_commit_callbacks):
    report = prepare()
    files = kept_files(report)
    with django_capture_on_commit_callbacks(execute=True):
        discard_report(actor=cast.officer, report=report)
    assert not Report.objects.exists()
    assert Snapshot.objects.count() == 1
    assert not any(result_file_of(file.path).exists() for file in files)


def test_files_of_no_report_go_after_a_day_and_those_of_a_report_stay(prepare, cast, settings):
    issue(prepare(), cast.officer)
    kept = prepare(Words())
    lost = settings.MEDIA_ROOT / "reports" / "9-abc.pdf"
    lost.write_bytes(b"%PDF")
    assert forget_unused_files(timezone.now() - timedelta(days=1)) == 0
    assert forget_unused_files(timezone.now() + timedelta(seconds=5)) == 1
    assert not lost.exists()
    assert all(is_intact(file.path, file.sha256) for file in kept_files(kept))
    assert all(is_intact(file.file.name, file.sha256) for file in ReportFile.objects.all())
