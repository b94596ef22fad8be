"""The rendering process: `python child.py TEMPLATE` reads the values as JSON and prints the finished .docx.

It runs apart and bounded, for the template may come from outside. Of the project it imports nothing, so that it
starts fast. Whatever goes wrong ends on stderr with another exit code than 0.
"""

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 700 * 1024 * 1024
CPU_SECONDS = 20
#: The key by which a mapping of the values is known as a table.
COLUMNS = "cot"
MOST_HALF_POINTS, LEAST_HALF_POINTS = 22, 14
_MARGIN_TWIPS = 50
_CONTROLS = {code: None for code in [*range(32), *range(0x7F, 0xA0)] if code not in (9, 10)}


def limit_resources() -> None:
    """Bound what a template can cost: memory, processor time, no files written, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class DrawnTable:
    """A table as the XML of Word; all text in it is escaped here, so it stands for itself (`__html__`)."""

    def __init__(self, table: dict[str, Any], width: int) -> None:
        self.columns = table[COLUMNS]
        self.rows = table["dong"]
        total = sum(column["rong"] for column in self.columns) or 1
        self.widths = [width * column["rong"] // total for column in self.columns]
        self.font = self._font()

    def _font(self) -> int:
        """The greatest size at which no figure is parted within itself, in half points."""
        sizes = [MOST_HALF_POINTS]
        for place, (column, width) in enumerate(zip(self.columns, self.widths, strict=True)):
            texts = [column["ten"], *(row["o"][place] for row in self.rows if not row["la_nhom"])]
            longest = max((_ems(word) for text in texts for word in text.split()), default=1)
            sizes.append(int((width - 2 * _MARGIN_TWIPS) / (10 * longest)))
        return max(LEAST_HALF_POINTS, min(sizes))

    def __html__(self) -> str:
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in self.widths)
        rows = [self._heading(), *map(self._row, self.rows)]
        return f"<w:tbl>{self._properties()}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"

    __str__ = __html__

    def _properties(self) -> str:
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        margins = "".join(f'<w:{side} w:w="{_MARGIN_TWIPS}" w:type="dxa"/>' for side in ("left", "right"))
        return (
            f'<w:tblPr><w:tblW w:w="{sum(self.widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f"<w:tblBorders>{sides}</w:tblBorders>"
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        )

    def _heading(self) -> str:
        cells = [
            _cell(column["ten"], width, "center", self.font, is_bold=True)
            for column, width in zip(self.columns, self.widths, strict=True)
        ]
        return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"

    def _row(self, row: dict[str, Any]) -> str:
        texts = row["o"]
        if row["la_nhom"]:
            cells = [_cell(texts[0], sum(self.widths), "left", self.font, is_bold=True, span=len(self.widths))]
        else:
            cells = [
                _cell(text, width, column["can"], self.font, is_bold=row["la_tong"])
                for text, column, width in zip(texts, self.columns, self.widths, strict=True)
            ]
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _ems(word: str) -> float:
    """About how wide a word is: figures take half an em, signs less, letters somewhat more."""
    return sum(0.5 if char.isdigit() else 0.62 if char.isalpha() else 0.32 for char in word)


def _cell(text: str, width: int, align: str, font: int, *, is_bold: bool, span: int = 1) -> str:
    from markupsafe import escape

    bold = "<w:b/><w:bCs/>" if is_bold else ""
    spread = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    look = f'<w:rPr>{bold}<w:sz w:val="{font}"/><w:szCs w:val="{font}"/></w:rPr>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spread}<w:vAlign w:val="center"/></w:tcPr>'
        '<w:p><w:pPr><w:widowControl w:val="0"/><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
        f'<w:ind w:left="0" w:right="0" w:firstLine="0"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r>{look}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r></w:p></w:tc>'
    )


def clean(text: str) -> str:
    """Without what XML forbids or docxtpl would take as a sign of its own (new paragraph, new page)."""
    kept = text.translate(_CONTROLS).replace("\t", " ")
    return "".join(char for char in kept if not ("\ud800" <= char <= "\udfff" or char in "\ufffe\uffff"))


def prepared(value: Any, width: int) -> Any:
    """The values as a template may have them: plain, cleaned, tables drawn."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [prepared(one, width) for one in value]
    if isinstance(value, dict):
        if COLUMNS in value:
            return DrawnTable(value, width)
        return {key: prepared(one, width) for key, one in value.items()}
    return value


def render(template: Path, values: dict[str, Any], stamp: str) -> bytes:
    """The finished document. `stamp` (ISO) becomes the day of the file, so that the same values give the same file."""
    from datetime import datetime

    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    document = DocxTemplate(template)
    section = document.get_docx().sections[0]
    width = (section.page_width - section.left_margin - section.right_margin) // 635
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document.render(prepared(values, width), environment, autoescape=True)
    properties = document.docx.core_properties
    properties.title = clean(values["ten_bao_cao"])[:255]
    properties.author = clean(values["co_quan"])[:255]
    properties.last_modified_by = ""
    properties.created = properties.modified = datetime.fromisoformat(stamp)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


if __name__ == "__main__":
    limit_resources()
    order = json.load(sys.stdin)
    sys.stdout.buffer.write(render(Path(sys.argv[1]), order["values"], order["stamp"]))
