"""What moved: within the period of a report (rules G7, G8), else since the figures that were frozen before it."""

from collections.abc import Mapping

from hbs_portal.lib.text import date_short, number_text
from reports.exporters.edition import Edition, Previous
from reports.papers.grammar import moved, sentence
from reports.periods.flows import FigureFlows
from reports.progress import TargetProgress


def since_sentences(edition: Edition) -> Mapping[str, str]:
    """One sentence a target by its code; none where either end has no figure: what was not reported did not grow."""
    nouns = {target.code: target.noun for target in edition.reading.targets}
    period, previous = edition.period, edition.previous
    if period and period.flows:
        found = {row.rule.code: flow_sentence(row.commune, nouns[row.rule.code]) for row in period.flows.targets}
    elif previous:
        targets = edition.progress.targets
        found = {row.rule.code: growth_sentence(row, previous, nouns[row.rule.code]) for row in targets}
    else:
        found = {}
    return {code: sentence(text) for code, text in found.items() if text}


def flow_sentence(flows: FigureFlows, noun: str) -> str:
    """ "trong kỳ: số đầu kỳ 100 người, điều chỉnh số kỳ trước giảm 3, phát sinh tăng 20 (mới được tính 22, …), …"."""
    if not flows.cell.has_value:
        return ""
    flow = flows.reached
    adjusted = f", điều chỉnh số kỳ trước {moved(flow.adjustment)}" if flow.adjustment else ""
    return (
        f"trong kỳ: số đầu kỳ {number_text(flow.opening)} {noun}{adjusted}, "
        f"phát sinh {moved(flow.in_period)}{_made_of(flows)}, số cuối kỳ {number_text(flow.closing)} {noun}"
    )


def _made_of(flows: FigureFlows) -> str:
    """What was newly reached, and what came or went with the list."""
    if not flows.list_change:
        return ""
    return f" (mới được tính {number_text(flows.newly or 0)}, biến động danh sách {moved(flows.list_change)})"


def growth_sentence(figures: TargetProgress, previous: Previous, noun: str) -> str:
    """ "so với số liệu đến ngày 30/6/2026 (10/50 người, 20,0%): tăng 5 người"."""
    before = previous.content.progress.by_code.get(figures.rule.code)
    now = figures.commune
    if before is None or not before.commune.has_value or not now.has_value:
        return ""
    then = before.commune
    change = (now.n or 0) - (then.n or 0)
    share = f"{number_text(then.n or 0)}/{number_text(then.d or 0)} {noun}, {then.percent}"
    changed = "" if before.rule == figures.rule else "; quy tắc tính đã thay đổi giữa hai lần"
    counted = f" {noun}" if change else ""
    return (
        f"so với số liệu đến ngày {date_short(previous.content.as_of)} ({share}): số đã đạt {moved(change)}{counted}"
        f"{changed}"
    )
