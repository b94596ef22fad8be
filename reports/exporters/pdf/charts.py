"""Charts of official sheets as SVG, drawn from the numbers that stand in the sheet's own cells."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

from hbs_portal.lib.sheets.writing import ChartKind, Column, GroupHeading, SheetChart

WIDTH, PLOT_HEIGHT = 900, 260
LEFT, RIGHT, TOP, LABEL_HEIGHT = 60, 20, 40, 66
BAR_LEFT, BAR_STEP = 260, 32
FONT = "Times New Roman, Liberation Serif, serif"
COLOURS = ("#1f5fa8", "#c2571a", "#3d7a3d", "#6b4c9a")
MOST_LABEL_CHARACTERS = 40
MOST_LABEL_LINES = 4


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn: labels along one axis, fractions (1 is 100 %) along the other."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def top(self) -> Decimal:
        """The end of the axis: 100 %, further only where a figure is above the whole (rule B4)."""
        return max([Decimal(1), *(value for one in self.series for value in one.values if value is not None)])


def svg_chart(chart: SheetChart, columns: Sequence[Column[Any]], items: Sequence[Any]) -> str:
    """The chart of these rows; what was not reported is a gap, never 0 (rule B1)."""
    rows = [item for item in items[chart.first : chart.last + 1] if not isinstance(item, GroupHeading)]
    plot = Plot(
        chart.title,
        tuple(str(columns[chart.labels].getter(row) or "") for row in rows),
        tuple(
            Series(columns[place].header, tuple(_number(columns[place].getter(row)) for row in rows))
            for place in chart.values
        ),
    )
    if chart.kind is ChartKind.BARS:
        return _bars(plot)
    return _lines(plot) if chart.kind is ChartKind.LINES else _columns(plot)


def _number(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _columns(plot: Plot) -> str:
    step = (WIDTH - LEFT - RIGHT) / max(1, len(plot.labels))
    bar = step * 0.7 / len(plot.series)
    parts = [_grid(plot)]
    for number, one in enumerate(plot.series):
        for place, value in enumerate(one.values):
            if value is not None:
                x, height = LEFT + step * (place + 0.15) + bar * number, _height(plot, value)
                parts.append(_rect(x, TOP + PLOT_HEIGHT - height, bar * 0.92, height, number))
                parts.append(_text(x + bar / 2, TOP + PLOT_HEIGHT - height - 4, fraction_as_percent(value), 10))
    parts += _labels(plot, step)
    return _svg(plot, parts, TOP + PLOT_HEIGHT + LABEL_HEIGHT)


def _lines(plot: Plot) -> str:
    step = (WIDTH - LEFT - RIGHT) / max(1, len(plot.labels))
    parts = [_grid(plot)]
    for number, one in enumerate(plot.series):
        points = [
            (LEFT + step * (place + 0.5), TOP + PLOT_HEIGHT - _height(plot, value))
            for place, value in enumerate(one.values)
            if value is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{_colour(number)}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{_colour(number)}"/>' for x, y in points]
    parts += _labels(plot, step)
    return _svg(plot, parts, TOP + PLOT_HEIGHT + LABEL_HEIGHT)


def _labels(plot: Plot, step: float) -> list[str]:
    """Under the axis, in as many short lines as the room asks for."""
    return [
        _text(LEFT + step * (place + 0.5), TOP + PLOT_HEIGHT + 16 + 12 * number, line, 10)
        for place, label in enumerate(plot.labels)
        for number, line in enumerate(textwrap.wrap(label, max(6, int(step / 5.2)))[:MOST_LABEL_LINES])
    ]


def _bars(plot: Plot) -> str:
    """Lying bars, the first row on top as in the table."""
    thick = BAR_STEP * 0.7 / len(plot.series)
    parts = []
    for place, label in enumerate(plot.labels):
        y = TOP + BAR_STEP * place
        parts.append(_text(BAR_LEFT - 8, y + BAR_STEP * 0.62, label, 11, anchor="end"))
        for number, one in enumerate(plot.series):
            value = one.values[place]
            if value is not None:
                long = float(value / plot.top) * (WIDTH - BAR_LEFT - 70)
                parts.append(_rect(BAR_LEFT, y + BAR_STEP * 0.12 + thick * number, long, thick * 0.9, number))
                middle = y + BAR_STEP * 0.12 + thick * (number + 0.8)
                parts.append(_text(BAR_LEFT + long + 5, middle, fraction_as_percent(value), 9, anchor="start"))
    return _svg(plot, parts, TOP + BAR_STEP * len(plot.labels) + 8)


def _grid(plot: Plot) -> str:
    """Lines at every fifth of the axis, with their percentages."""
    parts = []
    for fifth in range(6):
        share = plot.top * fifth / 5
        y = TOP + PLOT_HEIGHT - _height(plot, share)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d0d0d0"/>')
        parts.append(_text(LEFT - 6, y + 4, f"{int(share * 100)}%", 10, anchor="end"))
    return "".join(parts)


def _svg(plot: Plot, parts: Sequence[str], height: float) -> str:
    legend, x = [], float(LEFT)
    if len(plot.series) > 1:
        for number, one in enumerate(plot.series):
            legend.append(_rect(x, height, 12, 12, number) + _text(x + 17, height + 10, one.name, 11, anchor="start"))
            x += 40 + 6.5 * len(one.name)
        height += 22
    title = _text(WIDTH / 2, 18, plot.title, 14, bold=True, most=120)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'font-family="{FONT}" '
        f'aria-label="{escape(plot.title)}">{title}{"".join(parts)}{"".join(legend)}</svg>'
    )


def _height(plot: Plot, value: Decimal) -> float:
    return float(value / plot.top) * PLOT_HEIGHT


def _colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def _rect(x: float, y: float, width: float, height: float, number: int) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{_colour(number)}"/>'


def _text(
    x: float, y: float, text: str, size: int, *, anchor: str = "middle", bold: bool = False, most: int = 0
) -> str:
    most = most or MOST_LABEL_CHARACTERS
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{weight}>{escape(shown)}</text>'


def fraction_as_percent(value: Decimal) -> str:
    """Decimal("0.899") is "89,9%": the value was rounded down before (rules A2, A3), every decimal of it is shown."""
    decimals = max(1, -int(value.as_tuple().exponent) - 2)
    return f"{value * 100:,.{decimals}f}%".translate(_VIETNAMESE_MARKS)


_VIETNAMESE_MARKS = str.maketrans(",.", ".,")
