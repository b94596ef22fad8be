"""Lists of every kind, checked and applied: who is new, who may be known, who is gone, and the way back."""

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import AuditEntry, Job
from campaigns.choices import Group
from campaigns.importers.kinds import KindPlan, NotUndoneError, kind_spec
from campaigns.importers.understanding import Answers
from campaigns.models import Household, HouseholdMove, Membership, Person, RosterImport
from campaigns.models.imports import ColumnMapping
from campaigns.services.imports import (
    ImportNotAppliedError,
    apply_roster,
    check_roster,
    forget_old_uploads,
    recheck_roster,
    undo_import,
    wrong_rows_workbook,
)
from campaigns.services.people import end_membership, update_person
from campaigns.tests.sheets import pupils, save_sheets, school_database_export
from hbs_portal.lib.importing import CheckReport, SourceRow, read_rows
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.sheets.reading import read_workbook
from hbs_portal.tests.lib.sheets.strictness import complaints

DAY, LATER = date(2026, 9, 5), date(2026, 10, 1)
STAFF_HEADINGS = ["STT", "Mã cán bộ", "Họ và tên", "Ngày sinh", "Chức danh"]
HOUSEHOLD_HEADINGS = ["STT", "Mã hộ", "Họ và tên chủ hộ", "Địa chỉ", "Số nhân khẩu", "Ghi chú"]
RESIDENT_HEADINGS = ["STT", "Mã hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Quan hệ với chủ hộ"]


@pytest.fixture
def check(cast, tmp_path):
    """check(lines, kind=…): the import of a sheet (or of a file) for school A on DAY as its editor."""

    def run(lines=None, *, path=None, kind="PUPILS", unit=None, actor=None, day=DAY, **values):
        path = path or save_sheets(tmp_path / "list.xlsx", {"Sheet1": lines})
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        unit, actor = unit or cast.a, actor or cast.editor_a
        return check_roster(actor=actor, unit=unit, kind=kind, effective_on=day, upload=upload, **values)

    return run


@pytest.fixture
def bring(check):
    """bring(lines, …): checked and applied; `only_valid_rows`, `leavers`, `leavers_on` go to the apply."""

    def run(lines=None, *, only_valid_rows=False, leavers=(), leavers_on=None, **values):
        checked = check(lines, **values)
        actor = checked.uploaded_by
        choice = {"only_valid_rows": only_valid_rows, "leavers": leavers, "leavers_on": leavers_on}
        return apply_roster(actor=actor, roster_import=checked, **choice)

    return run


def class_lines(*rows, class_name="4A", headings=("STT", "Họ và tên", "Ngày sinh", "Giới tính")):
    """A class list: rows of (name, birth date, gender)."""
    return [[f"DANH SÁCH LỚP {class_name}"], list(headings), *([n, *row] for n, row in enumerate(rows, start=1))]


def counts(roster_import, *names):
    return tuple(roster_import.report["counts"][name] for name in names)


def snapshot():
    """Everything that an import may write, without what counts the writes."""
    people = list(Person.objects.order_by("pk").values_list("pk", "full_name", "code", "birth_date", "gender"))
    memberships = list(Membership.objects.order_by("pk").values())
    households = list(
        Household.objects.order_by("pk").values("pk", "head_name", "code", "village", "ends_on", "is_poor")
    )
    return people, memberships, households, list(HouseholdMove.objects.values())


AN, BE, CUONG = ("Lê An", "05/09/2016", "Nam"), ("Trần Thị Bé", "06/09/2016", "Nữ"), ("Đỗ Cường", "07/09/2016", "Nam")


# Doubts


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("Lê An", "15/09/2016", "Nam"), "khác ngày sinh"),
        (("Lê Ân", "05/09/2016", "Nam"), "họ tên gần giống"),
        (("Lê Anh", "05/09/2016", "Nam"), "họ tên gần giống"),
        (("Le An", "05/09/2016", "Nam"), "họ tên gần giống"),
    ],
)
def test_somebody_similar_is_shown_for_a_decision_and_never_merged_silently(bring, check, row, why):
    bring(class_lines(AN))
    person = Person.objects.get()
    found = check(class_lines(row))
    doubt = found.report["duplicates"][0]
    assert (found.state, doubt["row"], [one["id"] for one in doubt["candidates"]]) == ("ASKING", 3, [person.pk])
    assert why in doubt["why"]
    with pytest.raises(ImportNotAppliedError, match="có thể trùng"):
        apply_roster(actor=found.uploaded_by, roster_import=found)
    assert Person.objects.count() == 1


@pytest.mark.parametrize("same", [True, False])
def test_a_decision_says_who_it_is(bring, check, cast, same):
    bring(class_lines(AN))
    person = Person.objects.get()
    found = check(class_lines(("Lê An", "15/09/2016", "Nam")))
    answers = Answers(decisions={found.report["duplicates"][0]["key"]: person.pk if same else 0})
    again = recheck_roster(actor=cast.editor_a, roster_import=found, answers=answers)
    assert (again.state, counts(again, "new", "changed", "duplicates")) == ("CHECKED", (0, 1, 0) if same else (1, 0, 0))
    apply_roster(actor=cast.editor_a, roster_import=again)
    assert Person.objects.count() == (1 if same else 2)
    person.refresh_from_db()
    assert person.birth_date == (date(2016, 9, 15) if same else date(2016, 9, 5))


def test_twins_and_namesakes_who_are_both_known_are_nobodys_doubt(bring, check):
    twins = class_lines(("Lê An", "05/09/2016", "Nam"), ("Lê Ân", "05/09/2016", "Nam"), ("Lê An", "09/09/2016", "Nam"))
    bring(twins)
    assert Person.objects.count() == 3
    assert counts(check(twins), "unchanged", "duplicates", "leavers") == (3, 0, 0)


def test_the_place_of_a_tone_is_no_other_name(bring, check):
    bring(class_lines(("Lê Thị Hoà", "05/09/2016", "Nữ")))
    assert counts(check(class_lines(("Lê Thị Hòa", "05/09/2016", "Nữ"))), "changed", "duplicates") == (1, 0)


def test_somebody_of_another_school_without_a_code_is_a_doubt_and_only_the_office_takes_them(bring, check, cast):
    bring(class_lines(AN), unit=cast.b, actor=cast.editor_b)
    person = Person.objects.get()
    found = check(class_lines(AN), day=LATER)
    assert "danh sách khác" in found.report["duplicates"][0]["why"]
    answers = Answers(decisions={found.report["duplicates"][0]["key"]: person.pk})
    editor = recheck_roster(actor=cast.editor_a, roster_import=found, answers=answers)
    assert editor.state == "REFUSED"
    assert "Phòng Văn hóa - Xã hội" in editor.report["errors"][0]["reason"]
    office = recheck_roster(actor=cast.officer, roster_import=editor, answers=answers)
    apply_roster(actor=cast.officer, roster_import=office)
    assert Person.objects.get().memberships.get(ends_on=None).unit == cast.a


# Leavers


def test_who_is_missing_is_proposed_as_a_leaver_and_ended_only_when_chosen(bring, check, cast):
    bring(class_lines(AN, BE, CUONG))
    found = check(class_lines(AN), day=LATER)
    assert [(one["name"], one["place"]) for one in found.report["leavers"]] == [
        ("Trần Thị Bé", "4A"),
        ("Đỗ Cường", "4A"),
    ]
    be = Person.objects.get(full_name="Trần Thị Bé")
    apply_roster(actor=cast.editor_a, roster_import=found, leavers={be.pk}, leavers_on=date(2026, 9, 20))
    assert list(Membership.objects.filter(ends_on=date(2026, 9, 20)).values_list("person", flat=True)) == [be.pk]
    assert Person.objects.count() == 3
    assert Membership.objects.filter(ends_on=None).count() == 2


def test_a_list_of_one_class_speaks_for_that_class_alone(bring, check):
    bring(class_lines(AN, BE))
    bring(class_lines(CUONG, class_name="4B"))
    assert [one["name"] for one in check(class_lines(AN)).report["leavers"]] == ["Trần Thị Bé"]


def test_whoever_stands_in_a_wrong_or_doubtful_row_is_no_leaver(bring, check):
    bring(class_lines(AN, BE))
    found = check(class_lines(("Lê An", "31/02/2016", "Nam"), ("Trần Thị Bê", "06/09/2016", "Nữ")))
    assert counts(found, "errors", "duplicates", "leavers") == (1, 1, 0)


def test_a_leaver_nobody_proposed_is_refused(bring, check, cast):
    bring(class_lines(AN, BE))
    found = check(class_lines(AN, BE, CUONG))
    with pytest.raises(ImportNotAppliedError, match="khác với lúc kiểm tra"):
        apply_roster(actor=cast.editor_a, roster_import=found, leavers={Person.objects.first().pk})
    assert Person.objects.count() == 2


def test_a_last_day_before_the_first_is_refused_with_a_name(bring, check, cast):
    bring(class_lines(AN, BE))
    found = check(class_lines(AN), day=LATER)
    leaver = found.report["leavers"][0]["id"]
    with pytest.raises(ImportNotAppliedError, match="Trần Thị Bé vào đơn vị từ 05/09/2026"):
        apply_roster(actor=cast.editor_a, roster_import=found, leavers={leaver}, leavers_on=date(2026, 9, 1))
    assert not Membership.objects.exclude(ends_on=None).exists()


def test_a_leaver_who_took_part_afterwards_is_refused_and_named_by_the_record(bring, check, cast, monkeypatch):
    bring(class_lines(AN, BE))
    found = check(class_lines(AN), day=LATER)
    leaver = found.report["leavers"][0]["id"]
    asked = []

    def records(ground):
        asked.append((set(ground.person_ids), ground.since))
        return ["hoạt động “Ngày hội” ngày 25/09/2026 (1 lượt)"] if ground.since <= date(2026, 9, 25) else []

    monkeypatch.setattr("campaigns.dependents._records", [records])
    with pytest.raises(ImportNotAppliedError, match="còn được ghi nhận sau ngày 20/09/2026: hoạt động “Ngày hội”"):
        apply_roster(actor=cast.editor_a, roster_import=found, leavers={leaver}, leavers_on=date(2026, 9, 20))
    assert not Membership.objects.exclude(ends_on=None).exists()
    apply_roster(actor=cast.editor_a, roster_import=found, leavers={leaver}, leavers_on=date(2026, 9, 25))
    assert asked == [({leaver}, date(2026, 9, 21)), ({leaver}, date(2026, 9, 26))]


# Staff, households, residents


def test_staff_come_into_the_group_of_their_position(bring, cast):
    lines = [
        STAFF_HEADINGS,
        [1, "HT01", "Phạm Hoa", "01/02/1975", "Hiệu trưởng"],
        [2, "GV01", "Vũ Lan", "03/04/1985", "Giáo viên"],
        [3, "NV01", "Đỗ Kế", "05/06/1990", "Kế toán"],
    ]
    bring(lines, kind="STAFF")
    groups = dict(Membership.objects.values_list("person__code", "group"))
    assert groups == {"HT01": "MANAGER", "GV01": "TEACHER", "NV01": "SCHOOL_STAFF"}


def test_a_teacher_who_becomes_head_changes_group_from_the_day_on(bring, cast):
    bring([STAFF_HEADINGS, [1, "GV01", "Vũ Lan", "03/04/1985", "Giáo viên"]], kind="STAFF")
    bring([STAFF_HEADINGS, [1, "GV01", "Vũ Lan", "03/04/1985", "Phó Hiệu trưởng"]], kind="STAFF", day=LATER)
    rows = list(Membership.objects.order_by("starts_on").values_list("group", "starts_on", "ends_on"))
    assert rows == [("TEACHER", DAY, date(2026, 9, 30)), ("MANAGER", LATER, None)]


def test_households_are_known_by_code_or_by_head_and_address(bring, check, cast):
    lines = [
        HOUSEHOLD_HEADINGS,
        [1, "H001", "Trần Văn Bảy", "Ngõ 1", 4, "Hộ nghèo"],
        [2, "", "Lê Thị Tám", "Ngõ 2", 3, ""],
    ]
    place = {"kind": "HOUSEHOLDS", "unit": cast.village, "actor": cast.village_head}
    bring(lines, **place)
    assert list(Household.objects.order_by("pk").values_list("code", "member_count", "is_poor")) == [
        ("H001", 4, True),
        (None, 3, False),
    ]
    assert counts(check(lines, **place), "new", "changed", "unchanged") == (0, 0, 2)
    moved = check([HOUSEHOLD_HEADINGS, [1, "", "Lê Thị Tám", "Ngõ 9", 3, ""]], **place)
    assert counts(moved, "duplicates", "leavers") == (1, 1)


def test_a_household_that_is_gone_ends_when_chosen(bring, check, cast, make_household):
    household = make_household(cast.village)
    lines = [HOUSEHOLD_HEADINGS, [1, "H002", "Lê Thị Tám", "Ngõ 2", 3, ""]]
    bring(lines, kind="HOUSEHOLDS", unit=cast.village, actor=cast.village_head, leavers=[household.pk])
    household.refresh_from_db()
    assert household.ends_on == date(2026, 9, 4)


def test_residents_come_with_their_households_and_heads(bring, check, cast):
    lines = [
        RESIDENT_HEADINGS,
        [1, "H001", "Trần Văn Bảy", "01/01/1970", "Nam", "Chủ hộ"],
        [2, "H001", "Trần Thị Con", "02/03/2016", "Nữ", "Con"],
        [3, "H002", "Lê Thị Tám", "04/05/1980", "Nữ", "Chủ hộ"],
    ]
    place = {"kind": "RESIDENTS", "unit": cast.village, "actor": cast.village_head}
    bring(lines, **place)
    rows = Membership.objects.order_by("person__pk").values_list("household__code", "is_head", "group")
    assert list(rows) == [("H001", True, "RESIDENT"), ("H001", False, "RESIDENT"), ("H002", True, "RESIDENT")]
    assert list(Household.objects.order_by("code").values_list("head_name", flat=True)) == [
        "Trần Văn Bảy",
        "Lê Thị Tám",
    ]
    assert counts(check(lines, **place), "unchanged", "new") == (3, 0)


def test_a_child_of_a_household_stays_a_pupil_of_the_school(bring, check, cast):
    bring(class_lines(("Trần Thị Con", "02/03/2016", "Nữ")))
    person = Person.objects.get()
    lines = [RESIDENT_HEADINGS, [1, "H001", "Trần Thị Con", "02/03/2016", "Nữ", "Con"]]
    found = check(lines, kind="RESIDENTS", unit=cast.village, actor=cast.village_head)
    decided = Answers(decisions={found.report["duplicates"][0]["key"]: person.pk})
    again = recheck_roster(actor=cast.village_head, roster_import=found, answers=decided)
    apply_roster(actor=cast.village_head, roster_import=again)
    assert Person.objects.count() == 1
    assert set(person.memberships.filter(ends_on=None).values_list("group", flat=True)) == {"PUPIL", "RESIDENT"}


def test_a_unit_without_such_a_list_is_told_so(check, cast):
    with pytest.raises(RefusedFile, match="không có danh sách loại này"):
        check(class_lines(AN), unit=cast.village)


# Two phases


def test_only_the_right_rows_by_explicit_choice(check, cast):
    found = check(class_lines(AN, ("Trần Thị Bé", "31/02/2016", "Nữ")))
    with pytest.raises(ImportNotAppliedError, match="còn lỗi"):
        apply_roster(actor=cast.editor_a, roster_import=found)
    assert not Person.objects.exists()
    applied = apply_roster(actor=cast.editor_a, roster_import=found, only_valid_rows=True)
    assert Person.objects.get().full_name == "Lê An"
    assert applied.report["applied"] == {"new": 1, "changed": 0, "leavers": 0}


def test_the_wrong_rows_come_back_with_their_reasons_and_go_in_when_mended(check, cast, tmp_path):
    found = check(class_lines(AN, ("Trần Thị Bé", "31/02/2016", "Nữ"), ("Đỗ Cường", "07/09/16", "Nam")))
    path = tmp_path / "wrong.xlsx"
    wrong_rows_workbook(found, path)
    assert complaints(path) == []
    rows = read_workbook(path, filename="wrong.xlsx").sheets[0].rows
    assert [row.cells[1] for row in rows[2:]] == ["Trần Thị Bé", "Đỗ Cường"]
    assert "Không có ngày 31/02/2016" in str(rows[2].cells[-1])
    mended = check(path=_mended(path), day=DAY)
    assert (mended.state, counts(mended, "new", "errors")) == ("CHECKED", (2, 0))


def _mended(path: Path) -> Path:
    from openpyxl import load_workbook

    book = load_workbook(path)
    book.active["C3"], book.active["C4"] = "28/02/2016", "07/09/2016"
    book.save(path)
    return path


def test_what_was_said_about_a_column_holds_for_the_next_file(check, cast):
    headings = ("STT", "Tên gọi đầy đủ", "Ngày sinh", "Giới tính")
    first = check(class_lines(AN, headings=headings))
    question = first.report["questions"][0]
    assert (first.state, question["kind"], question["missing"]) == ("ASKING", "columns", ("full_name",))
    column = next(one["key"] for one in question["columns"] if one["heading"] == "Tên gọi đầy đủ")
    answers = Answers(columns={question["signature"]: {column: "full_name"}})
    again = recheck_roster(actor=cast.editor_a, roster_import=first, answers=answers)
    assert (again.state, counts(again, "new")) == ("CHECKED", (1,))
    assert ColumnMapping.objects.get().saved_by == cast.editor_a
    assert counts(check(class_lines(BE, headings=headings)), "new") == (1,)


def test_a_file_somebody_exchanged_is_not_applied(check, cast, tmp_path):
    found = check(class_lines(AN))
    Path(found.file.path).write_bytes(save_sheets(tmp_path / "b.xlsx", {"A": class_lines(BE)}).read_bytes())
    with pytest.raises(ImportNotAppliedError):
        apply_roster(actor=cast.editor_a, roster_import=found)
    assert not Person.objects.exists()


def test_exchanged_rows_beside_the_file_are_not_believed(check, cast):
    found = check(class_lines(AN))
    rows = Path(f"{found.file.path}.rows.json")
    rows.write_text(rows.read_text(encoding="utf-8").replace("Lê An", "Kẻ Lạ"), encoding="utf-8")
    apply_roster(actor=cast.editor_a, roster_import=found)
    assert Person.objects.get().full_name == "Lê An"


def test_the_upload_and_its_rows_go_when_applied_and_after_a_day(
    check, cast, settings, django_capture_on_commit_callbacks
):
    def files():
        return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]

    first, second = check(class_lines(AN)), check(class_lines(BE))
    assert len(files()) == 4
    with django_capture_on_commit_callbacks(execute=True):
        applied = apply_roster(actor=cast.editor_a, roster_import=first)
    assert len(files()) == 2
    assert "Lê An" not in json.dumps(applied.report, ensure_ascii=False)
    assert forget_old_uploads(now=timezone.now() + timedelta(days=1, minutes=1)) == 1
    assert files() == []
    second.refresh_from_db()
    assert "Trần Thị Bé" not in json.dumps(second.report, ensure_ascii=False)


def test_a_long_list_is_checked_and_applied_by_jobs(
    check, cast, tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    from accounts.jobs import carry_out, take_next_job

    monkeypatch.setattr("campaigns.services.imports.checking.LARGE_ROWS", 3)
    monkeypatch.setattr("campaigns.services.imports.applying.LARGE_ROWS", 3)
    found = check(path=school_database_export(tmp_path / "e.xlsx", pupils(5)))
    assert (found.state, Job.objects.get().kind) == ("CHECKING", "roster_check")
    with pytest.raises(ImportNotAppliedError, match="đang được xử lý"):
        apply_roster(actor=cast.editor_a, roster_import=found)
    carry_out(take_next_job())
    found.refresh_from_db()
    assert (found.state, counts(found, "new")) == ("CHECKED", (5,))
    assert apply_roster(actor=cast.editor_a, roster_import=found).state == "APPLYING"
    carry_out(take_next_job())
    found.refresh_from_db()
    assert (found.state, Person.objects.count()) == ("APPLIED", 5)
    assert Job.objects.filter(state="DONE").count() == 2


def test_a_job_that_cannot_apply_leaves_the_import_as_checked(check, cast, tmp_path, monkeypatch, make_person):
    from accounts.jobs import carry_out, take_next_job

    monkeypatch.setattr("campaigns.services.imports.applying.LARGE_ROWS", 3)
    found = check(path=school_database_export(tmp_path / "e.xlsx", pupils(5)))
    apply_roster(actor=cast.editor_a, roster_import=found)
    make_person(cast.a, pupils(1)[0][1], code=pupils(1)[0][0], class_name="4C")
    carry_out(take_next_job())
    found.refresh_from_db()
    assert (found.state, Job.objects.get().state, Person.objects.count()) == ("CHECKED", "FAILED", 1)


@pytest.mark.parametrize("kind", ["PUPILS", "STAFF", "HOUSEHOLDS", "RESIDENTS"])
def test_a_row_is_cleaned_as_a_form_of_its_own_would(kind):
    form_class = kind_spec(kind).row_form
    cells = [None, "", "Lê An", "  ", "31/02/2016", "05/09/2016", 42000, 3.0, "x", "Nữ", "Nam", "4A", "2016", True, DAY]
    draw = random.Random(2026)
    rows = [
        SourceRow("A", number, {name: draw.choice(cells) for name in form_class.base_fields}) for number in range(200)
    ]
    report = CheckReport()
    valid = read_rows(rows, form_class, KindPlan(), report)
    forms = [form_class(data=dict(row.data)) for row in rows]
    assert [row.cleaned for row in valid] == [form.cleaned_data for form in forms if form.is_valid()]
    reasons = [str(text) for form in forms for texts in form.errors.values() for text in texts]
    assert [error.reason for error in report.errors] == reasons
    assert [one.reason for one in report.warnings] == [text for form in forms for _, text in form.warnings]


# The way back


def test_undoing_puts_everything_back_exactly(bring, cast, make_person):
    bring(class_lines(AN, BE))
    make_person(cast.b, "Đỗ Cường", code="0000000009", class_name="6A")
    before = snapshot()
    lines = [
        ["STT", "Mã định danh", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp"],
        [1, "0000000001", "LÊ AN", "05/09/2016", "Nam", "4B"],
        [2, "0000000009", "Đỗ Cường", "07/09/2016", "Nam", "4B"],
        [3, "0000000008", "Vũ Mới", "08/09/2016", "Nam", "4C"],
    ]
    leaver = Person.objects.get(full_name="Trần Thị Bé").pk
    applied = bring(lines, actor=cast.officer, day=LATER, leavers=[leaver])
    assert snapshot() != before
    undone = undo_import(actor=cast.officer, roster_import=applied)
    assert snapshot() == before
    assert (undone.state, undone.undo_steps, undone.undone_at is not None) == ("UNDONE", {}, True)
    assert AuditEntry.objects.filter(action="Hoàn tác nạp danh sách").count() == 1


def test_undoing_takes_households_and_residents_away_again(bring, cast, make_household):
    make_household(cast.village)
    before = snapshot()
    lines = [RESIDENT_HEADINGS, [1, "H001", "Lê Thị Tám", "04/05/1980", "Nữ", "Chủ hộ"]]
    applied = bring(lines, kind="RESIDENTS", unit=cast.village, actor=cast.village_head)
    undo_import(actor=cast.village_head, roster_import=applied)
    assert snapshot() == before


def test_an_import_on_which_records_stand_is_not_undone_and_they_are_named(bring, cast, make_activity):
    applied = bring(class_lines(AN, BE))
    make_activity(cast.a, title="Ngày hội số", on=LATER, people=[Person.objects.first()])
    with pytest.raises(NotUndoneError, match="Ngày hội số” ngày 01/10/2026"):
        undo_import(actor=cast.editor_a, roster_import=applied)
    assert Person.objects.count() == 2


@pytest.mark.parametrize("change", ["edit", "leave"])
def test_an_import_whose_people_somebody_changed_is_not_undone(bring, cast, change):
    applied = bring(class_lines(AN, BE))
    person = Person.objects.get(full_name="Lê An")
    if change == "edit":
        update_person(actor=cast.editor_a, person=person, expected_version=1, gender="FEMALE")
    else:
        membership = person.memberships.get()
        end_membership(actor=cast.editor_a, membership=membership, expected_version=1, last_day=LATER, reason="")
    with pytest.raises(NotUndoneError, match="Lê An"):
        undo_import(actor=cast.editor_a, roster_import=applied)
    assert Membership.objects.count() == 2


def test_an_import_is_undone_once(bring, cast):
    applied = bring(class_lines(AN))
    undo_import(actor=cast.editor_a, roster_import=applied)
    with pytest.raises(NotUndoneError, match="không có gì để hoàn tác"):
        undo_import(actor=cast.editor_a, roster_import=applied)
    assert counts(bring(class_lines(AN)), "new") == (1,)


def test_the_statements_of_apply_and_undo_do_not_grow_with_rows(bring, cast, tmp_path, django_assert_max_num_queries):
    costs = []
    assert cast.editor_a.scope
    for first, count in ((1, 2), (100, 60)):
        path = school_database_export(tmp_path / "a.xlsx", pupils(count, first=first))
        with django_assert_max_num_queries(60) as applying:
            applied = bring(path=path)
        with django_assert_max_num_queries(60) as undoing:
            undo_import(actor=cast.editor_a, roster_import=applied)
        costs.append((len(applying), len(undoing)))
    assert costs[0] == costs[1]


def test_a_changed_list_is_written_with_a_fixed_number_of_statements(bring, tmp_path, django_assert_max_num_queries):
    costs = []
    for first, count in ((1, 2), (100, 40)):
        bring(path=school_database_export(tmp_path / "a.xlsx", pupils(count, first=first)))
        changed = school_database_export(tmp_path / "b.xlsx", pupils(count, "4B", first=first))
        with django_assert_max_num_queries(60) as queries:
            bring(path=changed, day=LATER)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert Membership.objects.filter(group=Group.PUPIL, class_name="4B", ends_on=None).count() == 42
    assert RosterImport.objects.filter(state="APPLIED").count() == 4


def test_what_a_dead_process_left_on_the_disk_goes_after_a_day(settings, db):
    stray = Path(settings.MEDIA_ROOT) / "imports" / "2026" / "09" / "stray.xlsx.rows.json"
    stray.parent.mkdir(parents=True)
    stray.write_text("[]")
    forget_old_uploads(now=timezone.now())
    assert stray.exists()
    forget_old_uploads(now=timezone.now() + timedelta(days=1, minutes=1))
    assert not stray.exists()


def test_a_list_whose_title_names_another_unit_is_refused_in_words(check):
    with pytest.raises(RefusedFile, match="danh sách của Trường THCS B, không phải Trường Tiểu học A"):
        check([["TRƯỜNG THCS B"], *class_lines(AN)])
    assert not Person.objects.exists()


def test_rows_that_name_another_village_are_left_out(check, cast, make_unit):
    make_unit(cast.commune, "THON-2", "VILLAGE", "Thôn Hai")
    lines = [
        [*HOUSEHOLD_HEADINGS, "Thôn"],
        [1, "H001", "Trần Văn Bảy", "Ngõ 1", 4, "", "Thôn Một"],
        [2, "H002", "Lê Thị Tám", "Ngõ 2", 3, "", "THÔN HAI"],
    ]
    found = check(lines, kind="HOUSEHOLDS", unit=cast.village, actor=cast.village_head)
    assert counts(found, "new", "left_out", "errors") == (1, 1, 0)
    assert found.report["left_out"][0]["reason"] == "Thuộc Thôn Hai"


def test_a_resident_never_joins_a_household_of_another_village(check, cast, make_household, make_unit):
    make_household(make_unit(cast.commune, "THON-9", cast.village.kind, "Thôn Chín"), code="H900")
    lines = [RESIDENT_HEADINGS, [1, "H900", "Lê Thị Tám", "04/05/1980", "Nữ", "Chủ hộ"]]
    for actor in (cast.village_head, cast.officer):
        found = check(lines, kind="RESIDENTS", unit=cast.village, actor=actor)
        assert counts(found, "new", "errors") == (0, 1)
        [error] = found.report["errors"]
        assert (error["value"], error["reason"].startswith("Mã hộ này đang ở Thôn Chín")) == ("H900", True)
