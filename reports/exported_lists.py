"""The lists of this app that leave the portal, with the filters of their pages."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse

from accounts.access import may_enter
from accounts.exports import ExportPart, ListExport, register_export
from accounts.models import User
from campaigns.current import current_campaign
from campaigns.models import Unit
from hbs_portal.lib.filters import chosen_in_words
from hbs_portal.lib.sheets.lists import ListBook
from hbs_portal.lib.text import is_record_number
from reports.access import may_take_reports
from reports.exporters.missing import MissingList, missing_columns, missing_rows, missing_title
from reports.forms.warning_signs import SignFilter
from reports.models import CallbackSample
from reports.pages.callbacks import caution_text, result_text, scope_text
from reports.pages.explanation import NotForYouError, Question, missing_list, part_in_words, question_of
from reports.pages.list_sheets import CALLED_COLUMNS, SIGN_COLUMNS, called_sheet_rows, sign_sheet_rows
from reports.pages.warning_signs import sign_rows
from reports.progress import ProgressError
from reports.selectors.callbacks import sample_rows, with_counts

MISSING, SIGNS, CALLED = "con-thieu", "dau-hieu", "goi-lai"
#: What the paths of these lists name.
TARGET, SAMPLE = "chi-tieu", "mau"
NOBODY_MISSING = "Phần đang chọn không còn ai thiếu. Hãy chọn đơn vị, lớp khác hoặc bỏ ô tìm."
NO_SIGN = "Phần đang lọc không có dấu hiệu nào. Hãy bỏ bớt lọc."


def read_missing(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """Who is missing under the target, unit, class, search and clocks of the page.

    Raises Http404 for an unknown target or somebody else's unit. Where the records contradict each other nothing is
    exported, and the sentence says what to mend.
    """
    try:
        question = question_of(user, query.get(TARGET, ""), query)
    except NotForYouError:
        raise Http404 from None
    try:
        return _missing_part(question, missing_list(question))
    except ProgressError as error:
        return _missing_part(question, None, str(error))


def _missing_part(question: Question, listing: MissingList | None, nothing: str = NOBODY_MISSING) -> ExportPart:
    def add_to(book: ListBook) -> None:
        if listing:
            columns, title_lines = missing_columns(listing), missing_title(listing)
            book.add_list("Danh sách còn thiếu", columns, missing_rows(listing), title_lines=title_lines)

    return ExportPart(
        count=len(listing.entries) if listing else 0,
        chosen=part_in_words(question),
        add_to=add_to,
        label=question.target.code,
        notes=(("Thời điểm", listing.clock_line), ("Số liệu", listing.figure)) if listing else (),
        unit_id=question.unit.id if question.unit else None,
        nothing=nothing,
        back_url=question.page_url,
        has_names=not question.rule.counts_units,
    )


def read_signs(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """The warning signs that the page shows. Raises Http404 before any plan was entered."""
    campaign = current_campaign(user)
    if campaign is None:
        raise Http404
    filter_form = SignFilter(query, units=Unit.objects.visible_to(user))
    found = filter_form.filter(sign_rows(user, campaign))

    def add_to(book: ListBook) -> None:
        title_lines = "DẤU HIỆU CẦN KIỂM TRA", "Gợi ý để kiểm tra, không phải kết luận sai phạm."
        book.add_list("Dấu hiệu", SIGN_COLUMNS, sign_sheet_rows(found), title_lines=title_lines)

    chosen = chosen_in_words(filter_form, always=("state",))
    return ExportPart(count=len(found), chosen=chosen, add_to=add_to, nothing=NO_SIGN)


def read_called(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """One sample to call back with its results. Raises Http404 for a sample that this person does not read."""
    number = query.get(SAMPLE, "")
    samples = CallbackSample.objects.visible_to(user).select_related("campaign")
    sample = with_counts(samples).filter(pk=number).first() if is_record_number(number) else None
    if sample is None:
        raise Http404
    rows = sample_rows(sample)

    def add_to(book: ListBook) -> None:
        title_lines = f"GỌI LẠI: {sample.target}", f"{scope_text(sample)}.", f"{result_text(sample)}."
        book.add_list("Gọi lại", CALLED_COLUMNS, called_sheet_rows(rows), title_lines=title_lines)

    return ExportPart(
        count=len(rows),
        chosen=scope_text(sample),
        add_to=add_to,
        label=f"Gọi lại {sample.target.code}",
        notes=(("Kết quả", result_text(sample)), ("Nói lên điều gì", caution_text(sample))),
        unit_id=sample.unit_id,
        back_url=reverse("reports:callback_detail", args=[sample.pk]),
    )


def register_own_exports() -> None:
    for key, title, list_url, may_read, read in (
        (MISSING, "Danh sách còn thiếu", "reports:dashboard", may_enter, read_missing),
        (SIGNS, "Dấu hiệu cần kiểm tra", "reports:sign_list", may_take_reports, read_signs),
        (CALLED, "Kết quả gọi lại", "reports:callback_list", may_take_reports, read_called),
    ):
        register_export(
            ListExport(key=key, title=title, list_url=list_url, may_read=may_read, read=read, has_names=True)
        )
