"""Pages on which the office writes its part of the report, and asks for the Word file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import allow, is_officer
from accounts.conflicts import render_conflict
from accounts.requests import SignedInRequest, methods
from accounts.versions import StaleRecordError
from campaigns.current import current_campaign
from campaigns.models import Campaign
from reports.access import may_take_reports
from reports.exporters.edition import read_edition
from reports.forms.word import ParagraphForm
from reports.pages.paper_text import TextPiece, text_pieces
from reports.papers.parts import SectionKey
from reports.selectors.clocks import Clocks
from reports.services.paragraphs import write_paragraph
from reports.services.word_reports import request_word
from reports.views.answers import no_plan, show

FORM_PAGE = "reports/paper_text_form.html"


@allow(may_take_reports)
@methods("GET")
def paper_text(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    return show(request, "reports/paper_text.html", lambda: _pieces(campaign), may_write=is_officer(request.user))


@allow(is_officer)
@methods("GET", "POST")
def paper_text_edit(request: SignedInRequest, section: str) -> HttpResponse:
    campaign = current_campaign(request.user)
    piece = _piece(campaign, section)
    form = ParagraphForm(request.POST or None, initial={"text": piece.own_text, "version": piece.version})
    if form.is_valid():
        try:
            write_paragraph(
                actor=request.user,
                campaign=campaign,
                section=SectionKey(section),
                text=form.cleaned_data["text"],
                expected_version=form.expected_version,
            )
        except StaleRecordError as stale:
            return render_conflict(request, FORM_PAGE, form, stale.instance, {"piece": piece})
        messages.success(request, "Đã lưu. Đoạn này được giữ cho các lần báo cáo sau.")
        return redirect("reports:paper_text")
    return render(request, FORM_PAGE, {"form": form, "piece": piece}, status=422 if form.is_bound else 200)


@allow(may_take_reports)
@methods("POST")
def word_create(request: SignedInRequest) -> HttpResponse:
    campaign = current_campaign(request.user)
    if campaign is None:
        return no_plan(request)
    job = request_word(actor=request.user, campaign=campaign, clocks=Clocks.of(campaign))
    return redirect("accounts:job_detail", job.pk)


def _pieces(campaign: Campaign) -> list[TextPiece]:
    return text_pieces(read_edition(campaign, Clocks.of(campaign)))


def _piece(campaign: Campaign | None, section: str) -> TextPiece:
    """The place of this key; 404 for another one, and before any plan was entered."""
    pieces = _pieces(campaign) if campaign and section in list(SectionKey) else []
    for piece in pieces:
        if piece.key == section:
            return piece
    raise Http404
