"""The Word report opened again: figures, form of Nghị định 30/2020, hostile texts, the job and the command."""

import zipfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from docx import Document

from accounts.jobs import carry_out, result_file_of, take_next_job
from accounts.models import JobState
from campaigns.models import AgencyProfile, Campaign, Unit
from hbs_portal.lib.word.rendering import check_template
from reports.exporters.edition import edition_of_snapshot, read_edition
from reports.exporters.word.values import TAGS, template_values
from reports.exporters.word.writer import OWN_TEMPLATE, write_word
from reports.papers.content import PaperWords, ReportTable, report_content
from reports.selectors.clocks import Clocks
from reports.services.snapshots import take_snapshot
from reports.services.word_reports import request_word
from reports.tests.exporters.conftest import CLOCKS

HOSTILE = ("=1+1", "+cmd", "-2+3", "@SUM(1)", "＝HYPERLINK(1)", "<w:br/>", "{{ so }}", "{% if %}", "&amp;", "]]>")


@pytest.fixture
def document(edition, tmp_path):
    """document(paragraphs, words) is the report, opened again."""

    def make(paragraphs=None, words=None, of=edition):
        write_word(of, tmp_path / "bc.docx", paragraphs or {}, words)
        return Document(str(tmp_path / "bc.docx"))

    return make


def all_text(document) -> str:
    """Everything in the body, tables included."""
    return "\n".join("".join(node.itertext()) for node in document.element.body.iter("{*}p"))


def figure_tables(document) -> list:
    return [table for table in document.tables if table.rows[0]._tr.xpath("w:trPr/w:tblHeader")]


def test_the_portals_own_template_is_accepted(edition):
    check_template(OWN_TEMPLATE, template_values(report_content(edition, {}), edition))


def test_every_name_that_a_template_may_use_is_explained(edition):
    assert [name for name, _ in TAGS] == list(template_values(report_content(edition, {}), edition))


def test_every_word_and_figure_of_the_content_stands_in_the_document(edition, document):
    content = report_content(edition, {"direction": "Đã họp."})
    found, said = document({"direction": "Đã họp."}), all_text(document({"direction": "Đã họp."}))
    tables = [block for part in (*content.sections, *content.appendices) for block in part.blocks]
    tables = [block for block in tables if isinstance(block, ReportTable)]
    for table, drawn in zip(tables, figure_tables(found), strict=True):
        shown = [[cell.text for cell in row.cells] for row in drawn.rows[1:] if len(row._tr.tc_lst) > 1]
        assert shown == [list(row.cells) for row in table.rows if not row.is_group]
    for section in content.sections:
        assert section.heading in said
        assert all(block.text in said for block in section.blocks if not isinstance(block, ReportTable))


def test_the_form_is_that_of_the_decree(document):
    found = document(words=PaperWords(number="12", dated_on=date(2026, 11, 5), title="Kết quả quý III"))
    section, said = found.sections[0], all_text(found)
    lengths = (section.page_width, section.page_height, section.left_margin, section.right_margin, section.top_margin)
    assert [round(length.mm) for length in lengths] == [210, 297, 30, 15, 20]
    assert section.different_first_page_header_footer
    assert "PAGE" in "".join(section.header.paragraphs[0]._p.itertext())
    assert found.styles["Normal"].font.name == "Times New Roman"
    assert "Số: 12/BC-UBND" in said
    assert ", ngày 05 tháng 11 năm 2026" in said
    assert said.index("BÁO CÁO") < said.index("Kết quả quý III") < said.index("I. CÔNG TÁC")
    assert said.index("./.") < said.index("Nơi nhận:") < said.index("TM. ỦY BAN NHÂN DÂN") < said.index("Phụ lục")
    body = next(one for one in found.paragraphs if one.text.startswith("Thực hiện Kế hoạch"))
    assert round(body.paragraph_format.first_line_indent.cm, 2) == 1.27
    assert "{" not in said


def test_the_signature_never_stands_alone_on_a_page(document):
    """Closing words and what follows them are kept with the next block, up to a row that no page parts."""
    body = list(document().element.body)
    table = next(one for one in reversed(body) if "Nơi nhận:" in "".join(one.itertext()))
    before = [body[body.index(table) - step] for step in (1, 2)]
    assert "".join(before[1].itertext()).endswith("./.")
    assert [one.xpath("boolean(w:pPr/w:keepNext[not(@w:val)])") for one in before] == [True, True]
    assert table.xpath("count(w:tr[w:trPr/w:cantSplit])") == 1


def test_the_appendix_says_where_it_belongs_and_counts_its_pages_from_1(document):
    found = document(words=PaperWords(number="12", dated_on=date(2026, 11, 5)))
    assert "(Kèm theo Báo cáo số 12/BC-UBND ngày 05 tháng 11 năm 2026 của Ủy ban nhân dân xã Hà Bắc)" in all_text(found)
    assert len(found.sections) == 2
    assert found.sections[1]._sectPr.xpath("w:pgNumType/@w:start") == ["1"]


@pytest.mark.parametrize(("superior", "is_bold"), [("ỦY BAN NHÂN DÂN", True), ("UBND THÀNH PHỐ HẢI PHÒNG", None)])
def test_one_agency_over_two_lines_is_bold_in_both_and_a_superior_is_not(
    campaign, busy_commune, document, superior, is_bold
):
    AgencyProfile.objects.update(superior_name=superior)
    head = document(of=read_edition(campaign, CLOCKS)).tables[0].rows[0].cells[0].paragraphs
    assert [(one.text, one.runs[0].bold) for one in head[:2]] == [(superior, is_bold), ("XÃ HÀ BẮC", True)]


def test_the_document_names_its_snapshot_or_says_that_nothing_is_frozen(edition, campaign, cast, document):
    assert "Số liệu chưa chốt" in all_text(document())
    snapshot = take_snapshot(cast.officer, campaign, CLOCKS, "Tháng 10")
    said = all_text(document(of=edition_of_snapshot(snapshot)))
    assert f"Bản chốt {snapshot.code} · {snapshot.sha256[:12]}" in said


def test_the_same_snapshot_gives_the_same_bytes(campaign, cast, busy_commune, tmp_path):
    snapshot = take_snapshot(cast.officer, campaign, CLOCKS, "Tháng 10")
    files = [tmp_path / name for name in ("a.docx", "b.docx")]
    for file in files:
        write_word(edition_of_snapshot(snapshot), file, {}, PaperWords(dated_on=date(2026, 11, 5)))
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_field_becomes_markup_or_a_tag(campaign, busy_commune, tmp_path, text):
    Unit.objects.filter(commune=busy_commune.commune).update(name=text)
    Campaign.objects.filter(pk=campaign.pk).update(name=text, plan_number=text)
    campaign.targets.update(short_name=text, noun=text)
    fields = ("superior_name", "agency_name", "place", "signed_for", "signer_name", "recipients")
    AgencyProfile.objects.update(**dict.fromkeys(fields, text))
    edition = read_edition(Campaign.objects.select_related("commune").get(pk=campaign.pk), CLOCKS)
    write_word(edition, tmp_path / "x.docx", {"causes": text}, PaperWords(title=text, number=f"{text}/"))
    found = Document(str(tmp_path / "x.docx"))
    assert found.paragraphs[1].text == text
    assert text in [one.text for one in found.paragraphs]
    assert text in [cell.text for cell in figure_tables(found)[1].columns[1].cells]
    assert not any(rel.is_external for rel in found.part.rels.values())
    with zipfile.ZipFile(tmp_path / "x.docx") as archive:
        assert b"w:hyperlink" not in archive.read("word/document.xml")


def test_the_job_makes_the_file(campaign, cast, busy_commune):
    job = request_word(actor=cast.leader, campaign=campaign, clocks=Clocks(CLOCKS.as_of, CLOCKS.approved_by))
    carry_out(take_next_job())
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.result_name == "BDHVS-2026_bao-cao_2026-10-31.docx"
    assert "BÁO CÁO" in all_text(Document(str(result_file_of(job.result_path))))


def test_the_command_writes_a_docx_of_the_commune_and_says_that_a_unit_has_none(campaign, busy_commune, tmp_path):
    path = tmp_path / "bc.docx"
    asked = ("--commune", "HABAC", "--as-of", "2026-10-31")
    call_command("export_report", *asked, "--output", str(path))
    assert "BÁO CÁO" in all_text(Document(str(path)))
    with pytest.raises(CommandError, match="chỉ có cho cả xã"):
        call_command("export_report", *asked, "--unit", "TH-A", "--output", str(tmp_path / "b.docx"))
    assert not (tmp_path / "b.docx").exists()
