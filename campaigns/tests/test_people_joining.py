"""Who left comes back, and who belongs to two units: one more membership, nothing ends (rules C4, C5, C7)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from accounts.versions import StaleRecordError
from campaigns.choices import Group
from campaigns.services.people import join_unit

AUTUMN = date(2026, 9, 5)


@pytest.fixture
def leaver(cast, make_person):
    return make_person(cast.a, "Nguyễn Thị Lan", Group.PUPIL, "4A", ends_on=date(2026, 5, 31))


@pytest.fixture
def teacher(cast, make_person):
    return make_person(cast.a, "Lê Thị Hoa", Group.TEACHER)


def join(cast, person, **values):
    content = {"unit": cast.a, "group": Group.PUPIL, "class_name": "5A", "starts_on": AUTUMN, **values}
    return join_unit(actor=cast.officer, person=person, expected_version=person.version, **content)


def spans(person):
    return list(person.memberships.order_by("starts_on").values_list("unit__code", "starts_on", "ends_on"))


def test_who_left_comes_back_from_a_day_and_the_gap_stays(cast, leaver):
    join(cast, leaver)
    assert spans(leaver) == [("TH-A", date(2025, 9, 5), date(2026, 5, 31)), ("TH-A", AUTUMN, None)]
    assert AuditEntry.objects.get(action="Thêm thời gian thuộc đơn vị").unit_id == cast.a.pk


def test_c7_somebody_belongs_to_two_units_at_a_time(cast, teacher):
    join(cast, teacher, unit=cast.b, group=Group.TEACHER, class_name="")
    assert spans(teacher) == [("TH-A", date(2025, 9, 5), None), ("THCS-B", AUTUMN, None)]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"starts_on": date(2026, 5, 31)}, "đã thuộc Trường Tiểu học A từ 05/09/2025 đến 31/05/2026"),
        ({"starts_on": date(2090, 1, 1)}, "Ngày này chưa đến"),
        ({"class_name": ""}, "Hãy ghi lớp của học sinh"),
    ],
)
def test_two_stays_of_one_unit_and_group_do_not_overlap(cast, leaver, values, sentence):
    with pytest.raises(ValidationError, match=sentence):
        join(cast, leaver, **values)
    assert leaver.memberships.count() == 1


def test_a_stale_page_writes_nothing(cast, leaver):
    leaver.version = 7
    with pytest.raises(StaleRecordError):
        join(cast, leaver)
    assert leaver.memberships.count() == 1


def test_the_school_takes_its_former_pupil_back_on_the_page(cast, login, leaver):
    client, address = login(cast.editor_a), f"/nguoi/{leaver.pk}/them-don-vi/"
    form = client.get(address).context["form"]
    assert (form["unit"].value(), form["group"].value()) == (cast.a.pk, Group.PUPIL)
    sent = {"unit": cast.a.pk, "group": "PUPIL", "class_name": "5a", "starts_on": "05/09/2026", "version": "1"}
    assert client.post(address, sent).url == f"/nguoi/{leaver.pk}/"
    assert client.post(address, sent).status_code == 409
    page = client.get(f"/nguoi/{leaver.pk}/").content.decode()
    assert "lớp 5A" in page
    assert "Từ 05/09/2026 đến nay" in page


def test_an_editor_brings_nobody_to_another_unit(cast, login, leaver):
    sent = {"unit": cast.b.pk, "group": "PUPIL", "class_name": "6A", "starts_on": "05/09/2026", "version": "1"}
    assert login(cast.editor_a).post(f"/nguoi/{leaver.pk}/them-don-vi/", sent).status_code == 422
    assert leaver.memberships.count() == 1
