"""The rules of warning signs over plain rows: what is a sign, what is not yet one, and by what it is known."""

from datetime import date, timedelta

import pytest

from campaigns.choices import Group
from reports.models.warning_signs import SignalKind
from reports.warning_signs import SignRows, find_signs
from reports.warning_signs.rows import Declared, Entry, Heads, Photo, Presence, Session
from reports.warning_signs.thresholds import IN_WORDS

DAY = date(2026, 4, 10)


def session(pk: int, host: int = 1, on: date = DAY, **values) -> Session:
    given = {"root_id": pk, "title": f"Hoạt động {pk}", "host": f"Đơn vị {host}", "starts_on": on, "ends_on": on}
    return Session(id=pk, host_id=host, **{**given, **values})


def by_id(*sessions: Session) -> dict[int, Session]:
    return {row.id: row for row in sessions}


def on_days(count: int, **values) -> dict[int, Session]:
    return by_id(*(session(pk, on=DAY + timedelta(days=pk), **values) for pk in range(1, count + 1)))


def only(rows: SignRows):
    (found,) = find_signs(rows)
    return found


def test_every_kind_of_sign_tells_from_where_on_it_is_one():
    assert set(IN_WORDS) == set(SignalKind)


# The same number again and again


def same_totals(total: int = 45, named: int = 0, count: int = 3) -> SignRows:
    return SignRows(on_days(count), heads=[Heads(pk, "Người dân", total, named) for pk in range(1, count + 1)])


def test_three_equal_head_counts_of_a_host_on_three_days_are_a_sign():
    sign = only(same_totals())
    assert sign.kind == SignalKind.SAME_TOTALS
    assert sign.sentence == "3 hoạt động cùng ghi đúng 45 người dân, chưa có tên."
    assert [record.id for record in sign.records] == [1, 2, 3]
    assert (sign.unit_ids, sign.on) == ((1,), DAY + timedelta(days=3))


@pytest.mark.parametrize(
    "rows",
    [
        same_totals(count=2),
        same_totals(total=20),
        same_totals(named=45),
        SignRows(by_id(session(1), session(2), session(3)), heads=[Heads(pk, "Người dân", 45) for pk in (1, 2, 3)]),
        SignRows(
            by_id(session(1), session(2, 2, DAY + timedelta(1)), session(3, 3, DAY + timedelta(2))),
            heads=[Heads(pk, "Người dân", 45) for pk in (1, 2, 3)],
        ),
    ],
    ids=["two only", "twenty people", "all by name", "one day", "three hosts"],
)
def test_equal_head_counts_are_no_sign_where_there_is_a_plain_reason(rows):
    assert find_signs(rows) == []


def test_a_fourth_equal_head_count_makes_it_another_sign():
    assert only(same_totals()).key != only(same_totals(count=4)).key


# One trainer at two hosts


def trainers(first: str, second: str, **values) -> list:
    return find_signs(SignRows(by_id(session(1, trainer=first), session(2, 2, trainer=second, **values))))


def test_one_trainer_at_two_hosts_on_one_day_is_a_sign():
    (sign,) = trainers("Nguyễn Văn An", "thầy nguyễn văn an")
    assert sign.kind == SignalKind.TRAINER_TWICE
    assert sign.sentence == (
        "Nguyễn Văn An được ghi là người hướng dẫn ở Đơn vị 1, Đơn vị 2 trong cùng ngày 10/04/2026."
    )
    assert sign.unit_ids == (1, 2)


def test_each_of_several_trainers_is_looked_for():
    (sign,) = trainers("Lê Thị Hoa, Nguyễn Văn An", "Nguyễn Văn An và Trần Bình")
    assert sign.sentence.startswith("Nguyễn Văn An")


def test_a_family_name_that_looks_like_an_office_is_a_name():
    assert len(trainers("Đoàn Văn Phong", "Đoàn Văn Phong")) == 1


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        ("Nguyễn Văn An", "Nguyễn Văn Anh", {}),
        ("Công an xã Hà Bắc", "Công an xã Hà Bắc", {}),
        ("cô Lan", "cô Lan", {}),
        ("Nguyễn Văn An", "Nguyễn Văn An", {"is_face_to_face": False}),
        ("Nguyễn Văn An", "Nguyễn Văn An", {"on": DAY + timedelta(days=1)}),
        ("Nguyễn Văn An", "Nguyễn Văn An", {"ends_on": DAY + timedelta(days=30)}),
    ],
    ids=["another name", "an office", "one word only", "online", "the next day", "a course of weeks"],
)
def test_a_trainer_is_no_sign_where_there_is_a_plain_reason(first, second, values):
    assert trainers(first, second, **values) == []


def test_two_classes_of_one_school_or_one_hall_told_by_two_hosts_are_no_sign():
    at_school = by_id(session(1, trainer="Lê Thị Hoa", place="4A"), session(2, trainer="Lê Thị Hoa", place="4B"))
    in_hall = by_id(
        session(1, trainer="Lê Thị Hoa", place="Hội trường UBND xã"),
        session(2, 2, trainer="Lê Thị Hoa", place="hoi truong UBND xã"),
    )
    assert find_signs(SignRows(at_school)) == find_signs(SignRows(in_hall)) == []


# One photo on several activities


def test_one_photo_on_two_activities_is_a_sign():
    sign = only(SignRows(by_id(session(1), session(2, 2)), photos=[Photo(1, "a" * 64), Photo(2, "a" * 64)]))
    assert (sign.kind, sign.sentence) == (SignalKind.SAME_PHOTO, "Cùng một tệp ảnh đính kèm 2 hoạt động.")


def test_one_photo_twice_on_one_activity_or_on_two_versions_of_it_is_no_sign():
    twice = [Photo(1, "a" * 64), Photo(1, "a" * 64)]
    assert find_signs(SignRows(by_id(session(1)), photos=twice)) == []
    versions = by_id(session(1), session(2, root_id=1))
    assert find_signs(SignRows(versions, photos=[Photo(1, "a" * 64), Photo(2, "a" * 64)])) == []


def test_a_correction_of_a_record_keeps_the_key_of_its_sign():
    photos = [Photo(1, "a" * 64), Photo(2, "a" * 64)]
    before = only(SignRows(by_id(session(1), session(2)), photos=photos))
    corrected = by_id(session(1), session(9, root_id=2))
    after = only(SignRows(corrected, photos=[Photo(1, "a" * 64), Photo(9, "a" * 64)]))
    assert after.key == before.key
    assert {record.id for record in after.records} == {1, 9}


# Nobody was ever absent


def complete(count: int, present: int = 30, listed: int = 30) -> SignRows:
    rows = [Presence(pk, 1, Group.PUPIL, "4A", present, listed) for pk in range(1, count + 1)]
    return SignRows(on_days(count), presences=rows)


def test_five_sessions_without_anybody_absent_are_a_sign():
    sign = only(complete(5))
    assert sign.kind == SignalKind.ALWAYS_ALL
    assert sign.sentence == "Lớp 4A: 5 buổi lần nào cũng có mặt đủ, nhiều nhất 30/30 người."


def test_four_sessions_a_small_class_or_one_absent_pupil_are_no_sign():
    assert find_signs(complete(4)) == []
    assert find_signs(complete(5, present=9, listed=9)) == []
    rows = complete(6)
    one_absent = [*rows.presences[:5], rows.presences[5]._replace(present=29)]
    assert find_signs(SignRows(rows.sessions, presences=one_absent)) == []


def test_a_class_that_was_looked_into_comes_up_again_when_its_sessions_have_doubled():
    keys = [only(complete(count)).key for count in (5, 9, 10, 19, 20)]
    assert keys[0] == keys[1] != keys[2] == keys[3] != keys[4]


# Entered long after


def late(days: int, pk: int = 1, kind: str = "hoat-dong") -> Entry:
    entered_on = date(2026, 10, 20)
    return Entry(kind, pk, 1, f"Bản ghi {pk}", entered_on - timedelta(days=days), entered_on)


def test_more_than_forty_days_are_late_and_forty_are_not():
    assert find_signs(SignRows(entries=[late(40)])) == []
    sign = only(SignRows(entries=[late(41)]))
    assert sign.kind == SignalKind.LATE_ENTRY
    assert sign.sentence == "1 hoạt động nhập ngày 20/10/2026, sau ngày diễn ra 41 ngày."


def test_what_a_unit_entered_on_one_day_is_one_sign_for_each_kind_of_record():
    batch = [late(45, 1), late(120, 2), late(50, 3, "kiem-tra-ho")]
    sentences = {sign.sentence for sign in find_signs(SignRows(entries=batch))}
    assert sentences == {
        "2 hoạt động nhập ngày 20/10/2026, sau ngày diễn ra 45 đến 120 ngày.",
        "1 bản kiểm tra hộ nhập ngày 20/10/2026, sau ngày diễn ra 50 ngày.",
    }


# Declared jumps


def series(*values: int, headcount: int | None = None) -> SignRows:
    rows = [
        Declared(pk, "K1", 1, Group.OFFICIAL, date(2026, pk, 28), value, headcount)
        for pk, value in enumerate(values, start=1)
    ]
    return SignRows(declared=rows)


def test_a_running_total_that_grows_by_more_than_half_of_the_head_count_is_a_sign():
    sign = only(series(10, 61, headcount=100))
    assert sign.kind == SignalKind.DECLARED_JUMP
    assert sign.sentence == (
        "K1, cán bộ, công chức: số luỹ kế tăng 51, từ 10 (28/01/2026) lên 61 (28/02/2026), quá 50% quy mô 100."
    )
    assert find_signs(series(10, 60, headcount=100)) == []


def test_a_step_of_more_than_three_times_the_usual_one_is_a_sign_once_there_is_a_usual_one():
    assert only(series(0, 10, 20, 30, 61)).sentence.endswith("gấp hơn 3 lần mức tăng thường thấy (10).")
    assert find_signs(series(0, 10, 20, 30, 60)) == []
    assert find_signs(series(0, 10, 20, 51)) == []


def test_the_first_number_a_decrease_and_a_few_people_are_no_jump():
    assert find_signs(series(90, headcount=100)) == []
    assert find_signs(series(90, 20, headcount=100)) == []
    assert find_signs(series(0, 9, headcount=10)) == []
