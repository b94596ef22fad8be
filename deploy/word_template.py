"""Write templates/word/bao-cao.docx, the portal's own Word report (Nghị định 30/2020/NĐ-CP, phụ lục I and III).

Run by a developer: ``python deploy/word_template.py``. What the office downloads to change is this file.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

TARGET = Path(__file__).resolve().parent.parent / "templates" / "word" / "bao-cao.docx"
FONT = "Times New Roman"
BODY, SMALL, SEAL = Pt(14), Pt(13), Pt(9)
INDENT = Cm(1.27)


def build() -> DocumentType:
    """The whole template."""
    document = Document()
    _page(document)
    _style(document)
    _header(document)
    _heading(document)
    _title(document)
    _blocks(document, "mo_dau", "noi_dung")
    _sections(document)
    _blocks(document, "ket", "noi_dung", keep=True)
    _signature(document)
    _paragraph(document, "{{ ban_chot }}", size=SEAL, indent=None, before=6, align=ALIGN.LEFT)
    _appendices(document)
    return document


def _page(document: DocumentType) -> None:
    """A4 upright: 20 mm above and below, 30 mm left, 15 mm right."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True


def _style(document: DocumentType) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, BODY
    fonts = normal.element.rPr.rFonts
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.rPr.append(language)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)


def _header(document: DocumentType) -> None:
    """The page number in the middle of the top margin, from the second page on."""
    paragraph = document.sections[0].header.paragraphs[0]
    paragraph.alignment = ALIGN.CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        run.font.size = SMALL
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _heading(document: DocumentType) -> None:
    """The agency left, the motto right, each with its line; number and place under them."""
    table = _plain_table(document, (Mm(60), Mm(105)))
    left, right = table.rows[0].cells
    _cell_line(left, "{%p if mot_co_quan %}", size=SMALL, first=True)
    _cell_line(left, "{{ cap_tren }}", size=SMALL, bold=True)
    _cell_line(left, "{%p else %}", size=SMALL)
    _cell_line(left, "{{ cap_tren }}", size=SMALL)
    _cell_line(left, "{%p endif %}", size=SMALL)
    _cell_line(left, "{{ co_quan }}", size=SMALL, bold=True)
    _rule(left, Mm(18))
    _cell_line(right, "{{ quoc_hieu }}", size=SMALL, bold=True, first=True)
    _cell_line(right, "{{ tieu_ngu }}", size=BODY, bold=True)
    _rule(right, Mm(23))
    left, right = table.add_row().cells
    _cell_line(left, "{{ so }}", size=SMALL, first=True)
    _cell_line(right, "{{ dia_danh_ngay }}", size=BODY, italic=True, first=True)


def _title(document: DocumentType) -> None:
    _paragraph(document, "{{ loai }}", bold=True, indent=None, align=ALIGN.CENTER, before=18)
    _paragraph(document, "{{ ten_bao_cao }}", bold=True, indent=None, align=ALIGN.CENTER, after=2)
    _border(_paragraph(document, "", size=Pt(4), indent=None, align=ALIGN.CENTER), Mm(60))
    _paragraph(document, "{%p for dong in dau_hieu %}")
    _paragraph(document, "{{ dong }}", bold=True, size=SMALL, indent=None, align=ALIGN.CENTER)
    _paragraph(document, "{%p endfor %}")


def _blocks(document: DocumentType, name: str, field: str, *, keep: bool = False) -> None:
    _paragraph(document, f"{{%p for doan in {name} %}}")
    _paragraph(document, f"{{{{ doan.{field} }}}}", keep=keep)
    _paragraph(document, "{%p endfor %}")


def _sections(document: DocumentType) -> None:
    _paragraph(document, "{%p for muc in cac_muc %}")
    _paragraph(document, "{{ muc.tieu_de }}", bold=True, keep=True, before=6)
    _block_loop(document, "muc")
    _paragraph(document, "{%p endfor %}")


def _block_loop(document: DocumentType, owner: str) -> None:
    """A block is a table with its caption and note, a sub-heading, an item, a note or a paragraph."""
    _paragraph(document, f"{{%p for khoi in {owner}.cac_khoi %}}")
    _paragraph(document, "{%p if khoi.la_bang %}")
    _paragraph(document, "{%p if khoi.ten_bang %}")
    _paragraph(document, "{{ khoi.ten_bang }}", italic=True, size=SMALL, indent=None, align=ALIGN.CENTER, keep=True)
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{{p khoi.bang }}")
    _paragraph(document, "{{ khoi.noi_dung }}", italic=True, size=Pt(11), indent=None)
    _paragraph(document, "{%p elif khoi.kieu == 'tieu_de' %}")
    _paragraph(document, "{{ khoi.noi_dung }}", bold=True, keep=True)
    _paragraph(document, "{%p elif khoi.kieu == 'y' %}")
    _paragraph(document, "- {{ khoi.noi_dung }}")
    _paragraph(document, "{%p elif khoi.kieu == 'ghi_chu' %}")
    _paragraph(document, "{{ khoi.noi_dung }}", italic=True, size=SMALL)
    _paragraph(document, "{%p else %}")
    _paragraph(document, "{{ khoi.noi_dung }}")
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{%p endfor %}")


def _signature(document: DocumentType) -> None:
    """Recipients left, who signs right; kept on one page, and together with the words before it."""
    _paragraph(document, "", indent=None, size=Pt(6), keep=True)
    table = _plain_table(document, (Mm(82), Mm(83)))
    left, right = table.rows[0].cells
    _cell_line(left, "{{ noi_nhan_nhan }}", size=Pt(12), bold=True, italic=True, align=ALIGN.LEFT, first=True)
    _cell_line(left, "{%p for noi in noi_nhan %}", size=Pt(11), align=ALIGN.LEFT)
    _cell_line(left, "{{ noi }}", size=Pt(11), align=ALIGN.LEFT)
    _cell_line(left, "{%p endfor %}", size=Pt(11), align=ALIGN.LEFT)
    _cell_line(right, "{%p for dong in ky_thay %}", size=BODY, first=True)
    _cell_line(right, "{{ dong }}", size=BODY, bold=True)
    _cell_line(right, "{%p endfor %}", size=BODY)
    for _ in range(4):
        _cell_line(right, "", size=BODY)
    _cell_line(right, "{{ nguoi_ky }}", size=BODY, bold=True)


def _appendices(document: DocumentType) -> None:
    """A section of their own: the decree counts the pages of an appendix from 1."""
    properties = document.add_section(WD_SECTION.NEW_PAGE)._sectPr
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    properties.find(qn("w:cols")).addprevious(numbering)
    _paragraph(document, "{%p for phan in phu_luc %}")
    first = _paragraph(document, "{{ phan.nhan }}", bold=True, indent=None, align=ALIGN.CENTER)
    first.paragraph_format.page_break_before = True
    _paragraph(document, "{{ phan.ten }}", bold=True, indent=None, align=ALIGN.CENTER)
    _paragraph(document, "{{ phan.kem_theo }}", italic=True, indent=None, align=ALIGN.CENTER)
    _paragraph(document, "{{ phan.ghi_chu }}", italic=True, size=SMALL, indent=None, align=ALIGN.CENTER, after=6)
    _block_loop(document, "phan")
    _paragraph(document, "{%p endfor %}")


def _paragraph(
    document: DocumentType,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: Pt = BODY,
    indent: Cm | None = INDENT,
    align: ALIGN = ALIGN.JUSTIFY,
    before: int = 0,
    after: int = 6,
    keep: bool = False,
) -> Paragraph:
    paragraph = document.add_paragraph()
    _look(paragraph, text, bold=bold, italic=italic, size=size, align=align)
    look = paragraph.paragraph_format
    look.first_line_indent = indent
    look.space_before, look.space_after = Pt(before), Pt(0 if "{%p" in text else after)
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.15
    look.keep_with_next = keep
    return paragraph


def _look(paragraph: Paragraph, text: str, *, bold: bool, italic: bool, size: Pt, align: ALIGN) -> None:
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold or None, italic or None, size


def _plain_table(document: DocumentType, widths: tuple[Mm, ...]) -> Table:
    """A table without lines, of fixed widths, whose rows a page does not part."""
    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    return table


def _cell_line(
    cell: _Cell,
    text: str,
    *,
    size: Pt,
    bold: bool = False,
    italic: bool = False,
    align: ALIGN = ALIGN.CENTER,
    first: bool = False,
) -> Paragraph:
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    _look(paragraph, text, bold=bold, italic=italic, size=size, align=align)
    return paragraph


def _rule(cell: _Cell, indent: Mm) -> None:
    """The line under a name: the upper border of an almost empty paragraph."""
    _border(_cell_line(cell, "", size=Pt(4)), indent)


def _border(paragraph: Paragraph, indent: Mm) -> None:
    look = paragraph.paragraph_format
    look.left_indent = look.right_indent = indent
    paragraph._p.get_or_add_pPr().insert_element_before(
        parse_xml(f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'),
        *("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"),
    )


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    build().save(str(TARGET))
