"""Styles of official sheets by name, and the one way a value enters a cell."""

from copy import copy
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

FONT = "Times New Roman"
MAX_CELL_CHARACTERS = 32_767
CellValue = str | int | Decimal | date | datetime | None


class ColumnKind(StrEnum):
    """What a column holds. A word ("chưa báo cáo") may stand in any of them; it is written as text."""

    ORDINAL = "ordinal"  # numbered by the writer, anew under each group
    TEXT = "text"
    WORD = "word"  # short text, centred: a verdict, a unit of measure
    INT = "int"
    DATE = "date"
    PERCENT = "percent"  # a Decimal fraction, rounded down by the caller (rule A3): Decimal("0.899") -> 89,9%
    CODE = "code"


class Style(StrEnum):
    """Names of the styles, as Excel lists them."""

    AGENCY = "Cơ quan"
    MOTTO = "Tiêu ngữ"
    PLACE_DAY = "Địa danh, ngày"
    PAPER_NUMBER = "Số văn bản"
    TITLE = "Tên biểu"
    SUBTITLE = "Dòng số liệu"
    HEADING = "Tiêu đề cột"
    NUMBERING = "Số thứ tự cột"
    GROUP = "Dòng nhóm"
    LEFT = "Ô chữ"
    CENTRE = "Ô giữa"
    RIGHT = "Ô số"
    TOTAL_LEFT = "Tổng chữ"
    TOTAL_CENTRE = "Tổng giữa"
    TOTAL_RIGHT = "Tổng số"
    NOTE = "Ghi chú biểu"
    SIGNER = "Chữ ký"
    SIGNER_HINT = "Người ký"
    RECIPIENTS_LABEL = "Nơi nhận"
    RECIPIENT = "Nơi nhận, dòng"


# style -> (size in points, bold, italic, underlined, horizontal, vertical, bordered)
_LOOKS: dict[Style, tuple[int, bool, bool, bool, str, str, bool]] = {
    Style.AGENCY: (12, True, False, False, "center", "center", False),
    Style.MOTTO: (12, True, False, True, "center", "center", False),
    Style.PLACE_DAY: (12, False, True, False, "center", "center", False),
    Style.PAPER_NUMBER: (12, False, False, False, "center", "center", False),
    Style.TITLE: (14, True, False, False, "center", "center", False),
    Style.SUBTITLE: (12, False, True, False, "center", "center", False),
    Style.HEADING: (12, True, False, False, "center", "center", True),
    Style.NUMBERING: (10, False, True, False, "center", "center", True),
    Style.GROUP: (12, True, False, False, "left", "center", True),
    Style.LEFT: (12, False, False, False, "left", "center", True),
    Style.CENTRE: (12, False, False, False, "center", "center", True),
    Style.RIGHT: (12, False, False, False, "right", "center", True),
    Style.TOTAL_LEFT: (12, True, False, False, "left", "center", True),
    Style.TOTAL_CENTRE: (12, True, False, False, "center", "center", True),
    Style.TOTAL_RIGHT: (12, True, False, False, "right", "center", True),
    Style.NOTE: (12, False, False, False, "left", "top", False),
    Style.SIGNER: (12, True, False, False, "center", "top", False),
    Style.SIGNER_HINT: (12, False, True, False, "center", "top", False),
    Style.RECIPIENTS_LABEL: (12, True, True, False, "left", "top", False),
    Style.RECIPIENT: (11, False, False, False, "left", "top", False),
}
_OF_KIND: dict[ColumnKind, tuple[Style, Style, str]] = {
    ColumnKind.ORDINAL: (Style.CENTRE, Style.TOTAL_CENTRE, "0"),
    ColumnKind.TEXT: (Style.LEFT, Style.TOTAL_LEFT, "@"),
    ColumnKind.WORD: (Style.CENTRE, Style.TOTAL_CENTRE, "@"),
    ColumnKind.INT: (Style.RIGHT, Style.TOTAL_RIGHT, "#,##0"),
    ColumnKind.DATE: (Style.CENTRE, Style.TOTAL_CENTRE, "dd/mm/yyyy"),
    ColumnKind.PERCENT: (Style.RIGHT, Style.TOTAL_RIGHT, "0.0%"),
    ColumnKind.CODE: (Style.CENTRE, Style.TOTAL_CENTRE, "@"),
}
_CENTRED = {Style.RIGHT: Style.CENTRE, Style.TOTAL_RIGHT: Style.TOTAL_CENTRE}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """Return `text` as a cell can hold it: no characters that XML forbids, at most 32,767 UTF-16 units."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    clean: str = ILLEGAL_CHARACTERS_RE.sub("", text).encode("utf-8", "ignore").decode()
    clean = clean.replace("\ufffe", "").replace("\uffff", "")
    return clean.encode("utf-16-le")[: MAX_CELL_CHARACTERS * 2].decode("utf-16-le", "ignore")


def put_text(cell: "Cell", text: str) -> None:
    """Write `text` as a string whatever it looks like: never a formula, never an error code."""
    cell.value = safe_text(text)
    cell.data_type = "s"
    if text.lstrip(" ").startswith(FORMULA_STARTS):
        cell.quotePrefix = True


class Painter:
    """Writes styled cells into one workbook; keeps each look's style id, since naming a style per cell is slow."""

    def __init__(self, book: "Workbook") -> None:
        set_default_font(book)
        for style in _LOOKS:
            book.add_named_style(_named_style(style))
        self._ids: dict[tuple[Style, str], Any] = {}

    def text(self, cell: "Cell", text: str, style: Style) -> None:
        """Write a text in a style."""
        put_text(cell, text)
        self._dress(cell, style, "@")

    def value(self, cell: "Cell", value: CellValue, kind: ColumnKind, *, total: bool = False) -> None:
        """Write a value of a column: numbers as numbers, dates as dates, words and codes as text, None as empty."""
        plain, bold, number_format = _OF_KIND[kind]
        style = bold if total else plain
        if isinstance(value, str):
            put_text(cell, value)
            style = _CENTRED.get(style, style)
        elif value is not None:
            cell.value = as_shown(value)
            number_format = _format_of(value, kind, number_format)
        self._dress(cell, style, number_format)

    def _dress(self, cell: "Cell", style: Style, number_format: str) -> None:
        quoted = cell.quotePrefix
        look = self._ids.get((style, number_format))
        if look is None:
            cell.style = style.value
            cell.number_format = number_format
            look = self._ids[style, number_format] = copy(cell._style)
        cell._style = copy(look)
        if quoted:
            cell.quotePrefix = True


def set_default_font(book: "Workbook") -> None:
    """Make the letters of the tables the workbook's default: every program measures columns by its digits.

    By openpyxl's own default, Calibri, a column is 5.25 points a character in Excel and 7 where Calibri is missing.
    """
    from openpyxl.styles import Font
    from openpyxl.utils.indexed_list import IndexedList

    font = Font(name=FONT, size=12)
    book._fonts = IndexedList([font])
    book._named_styles["Normal"].font = font


def as_shown(value: int | Decimal | date | datetime) -> int | Decimal | date | datetime:
    """Return a moment as Viet Nam's clock shows it (rule G7); Excel knows no time zones."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    return value


def _format_of(value: object, kind: ColumnKind, number_format: str) -> str:
    """Return the number format: a percentage shows the decimals its Decimal has (rule A2), a moment its time.

    A date or a number in a column of text keeps a format of its own, or "@" would show the serial number.
    """
    if kind is ColumnKind.PERCENT and isinstance(value, Decimal):
        decimals = max(1, -int(value.as_tuple().exponent) - 2)
        return f"0.{'0' * decimals}%"
    if isinstance(value, datetime):
        return "hh:mm dd/mm/yyyy"
    if isinstance(value, date):
        return "dd/mm/yyyy"
    return "General" if number_format == "@" else number_format


def _named_style(style: Style) -> Any:
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    size, bold, italic, underlined, horizontal, vertical, bordered = _LOOKS[style]
    named = NamedStyle(name=style.value)
    named.font = Font(name=FONT, size=size, bold=bold, italic=italic, underline="single" if underlined else None)
    named.alignment = Alignment(horizontal=horizontal, vertical=vertical, wrap_text=True)
    if bordered:
        line = Side(style="thin", color="FF808080")
        named.border = Border(left=line, right=line, top=line, bottom=line)
    if style in (Style.HEADING, Style.GROUP, Style.TOTAL_LEFT, Style.TOTAL_CENTRE, Style.TOTAL_RIGHT):
        named.fill = PatternFill("solid", fgColor="FFF2F2F2")
    return named
