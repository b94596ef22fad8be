"""Sentences around figures. The figures themselves come as text from the engine."""

from campaigns.models import Target
from hbs_portal.lib.dates import local_today
from hbs_portal.lib.text import date_short
from reports.progress import Cell, TargetProgress, Tier
from reports.progress.numbers import fraction_text, grouped
from reports.selectors.clocks import Clocks


def clock_line(clocks: Clocks, time_now: str) -> str:
    """ "Số liệu phát sinh đến 31/10/2026, được duyệt đến hôm nay 08:15"; `time_now` is the local time of reading."""
    is_today = clocks.approved_by == local_today()
    approved = f"hôm nay {time_now}" if is_today else date_short(clocks.approved_by)
    return f"Số liệu phát sinh đến {date_short(clocks.as_of)}, được duyệt đến {approved}"


def gap_text(cell: Cell, noun: str) -> str:
    """ "Cần thêm 310 học sinh" (rule A5); empty where nothing is missing or nothing is known."""
    return f"Cần thêm {grouped(cell.missing)} {noun}" if cell.missing else ""


def provisional_text(cell: Cell) -> str:
    """ "Tạm tính 2.750/3.000 (91,6%) khi duyệt hết" (rule H1); empty where nothing that counts is waiting."""
    if not cell.waiting or cell.provisional_n is None:
        return ""
    if cell.d is None:
        return f"Tạm tính {grouped(cell.provisional_n)} khi duyệt hết"
    return f"Tạm tính {fraction_text(cell.provisional_n, cell.d, cell.provisional_percent)} khi duyệt hết"


def adjusted_figure(cell: Cell) -> str:
    """ "Không tính người được loại trừ: 45/49 (91,8%) (đã loại trừ 1)" (rule C8); empty where nobody is."""
    return f"Không tính người được loại trừ: {cell.adjusted.text}" if cell.adjusted else ""


def adjusted_text(cell: Cell) -> str:
    """The same with its own verdict as a word."""
    return f"{adjusted_figure(cell)}, {cell.adjusted.verdict.label.lower()}" if cell.adjusted else ""


def tier_text(tier: Tier | None, noun: str) -> str:
    """ "Được tiếp cận: 1.000/1.600 hộ (62,5%)" (rule E2)."""
    if tier is None or not tier.d:
        return ""
    percent = f" ({tier.percent})" if tier.percent else ""
    return f"Được tiếp cận: {grouped(tier.n)}/{grouped(tier.d)} {noun}{percent}"


def change_text(target: Target, figure: TargetProgress) -> str:
    """K6 against the window before: "90 ngày trước đó: 10 thôn, nay tăng 2"."""
    if figure.previous_n is None or figure.commune.n is None:
        return ""
    difference = figure.commune.n - figure.previous_n
    change = "không đổi" if not difference else f"{'tăng' if difference > 0 else 'giảm'} {abs(difference)}"
    return f"{target.window_days} ngày trước đó: {figure.previous_n} {target.noun}, nay {change}"


def partial_text(figure: TargetProgress) -> str:
    """What the commune's figure lacks: denominators (rule B3), or units that have not reported (rule B1)."""
    if figure.is_partial:
        return f"Số chưa đầy đủ: {figure.partial_note}"
    if figure.units_reported < figure.units_applicable:
        return f"{figure.units_reported}/{figure.units_applicable} đơn vị đã có số liệu"
    return ""


def declared_text(cell: Cell) -> str:
    """How much of a figure is declared instead of listed; empty where nothing is."""
    if not cell.declared_d and not cell.declared_n:
        return ""
    share = f"{grouped(cell.declared_n)} trong tử số, {grouped(cell.declared_d)} trong mẫu số"
    return f"Phần khai báo, chưa có danh sách: {share}"
