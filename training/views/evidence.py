"""Files of a record: sent ahead by the page or with the form, shown only to who may see the record."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.access import allow, may_enter, may_record
from accounts.requests import methods
from training.models import Activity, Evidence
from training.models.evidence import EvidenceKind
from training.services.evidence import EvidenceError, delete_evidence, store_evidence

CONTENT_TYPES = {EvidenceKind.PHOTO: "image/jpeg", EvidenceKind.PDF: "application/pdf"}
UPLOAD_FIELD = "tep"


def keeps_files(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Stores the files of a form on their own, before the form: what fails and is rolled back loses no file."""

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and request.FILES:
            request.evidence_errors = _keep(request)[1]  # type: ignore[attr-defined]  # read by the view
        return view(request, *args, **kwargs)

    return keeping


def _keep(request: HttpRequest) -> tuple[list[Evidence], list[str]]:
    """Stores what was sent under the form's upload key: (files, sentences about those not taken)."""
    try:
        upload_key = UUID(request.POST.get("upload_key", ""))
    except ValueError:
        return [], ["Trang đã cũ. Hãy tải lại trang rồi chọn tệp lần nữa."]
    kept, errors = [], []
    for upload in request.FILES.getlist(UPLOAD_FIELD):
        try:
            kept.append(store_evidence(actor=request.user, upload=upload, upload_key=upload_key))
        except EvidenceError as error:
            errors.append(str(error))
    return kept, errors


@allow(may_record)
@methods("POST")
def evidence_upload(request: HttpRequest) -> HttpResponse:
    """For the page: stores the files sent ahead of the form and answers with their thumbnails."""
    kept, errors = _keep(request)
    # Not 422: the files that were taken stay, and the sentences stand beside them.
    return render(request, "training/includes/thumbs.html", {"files": kept, "errors": errors, "may_delete": True})


@allow(may_record)
@methods("POST")
def evidence_delete(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("activity"), pk=pk)
    activity = evidence.activity
    if activity and not Activity.objects.editable_by(request.user).filter(pk=activity.pk).exists():
        raise PermissionDenied
    try:
        delete_evidence(actor=request.user, evidence=evidence)
    except EvidenceError as error:
        messages.warning(request, str(error))
    if request.htmx:
        return HttpResponse("")
    return redirect(reverse("training:activity_detail", args=[activity.pk]) if activity else "training:activity_list")


@allow(may_enter)
@methods("GET")
def evidence_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself. Its type is ours, not the sender's; a PDF is saved, never opened within the portal."""
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    try:
        stream = evidence.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = EvidenceKind(evidence.kind)
    response = FileResponse(
        stream, as_attachment=kind == EvidenceKind.PDF, filename=evidence.name, content_type=CONTENT_TYPES[kind]
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response
