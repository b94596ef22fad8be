"""The lists of this app that leave the portal, with the filters of their pages."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, QueryDict

from accounts.access import may_enter
from accounts.exports import ExportPart, ListExport, register_export
from accounts.models import User
from campaigns.current import current_campaign
from campaigns.models import Headcount, Membership
from campaigns.roster_access import may_read_people
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.filters import chosen_in_words
from hbs_portal.lib.sheets.lists import ListBook
from hbs_portal.lib.text import is_record_number
from training.exporters.attendances import COLUMNS, HOUSEHOLD_COLUMNS, attendance_rows, attendances_of
from training.exporters.records import (
    ACTIVITY_COLUMNS,
    CHECK_COLUMNS,
    DECLARED_COLUMNS,
    EXCLUSION_COLUMNS,
    USE_COLUMNS,
    activity_sheet_rows,
    check_rows,
    declared_rows,
    exclusion_rows,
    use_rows,
)
from training.forms.activities import ActivityFilter
from training.forms.declared import UnitSearch
from training.forms.exclusions import ExclusionFilter
from training.forms.households import HouseholdCheckFilter
from training.forms.platforms import PlatformUseFilter
from training.models import Activity, HouseholdCheck, RunningTotal
from training.selectors.declared import units_with_declared
from training.selectors.exclusions import exclusions_of
from training.services.platforms import staff_with_state

ACTIVITIES, ATTENDANCES, CHECKS, PLATFORM_USES, DECLARED, EXCLUSIONS = (
    "hoat-dong", "diem-danh", "kiem-tra-ho", "nen-tang-so", "so-khai-bao", "loai-tru",
)  # fmt: skip
#: In the address of attendances: of one activity alone.
ACTIVITY = "hoat_dong"
IMPORTS_AGAIN = (("Nạp lại", "Giữ nguyên tiêu đề cột rồi nạp lại được ngay."),)


def read_activities(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """The activities that the page shows, of the open tab."""
    filter_form = ActivityFilter(query, user=user)
    found = filter_form.in_tab(filter_form.filter(Activity.objects.visible_to(user).current()))

    def add_to(book: ListBook) -> None:
        book.add_list("Hoạt động", ACTIVITY_COLUMNS, activity_sheet_rows(found), title_lines=("DANH SÁCH HOẠT ĐỘNG",))

    return ExportPart(count=found.count(), chosen=chosen_in_words(filter_form), add_to=add_to)


def read_attendances(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """Who was at the activities that the page shows, or at the one of `?hoat_dong=`."""
    filter_form = ActivityFilter(query, user=user)
    visible = Activity.objects.visible_to(user).current()
    number = query.get(ACTIVITY, "")
    one = visible.filter(pk=number).first() if is_record_number(number) else None
    activities = visible.filter(pk=one.pk) if one else filter_form.in_tab(filter_form.filter(visible))
    found = attendances_of(user, activities)
    people, homes = found.filter(person__isnull=False), found.filter(household__isnull=False)
    home_count = homes.count()

    def add_to(book: ListBook) -> None:
        book.add_list("Điểm danh", COLUMNS, attendance_rows(people, activities), title_lines=("DANH SÁCH ĐIỂM DANH",))
        if home_count:
            book.add_list(
                "Hộ có mặt", HOUSEHOLD_COLUMNS, attendance_rows(homes, activities), title_lines=("HỘ CÓ MẶT",)
            )

    chosen = f"hoạt động “{one}”" if one else chosen_in_words(filter_form)
    return ExportPart(
        count=people.count() + home_count, chosen=chosen, add_to=add_to, notes=IMPORTS_AGAIN if one else ()
    )


def read_checks(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """The household checks that the page shows."""
    filter_form = HouseholdCheckFilter(query, user=user)
    checks = HouseholdCheck.objects.visible_to(user).filter(campaign=current_campaign(user))
    found = filter_form.filter(checks.current())

    def add_to(book: ListBook) -> None:
        book.add_list("Kiểm tra hộ", CHECK_COLUMNS, check_rows(found), title_lines=("DANH SÁCH KIỂM TRA HỘ",))

    return ExportPart(count=found.count(), chosen=chosen_in_words(filter_form), add_to=add_to)


def read_platform_uses(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """Managers and teachers with the state of their confirmation, as the page shows them."""
    filter_form = PlatformUseFilter(query, user=user)
    campaign = current_campaign(user)
    day = local_today()
    staff = staff_with_state(user=user, campaign=campaign, day=day) if campaign else Membership.objects.none()
    found = filter_form.filter(staff)

    def add_to(book: ListBook) -> None:
        title_lines = ("XÁC NHẬN SỬ DỤNG NỀN TẢNG SỐ",)
        book.add_list("Nền tảng số", USE_COLUMNS, use_rows(found), title_lines=title_lines)

    return ExportPart(count=found.count(), chosen=chosen_in_words(filter_form), add_to=add_to)


def read_declared(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """Every declared figure of the units that the page shows, drafts included."""
    filter_form = UnitSearch(query)
    units = filter_form.filter(units_with_declared(user)).values("pk").order_by()
    of_units = {"commune_id": user.scope.commune_id, "unit__in": units}
    place = ("unit__position", "unit__sort_key", "group")
    headcounts = Headcount.objects.current().filter(**of_units).select_related("unit")
    totals = RunningTotal.objects.current().filter(**of_units, target__campaign=current_campaign(user))
    totals = totals.select_related("unit", "target")

    def add_to(book: ListBook) -> None:
        rows = declared_rows(
            headcounts.order_by(*place, "effective_on"), totals.order_by(*place, "target__position", "as_of")
        )
        book.add_list("Số khai báo", DECLARED_COLUMNS, rows, title_lines=("SỐ KHAI BÁO",))

    count = headcounts.count() + totals.count()
    return ExportPart(count=count, chosen=chosen_in_words(filter_form), add_to=add_to, notes=IMPORTS_AGAIN)


def read_exclusions(user: User, query: QueryDict, _: Mapping[str, Any]) -> ExportPart:
    """The exclusions (rule C8) that the page shows. Raises Http404 before any plan was entered."""
    campaign = current_campaign(user)
    if campaign is None:
        raise Http404
    filter_form = ExclusionFilter(query, user=user)
    found = filter_form.filter(exclusions_of(user=user, campaign=campaign), local_today())

    def add_to(book: ListBook) -> None:
        title_lines = ("LOẠI TRỪ KHỎI CHỈ TIÊU",)
        book.add_list("Loại trừ", EXCLUSION_COLUMNS, exclusion_rows(found), title_lines=title_lines)

    return ExportPart(count=found.count(), chosen=chosen_in_words(filter_form), add_to=add_to)


def register_own_exports() -> None:
    for key, title, list_url, may_read, read in (
        (ACTIVITIES, "Danh sách hoạt động", "training:activity_list", may_enter, read_activities),
        (ATTENDANCES, "Danh sách điểm danh", "training:activity_list", may_enter, read_attendances),
        (CHECKS, "Danh sách kiểm tra hộ", "training:household_check_list", may_enter, read_checks),
        (PLATFORM_USES, "Xác nhận nền tảng số", "training:platform_use_list", may_enter, read_platform_uses),
        (DECLARED, "Số khai báo", "training:declared_list", may_enter, read_declared),
        (EXCLUSIONS, "Loại trừ khỏi chỉ tiêu", "training:exclusion_list", may_read_people, read_exclusions),
    ):
        has_names = key not in (ACTIVITIES, DECLARED)
        register_export(
            ListExport(key=key, title=title, list_url=list_url, may_read=may_read, read=read, has_names=has_names)
        )
