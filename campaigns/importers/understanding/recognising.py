"""Which kind of list a workbook is: by its columns and by what its titles call it."""

from campaigns.importers.understanding.headings import Heading, find_heading
from campaigns.importers.understanding.households import merged_groups
from campaigns.importers.understanding.legacy import converted, texts_of
from campaigns.importers.understanding.shapes import LAYOUTS, Layout
from campaigns.importers.understanding.titles import class_in_sheet_name, class_in_title
from hbs_portal.lib.legacy_text import recognise
from hbs_portal.lib.sheets.reading import Sheet, Workbook
from hbs_portal.lib.text import fold

_TELLING, _TITLE = 4, 6
_SHORT_LINE = 3  # cells of a line that is no row of a table


def recognise_kind(workbook: Workbook) -> str | None:
    """Return the kind whose layout fits best, None where none fits or two fit alike."""
    sheets = [_readable(sheet) for sheet in workbook.visible_sheets or workbook.sheets]
    worth = {kind: max((_worth(sheet, layout) for sheet in sheets), default=0) for kind, layout in LAYOUTS.items()}
    best = max(worth.values(), default=0)
    kinds = [kind for kind, points in worth.items() if points == best]
    return kinds[0] if best > 0 and len(kinds) == 1 else None


def _readable(sheet: Sheet) -> Sheet:
    """Headings of before Unicode tell the kind too; nothing is stored of this reading."""
    encoding = recognise(texts_of(sheet))
    return converted(sheet, encoding) if encoding else sheet


def _worth(sheet: Sheet, layout: Layout) -> int:
    """How well a layout fits: its columns, its own columns, the words of the titles; 0 without a whole heading."""
    heading = find_heading(sheet, layout, {})
    if heading is None or not heading.is_complete:
        return 0
    own = sum(name in heading.columns for name in layout.telling) + _tells_itself(heading, layout)
    own += _names_classes(sheet, layout) + _joins_rows(sheet, heading, layout)
    titles = _titles(sheet, heading)
    return len(heading.columns) + _TELLING * own + _TITLE * any(word in titles for word in layout.title_words)


def _names_classes(sheet: Sheet, layout: Layout) -> bool:
    """Whether a line or the sheet's name says a class, where a list of the kind is by class."""
    lines = (cell for row in sheet.rows if len(row.cells) <= _SHORT_LINE for cell in row.cells)
    return layout.has_classes and bool(class_in_sheet_name(sheet.name) or any(map(class_in_title, lines)))


def _joins_rows(sheet: Sheet, heading: Heading, layout: Layout) -> bool:
    """Whether rows are joined by merged cells as the members of a household are."""
    return layout.households == "members" and bool(merged_groups(sheet, heading))


def _tells_itself(heading: Heading, layout: Layout) -> bool:
    """Whether the heading of the name says whose name it is ("Họ và tên chủ hộ", "Họ và tên học sinh")."""
    said = fold(heading.headings.get(layout.name_field, ""))
    return any(word in said for word in layout.name_words)


def _titles(sheet: Sheet, heading: Heading) -> str:
    cells = [
        cell for row in sheet.rows if row.number < heading.first_row for cell in row.cells if isinstance(cell, str)
    ]
    return fold(" | ".join([sheet.name, *cells]))
