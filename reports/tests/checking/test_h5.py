"""Rule H5: whatever is stored can be computed again; each kind is broken on purpose, found and named."""

import zlib
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.models import AuditEntry
from campaigns.choices import Group, RecordStatus, UnitKind
from campaigns.models import Membership, Person, Target, TargetVersion, Unit
from conftest import clock_values
from reports.checking import CHECKS, Scope, differences
from reports.models import ReportingPeriod, Snapshot
from reports.models.periods import PeriodState
from reports.selectors.clocks import Clocks
from reports.services.snapshots import take_snapshot
from reports.snapshots.content import unpacked
from training.models import Activity, Attendance, RunningTotal
from training.services.revisions import revise_record, withdraw_approval
from training.workflow import approve_record, submit_record

JUNE = Clocks(date(2026, 6, 30), date(2026, 7, 5))
pytestmark = pytest.mark.usefixtures("past_the_guards")


@pytest.fixture
def records(cast, make_person, make_activity, make_household, make_check):
    """A little of everything, as the services store it."""
    pupils = [make_person(cast.a, f"Học sinh {n}", class_name="4A") for n in range(4)]
    lesson = make_activity(cast.a, people=pupils[:3], totals={Group.PUPIL: 5})
    make_check(make_household(cast.village))
    return {"pupils": pupils, "lesson": lesson}


@pytest.fixture
def found(campaign):
    """found() are the differences as (name of the check, text); nothing where all is well."""

    def check() -> list[tuple[str, str]]:
        return [(name, str(difference)) for name, difference in differences(Scope(campaign))]

    return check


def tamper(model, pk: int, **values) -> None:
    """What no service would do: straight into the table, past the model."""
    sets = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {sets} WHERE id = %s", [*values.values(), pk])  # noqa: S608


def only(rows, name: str) -> str:
    assert [row[0] for row in rows] == [name]
    return rows[0][1]


def test_h5_records_as_the_services_store_them_have_no_difference(cast, campaign, records, found):
    take_snapshot(cast.officer, campaign, JUNE, "Tên")
    draft = revise_record(actor=cast.officer2, record=records["lesson"], reason="Nhầm")
    submit_record(actor=cast.officer2, record=draft, on=date(2026, 8, 1))
    approve_record(actor=cast.officer, record=draft, on=date(2026, 8, 2))
    withdraw_approval(actor=cast.officer, record=draft, reason="Nhầm", on=date(2026, 8, 3))
    again = revise_record(actor=cast.officer2, record=draft, reason="Làm lại")
    submit_record(actor=cast.officer2, record=again, on=date(2026, 8, 4))
    approve_record(actor=cast.officer, record=again, on=date(2026, 8, 5))
    assert found() == []


def test_h5_a_snapshot_whose_content_was_changed(cast, campaign, records, found):
    taken = take_snapshot(cast.officer, campaign, JUNE, "Tên")
    data = unpacked(taken.content).replace(b'"n":3', b'"n":4')
    tamper(Snapshot, taken.pk, content=zlib.compress(data, 9))
    assert "niêm phong" in only(found(), "Bản chốt số liệu")


def test_h5_a_snapshot_sealed_anew_over_other_figures(cast, campaign, records, found):
    taken = take_snapshot(cast.officer, campaign, JUNE, "Tên")
    data = unpacked(taken.content).replace(b'"n":3', b'"n":4')
    tamper(Snapshot, taken.pk, content=zlib.compress(data, 9), sha256=sha256(data).hexdigest())
    assert "ra số khác" in only(found(), "Bản chốt số liệu")


def test_h5_a_snapshot_that_is_gone_leaves_a_gap(cast, campaign, found):
    for name in ("Một", "Hai"):
        take_snapshot(cast.officer, campaign, JUNE, name)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_snapshot WHERE number = 1")
    assert f"{campaign.code}-001" in only(found(), "Bản chốt số liệu")


def test_h5_a_closed_period_without_its_figures(cast, campaign, found):
    period = ReportingPeriod.objects.create(
        commune=cast.commune,
        campaign=campaign,
        name="Quý II",
        starts_on=date(2026, 4, 1),
        ends_on=JUNE.as_of,
        state=PeriodState.CLOSED,
        closed_on=JUNE.approved_by,
    )
    assert "Quý II" in only(found(), "Kỳ báo cáo đã khóa")
    take_snapshot(cast.officer, campaign, JUNE, "Quý II", period=period)
    assert found() == []


def test_h5_a_target_that_differs_from_its_newest_version(campaign, found):
    Target.objects.filter(campaign=campaign, code="K4").update(tolerance_bp=500)
    text = only(found(), "Chỉ tiêu và phiên bản")
    assert "K4" in text
    assert "sai số" in text


def test_h5_a_version_that_was_taken_out(campaign, found):
    TargetVersion.objects.filter(target__code="K1", target__campaign=campaign).delete()
    assert "phiên bản" in only(found(), "Chỉ tiêu và phiên bản")


@pytest.mark.parametrize("model", [Unit, Person, Activity])
def test_h5_a_search_key_of_another_name(records, campaign, found, model):
    pk = model.objects.filter(commune=campaign.commune).first().pk
    tamper(model, pk, search_key="khac")
    assert f"số {pk}" in only(found(), "Khóa tìm kiếm và sắp xếp")


def test_h5_a_search_key_of_the_audit(cast, campaign, records, found):
    take_snapshot(cast.officer, campaign, JUNE, "Tên")
    tamper(AuditEntry, AuditEntry.objects.latest("pk").pk, search_key="khac")
    assert "Nhật ký" in only(found(), "Khóa tìm kiếm và sắp xếp")


def test_h5_a_path_that_leads_elsewhere(cast, found):
    tamper(Unit, cast.a.pk, path="/1/")
    assert cast.a.name in only(found(), "Đường dẫn đơn vị")


def test_h5_an_attendance_of_another_commune(cast, records, found):
    row = Attendance.objects.first()
    tamper(Attendance, row.pk, unit_id=cast.other_school.pk, group="")
    assert f"số {row.pk}" in only(found(), "Bản ghi của xã khác")


@pytest.mark.parametrize("values", [{"group": Group.TEACHER.value}, {"class_name": "5C"}])
def test_h5_an_attendance_beside_the_roster_of_its_day(records, found, values):
    tamper(Attendance, Attendance.objects.first().pk, **values)
    assert "Học sinh" in only(found(), "Điểm danh so với danh sách")


def test_h5_a_roster_that_was_changed_behind_an_attendance(records, found):
    Membership.objects.filter(person=records["pupils"][0]).update(starts_on=date(2026, 5, 1))
    assert "Bài" not in only(found(), "Điểm danh so với danh sách")


def test_h5_days_that_are_not_those_of_their_moments(cast, records, found):
    moment = datetime(2026, 4, 10, 23, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    lesson = records["lesson"]
    Activity.objects.filter(pk=lesson.pk).update(submitted_at=moment, decided_at=moment)
    assert found() == []
    Activity.objects.filter(pk=lesson.pk).update(approved_on=date(2026, 4, 11))
    assert "ngày duyệt" in only(found(), "Ngày gửi, ngày duyệt")
    Activity.objects.filter(pk=lesson.pk).update(approved_on=date(2026, 4, 10), submitted_on=date(2026, 4, 9))
    assert "ngày gửi duyệt" in only(found(), "Ngày gửi, ngày duyệt")


@pytest.fixture
def replaced(cast, records):
    """The lesson and the approved version that took its place."""
    draft = revise_record(actor=cast.officer2, record=records["lesson"], reason="Nhầm")
    submit_record(actor=cast.officer2, record=draft, on=date(2026, 8, 1))
    approve_record(actor=cast.officer, record=draft, on=date(2026, 8, 2))
    return records["lesson"], draft


@pytest.mark.parametrize(
    "values, words",
    [
        ({"ended_on": date(2026, 8, 9)}, "được duyệt"),
        ({"revised_on": date(2026, 8, 9)}, "nhường chỗ"),
        ({"status": RecordStatus.APPROVED, "ended_on": None}, "đã duyệt nhưng chưa"),
    ],
)
def test_h5_a_chain_of_versions_that_does_not_join(replaced, found, values, words):
    old, _ = replaced
    Activity.objects.filter(pk=old.pk).update(**values)
    assert words in only(found(), "Bản sửa và bản được thay")


def test_h5_a_record_that_was_replaced_by_nothing(cast, campaign, found):
    values = {"commune": cast.commune, "unit": cast.a, "target": campaign.targets.get(code="K3"), "value": 3}
    approved = clock_values(RecordStatus.APPROVED, date(2026, 5, 2), cast.officer)
    total = RunningTotal.objects.create(
        group=Group.PUPIL, as_of=date(2026, 5, 1), entered_by=cast.editor_a, **values, **approved
    )
    RunningTotal.objects.filter(pk=total.pk).update(status=RecordStatus.REPLACED, ended_on=date(2026, 6, 1))
    assert "không có bản sửa" in only(found(), "Bản sửa và bản được thay")


def test_h5_more_names_than_heads(records, found):
    records["lesson"].group_totals.update(total=2)
    assert "ghi tên 3 người" in only(found(), "Tổng số và số có tên")


def test_h5_each_check_takes_the_same_queries_however_much_there_is(
    cast, campaign, records, make_person, make_activity, make_unit, django_assert_max_num_queries
):
    def count() -> dict[str, int]:
        taken = {}
        for name, check in CHECKS.items():
            with django_assert_max_num_queries(12) as queries:
                list(check(Scope(campaign)))
            taken[name] = len(queries)
        return taken

    take_snapshot(cast.officer, campaign, JUNE, "Tên")
    few = count()
    for number in range(6):
        unit = make_unit(cast.commune, f"TH-{number}", UnitKind.PRIMARY)
        make_activity(unit, people=[make_person(unit) for _ in range(3)], totals={Group.PUPIL: 9})
    assert count() == few
