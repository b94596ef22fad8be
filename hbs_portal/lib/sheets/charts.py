"""Charts of official sheets; used by `drawing` only. Flat, in print colours, with their values cached for phones."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hbs_portal.lib.sheets.styles import FONT
from hbs_portal.lib.sheets.writing import ChartKind, SheetChart

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Told apart in black and white as well: dark, light, middle, …; the first is what was reached.
COLOURS = ("1F4E79", "BFBFBF", "C55A11", "548235", "7F6000", "7030A0")
MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus")
#: As in the cells: the comma of "92,5%" is the reader's program's.
PERCENT_FORMAT = "0.0%"
LABEL_ROOM = Decimal("0.12")  # beyond 100 %, for the number at the end of a full bar
_EMU_PER_POINT = 12_700
_HUNDREDTHS = 100


def chart_of(worksheet: "Worksheet", spec: SheetChart, rows: Sequence[int], heading_row: int) -> Any:
    """The chart of these rows of the worksheet (counted from 1); its series are named by the headings."""
    chart = _empty_chart(spec.kind)
    chart.title = _title(spec.title)
    chart.legend.position = "b"
    for place, column in enumerate(spec.values):
        chart.series.append(_series(worksheet, spec, rows, heading_row, place, column))
    _set_axes(chart, spec, _numbers(worksheet, rows, spec.values))
    return chart


def _empty_chart(kind: ChartKind) -> Any:
    from openpyxl.chart import BarChart, LineChart

    if kind is ChartKind.LINES:
        return LineChart()
    chart = BarChart()
    chart.type = "bar" if kind is ChartKind.BARS else "col"
    chart.gapWidth = 50
    chart.overlap = 0
    return chart


def _numbers(worksheet: "Worksheet", rows: Sequence[int], columns: Sequence[int]) -> list[Decimal]:
    cells = (worksheet.cell(row=row, column=column + 1).value for row in rows for column in columns)
    return [Decimal(value) for value in cells if isinstance(value, int | Decimal)]


def _reference(worksheet: "Worksheet", column: int, rows: Sequence[int]) -> str:
    from openpyxl.chart import Reference

    return str(Reference(worksheet, min_col=column + 1, min_row=rows[0], max_row=rows[-1]))


def _series(
    worksheet: "Worksheet", spec: SheetChart, rows: Sequence[int], heading_row: int, place: int, column: int
) -> Any:
    from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
    from openpyxl.chart.series import Series, SeriesLabel

    name = StrRef(f=_reference(worksheet, column, [heading_row]), strCache=_texts(worksheet, column, [heading_row]))
    labels = StrRef(f=_reference(worksheet, spec.labels, rows), strCache=_texts(worksheet, spec.labels, rows))
    values = NumRef(f=_reference(worksheet, column, rows), numCache=_values(worksheet, column, rows))
    series = Series(idx=place, order=place, tx=SeriesLabel(strRef=name), cat=AxDataSource(strRef=labels))
    series.val = NumDataSource(numRef=values)
    _paint(series, spec.kind, place)
    if place == 0 and spec.kind is not ChartKind.LINES:
        series.dLbls = _data_labels()
    return series


def _texts(worksheet: "Worksheet", column: int, rows: Sequence[int]) -> Any:
    from openpyxl.chart.data_source import StrData, StrVal

    cells = [worksheet.cell(row=row, column=column + 1).value for row in rows]
    points = [StrVal(idx=place, v=str(value or "")) for place, value in enumerate(cells)]
    return StrData(ptCount=len(points), pt=points)


def _values(worksheet: "Worksheet", column: int, rows: Sequence[int]) -> Any:
    """The cells that hold a number; what was not reported is a gap, never 0 (rule B1)."""
    from openpyxl.chart.data_source import NumData, NumVal

    cells = [(place, worksheet.cell(row=row, column=column + 1).value) for place, row in enumerate(rows)]
    points = [NumVal(idx=place, v=str(value)) for place, value in cells if isinstance(value, int | Decimal)]
    return NumData(formatCode=PERCENT_FORMAT, ptCount=len(rows), pt=points)


def _paint(series: Any, kind: ChartKind, place: int) -> None:
    from openpyxl.chart.marker import Marker

    colour = COLOURS[place % len(COLOURS)]
    if kind is not ChartKind.LINES:
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.solidFill = "404040"
        return
    series.smooth = False
    series.marker = Marker(symbol=MARKERS[place % len(MARKERS)], size=7)
    for properties in (series.graphicalProperties, series.marker.graphicalProperties):
        if properties is not None:
            properties.line.solidFill = colour
    series.graphicalProperties.line.width = 2 * _EMU_PER_POINT


def _data_labels() -> Any:
    from openpyxl.chart.label import DataLabelList

    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.numFmt = PERCENT_FORMAT
    labels.txPr = _letters(9)
    return labels


def _set_axes(chart: Any, spec: SheetChart, numbers: Sequence[Decimal]) -> None:
    """From 0 to 100 %, further only where a figure is above the whole (rule B4): a cut axis would exaggerate."""
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = "0%"
    chart.y_axis.numFmt.sourceLinked = False
    chart.y_axis.scaling.min = 0
    chart.y_axis.scaling.max = float(max([Decimal(1), *numbers]) + LABEL_ROOM)
    chart.y_axis.majorUnit = 0.2
    chart.x_axis.txPr = chart.y_axis.txPr = _letters(9)
    chart.legend.txPr = _letters(10)
    chart.x_axis.tickLblPos = "low"
    if spec.kind is ChartKind.BARS:
        chart.x_axis.scaling.orientation = "maxMin"  # the first row on top, as in the table
        chart.y_axis.crosses = "max"


def _letters(points: int, *, bold: bool = False) -> Any:
    from openpyxl.chart.text import RichText
    from openpyxl.drawing.text import Paragraph, ParagraphProperties

    properties = ParagraphProperties(defRPr=_character(points, bold=bold))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=_character(points, bold=bold))])


def _character(points: int, *, bold: bool) -> Any:
    from openpyxl.drawing.text import CharacterProperties, Font

    return CharacterProperties(sz=points * _HUNDREDTHS, b=bold, latin=Font(typeface=FONT), solidFill="000000")


def _title(text: str) -> Any:
    from openpyxl.chart.layout import Layout
    from openpyxl.chart.text import RichText, Text
    from openpyxl.chart.title import Title
    from openpyxl.drawing.text import Paragraph, ParagraphProperties, RegularTextRun

    run = RegularTextRun(rPr=_character(12, bold=True), t=text)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=_character(12, bold=True)), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False, layout=Layout())


def place_chart(worksheet: "Worksheet", chart: Any, columns: range, rows: range) -> None:
    """Over these cells (both counted from 0, the ends not included), whatever a program makes of their sizes."""
    from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor

    gap = 3 * _EMU_PER_POINT
    start = AnchorMarker(col=columns.start, colOff=gap, row=rows.start, rowOff=gap)
    end = AnchorMarker(col=columns.stop, colOff=0, row=rows.stop, rowOff=0)
    chart.anchor = TwoCellAnchor(editAs="oneCell", _from=start, to=end)
    worksheet.add_chart(chart)
