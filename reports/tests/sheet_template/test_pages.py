"""Pages of the superior's forms: taking one in, binding cells, asking to have it filled, finding it again."""

import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Job
from campaigns.models import Campaign
from reports.models import SheetTemplate
from reports.selectors.clocks import Clocks
from reports.services.sheet_templates import set_in_use
from reports.services.snapshots import take_snapshot

LIST, UPLOAD = reverse("reports:sheet_template_list"), reverse("reports:sheet_template_upload")


def address(name: str, template: SheetTemplate) -> str:
    return reverse(f"reports:sheet_template_{name}", args=[template.pk])


@pytest.fixture
def office(login, cast):
    return login(cast.officer)


@pytest.fixture
def bind(office):
    """bind(template, "B3", "K3.TH-A.n") sends the form of that cell."""

    def send(template, cell: str, name: str, **values):
        data = {"version": template.version, "sheet": "Biểu 1", "cell": cell, "name": name, "bieu": "1", **values}
        return office.post(address("bind", template), data)

    return send


def test_a_form_is_taken_in_and_leads_to_its_grid(office, form_file):
    response = office.post(UPLOAD, {"title": "Biểu 01", "file": form_file()}, follow=True)
    template = SheetTemplate.objects.get()
    assert response.redirect_chain[0][0] == address("detail", template)
    assert AuditEntry.objects.filter(action="Tải lên biểu mẫu của cấp trên", object_id=template.pk).count() == 1
    text = response.content.decode()
    assert 'colspan="5"' in text
    assert "Trường Tiểu học A" in text
    assert 'class="sheet-cell-formula">' in text


def with_a_macro(content: bytes, tmp_path) -> bytes:
    path = tmp_path / "macro.xlsm"
    path.write_bytes(content)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return path.read_bytes()


def signed(content: bytes, tmp_path) -> bytes:
    path = tmp_path / "signed.xlsx"
    path.write_bytes(content)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<x/>")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda content, folder: b"a;b\n1;2\n", "Biểu mẫu phải là tệp Excel .xlsx."),
        (lambda content, folder: b"%PDF-1.7", "Tệp này là tài liệu PDF"),
        (lambda content, folder: content[:900], "Tệp này bị hỏng"),
        (with_a_macro, "Tệp này có macro."),
        (signed, "Tệp này có chữ ký số"),
    ],
)
def test_a_file_that_is_no_plain_form_is_refused_with_what_to_do(office, form_file, tmp_path, make, sentence):
    upload = SimpleUploadedFile("a.xlsx", make(form_file().read(), tmp_path))
    response = office.post(UPLOAD, {"title": "Biểu 01", "file": upload})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not SheetTemplate.objects.exists()


def test_the_new_version_of_a_form_takes_over_the_bindings_that_still_fit(office, form, form_file):
    old = form({"B3": "K3.TH-A.d", "D9": "K1.n"})
    new = form_file({"Biểu 1": {"D9": "=SUM(B3:B4)"}})
    office.post(UPLOAD, {"title": "Biểu 01 mới", "file": new, "copy_from": old.pk})
    assert SheetTemplate.objects.latest("pk").bindings == {"Biểu 1!B3": "K3.TH-A.d"}


def test_a_cell_is_bound_and_unbound_with_one_audit_entry_each(form, bind):
    template = form()
    assert bind(template, "b3", "K3.TH-A.n").url == address("detail", template) + "?bieu=1"
    template.refresh_from_db()
    assert (template.bindings, template.version) == ({"Biểu 1!B3": "K3.TH-A.n"}, 2)
    bind(template, "B3", "")
    template.refresh_from_db()
    assert template.bindings == {}
    entries = (
        AuditEntry.objects.filter(object_type="reports.SheetTemplate").order_by("pk").values_list("action", "after")
    )
    assert list(entries)[1:] == [
        ("Gắn ô của biểu mẫu", {"bindings": "Biểu 1!B3: K3.TH-A.n"}),
        ("Bỏ gắn ô của biểu mẫu", {"bindings": ""}),
    ]


@pytest.mark.parametrize(
    ("cell", "name", "sentence"),
    [
        ("B5", "K3.n", "cổng không bao giờ ghi đè công thức"),
        ("C1", "K3.n", "Hãy chọn ô đầu của vùng gộp: A1"),
        ("ZZZZ1", "K3.n", "không phải là địa chỉ ô"),
        ("B3", "K99.n", "Không có chỉ tiêu mã “K99”"),
        ("B3", "K3.TH-X.n", "Không có đơn vị mã “TH-X”"),
    ],
)
def test_what_may_not_be_bound_is_refused_with_a_sentence(form, bind, cell, name, sentence):
    template = form()
    response = bind(template, cell, name)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    template.refresh_from_db()
    assert template.bindings == {}


def test_who_comes_second_is_told_and_overwrites_nothing(form, bind):
    template = form()
    bind(template, "B3", "K3.TH-A.n")
    response = bind(template, "B3", "K1.n")
    assert response.status_code == 409
    assert "vừa được người khác sửa" in response.content.decode()
    template.refresh_from_db()
    assert template.bindings == {"Biểu 1!B3": "K3.TH-A.n"}


def test_figures_are_found_without_marks_and_the_cell_keeps_its_words(office, form):
    response = office.get(address("detail", form()), {"bieu": "1", "o": "E3", "tim": "k3 tieu hoc a da dat"})
    found = response.context["page"].found
    assert [one.name for one in found] == ["K3.TH-A.n"]
    assert "Gắn ô Biểu 1!E3" in response.content.decode()


def test_the_suggested_cells_that_were_ticked_are_bound(office, form):
    template = form()
    suggested = [one.address for one in office.get(address("detail", template)).context["page"].suggested]
    assert "Biểu 1!C3" in suggested
    chosen = {"version": 1, "address": ["Biểu 1!C3", "Biểu 1!D3", "Biểu 1!B5"]}
    office.post(address("suggest", template), chosen)
    template.refresh_from_db()
    assert template.bindings == {"Biểu 1!C3": "K3.TH-A.n", "Biểu 1!D3": "K3.TH-A.percent"}


def test_wrong_tags_are_listed_with_a_link_to_their_cell(office, form):
    text = office.get(address("detail", form(extra={"Hướng dẫn": {"B2": "{{K99.n}}"}}))).content.decode()
    assert "Cần sửa 1 ô trước khi điền" in text
    assert "?bieu=2&amp;o=B2#gan" in text
    assert "Hướng dẫn!B2" in text


def test_a_leader_asks_for_the_form_and_everybody_of_the_office_sees_that_it_was_filled(login, cast, form, snapshot):
    template = form({"B3": "K3.TH-A.n"})
    response = login(cast.leader).post(address("fill", template), {"snapshot": snapshot.pk})
    job = Job.objects.get()
    assert response.url == reverse("accounts:job_detail", args=[job.pk])
    assert job.arguments == {"template": template.pk, "snapshot": snapshot.pk}
    text = login(cast.officer).get(address("detail", template)).content.decode()
    assert f"Biểu 01, số liệu {snapshot.code}" in text
    assert cast.leader.full_name in text


def test_a_form_that_was_laid_aside_is_not_filled_until_it_is_taken_up_again(office, cast, form, snapshot):
    template = form({"B3": "K3.TH-A.n"})
    office.post(address("use", template), {"dung": "0"})
    response = office.post(address("fill", template), {"snapshot": snapshot.pk})
    assert (response.status_code, Job.objects.count()) == (409, 0)
    office.post(address("use", template), {"dung": "1"})
    assert office.post(address("fill", template), {"snapshot": snapshot.pk}).status_code == 302
    set_in_use(actor=cast.officer, template=template, is_active=True)
    assert AuditEntry.objects.filter(object_id=template.pk, action__contains="ng dùng biểu mẫu").count() == 1


def test_a_snapshot_of_another_commune_cannot_be_chosen(office, form, snapshot, cast):
    day = Clocks(snapshot.as_of, snapshot.approved_by)
    foreign = take_snapshot(cast.stranger, Campaign.objects.get(commune=cast.other_commune), day, "Quý III")
    response = office.post(address("fill", form({"B3": "K3.n"})), {"snapshot": foreign.pk})
    assert response.status_code == 422
    assert "Không có bản chốt này." in response.content.decode()


def test_the_form_itself_comes_back_as_it_was_sent(office, form):
    template = form()
    response = office.get(address("file", template))
    with template.file.open() as file:
        assert response.content == file.read()
    assert "Bi%E1%BB%83u%2001.xlsx" in response.headers["Content-Disposition"]


def test_a_form_whose_file_is_gone_says_so(office, form):
    template = form()
    template.file.storage.delete(template.file.name)
    response = office.get(address("detail", template))
    assert response.status_code == 409
    assert "Hãy tải biểu mẫu lên lại." in response.content.decode()


def test_the_list_is_searched_without_marks_and_costs_the_same_whatever_its_length(
    office, form, django_assert_max_num_queries
):
    first = form()
    for number in range(30):
        first.pk, first.title = None, f"Biểu số {number}"
        first.save()
    with django_assert_max_num_queries(14):
        response = office.get(LIST)
    assert len(response.context["page"].object_list) == 25
    assert [row.title for row in office.get(LIST, {"q": "bieu so 29"}).context["page"]] == ["Biểu số 29"]
    assert "Không tìm thấy biểu nào" in office.get(LIST, {"q": "khong co"}).content.decode()


def test_an_empty_list_says_what_to_do(login, cast):
    assert "Tải biểu lên" in login(cast.officer).get(LIST).content.decode()
    assert "Khi Phòng Văn hóa - Xã hội tải biểu lên" in login(cast.leader).get(LIST).content.decode()


def test_the_page_costs_the_same_however_many_cells_are_bound_and_files_were_made(
    office, form, django_assert_num_queries, snapshot, cast
):
    template = form({"B3": "K3.TH-A.n"})
    filled = {"kind": "sheet_template", "commune_id": cast.commune.pk, "arguments": {"template": template.pk}}
    Job.objects.create(owner=cast.leader, **filled)
    with CaptureQueriesContext(connection) as few:
        office.get(address("detail", template))
    template.bindings = {f"Biểu 1!B{row}": "K3.TH-A.n" for row in range(10, 60)}
    template.save()
    for _ in range(5):
        Job.objects.create(owner=cast.officer2, **filled)
    with django_assert_num_queries(len(few)):
        office.get(address("detail", template))
