"""Templates to fill in: made from the layout and the row form, so that what the portal asks for is what it reads."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from campaigns.choices import Group
from campaigns.exporters.columns import SheetColumn, gender_choices, sheet_columns
from campaigns.importers.kinds import KindSpec
from campaigns.importers.unit_rows import KIND_LABELS
from campaigns.models import Unit
from campaigns.selectors.rosters import classes_of, positions_of, unit_codes_of, villages_of
from hbs_portal.lib.sheets.lists import ListBook

GUIDE_SHEET = "Hướng dẫn"
LIST_SHEET = "Danh sách"
RELATIONS = ("Chủ hộ", "Vợ", "Chồng", "Con", "Cha", "Mẹ", "Ông", "Bà", "Cháu", "Khác")
HEADINGS = ("Cột", "Ghi gì", "Cách ghi", "Bắt buộc", "Ví dụ")
WIDTHS = (26, 34, 46, 12, 26)


def template_workbook(spec: KindSpec, unit: Unit, day: date, path: Path) -> None:
    """Write the template of a kind for a unit: an empty list with drop-downs, and a guide that holds the example.

    Filled in or not, it imports: an unfilled one holds nobody.
    """
    columns = sheet_columns(spec.layout, spec.row_form)
    choices = choices_for(unit, day)
    book = ListBook()
    book.add_list(
        LIST_SHEET,
        [column.as_list_column(choices.get(column.field, ())) for column in columns],
        [],
        title_lines=(f"DANH SÁCH {spec.label.upper()}", f"Đơn vị: {unit.name}"),
    )
    book.add_text(GUIDE_SHEET, _guide_rows(columns), widths=WIDTHS)
    book.save(path)


def choices_for(unit: Unit, day: date) -> Mapping[str, tuple[str, ...]]:
    """Return field -> what drops down in its column."""
    return {
        "gender": gender_choices(),
        "class_name": classes_of(unit, day),
        "village": villages_of(unit, day),
        "position": positions_of(unit),
        "relation": RELATIONS,
        "attended": ("có", "vắng"),
        "kind": KIND_LABELS,
        "group": tuple(str(group.label) for group in Group),
        "unit_code": unit_codes_of(unit, day),
    }


def _guide_rows(columns: list[SheetColumn]) -> list[tuple[str, ...]]:
    """The guide; one line a column, so that no row of it can be taken for the heading of a list."""
    told = [
        (
            f"Cột “{column.heading}”",
            column.guide.what or column.heading,
            column.guide.how,
            "Có" if column.is_required else "Không",
            # Words first: a day alone in a cell could be taken for the beginning of a list.
            f"Ví dụ: {column.guide.example}" if column.guide.example else "",
        )
        for column in columns
    ]
    return [
        ("Cách điền", f"Điền vào trang “{LIST_SHEET}”, mỗi người hoặc mỗi mục một dòng, từ dòng dưới tiêu đề."),
        ("", "Không đổi tên các cột. Cột không bắt buộc có thể để trống."),
        ("", "Lưu tệp rồi vào Nạp danh sách trên cổng để kiểm tra; chưa có gì được ghi cho đến khi bấm nạp."),
        ("",),
        HEADINGS,
        *told,
    ]
