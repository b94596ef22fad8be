"""Exclusions as approved records (rule C8): proposing, changing, approving; who sees them."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import ExclusionReason, Group, RecordStatus
from campaigns.dependents import Ground, records_on
from campaigns.models import Exclusion
from campaigns.services.duplicates import merge_people, unmerge_people
from training.services.exclusions import propose_exclusions, update_exclusion
from training.workflow import SelfApprovalError, WorkflowError, approve_record

SPRING = date(2026, 3, 1)
LIST = "/loai-tru/"


@pytest.fixture
def teacher(cast, make_person):
    return make_person(cast.a, "Lê Thị Hoa", Group.TEACHER)


@pytest.fixture
def propose(cast, campaign):
    def make(*people, actor=None, **values):
        content = {"reason": ExclusionReason.MATERNITY, "starts_on": SPRING, **values}
        return propose_exclusions(actor=actor or cast.editor_a, campaign=campaign, people=people, **content)

    return make


def entry(*people, **values):
    return {
        "nguoi": [person.pk for person in people], "reason": "MATERNITY", "starts_on": "01/03/2026", "ends_on": "",
        "target": "", "note": "Quyết định 12/QĐ-UBND", "viec": "gui",
    } | values  # fmt: skip


def test_an_editor_proposes_several_people_with_one_reason_once(cast, login, make_person, teacher):
    second = make_person(cast.a, "Phạm Thị Mai", Group.TEACHER)
    client, sent = login(cast.editor_a), entry(teacher, second, client_key=str(uuid.uuid4()))
    answers = [client.post("/loai-tru/them/", sent) for _ in range(2)]
    assert [answer.url for answer in answers] == [LIST, LIST]
    records = Exclusion.objects.order_by("person__sort_key")
    assert [(row.person, row.unit, row.status) for row in records] == [
        (teacher, cast.a, RecordStatus.SUBMITTED),
        (second, cast.a, RecordStatus.SUBMITTED),
    ]
    assert AuditEntry.objects.filter(action="Đề nghị loại trừ", unit_id=cast.a.pk).count() == 2


def test_an_editor_does_not_propose_people_of_another_unit(cast, login, make_person):
    stranger = make_person(cast.b, "Vũ Thị Nga", Group.TEACHER)
    response = login(cast.editor_a).post("/loai-tru/them/", entry(stranger))
    assert response.status_code == 422
    assert "không thuộc đơn vị của bạn" in response.content.decode()
    assert not Exclusion.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"ends_on": "01/02/2026"}, "Ngày kết thúc phải từ ngày bắt đầu trở đi"),
        ({"starts_on": "01/03/2027"}, "nằm ngoài kế hoạch"),
        ({"reason": "OTHER", "note": ""}, "hãy ghi rõ lý do và căn cứ"),
        ({"starts_on": "01/03/2019"}, "không thuộc đơn vị vào ngày 01/03/2019"),
        ({"reason": ""}, "Hãy chọn lý do."),
    ],
)
def test_a_wrong_proposal_says_what_to_do_and_keeps_what_was_typed(cast, login, teacher, values, sentence):
    response = login(cast.editor_a).post("/loai-tru/them/", entry(teacher, **values))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert f'name="nguoi" value="{teacher.pk}"' in response.content.decode()
    assert not Exclusion.objects.exists()


def test_one_record_at_a_time_for_a_person_and_target(propose, campaign, teacher):
    propose(teacher, ends_on=date(2026, 8, 31))
    with pytest.raises(WorkflowError, match=r"đã có đề nghị loại trừ .nghỉ thai sản, từ 01/03/2026 đến 31/08/2026"):
        propose(teacher, starts_on=date(2026, 8, 31))
    propose(teacher, starts_on=date(2026, 9, 1))
    propose(teacher, target=campaign.targets.get(code="K1"))
    assert Exclusion.objects.count() == 3


def test_a_refusal_for_one_of_many_writes_nothing(propose, cast, make_person, teacher):
    propose(teacher)
    with pytest.raises(WorkflowError):
        propose(make_person(cast.a, "Phạm Thị Mai", Group.TEACHER), teacher)
    assert Exclusion.objects.count() == 1


def test_the_record_belongs_to_the_unit_of_its_first_day(propose, cast, make_person):
    person = make_person(cast.a, "Đỗ Thị Lan", Group.TEACHER, ends_on=date(2026, 5, 31))
    person.memberships.create(commune=cast.commune, unit=cast.b, group=Group.TEACHER, starts_on=date(2026, 6, 1))
    (before,) = propose(person, actor=cast.officer, ends_on=date(2026, 5, 31))
    (after,) = propose(person, actor=cast.officer, starts_on=date(2026, 6, 1))
    assert (before.unit, after.unit) == (cast.a, cast.b)


def test_a_draft_is_changed_and_deleted_and_a_sent_one_is_not(propose, cast, login, teacher):
    (record,) = propose(teacher)
    client = login(cast.editor_a)
    page = client.get(f"/loai-tru/{record.pk}/sua/")
    assert page.context["form"]["starts_on"].value() == SPRING
    sent = entry(viec="nhap", reason="SECONDMENT", version=record.version)
    assert client.post(f"/loai-tru/{record.pk}/sua/", sent).status_code == 302
    record.refresh_from_db()
    assert (record.reason, record.status) == (ExclusionReason.SECONDMENT, RecordStatus.DRAFT)
    assert client.post(f"/loai-tru/{record.pk}/sua/", sent).status_code == 409
    assert client.post(f"/loai-tru/{record.pk}/xoa/").url == LIST
    (sent_one,) = propose(teacher, submit=True)
    assert client.get(f"/loai-tru/{sent_one.pk}/sua/").status_code == 403
    assert client.get(f"/loai-tru/{sent_one.pk}/xoa/").status_code == 403


def test_an_approved_record_is_not_changed_by_its_draft_service(propose, cast, teacher):
    (record,) = propose(teacher, submit=True)
    approve_record(actor=cast.officer, record=record)
    with pytest.raises(WorkflowError, match="đã gửi duyệt"):
        update_exclusion(actor=cast.editor_a, record=record, expected_version=record.version, note="Khác")


def test_c8_an_exclusion_is_approved_by_somebody_else_in_the_offices_queue(propose, cast, campaign, login, teacher):
    (record,) = propose(teacher, submit=True, note="Quyết định 12/QĐ-UBND")
    client = login(cast.officer)
    queue = client.get("/duyet/", {"loai": "loai-tru"}).content.decode()
    assert "Lê Thị Hoa: nghỉ thai sản từ 01/03/2026" in queue
    page = client.get(f"/duyet/loai-tru/{record.pk}/").content.decode()
    assert "Loại trừ khỏi chỉ tiêu: Lê Thị Hoa" in page
    assert "Quyết định 12/QĐ-UBND" in page
    assert "Chưa có căn cứ" in page
    answer = client.post(f"/duyet/loai-tru/{record.pk}/duyet/", {"version": record.version})
    assert answer.status_code == 302
    record.refresh_from_db()
    assert (record.status, record.decided_by) == (RecordStatus.APPROVED, cast.officer)
    (own,) = propose(teacher, actor=cast.officer, target=campaign.targets.get(code="K1"), submit=True)
    with pytest.raises(SelfApprovalError):
        approve_record(actor=cast.officer, record=own)


def test_h2_somebody_who_returns_early_is_a_new_version_and_the_old_one_counts_until_it_is_approved(
    propose, cast, login, teacher
):
    (record,) = propose(teacher, submit=True)
    approve_record(actor=cast.officer, record=record)
    client = login(cast.editor_a)
    assert "Sửa bản đã duyệt" in client.get(f"/loai-tru/{record.pk}/").content.decode()
    answer = client.post(reverse("training:record_revise", args=["loai-tru", record.pk]), {"reason": "Đi làm lại"})
    draft = Exclusion.objects.get(replaces=record)
    assert answer.url == f"/loai-tru/{draft.pk}/sua/"
    sent = entry(ends_on="31/08/2026", version=draft.version)
    assert client.post(answer.url, sent).status_code == 302
    assert names(client.get(LIST)) == ["Lê Thị Hoa"]
    assert Exclusion.objects.official(date(2099, 1, 1)).get() == record
    draft.refresh_from_db()
    approve_record(actor=cast.officer, record=draft)
    assert Exclusion.objects.get(status=RecordStatus.APPROVED).ends_on == date(2026, 8, 31)
    page = client.get(f"/loai-tru/{draft.pk}/").content.decode()
    assert "Lý do sửa: Đi làm lại" in page


def test_who_sent_it_takes_it_back_to_its_form(propose, cast, login, teacher):
    (record,) = propose(teacher, submit=True)
    client = login(cast.editor_a)
    assert "Rút lại để sửa" in client.get(LIST).content.decode()
    answer = client.post(f"/rut-lai/loai-tru/{record.pk}/", {"version": record.version})
    assert answer.url == f"/loai-tru/{record.pk}/sua/"


def names(response):
    return [row.person.full_name for row in response.context["page"]]


def test_the_list_is_searched_without_diacritics_and_filtered(propose, cast, login, make_person, teacher):
    propose(teacher, ends_on=date(2026, 4, 1))
    other = make_person(cast.b, "Đặng Văn Ánh", Group.TEACHER)
    propose(other, actor=cast.editor_b, reason=ExclusionReason.SECONDMENT, submit=True)
    client = login(cast.leader)
    assert names(client.get(LIST, {"q": "dang van"})) == ["Đặng Văn Ánh"]
    assert names(client.get(LIST, {"q": "", "trang_thai": "DRAFT"})) == ["Lê Thị Hoa"]
    assert names(client.get(LIST, {"don_vi": cast.b.pk})) == ["Đặng Văn Ánh"]
    assert names(client.get(LIST, {"ly_do": "MATERNITY"})) == ["Lê Thị Hoa"]
    assert names(client.get(LIST, {"thoi_gian": "hien-nay"})) == ["Đặng Văn Ánh"]
    assert names(client.get(LIST, {"thoi_gian": "da-het"})) == ["Lê Thị Hoa"]
    assert "Không tìm thấy đề nghị nào" in client.get(LIST, {"q": "khong ai ca"}).content.decode()
    assert names(login(cast.editor_a).get(LIST, {"xoa-loc": 1})) == ["Lê Thị Hoa"]


def test_an_empty_list_says_what_an_exclusion_is_for(cast, login):
    assert "Chưa có ai được đề nghị loại trừ" in login(cast.editor_a).get(LIST).content.decode()


def test_people_are_chosen_over_several_searches(cast, login, make_person, teacher):
    second = make_person(cast.a, "Phạm Thị Mai", Group.TEACHER)
    make_person(cast.b, "Phạm Thị Mận", Group.TEACHER)
    page = login(cast.editor_a).get("/loai-tru/chon/", {"q": "pham", "nguoi": [teacher.pk]})
    assert page.context["chosen"] == [teacher]
    assert [person.full_name for person in page.context["page"]] == [second.full_name]


def test_queries_do_not_grow_with_the_list_or_the_people(
    propose, cast, login, make_person, django_assert_max_num_queries
):
    client = login(cast.editor_a)

    def load(count):
        for number in range(count):
            propose(make_person(cast.a, f"Lê Thị Hoa {number}", Group.TEACHER), submit=bool(number % 2))
        return [reverse("training:exclusion_list"), reverse("training:exclusion_people")]

    for address in load(2):
        with django_assert_max_num_queries(60) as few:
            client.get(address)
        load(6)
        with django_assert_max_num_queries(len(few)):
            client.get(address)


def test_the_persons_page_tells_of_the_exclusions_and_leads_to_a_new_one(propose, cast, login, teacher):
    (record,) = propose(teacher)
    text = login(cast.editor_a).get(f"/nguoi/{teacher.pk}/").content.decode()
    assert f"/loai-tru/{record.pk}/" in text
    assert f"/loai-tru/them/?nguoi={teacher.pk}" in text


def test_exclusions_move_with_a_merger_of_two_entries_and_back(propose, cast, make_person, teacher):
    double = make_person(cast.a, "Lê Thị Hoa", Group.TEACHER)
    propose(teacher, ends_on=date(2026, 5, 31))
    same_day, later = *propose(double, ends_on=date(2026, 4, 30)), *propose(double, starts_on=date(2026, 9, 1))
    merge = merge_people(actor=cast.officer, kept=teacher, absorbed=double)
    later.refresh_from_db()
    same_day.refresh_from_db()
    assert (later.person, same_day.person) == (teacher, double)
    unmerge_people(actor=cast.officer, merge=merge)
    later.refresh_from_db()
    assert later.person == double


def test_somebody_with_an_exclusion_is_not_taken_off_the_list_with_their_import(propose, cast, teacher):
    propose(teacher)
    found = records_on(Ground(cast.commune.pk, person_ids=[teacher.pk]))
    assert found == ["loại trừ khỏi chỉ tiêu của Lê Thị Hoa"]
