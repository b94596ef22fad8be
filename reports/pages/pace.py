"""How fast, how fast it must be, and where that leads, in words. A forecast is no result and has no verdict (H7)."""

from dataclasses import dataclass

from campaigns.models import Target
from hbs_portal.lib.text import date_short
from reports.progress import Cell, TargetRule
from reports.progress.facts import UnitFact
from reports.progress.numbers import grouped
from reports.progress.pace import (
    WEEK_DAYS,
    Forecast,
    Growth,
    Horizon,
    NeededPace,
    Window,
    needed_pace,
    newly_scheduled,
    pace_of,
    qualifying_days,
)
from reports.selectors import Reading
from reports.selectors.pace import load_scheduled, load_series


@dataclass(frozen=True, slots=True)
class PaceBlock:
    """`speeds` are (label, number) of recent weeks; `note` says why there is no forecast, where there is none."""

    speeds: tuple[tuple[str, str], ...]
    needed: str
    forecast: str
    basis: str
    note: str


def pace_block(reading: Reading, target: Target, cell: Cell, unit: UnitFact | None) -> PaceBlock | None:
    """The block of the explanation page, in at most three queries.

    None where the target does not apply, and for a unit that simply has it or not (K5, K6).
    """
    rule = reading.progress.target(target.code).rule
    if (not cell.d and cell.n is None) or (unit is not None and rule.counts_units):
        return None
    horizon = horizon_of(reading)
    scheduled = newly_scheduled(reading.facts, rule, load_scheduled(reading.campaign), unit.id if unit else None)
    pace = pace_of(rule, cell, _growth(reading, target, rule, unit), horizon, scheduled)
    return PaceBlock(
        speeds=tuple(_speed(window, target.noun) for window in pace.windows),
        needed=_needed(pace.needed, target.noun, horizon),
        forecast=_forecast(pace.forecast, target.noun, horizon),
        basis=_basis(pace.forecast, target.noun),
        note="" if pace.forecast else _no_forecast(rule, cell, horizon),
    )


def horizon_of(reading: Reading) -> Horizon:
    return Horizon(reading.campaign.starts_on, reading.clocks.as_of, reading.campaign.ends_on)


def needed_line(reading: Reading, target: Target, cell: Cell) -> str:
    """ "Mỗi tuần cần thêm 12 học sinh": the short line of a tile; empty where nothing is to be done. No query."""
    pace = needed_pace(reading.progress.target(target.code).rule, cell, horizon_of(reading))
    if pace is None or pace.per_week is None:
        return ""
    return f"Mỗi tuần cần thêm {grouped(pace.per_week)} {target.noun}"


def _growth(reading: Reading, target: Target, rule: TargetRule, unit: UnitFact | None) -> Growth:
    series = load_series(reading.campaign, reading.clocks, target, reading.facts)
    unit_id = unit.id if unit else None
    counted = {row.unit.id for row in reading.progress.target(rule.code).units if row.cell.d is not None}
    return Growth(
        qualifying_days(reading.facts, rule, unit_id),
        [
            points
            for (of_unit, group), points in series.items()
            if group in rule.groups and (of_unit in counted if unit_id is None else of_unit == unit_id)
        ],
    )


def _speed(window: Window, noun: str) -> tuple[str, str]:
    weeks, rest = divmod(window.days, WEEK_DAYS)
    stretch = f"{weeks} tuần" if not rest else f"{window.days} ngày"
    return f"{stretch} gần nhất", f"{window.weekly_text} {noun} mỗi tuần (cả thảy {grouped(window.gained)})"


def _needed(pace: NeededPace | None, noun: str, horizon: Horizon) -> str:
    if pace is None:
        return ""
    if pace.is_done:
        return "Đã đạt ngưỡng, không cần thêm."
    if pace.is_over:
        return f"Kế hoạch đã đến ngày cuối ({date_short(horizon.ends_on)}), còn thiếu {grouped(pace.missing)} {noun}."
    if pace.per_week is None:
        return f"Cần thêm {grouped(pace.missing)} {noun} trong {pace.days_left} ngày còn lại."
    return f"Cần thêm {grouped(pace.per_week)} {noun} mỗi tuần cho đến {date_short(horizon.ends_on)}."


def _forecast(forecast: Forecast | None, noun: str, horizon: Horizon) -> str:
    return f"Đến {date_short(horizon.ends_on)}: khoảng {forecast.text} {noun}" if forecast else ""


def _basis(forecast: Forecast | None, noun: str) -> str:
    if forecast is None:
        return ""
    basis = "Kéo dài đợt chậm và đợt nhanh trong hai đợt 4 tuần gần nhất đến hết kế hoạch"
    plans = f", cộng {grouped(forecast.scheduled)} {noun} có trong lịch dự kiến" if forecast.scheduled else ""
    return f"{basis}{plans}."


def _no_forecast(rule: TargetRule, cell: Cell, horizon: Horizon) -> str:
    """Why there is none, and what would make one."""
    if rule.window_days is not None:
        return f"Chỉ tiêu này xét {rule.window_days} ngày gần nhất nên không dự báo."
    if cell.d is None:
        return "Chưa có mẫu số nên chưa dự báo được."
    if cell.is_over:
        return "Tử số vượt mẫu số nên chưa dự báo được."
    if not cell.has_value:
        return "Chưa có số liệu được duyệt nên chưa dự báo được."
    if not horizon.days_left:
        return "Kế hoạch đã đến ngày cuối nên không dự báo."
    return "Cần ít nhất năm tuần số liệu mới dự báo được."
