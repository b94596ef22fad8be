"""A person's own background work: "Tệp của tôi"."""

from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh, reswap, retarget

from accounts.access import allow, may_enter
from accounts.forms import JobFilter
from accounts.jobs import cancel_job, delete_result, place_of, refusal_of, result_file_of, retry_job
from accounts.models import Job
from accounts.requests import SignedInRequest, methods
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of

CONTENT_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
}


def _own_job(request: SignedInRequest, pk: int) -> Job:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    job.owner = request.user  # the same person: their roles are read once
    return job


@allow(may_enter)
@methods("GET")
def job_list(request: SignedInRequest) -> HttpResponse:
    parameters, jobs = remembered(request, "jobs"), Job.objects.visible_to(request.user)
    filter_form = JobFilter(parameters)
    context = {
        "filter_form": filter_form,
        "page": page_of(filter_form.filter(jobs), parameters),
        "has_any": jobs.exists(),
    }
    return render(request, "accounts/job_list.html", context)


@allow(may_enter)
@never_cache
@methods("GET")
def job_row(request: SignedInRequest, pk: int) -> HttpResponse:
    """For htmx, of a job under way: its cell in the list; once it has ended, its whole row."""
    job = _own_job(request, pk)
    if job.is_open:
        return render(request, "accounts/_job_state.html", {"job": job})
    response = render(request, "accounts/_job_row.html", {"job": job})
    return reswap(retarget(response, f"#job-{job.pk}"), "outerHTML")


@allow(may_enter)
@never_cache
@vary_on_headers("HX-Request")
@methods("GET")
def job_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    job = _own_job(request, pk)
    place = place_of(job)
    if request.htmx and not job.is_open:
        if place is None:
            # The page around the bar changes too: its buttons, and the file to fetch.
            return HttpResponseClientRefresh()
        messages.success(request, job.message)
        return HttpResponseClientRedirect(place.url)
    context = {"job": job, "poll_url": request.path, "place": place, "refusal": refusal_of(job)}
    if job.is_downloadable and not context["refusal"]:
        context["result_url"] = reverse("accounts:job_download", args=[job.pk])
    return render(request, "includes/progress_job.html" if request.htmx else "accounts/job_detail.html", context)


@allow(may_enter)
@never_cache
@methods("GET")
def job_download(request: SignedInRequest, pk: int) -> FileResponse:
    job = _own_job(request, pk)
    path = result_file_of(job.result_path)
    if not job.is_downloadable or not path.is_file():
        raise Http404
    if refusal_of(job):
        raise PermissionDenied
    kind = CONTENT_TYPES.get(Path(job.result_name).suffix.lower(), "application/octet-stream")
    return FileResponse(path.open("rb"), as_attachment=True, filename=job.result_name, content_type=kind)


@allow(may_enter)
@methods("GET", "POST")
def job_delete(request: SignedInRequest, pk: int) -> HttpResponse:
    job = _own_job(request, pk)
    if request.method == "GET":
        return render(request, "accounts/job_delete.html", {"job": job})
    if delete_result(actor=request.user, job=job):
        messages.success(request, f"Đã xóa tệp “{job.result_name}”. Nếu còn cần, hãy yêu cầu lại.")
    else:
        messages.info(request, "Việc này không còn tệp nào để xóa.")
    return redirect("accounts:job_list")


@allow(may_enter)
@methods("POST")
def job_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    job = _own_job(request, pk)
    if cancel_job(actor=request.user, job=job):
        messages.success(request, "Đã huỷ. Khi cần, hãy bấm “Làm lại”.")
    else:
        messages.info(request, "Việc này đã kết thúc nên không cần huỷ.")
    return _back(request, job)


@allow(may_enter)
@methods("POST")
def job_retry(request: SignedInRequest, pk: int) -> HttpResponse:
    job = _own_job(request, pk)
    if retry_job(actor=request.user, job=job):
        messages.success(request, "Đã xếp lại vào hàng chờ.")
    else:
        messages.info(request, "Việc này đang chờ hoặc đã xong nên không cần làm lại.")
    return _back(request, job)


def _back(request: SignedInRequest, job: Job) -> HttpResponse:
    """To the page whose button was pressed: the list or the job's own."""
    if request.POST.get("from") == "list":
        return redirect("accounts:job_list")
    return redirect("accounts:job_detail", job.pk)
