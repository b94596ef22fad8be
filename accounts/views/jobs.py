"""A person's own background work: "Tệp của tôi"."""

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import allow, may_enter
from accounts.jobs import cancel_job, result_file_of, retry_job
from accounts.models import Job
from accounts.requests import methods
from hbs_portal.lib.paging import page_of

CONTENT_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
}


@allow(may_enter)
@methods("GET")
def job_list(request: HttpRequest) -> HttpResponse:
    page = page_of(Job.objects.visible_to(request.user), request.GET)
    return render(request, "accounts/job_list.html", {"page": page})


@allow(may_enter)
@never_cache
@vary_on_headers("HX-Request")
@methods("GET")
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if request.htmx and not job.is_open:
        # The page around the bar changes too: its buttons, and the file to fetch.
        return HttpResponseClientRefresh()
    context = {"job": job, "poll_url": reverse("accounts:job_detail", args=[job.pk])}
    if job.is_downloadable:
        context["result_url"] = reverse("accounts:job_download", args=[job.pk])
    return render(request, "includes/progress_job.html" if request.htmx else "accounts/job_detail.html", context)


@allow(may_enter)
@never_cache
@methods("GET")
def job_download(request: HttpRequest, pk: int) -> FileResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    path = result_file_of(job.result_path)
    if not job.is_downloadable or not path.is_file():
        raise Http404
    kind = CONTENT_TYPES.get(Path(job.result_name).suffix.lower(), "application/octet-stream")
    return FileResponse(path.open("rb"), as_attachment=True, filename=job.result_name, content_type=kind)


@allow(may_enter)
@methods("POST")
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if cancel_job(actor=request.user, job=job):
        messages.success(request, "Đã huỷ. Khi cần, hãy bấm “Làm lại”.")
    else:
        messages.info(request, "Việc này đã kết thúc nên không cần huỷ.")
    return redirect("accounts:job_detail", job.pk)


@allow(may_enter)
@methods("POST")
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if retry_job(actor=request.user, job=job):
        messages.success(request, "Đã xếp lại vào hàng chờ.")
    else:
        messages.info(request, "Việc này đang chờ hoặc đã xong nên không cần làm lại.")
    return redirect("accounts:job_detail", job.pk)
