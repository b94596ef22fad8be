"""What every page shows around its content: the menu by role, the commune's name, the demo mark."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from campaigns.current import current_campaign


@dataclass(frozen=True)
class Entry:
    label: str
    view: str
    icon: str
    roles: frozenset[str]
    prefixes: tuple[str, ...] = ()


def _for(*roles: str) -> frozenset[str]:
    return frozenset(roles)


READERS = _for("ADMIN", "OFFICER", "LEADER")
FIELD = _for("EDITOR", "TEAM_MEMBER")
EVERYBODY = READERS | FIELD

UNDER_PEOPLE = ("/nap-danh-sach", "/loai-tru")

#: In order of use; no role sees more than eight (screens.md, "Look").
MENU = (
    Entry("Tổng quan", "reports:dashboard", "speedometer2", READERS, ("/giai-thich",)),
    Entry("Đơn vị của tôi", "reports:unit_home", "house", FIELD, ("/giai-thich",)),
    Entry("Duyệt", "training:review_queue", "check2-square", _for("OFFICER")),
    Entry("Hoạt động", "training:activity_list", "calendar-event", EVERYBODY),
    Entry("Danh sách người", "campaigns:person_list", "people", READERS | _for("EDITOR"), UNDER_PEOPLE),
    Entry("Nền tảng số", "training:platform_use_list", "laptop", _for("EDITOR")),
    Entry("Hộ gia đình", "campaigns:household_list", "houses", EVERYBODY, ("/kiem-tra-ho",)),
    Entry("Số khai báo", "training:declared_list", "123", _for("EDITOR")),
    Entry("Đơn vị", "campaigns:unit_list", "building", READERS),
    Entry("Kế hoạch", "campaigns:campaign_detail", "journal-check", READERS),
    Entry("Báo cáo", "reports:report_list", "file-earmark-spreadsheet", _for("OFFICER", "LEADER")),
    Entry("Tài khoản", "campaigns:account_list", "person-gear", _for("ADMIN")),
)


#: Pages that belong together stand side by side as tabs above the content; the menu names the first of them.
TAB_GROUPS: tuple[tuple[Entry, ...], ...] = (
    (
        Entry("Danh sách người", "campaigns:person_list", "people", READERS | _for("EDITOR")),
        Entry("Loại trừ khỏi chỉ tiêu", "training:exclusion_list", "person-gear", READERS | _for("EDITOR")),
    ),
    (
        Entry("Báo cáo", "reports:report_list", "file-earmark-spreadsheet", _for("OFFICER", "LEADER")),
        Entry(
            "Nội dung báo cáo",
            "reports:paper_text",
            "file-earmark-text",
            _for("OFFICER", "LEADER"),
            ("/bao-cao/mau-word",),
        ),
        Entry("Chốt số liệu", "reports:snapshot_list", "check2-square", _for("OFFICER", "LEADER")),
        Entry("Kỳ báo cáo", "reports:period_list", "calendar-event", _for("OFFICER", "LEADER")),
        Entry("Biểu của cấp trên", "reports:sheet_template_list", "journal-check", _for("OFFICER", "LEADER")),
        Entry("Dấu hiệu cần kiểm tra", "reports:sign_list", "exclamation-circle", _for("OFFICER", "LEADER")),
        Entry("Gọi lại", "reports:callback_list", "phone", _for("OFFICER", "LEADER")),
    ),
)


def tabs_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The tabs of the group that the present page belongs to, for this person; none where there would be only one."""
    roles = request.user.scope.roles
    for group in TAB_GROUPS:
        tabs = [_shown(entry, request.path) for entry in group if entry.roles & roles]
        if len(tabs) > 1 and any(tab["active"] for tab in tabs):
            return _longest_match_only(tabs)
    return []


def _longest_match_only(tabs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A tab's address may begin with that of another: only the nearest one is the present page."""
    nearest = max((tab for tab in tabs if tab["active"]), key=lambda tab: len(tab["url"]))
    return [tab | {"active": tab is nearest} for tab in tabs]


def menu_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries this person may open, the present one marked."""
    roles = request.user.scope.roles
    return [_shown(entry, request.path) for entry in MENU if entry.roles & roles]


def _shown(entry: Entry, path: str) -> dict[str, Any]:
    url = reverse(entry.view)
    is_active = any(path.startswith(prefix) for prefix in (url, *entry.prefixes))
    return {"label": entry.label, "url": url, "icon": entry.icon, "active": is_active}


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: `menu`, `commune`, `campaign`, `is_demo`. Error pages need none of it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    campaign = current_campaign(user)
    return {
        "menu": menu_for(request),
        "section_tabs": tabs_for(request),
        "campaign": campaign,
        "commune": campaign.commune if campaign else None,
        "is_demo": bool(campaign and campaign.is_demo),
    }
