"""Reports of the office: the download page, a new one, its preview, issuing, revoking, the files themselves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts.access import allow, is_officer
from accounts.conflicts import render_conflict
from accounts.job_results import result_file_of
from accounts.models import Job
from accounts.requests import SignedInRequest, methods
from accounts.versions import StaleRecordError
from campaigns.current import current_campaign
from campaigns.models import Campaign
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of
from reports.access import may_take_reports
from reports.exporters.formats import FORMATS
from reports.forms.issuing import ReportFilter, ReportForm, ReportWordsForm, RevokeForm, VersionForm
from reports.models import Report
from reports.pages.issued import PDF, ShownFile, ShownReport, preview_warnings, reports_page, shown_report
from reports.selectors.issued import reports_of
from reports.selectors.periods import periods_of
from reports.selectors.snapshots import snapshots_of
from reports.services.issuing import (
    REPORT_JOB,
    IssuingError,
    change_words,
    discard_report,
    issue_report,
    remake_files,
    request_report_of_day,
    request_report_of_period,
    request_report_of_snapshot,
    revoke_report,
)
from reports.services.report_files import is_intact
from reports.views.answers import no_plan

CONFIRM_PAGE, WORDS_PAGE = "reports/report_confirm.html", "reports/report_words.html"
CHANGED = "Báo cáo vừa được người khác sửa hoặc lập lại. Hãy xem lại rồi làm tiếp."
#: A PDF is shown inside our own page; nothing in it may reach out.
PREVIEW_POLICY = "default-src 'self'; object-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'"


@allow(may_take_reports)
@methods("GET")
def report_list(request: SignedInRequest) -> HttpResponse:
    parameters = remembered(request, "reports")
    form = ReportFilter(parameters)
    found = reports_page(request.user, *form.chosen)
    context = {
        "found": found,
        "page": page_of(found.rows, parameters),
        "filter_form": form,
        "may_write": is_officer(request.user),
    }
    return render(request, "reports/report_list.html", context)


@allow(is_officer)
@methods("GET", "POST")
def report_create(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    sources = {"periods": periods_of(campaign), "snapshots": list(snapshots_of(request.user, campaign))}
    if request.method != "POST":
        form = ReportForm.suggested(campaign, request.GET.get("nguon", ""), **sources)
        return render(request, "reports/report_form.html", {"form": form})
    form = ReportForm(request.POST, campaign=campaign, **sources)
    job = _asked_for(request, form, campaign) if form.is_valid() else None
    if job is None:
        return render(request, "reports/report_form.html", {"form": form}, status=422)
    return redirect("accounts:job_detail", job.pk)


@allow(may_take_reports)
@methods("GET")
def report_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = shown_report(_report(request, pk), request.user)
    context: dict[str, Any] = {"shown": shown, "report": shown.report, "may_write": is_officer(request.user)}
    if shown.is_prepared:
        context |= {"warnings": preview_warnings(shown.report), "under_way": _under_way(request, shown)}
    return render(request, "reports/report_detail.html", context)


@allow(is_officer)
@methods("GET", "POST")
def report_words(request: SignedInRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    form = ReportWordsForm(request.POST or None, report=report, snapshots=snapshots_of(request.user, report.campaign))
    context = {"form": form, "report": report}
    if not form.is_valid():
        return render(request, WORDS_PAGE, context, status=422 if form.is_bound else 200)
    version = form.cleaned_data["version"]
    try:
        job = change_words(actor=request.user, report=report, expected_version=version, words=form.words)
    except StaleRecordError as stale:
        return render_conflict(request, WORDS_PAGE, form, stale.instance, context)
    except IssuingError as error:
        return _back(request, report, str(error))
    return redirect("accounts:job_detail", job.pk)


@allow(is_officer)
@methods("POST")
def report_remake(request: SignedInRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    form = VersionForm(request.POST)
    try:
        version = form.cleaned_data["version"] if form.is_valid() else 0
        job = remake_files(actor=request.user, report=report, expected_version=version)
    except StaleRecordError:
        return _back(request, report, CHANGED)
    except IssuingError as error:
        return _back(request, report, str(error))
    return redirect("accounts:job_detail", job.pk)


@allow(is_officer)
@methods("GET", "POST")
def report_issue(request: SignedInRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    form = VersionForm(request.POST or None, initial={"version": report.version})
    if not form.is_valid():
        return render(request, CONFIRM_PAGE, _issuing(form, report))
    try:
        issued = issue_report(actor=request.user, report=report, expected_version=form.cleaned_data["version"])
    except StaleRecordError:
        return _back(request, report, CHANGED)
    except IssuingError as error:
        return _back(request, report, str(error))
    messages.success(request, f"Đã ban hành, lần {issued.edition}. Lãnh đạo thấy báo cáo này ngay ở trang Tổng quan.")
    return redirect("reports:report_detail", pk)


@allow(is_officer)
@methods("GET", "POST")
def report_revoke(request: SignedInRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    form = RevokeForm(request.POST or None, initial={"version": report.version})
    if not form.is_valid():
        return render(request, CONFIRM_PAGE, _revoking(form, report), status=422 if form.is_bound else 200)
    version, reason = form.cleaned_data["version"], form.cleaned_data["reason"]
    try:
        revoke_report(actor=request.user, report=report, expected_version=version, reason=reason)
    except StaleRecordError:
        return _back(request, report, CHANGED)
    except IssuingError as error:
        return _back(request, report, str(error))
    messages.success(request, "Đã thu hồi. Lãnh đạo thấy lý do, không tải được tệp nữa.")
    return redirect("reports:report_detail", pk)


@allow(is_officer)
@methods("GET", "POST")
def report_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    if request.method == "GET":
        return render(request, CONFIRM_PAGE, _discarding(report))
    try:
        discard_report(actor=request.user, report=report)
    except IssuingError as error:
        return _back(request, report, str(error))
    messages.success(request, "Đã bỏ bản xem trước. Số liệu đã chốt vẫn còn.")
    return redirect("reports:report_list")


@allow(may_take_reports)
@methods("GET")
@xframe_options_sameorigin
def report_file(request: SignedInRequest, pk: int, kind: str) -> HttpResponseBase:
    """The file, byte for byte as it was made; `?xem=1` shows the PDF in the browser."""
    shown = shown_report(_report(request, pk), request.user)
    file = next((file for file in shown.files if file.kind == kind), None)
    if file is None:
        raise Http404
    if not shown.may_download:
        raise PermissionDenied
    if not is_intact(file.path, file.sha256):
        return render(request, "reports/report_damaged.html", {"report": shown.report, "file": file}, status=409)
    return _sent(file, is_shown=kind == PDF and "xem" in request.GET)


def _report(request: SignedInRequest, pk: int) -> Report:
    return get_object_or_404(reports_of(request.user), pk=pk)


def _asked_for(request: SignedInRequest, form: ReportForm, campaign: Campaign) -> Job | None:
    """The job that makes what was chosen; None where the form now says what stands in the way."""
    actor, words = request.user, form.words
    try:
        if form.snapshot is not None:
            return request_report_of_snapshot(actor=actor, snapshot=form.snapshot, words=words)
        if form.period is not None:
            return request_report_of_period(actor=actor, period=form.period, words=words)
    except IssuingError as error:
        form.add_error("nguon", str(error))
        return None
    return request_report_of_day(
        actor=actor, campaign=campaign, clocks=form.clocks(), name=form.snapshot_name, words=words
    )


def _under_way(request: SignedInRequest, shown: ShownReport) -> Job | None:
    """This person's last work on the files of a preview that has none."""
    if shown.files:
        return None
    return Job.objects.visible_to(request.user).filter(kind=REPORT_JOB, arguments__report=shown.report.pk).first()


def _sent(file: ShownFile, *, is_shown: bool) -> FileResponse:
    stream = result_file_of(file.path).open("rb")
    content_type = FORMATS[file.kind].content_type
    answer = FileResponse(stream, as_attachment=not is_shown, filename=file.name, content_type=content_type)
    answer["Cache-Control"] = "private, no-store"
    if is_shown:
        answer["Content-Security-Policy"] = PREVIEW_POLICY
    return answer


def _back(request: SignedInRequest, report: Report, sentence: str) -> HttpResponse:
    messages.warning(request, sentence)
    return redirect("reports:report_detail", report.pk)


def _issuing(form: VersionForm, report: Report) -> dict[str, Any]:
    return {
        "form": form,
        "report": report,
        "title": "Ban hành báo cáo này?",
        "text": "Các tệp được giữ đúng như bản bạn vừa xem, kèm mã băm SHA-256, và không sửa được nữa.",
        "consequences": [
            "Lãnh đạo Ủy ban nhân dân xã thấy và tải được báo cáo ngay.",
            "Nếu đã có bản ban hành trước của cùng kỳ, bản ấy được ghi “Đã có bản mới”.",
            *preview_warnings(report),
        ],
        "confirm_label": "Ban hành",
        "confirm_css": "btn-primary",
    }


def _revoking(form: RevokeForm, report: Report) -> dict[str, Any]:
    return {
        "form": form,
        "report": report,
        "title": "Thu hồi báo cáo này?",
        "text": "Báo cáo và các tệp vẫn được giữ ở Phòng; lãnh đạo thấy báo cáo đã thu hồi và lý do.",
        "confirm_label": "Thu hồi",
    }


def _discarding(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "title": "Bỏ bản xem trước này?",
        "text": "Các tệp của bản xem trước bị xóa. Số liệu đã chốt và đoạn văn của Phòng vẫn còn.",
        "confirm_label": "Bỏ bản xem trước",
    }
