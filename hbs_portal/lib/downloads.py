"""Workbooks as answers to a request."""

from pathlib import Path

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_response(path: Path, name: str) -> HttpResponse:
    """The file at `path`, which may go afterwards, to be saved as `name`."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    # Most of these hold names: nothing of them stays in a browser that several people share.
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(path.read_bytes(), content_type=XLSX, headers=headers)
