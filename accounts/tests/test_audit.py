"""The audit: append-only, in words, only for those who may read it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.audit import record_audit
from accounts.changes import readable
from accounts.models import AuditEntry

PAGE = "/tai-khoan/nhat-ky/"


@pytest.fixture
def entry(cast):
    return record_audit(
        actor=cast.officer,
        action="Sửa đơn vị",
        target=cast.a,
        before={"name": "Trường cũ", "opened_on": "2020-01-01", "closed_on": None},
        after={"name": "Trường Tiểu học A", "opened_on": "2020-09-05", "closed_on": None},
    )


def test_an_entry_is_never_changed_nor_deleted(entry):
    entry.action = "Khác"
    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action="Khác"),
    ):
        with pytest.raises(TypeError):
            change()
    assert AuditEntry.objects.get(pk=entry.pk).action == "Sửa đơn vị"


def test_before_and_after_are_shown_with_vietnamese_labels_and_dates(login, cast, entry):
    response = login(cast.officer).get(PAGE)
    (item,) = [row for row in response.context["entries"] if row.entry.pk == entry.pk]
    assert [(c.label, c.before, c.after) for c in item.changes] == [
        ("Tên đơn vị", "Trường cũ", "Trường Tiểu học A"),
        ("Hoạt động từ ngày", "01/01/2020", "05/09/2020"),
    ]
    assert item.kind == "Đơn vị"
    assert "<del>01/01/2020</del>" in response.text


def test_keys_of_records_choices_and_yes_or_no_are_shown_as_words(cast):
    before = {"unit_id": cast.a.pk, "role": "EDITOR", "Đã khóa": True, "mystery": 3}
    after = {"unit_id": cast.b.pk, "role": "OFFICER", "Đã khóa": False, "mystery": 4}
    of_role = record_audit(actor=None, action="Thử", target=cast.officer.unit_roles.get(), before=before, after=after)
    told = {c.label: (c.before, c.after) for c in readable([of_role])[0].changes}
    assert told == {
        "Đơn vị": ("Trường Tiểu học A", "Trường THCS B"),
        "Vai trò": ("Người nhập của đơn vị", "Cán bộ phòng Văn hóa - Xã hội"),
        "Đã khóa": ("Có", "Không"),
        "Chi tiết khác": ("3", "4"),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "truong tieu hoc"}, True),
        ({"q": "DO THI can bo"}, True),
        ({"q": "khong co gi"}, False),
        ({"action": "Sửa đơn vị"}, True),
        ({"first_day": "01/01/2020", "last_day": "02/01/2020"}, False),
    ],
)
def test_the_audit_is_searched_without_diacritics_and_by_day(login, cast, entry, query, found):
    shown = [row.entry.pk for row in login(cast.officer).get(PAGE, query).context["entries"]]
    assert (entry.pk in shown) is found


def test_the_audit_is_filtered_by_person_and_by_today(login, cast, entry):
    client = login(cast.officer)
    today = timezone.localdate().strftime("%d/%m/%Y")
    query = {"actor": cast.officer.pk, "first_day": today, "last_day": today}
    assert [row.entry.pk for row in client.get(PAGE, query).context["entries"]] == [entry.pk]
    yesterday = (timezone.localdate() - timedelta(days=1)).strftime("%d/%m/%Y")
    assert client.get(PAGE, {"last_day": yesterday, "q": "don vi"}).context["entries"] == []


def test_a_wrong_date_narrows_nothing_and_is_told(login, cast, entry):
    response = login(cast.officer).get(PAGE, {"first_day": "31/02/2026"})
    assert entry.pk in [row.entry.pk for row in response.context["entries"]]
    assert "Không có ngày 31/02/2026" in response.text


def test_another_commune_reads_nothing_of_it(login, cast, entry):
    response = login(cast.stranger).get(PAGE)
    assert entry.pk not in [row.entry.pk for row in response.context["entries"]]
    assert "Đỗ Thị Cán Bộ" not in response.text


@pytest.mark.parametrize("who", ["leader", "editor_a", "team_member", "nobody"])
def test_the_audit_is_closed_to_those_who_do_not_administer(login, cast, who):
    assert login(getattr(cast, who)).get(PAGE).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_entries(login, cast, entry, django_assert_max_num_queries):
    client = login(cast.officer)
    with django_assert_max_num_queries(12) as few:
        client.get(PAGE)
    for number in range(20):
        record_audit(
            actor=cast.officer if number % 2 else cast.admin,
            action=f"Việc {number}",
            target=cast.b,
            after={"parent_id": cast.commune.pk},
        )
    with django_assert_max_num_queries(12) as many:
        client.get(PAGE)
    assert len(many) <= len(few) + 1  # the names of units, once
