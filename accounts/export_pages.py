"""The page behind "Xuất Excel" of every list."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.exports import (
    ROWS_AT_ONCE,
    ExportPart,
    ListExport,
    NothingToExportError,
    Taking,
    export_of,
    record_export,
    start_export,
    write_export,
)
from accounts.requests import SignedInRequest
from hbs_portal.lib.downloads import workbook_response

PAGE = "accounts/list_export.html"
UNDER_WAY = "Danh sách dài nên cổng viết tệp ở nền. Khi xong, tệp nằm ở đây."


@dataclass(frozen=True)
class Asked:
    """A part of a list by its filters, and the form as it came in."""

    export: ListExport
    query: QueryDict
    part: ExportPart
    typed: dict[str, Any]


def export_page(request: SignedInRequest, key: str, **named: str) -> HttpResponse:
    """Ask for a reason where the list has names; then the file, or the job that writes a long one.

    What the path names (`chi_tieu="K3"`) joins the filters of the address.
    """
    export, query = export_of(key), request.GET.copy()
    query.update(named)
    if not export.may_read(request.user):
        raise PermissionDenied
    form = export.form(request.POST or None, request.user, query)
    is_valid = request.method == "POST" and form.is_valid()
    part = export.read(request.user, query, form.cleaned_data if is_valid else {})
    if is_valid:
        try:
            return _answer(request, Asked(export, query, part, form.cleaned_data))
        except NothingToExportError as nothing:
            form.add_error(None, str(nothing))
    back_url = part.back_url or f"{reverse(export.list_url)}?{request.GET.urlencode()}"
    context = {"form": form, "export": export, "part": part, "cancel_url": back_url}
    return render(request, PAGE, context, status=422 if form.is_bound else 200)


def _answer(request: SignedInRequest, asked: Asked) -> HttpResponse:
    export, part, typed = asked.export, asked.part, asked.typed
    if part.count > ROWS_AT_ONCE:
        job = start_export(actor=request.user, export=export, query=asked.query, typed=typed)
        messages.info(request, UNDER_WAY)
        return redirect("accounts:job_detail", job.pk)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "danh-sach.xlsx"
        taking = Taking(request.user, export, part, typed.get("reason", ""))
        write_export(taking, path)
        record_export(taking)
        return workbook_response(path, export.file_name)
