"""Word templates: what is refused, with which place named, and what a hostile value or template can do: nothing."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document

from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.word import container
from hbs_portal.lib.word.container import check_word_container
from hbs_portal.lib.word.rendering import check_template, render_document
from hbs_portal.lib.word.tags import TemplateFaultError, check_tags

STAMP = datetime(2026, 10, 31, tzinfo=UTC)
TABLE = {
    "cot": [{"ten": "STT", "rong": 20, "can": "center"}, {"ten": "Đơn vị", "rong": 80, "can": "left"}],
    "dong": [
        {"o": ["I. Trường"], "la_nhom": True, "la_tong": False},
        {"o": ["1", "<w:b/>&{{ so }}"], "la_nhom": False, "la_tong": False},
    ],
}
SAMPLE = {
    "so": "Số: 12/BC-UBND",
    "ten_bao_cao": "Kết quả",
    "co_quan": "XÃ HÀ BẮC",
    "cac_muc": [{"tieu_de": "I. Mục", "cac_khoi": [{"noi_dung": "Câu", "la_bang": True, "bang": TABLE}]}],
}


@pytest.fixture
def template(tmp_path):
    """template("dòng", …) is a .docx with these paragraphs."""

    def make(*lines: str) -> Path:
        document, path = Document(), tmp_path / "mau.docx"
        for line in lines:
            document.add_paragraph(line)
        document.save(str(path))
        return path

    return make


def repacked(path: Path, changes: dict[str, bytes]) -> Path:
    """The same document with parts replaced or added."""
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.infolist():
            if part.filename not in changes:
                target.writestr(part, source.read(part))
        for name, data in changes.items():
            target.writestr(name, data)
    return path


def relation(kind: str, target: str) -> bytes:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        f'Type="http://schemas/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("word/vbaProject.bin", b"x", "macro"),
        ("word/embeddings/sheet.xlsx", b"x", "tệp nhúng"),
        ("word/activeX/activeX1.xml", b"<a/>", "tệp nhúng"),
        ("word/_rels/settings.xml.rels", relation("attachedTemplate", "http://ngoai.vn/a.dotm"), "http://ngoai.vn/a"),
        ("word/_rels/document.xml.rels", relation("image", "file://may-chu/anh.png"), "file://may-chu"),
        ("word/footnotes.xml", b"<w:instrText>INCLUDETEXT c:/mat.txt</w:instrText>", "INCLUDETEXT"),
        ("word/comments.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "không an toàn"),
        ("../ngoai.xml", b"<a/>", "không an toàn"),
        ("word/anh.bin", b"\0" * (container.MAX_UNPACKED_BYTES + 1), "bung ra quá lớn"),
    ],
)
def test_a_document_that_reaches_outside_or_carries_code_is_refused(template, name, data, word):
    path = template("{{ so }}")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        if name not in archive.namelist():
            archive.writestr(name, data)
    if name.startswith("word/_rels/document"):
        repacked(path, {name: data})
    with pytest.raises(RefusedFile, match=word):
        check_word_container(path)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "trống"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "Word cũ"),
        (b"%PDF-1.7", "không phải tài liệu Word"),
        (b"PK\x03\x04hong", "bị hỏng"),
    ],
)
def test_what_is_no_docx_is_refused_with_what_to_do(tmp_path, content, word):
    path = tmp_path / "mau.docx"
    path.write_bytes(content)
    with pytest.raises(RefusedFile, match=word):
        check_word_container(path)


FAULTS = [
    (["{{ so }}", "Số {{ soo }} đây"], "đoạn 2 (“Số {{ soo }} đây”): không có thẻ “soo”; có phải “so”?"),
    (["{{ so"], "đoạn 1 (“{{ so”): dấu mở hoặc đóng thẻ bị thiếu"),
    (["{{ so + 1 }}"], "phép không được dùng"),
    (["{{ so.__class__ }}"], "không có mục “__class__”"),
    (["{{ range(9) }}"], "phép không được dùng"),
    (["{{ so * 999999999 }}"], "phép không được dùng"),
    (["{% set a = 1 %}"], "không có lệnh “set”"),
    (["{% include 'a' %}"], "không có lệnh “include”"),
    (
        ["{%p for muc in cac_muc %}", "{{ muc.tieu_de }}"],
        "đoạn 1 (“{%p for muc in cac_muc %}”): thẻ {% for %} chưa có thẻ đóng",
    ),
    (["{%p endfor %}"], "không có thẻ {% for %} mở trước nó"),
    (["{%p for muc in cac_muc %}", "{{ muc.ten }}", "{%p endfor %}"], "“muc.ten”: không có mục “ten”"),
    (["{%p for muc in so %}", "{%p endfor %}"], "“so” không phải danh sách"),
    (["{% for muc in cac_muc %}", "{% endfor %}"], "phải đóng trong cùng một đoạn"),
    (["Chữ {%p if so %}"], "phải đứng một mình trong đoạn"),
    (["{{ cac_muc }}"], "không phải một giá trị để ghi ra"),
    (["{{ cac_muc[0].cac_khoi[0].bang }}"], "bảng phải viết"),
    (["{{p so }}"], "chỉ dùng cho bảng"),
    (["{%tc for muc in cac_muc %}"], "không dùng thẻ loại “tc”"),
]


@pytest.mark.parametrize(("lines", "words"), FAULTS)
def test_a_wrong_tag_is_told_with_its_place(template, lines, words):
    with pytest.raises(TemplateFaultError) as fault:
        check_tags(template(*lines), SAMPLE)
    assert str(fault.value).startswith("Mẫu sai ở đoạn ")
    assert words in str(fault.value)


def test_a_wrong_tag_in_the_header_is_told_there(template):
    path = template("{{ so }}")
    document = Document(str(path))
    document.sections[0].header.paragraphs[0].text = "{{ sai }}"
    document.save(str(path))
    with pytest.raises(TemplateFaultError, match="đầu trang, đoạn 1"):
        check_tags(path, SAMPLE)


def test_a_tag_that_word_split_into_runs_is_still_one(template):
    path = template("")
    document = Document(str(path))
    paragraph = document.paragraphs[0]
    for piece in ("{", "{ s", "o }", "}"):
        paragraph.add_run(piece)
    document.save(str(path))
    check_template(path, SAMPLE)
    rendered = Document(io.BytesIO(render_document(path, SAMPLE, STAMP)))
    assert rendered.paragraphs[0].text == "Số: 12/BC-UBND"


def test_a_template_with_loops_conditions_and_a_table_is_accepted_and_filled(template):
    path = template(
        "{%p for muc in cac_muc %}", "{{ muc.tieu_de | upper }}", "{%p for khoi in muc.cac_khoi %}",
        "{%p if khoi.la_bang and loop.index == 1 %}", "{{p khoi.bang }}", "{%p else %}", "{{ khoi.noi_dung }}",
        "{%p endif %}", "{%p endfor %}", "{%p endfor %}",
    )  # fmt: skip
    assert check_template(path, SAMPLE) == {"cac_muc"}
    document = Document(io.BytesIO(render_document(path, SAMPLE, STAMP)))
    assert document.paragraphs[0].text == "I. MỤC"
    table = document.tables[0]
    assert [cell.text for cell in table.rows[2].cells] == ["1", "<w:b/>&{{ so }}"]
    assert table.rows[0]._tr.trPr.xpath("w:tblHeader")
    assert table.rows[1].cells[0].text == "I. Trường"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\tcmd", "a\rb", "{{ so }}", "{% for %}", "{_{ so }_}",
        "<w:p/>", "&amp;", "]]>", "trang\fsau", "chuông\adoạn", "\x00\x0b\x1f", "\ud800", "\uffff", "https://ngoai.vn",
    ],
)  # fmt: skip
def test_no_text_becomes_markup_a_tag_or_a_new_paragraph(template, text):
    path = template("Đầu {{ so }} cuối", "{{p cac_muc[0].cac_khoi[0].bang }}")
    row = {"o": ["1", text], "la_nhom": False, "la_tong": False}
    table = {**TABLE, "dong": [row]}
    values = {**SAMPLE, "so": text, "cac_muc": [{"tieu_de": "", "cac_khoi": [{"bang": table}]}]}
    document = Document(io.BytesIO(render_document(path, values, STAMP)))
    kept = "".join(char for char in text if (char >= " " and char not in "\ud800\uffff") or char == "\t").replace(
        "\t", " "
    )
    kept = kept.replace("{_{", "{{").replace("}_}", "}}")
    assert [paragraph.text for paragraph in document.paragraphs if "Đầu" in paragraph.text] == [f"Đầu {kept} cuối"]
    assert len(document.tables[0].rows) == 2
    assert document.tables[0].rows[1].cells[1].text == kept
    assert "http" not in "".join(rel.reltype for rel in document.part.rels.values() if rel.is_external)


def test_a_template_that_never_ends_is_stopped(template, monkeypatch):
    monkeypatch.setattr("hbs_portal.lib.word.rendering.WALL_SECONDS", 2)
    loops = [f"{{%p for a{number} in cac_muc %}}" for number in range(3)]
    path = template(*loops, "{{ so }}", *["{%p endfor %}"] * 3)
    with pytest.raises(RefusedFile, match="quá nhiều thời gian"):
        render_document(path, {**SAMPLE, "cac_muc": [{"tieu_de": "x"}] * 1_000}, STAMP)


def test_the_same_values_give_the_same_bytes(template):
    path = template("{{ so }}")
    assert render_document(path, SAMPLE, STAMP) == render_document(path, SAMPLE, STAMP)
