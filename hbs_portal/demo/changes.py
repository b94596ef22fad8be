"""What an auditor asks about: corrections, a withdrawn approval, exclusions, a split household, a changed rule.

Nothing here is drawn by chance, and the services leave the trail that a person's own steps would leave.
"""

from datetime import date
from typing import Any

from campaigns.choices import ActivityKind, ExclusionReason, Gender, Group, RecordStatus
from campaigns.models import Headcount, Household, Membership, Person, TargetVersion
from campaigns.services.targets import target_state, update_target
from hbs_portal.demo.commune import DemoCommune
from hbs_portal.demo.records import Batch, at_hour
from hbs_portal.demo.rosters import DECLARING_UNIT, SCHOOL_YEAR, Rosters
from training.models import Activity, Attendance, HouseholdCheck
from training.services.exclusions import propose_exclusions
from training.services.revisions import revise_record
from training.workflow import approve_record, submit_record

#: In this class one lesson was corrected, and the correction of another waits.
CORRECTED_CLASS = ("TH1", "1A")
SPLIT_ON = date(2026, 10, 20)
TOLERANCE_SINCE, TOLERANCE_DECIDED = date(2026, 4, 1), date(2026, 3, 25)


def build_changes(demo: DemoCommune, rosters: Rosters) -> None:
    """Comes after the year is written; of the figures only K4 of Thôn Đông Hạ moves, by the household that split."""
    _corrected_lessons(demo)
    _withdrawn_meeting(demo, rosters)
    _corrected_headcount(demo)
    _exclusions(demo, rosters)
    _split_household(demo, rosters)
    _changed_rule(demo)


def _revised(demo: DemoCommune, record: Any, unit_code: str, reason: str, on: date) -> Any:
    """A new version as a draft of that day, by who enters for the unit."""
    draft = revise_record(actor=demo.clerks[unit_code], record=record, reason=reason)
    draft.entered_at = at_hour(on, 20)
    draft.save(update_fields=["entered_at"])
    return draft


def _corrected_lessons(demo: DemoCommune) -> None:
    """One correction is approved, so that the first version is replaced; the other waits (rule H2)."""
    code, class_name = CORRECTED_CLASS
    lessons = Activity.objects.filter(
        commune=demo.campaign.commune, host=demo.units[code], status=RecordStatus.APPROVED, kind=ActivityKind.LESSON
    )
    first, second = lessons.filter(title__endswith=f"lớp {class_name}").order_by("ends_on", "pk")[:2]
    draft = _revised(demo, first, code, "Ghi nhầm địa điểm", date(2026, 10, 12))
    draft.place = "Phòng học thông minh"
    draft.save()
    submit_record(actor=demo.clerks[code], record=draft, on=date(2026, 10, 12))
    approve_record(actor=demo.officer, record=draft, on=date(2026, 10, 14))
    waiting = _revised(demo, second, code, "Một học sinh nghỉ ốm, ghi nhầm là có mặt", date(2026, 10, 30))
    waiting.attendances.filter(commune=demo.campaign.commune).order_by("-pk")[0].delete()
    submit_record(actor=demo.clerks[code], record=waiting, on=date(2026, 10, 30))


def _withdrawn_meeting(demo: DemoCommune, rosters: Rosters) -> None:
    """Approved, found to be entered twice, and withdrawn: it counts nowhere since."""
    batch = Batch(demo)
    village, homes = demo.units["T02"], rosters.households["T02"][:60]
    title = "Tuyên truyền Bình dân học vụ số tại nhà văn hóa thôn (ghi lại)"
    meeting = batch.add(village, ActivityKind.COMMUNICATION, title, date(2026, 8, 14), households=homes)
    meeting.status, meeting.ended_on = RecordStatus.WITHDRAWN, date(2026, 9, 3)
    meeting.end_reason = "Trùng với buổi thôn đã ghi trước đó; thôn xác nhận chỉ họp một lần."
    batch.write()


def _corrected_headcount(demo: DemoCommune) -> None:
    """Declared as three, corrected to the two that the figures always stood on (rule G6: backwards)."""
    unit = demo.units[DECLARING_UNIT]
    declared = Headcount.objects.get(commune=demo.campaign.commune, unit=unit, group=Group.WORKER)
    right = declared.count
    declared.count = right + 1
    declared.save(update_fields=["count"])
    draft = _revised(demo, declared, DECLARING_UNIT, "Tính cả một người đã nghỉ việc từ năm 2025", date(2026, 7, 15))
    draft.count = right
    draft.save(update_fields=["count"])
    submit_record(actor=demo.clerks[DECLARING_UNIT], record=draft, on=date(2026, 7, 15))
    approve_record(actor=demo.officer, record=draft, on=date(2026, 7, 20))


def _exclusions(demo: DemoCommune, rosters: Rosters) -> None:
    """Two approved, one of them of somebody whom no training reached; one waits, one is still a draft (rule C8)."""
    untrained = [row for row in rosters.staff["TH2"] if not Attendance.objects.filter(person=row.person).exists()]
    away = [*untrained, *rosters.staff["TH2"]][0]
    start = date(2026, 3, 16)
    _exclude(demo, away, ExclusionReason.SICK_LEAVE, start, date(2026, 3, 20), note="Điều trị dài ngày từ 16/3")
    official = rosters.staff["VP"][-1]
    _exclude(demo, official, ExclusionReason.SECONDMENT, date(2026, 5, 4), date(2026, 5, 12), note="Biệt phái lên tỉnh")
    women = [row for row in rosters.staff["TH1"] if row.person.gender == Gender.FEMALE]
    *_, second, youngest = sorted(women, key=lambda row: row.person.birth_date)
    _propose(demo, youngest, ExclusionReason.MATERNITY, date(2026, 10, 5), sent=date(2026, 10, 29))
    _propose(demo, second, ExclusionReason.STUDY_LEAVE, date(2026, 9, 7))


def _propose(
    demo: DemoCommune, row: Membership, reason: str, starts_on: date, sent: date | None = None, note: str = ""
) -> Any:
    clerk = demo.clerks[row.unit.code]
    (record,) = propose_exclusions(
        actor=clerk, campaign=demo.campaign, people=[row.person], reason=reason, starts_on=starts_on, note=note
    )
    if sent:
        submit_record(actor=clerk, record=record, on=sent)
    return record


def _exclude(demo: DemoCommune, row: Membership, reason: str, starts_on: date, decided: date, note: str) -> None:
    record = _propose(demo, row, reason, starts_on, decided, note)
    approve_record(actor=demo.officer, record=record, on=decided)


def _split_household(demo: DemoCommune, rosters: Rosters) -> None:
    """The checked daughter leaves with her own household, which is covered by her check (rule E3)."""
    old = rosters.households["T01"][0]
    village = demo.units["T01"]
    family = old.head_name.split()[0]
    daughter = _person(demo, f"{family} Thị Kim Ngân", date(1998, 5, 14))
    son = _person(demo, f"{family} Văn Hoàng Long", date(2001, 11, 2))
    new = Household.objects.create(
        commune_id=old.commune_id, village=village, head_name=daughter.full_name, code="T01-0413", address=old.address,
        member_count=2, starts_on=SPLIT_ON, split_from=old,
    )  # fmt: skip
    held = {"commune_id": old.commune_id, "unit": village, "group": Group.RESIDENT}
    before = SPLIT_ON.replace(day=SPLIT_ON.day - 1)
    since = {"household": old, "starts_on": SCHOOL_YEAR}
    Membership.objects.create(person=daughter, **held, **since, ends_on=before, end_reason="Tách hộ")
    Membership.objects.create(person=daughter, **held, household=new, starts_on=SPLIT_ON, is_head=True)
    Membership.objects.create(person=son, **held, **since)
    HouseholdCheck.objects.filter(commune_id=old.commune_id, household=old).update(member=daughter)


def _person(demo: DemoCommune, full_name: str, birth_date: date) -> Person:
    return Person.objects.create(commune=demo.campaign.commune, full_name=full_name, birth_date=birth_date)


def _changed_rule(demo: DemoCommune) -> None:
    """Until April "khoảng 70%" had no tolerance; the commune then declared one (rules A6, H6)."""
    target = demo.campaign.targets.get(code="K4")
    values = target_state(target) | {"tolerance_bp": 500, "fixed_on": target.fixed_on}
    update_target(
        actor=demo.officer, target=target, expected_version=target.version, effective_on=TOLERANCE_SINCE,
        reason="Xã thống nhất sai số 5% của “khoảng” tại cuộc họp Ban Chỉ đạo ngày 25/3/2026", **values,
    )  # fmt: skip
    TargetVersion.objects.filter(target=target, number=2).update(recorded_on=TOLERANCE_DECIDED)
