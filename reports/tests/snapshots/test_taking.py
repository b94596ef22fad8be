"""Taking a snapshot: what it holds, its number and its seal; it is never changed."""

import threading
from datetime import date

import pytest
from django.db import connection

from accounts.models import AuditEntry
from campaigns.choices import ActivityKind, ExclusionReason, Group, RecordStatus
from campaigns.models import Exclusion
from conftest import clock_values
from reports.models import Snapshot
from reports.progress import compute_progress
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
from reports.services import snapshots
from reports.services.snapshots import SnapshotError, open_snapshot, read_content, take_snapshot
from reports.snapshots.canonical import ContentError, settled
from reports.snapshots.content import Content, RecordKind, unpacked
from reports.snapshots.sealing import problem_of

JUNE = Clocks(date(2026, 6, 30), date(2026, 7, 5))


@pytest.fixture
def records(cast, campaign, make_person, make_activity, make_household, make_check, make_platform_use):
    pupils = [make_person(cast.a, f"Học sinh {n}", class_name="4A") for n in range(5)]
    lesson = make_activity(cast.a, people=pupils[:3], title="Bài học số")
    make_activity(cast.b, ActivityKind.FESTIVAL, people=pupils[3:4], status=RecordStatus.SUBMITTED)
    teacher = make_person(cast.a, "Lê Thị Hoa", Group.TEACHER)
    use = make_platform_use(teacher)
    check = make_check(make_household(cast.village))
    excluded = Exclusion.objects.create(
        commune=cast.commune,
        campaign=campaign,
        unit=cast.a,
        person=pupils[4],
        reason=ExclusionReason.SICK_LEAVE,
        starts_on=date(2026, 3, 1),
        entered_by=cast.editor_a,
        **clock_values(RecordStatus.APPROVED, date(2026, 3, 2), cast.officer),
    )
    return {"pupils": pupils, "lesson": lesson, "use": use, "check": check, "exclusion": excluded, "teacher": teacher}


def test_it_reads_back_the_same_facts_and_figures(cast, campaign, records):
    taken = take_snapshot(cast.officer, campaign, JUNE, "Sáu tháng đầu năm", "để báo cáo")
    content = open_snapshot(Snapshot.objects.get(pk=taken.pk))
    reading = read_progress(campaign, JUNE)
    assert content.progress == reading.progress == compute_progress(content.facts)
    assert content == settled(read_content(campaign, JUNE), Content)
    assert (content.campaign_code, content.as_of, content.approved_by) == (campaign.code, JUNE.as_of, JUNE.approved_by)


def test_it_tells_who_counted_by_which_record(cast, campaign, records):
    sources = open_snapshot(take_snapshot(cast.officer, campaign, JUNE, "Tên")).sources
    counted = {(row.target_code, row.subject_id): (row.kind, row.record_ids, row.on) for row in sources.counted}
    lesson, use, check = records["lesson"], records["use"], records["check"]
    pupil, day = records["pupils"][0], date(2026, 4, 10)
    assert counted["K3", pupil.pk] == (RecordKind.ACTIVITY, (lesson.pk,), day)
    assert counted["K2", records["teacher"].pk] == (RecordKind.PLATFORM_USE, (use.pk,), day)
    assert counted["K4", check.household_id] == (RecordKind.HOUSEHOLD_CHECK, (check.pk,), day)
    titles = {(row.kind, row.id): (row.title, row.version) for row in sources.records}
    assert titles[RecordKind.ACTIVITY, lesson.pk] == ("Bài học số", lesson.version)
    assert [(row.person_id, row.reason) for row in sources.exclusions] == [(records["pupils"][4].pk, "SICK_LEAVE")]


def test_nobodys_name_stands_in_it(cast, campaign, records):
    taken = take_snapshot(cast.officer, campaign, JUNE, "Tên")
    text = unpacked(taken.content).decode()
    assert "Học sinh 0" not in text
    assert "Trần Văn Bảy" not in text
    assert cast.a.name in text


def test_it_carries_the_versions_of_the_rules(cast, campaign):
    content = read_content(campaign, JUNE)
    assert {rule.code: rule.version for rule in content.facts.rules} == dict.fromkeys(
        ["K1", "K2", "K3", "K4", "K5", "K6"], 1
    )
    assert content.name("K3").noun == campaign.targets.get(code="K3").noun


def test_the_same_records_give_the_same_seal(cast, campaign, records):
    first, second = (take_snapshot(cast.officer, campaign, JUNE, name) for name in ("Một", "Hai"))
    assert first.sha256 == second.sha256
    assert [first.number, second.number] == [1, 2]
    assert second.code == f"{campaign.code}-002"


def test_taking_it_is_one_audit_entry_with_the_seal(cast, campaign):
    taken = take_snapshot(cast.officer, campaign, JUNE, "Tên")
    entry = AuditEntry.objects.get(object_type="reports.Snapshot")
    assert (entry.object_id, entry.after["seal"], entry.actor) == (taken.pk, taken.sha256, cast.officer)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: Snapshot.objects.filter(pk=row.pk).update(name="khác"),
        lambda row: Snapshot.objects.filter(pk=row.pk).delete(),
        lambda row: Snapshot.objects.bulk_update([row], ["name"]),
    ],
)
def test_it_can_be_neither_changed_nor_removed(cast, campaign, change):
    taken = take_snapshot(cast.officer, campaign, JUNE, "Tên")
    with pytest.raises(TypeError, match="append-only"):
        change(taken)


def test_a_changed_byte_breaks_the_seal(cast, campaign, records):
    taken = take_snapshot(cast.officer, campaign, JUNE, "Tên")
    other = take_snapshot(cast.officer, campaign, Clocks(date(2026, 3, 31), date(2026, 3, 31)), "Tên")
    assert problem_of(taken.content, taken.sha256, taken.as_of, taken.approved_by) == ""
    with pytest.raises(ContentError, match="niêm phong"):
        open_snapshot(Snapshot(content=other.content, sha256=taken.sha256))
    assert "niêm phong" in problem_of(other.content, taken.sha256, taken.as_of, taken.approved_by)
    assert "Hai ngày" in problem_of(taken.content, taken.sha256, other.as_of, other.approved_by)


def test_records_that_contradict_each_other_get_a_sentence(cast, campaign, make_person, make_activity):
    make_activity(cast.a, people=[make_person(cast.a), make_person(cast.a)], totals={Group.PUPIL: 1})
    with pytest.raises(SnapshotError, match=r"mâu thuẫn.*Hoạt động số"):
        take_snapshot(cast.officer, campaign, JUNE, "Tên")
    assert not Snapshot.objects.exists()


def test_records_that_change_while_they_are_read_are_read_again(cast, campaign, make_person, monkeypatch):
    readings = []

    def read_and_disturb(*arguments):
        readings.append(read_content(*arguments))
        if len(readings) == 1:
            make_person(cast.a)
        return readings[-1]

    monkeypatch.setattr(snapshots, "read_content", read_and_disturb)
    taken = take_snapshot(cast.officer, campaign, JUNE, "Tên")
    assert len(readings) == 3
    assert open_snapshot(taken).progress.target("K3").commune.d == 1


def test_records_that_never_rest_get_a_sentence(cast, campaign, make_person, monkeypatch):
    def read_and_disturb(*arguments):
        make_person(cast.a)
        return read_content(*arguments)

    monkeypatch.setattr(snapshots, "read_content", read_and_disturb)
    with pytest.raises(SnapshotError, match="Hãy thử lại"):
        take_snapshot(cast.officer, campaign, JUNE, "Tên")


def test_a_fixed_number_of_queries_takes_it(
    cast, campaign, records, make_person, make_activity, django_assert_max_num_queries
):
    with django_assert_max_num_queries(54):
        take_snapshot(cast.officer, campaign, JUNE, "Tên")
    for number in range(8):
        make_activity(cast.b, ActivityKind.TRAINING, people=[make_person(cast.b) for _ in range(3)], title=f"B{number}")
    with django_assert_max_num_queries(54):
        take_snapshot(cast.officer, campaign, JUNE, "Tên")


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers(cast, campaign):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection")
    barrier, numbers = threading.Barrier(4), []

    def take():
        try:
            barrier.wait()
            numbers.append(take_snapshot(None, campaign, JUNE, "Tên").number)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2, 3, 4]
