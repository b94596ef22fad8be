"""The audit: who did what, when, and what it was before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import allow, reads_audit
from accounts.changes import readable
from accounts.export_pages import export_page
from accounts.exported_audit import AUDIT
from accounts.forms import AuditFilter
from accounts.models import AuditEntry
from accounts.requests import SignedInRequest, methods
from hbs_portal.lib.filters import remembered
from hbs_portal.lib.paging import page_of


@allow(reads_audit)
@methods("GET")
def audit_list(request: HttpRequest) -> HttpResponse:
    entries = AuditEntry.objects.visible_to(request.user)
    parameters = remembered(request, "audit")
    filter_form = AuditFilter(parameters, entries=entries)
    page = page_of(filter_form.filter(entries), parameters)
    context = {
        "filter_form": filter_form,
        "page": page,
        "entries": readable(page.object_list),
        "filter_query": parameters.urlencode(),
    }
    return render(request, "accounts/audit_list.html", context)


@allow(reads_audit)
@methods("GET", "POST")
def audit_export(request: SignedInRequest) -> HttpResponse:
    """The entries that the list shows, as a workbook."""
    return export_page(request, AUDIT)
