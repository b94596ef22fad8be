"""The pages of the report's words and of its Word template."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from accounts.models import AuditEntry, Job
from reports.exporters.word.writer import OWN_TEMPLATE, template_path
from reports.models import ReportParagraph, WordTemplate

EDIT = reverse("reports:paper_text_edit", args=["direction"])
TEMPLATE = reverse("reports:word_template")
#: What every template has to print beside its figures.
WHOSE = ("{{ ngay_so_lieu }}", "{{ ban_chot }}")


def typed(text: str, version: int | str = "") -> dict:
    return {"text": text, "version": version, "client_key": str(uuid4())}


def uploaded(*lines: str) -> dict:
    document, file = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(file)
    return {"file": SimpleUploadedFile("mau-cua-xa.docx", file.getvalue()), "client_key": str(uuid4())}


def test_what_the_office_writes_is_kept_beside_the_portals_sentences(campaign, cast, login):
    client = login(cast.officer)
    assert "Phong trào được triển khai từ ngày 01/01/2026" in client.get(EDIT).content.decode()
    answer = client.post(EDIT, typed("  Đã họp.\r\n\r\n Đã kiểm  tra. ", 0))
    assert answer.status_code == 302
    assert ReportParagraph.objects.get().text == "Đã họp.\n\nĐã kiểm tra."
    assert "Đã kiểm tra." in client.get(reverse("reports:paper_text")).content.decode()
    entry = AuditEntry.objects.get(action="Viết đoạn của báo cáo")
    assert entry.after == {"section": "direction", "text": "Đã họp.\n\nĐã kiểm tra."}


@pytest.mark.parametrize("opened_with", [0, 1])
def test_the_second_of_two_people_sees_both_texts_and_loses_nothing(campaign, cast, login, opened_with):
    client = login(cast.officer)
    client.post(EDIT, typed("Bản một", 0))
    client.post(EDIT, typed("Bản hai", 1))
    answer = client.post(EDIT, typed("Bản của tôi", opened_with))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Bản hai" in page
    assert "Bản của tôi" in page
    assert ReportParagraph.objects.get().text == "Bản hai"


def test_text_that_is_too_long_or_of_an_old_encoding_comes_back(campaign, cast, login):
    client = login(cast.officer)
    assert client.post(EDIT, typed("a" * 8_001, 0)).status_code == 422
    assert client.post(EDIT, typed("NguyÔn V¨n A ®· häp", 0)).status_code == 422
    assert not ReportParagraph.objects.exists()


def test_an_unknown_section_is_not_found(campaign, cast, login):
    assert login(cast.officer).get(reverse("reports:paper_text_edit", args=["khac"])).status_code == 404


def test_text_is_shown_as_text(campaign, cast, login):
    client = login(cast.officer)
    client.post(EDIT, typed("<script>alert(1)</script>", 0))
    assert "<script>alert" not in client.get(reverse("reports:paper_text")).content.decode()


def test_the_button_starts_the_word_job(campaign, cast, login):
    answer = login(cast.leader).post(reverse("reports:word_create"), {"client_key": str(uuid4())})
    job = Job.objects.get(kind="word")
    assert answer.url == reverse("accounts:job_detail", args=[job.pk])


def test_the_pages_cost_the_same_queries_with_more_records(
    campaign, cast, login, make_person, make_activity, django_assert_max_num_queries
):
    client = login(cast.officer)
    client.get(reverse("reports:paper_text"))
    for place in range(6):
        make_activity(cast.a, people=[make_person(cast.a, f"Bé {place}")])
    with django_assert_max_num_queries(60):
        client.get(reverse("reports:paper_text"))


def test_a_good_template_is_taken_and_given_up_again(campaign, cast, login):
    client = login(cast.officer)
    assert client.post(TEMPLATE, uploaded("{{ so }}", "Xã ta: {{ chi_tieu.K1.cau }}", *WHOSE)).status_code == 302
    first = WordTemplate.objects.get()
    assert template_path(cast.commune.pk).name.startswith("mau")
    assert client.post(TEMPLATE, uploaded("{{ loai }}", "{{ chi_tieu.K1.cau }}", *WHOSE)).status_code == 302
    first.refresh_from_db()
    assert not first.is_active
    file = client.get(reverse("reports:word_template_file"))
    assert Document(io.BytesIO(b"".join(file.streaming_content))).paragraphs[0].text == "{{ loai }}"
    used = WordTemplate.objects.get(is_active=True)
    client.post(reverse("reports:word_template_give_up", args=[used.pk]), {"client_key": str(uuid4())})
    assert template_path(cast.commune.pk) == OWN_TEMPLATE
    assert AuditEntry.objects.filter(action="Dùng lại mẫu Word của cổng").count() == 1


def test_a_wrong_template_is_refused_with_its_place_and_nothing_changes(campaign, cast, login):
    answer = login(cast.officer).post(TEMPLATE, uploaded("{{ so }}", "Năm {{ nam }}"))
    assert answer.status_code == 422
    assert "Mẫu sai ở đoạn 2 (“Năm {{ nam }}”): không có thẻ “nam”" in answer.content.decode()
    assert not WordTemplate.objects.exists()


@pytest.mark.parametrize(
    ("lines", "lacking"),
    [
        (["Đạt 92,6% (2.709/2.925 học sinh)."], "{{ cac_muc }} hoặc {{ chi_tieu }} hoặc {{ phu_luc }}"),
        (
            ["{{ so }}", "{{ chi_tieu.K1.cau }}", "{{ ban_chot }}"],
            "thiếu thẻ {{ ngay_so_lieu }} hoặc {{ mo_dau }}, nên",
        ),
        (["{{ chi_tieu.K1.cau }}", "{{ ngay_so_lieu }}"], "thiếu thẻ {{ ban_chot }}, nên"),
    ],
)
def test_a_finished_report_is_no_template(campaign, cast, login, lines, lacking):
    """Taken as one, it would print the figures of its own day under every later report."""
    answer = login(cast.officer).post(TEMPLATE, uploaded(*lines))
    assert answer.status_code == 422
    assert lacking in answer.content.decode()
    assert not WordTemplate.objects.exists()


def test_another_communes_template_is_not_found(campaign, cast, login, other_commune):
    foreign = WordTemplate.objects.create(
        commune=other_commune, file="templates/a.docx", name="a.docx", sha256="0" * 64, uploaded_by=cast.stranger
    )
    answer = login(cast.officer).post(
        reverse("reports:word_template_give_up", args=[foreign.pk]), {"client_key": str(uuid4())}
    )
    assert answer.status_code == 404
    foreign.refresh_from_db()
    assert foreign.is_active
