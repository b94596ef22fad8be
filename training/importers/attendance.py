"""The attendance of one activity from a sheet: who of the people on the rosters was there (rules B5, C1, D2, D3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accounts.models import User
from accounts.versions import StaleRecordError
from campaigns.importers.kinds import KindPlan, KindSpec, NotUndoneError, Subject
from campaigns.importers.roster import Problem
from campaigns.importers.understanding import Answers
from campaigns.models import Person, Unit
from campaigns.models.campaign import CampaignState
from campaigns.models.imports import RosterKind
from hbs_portal.lib.importing import Outcome, OutcomeKind, ReadRow, RowError
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.text import date_short
from training.contradictions import total_under_named
from training.importers.attendance_people import ReachablePeople
from training.importers.attendance_rows import ATTENDANCE_LAYOUT, AttendanceRowForm, mark_field, presences
from training.models import Activity
from training.services.activities import ActivityError, content_of, update_activity
from training.services.attendees import attendances_of_people, beyond_reach, count_groups, restore_people
from training.workflow import WorkflowError

MAX_ROWS = 5_000
NO_ACTIVITY = "Chưa rõ điểm danh của hoạt động nào. Hãy mở hoạt động mà bạn được sửa rồi bấm “Nạp điểm danh từ Excel”."
NOT_RUNNING = "Chiến dịch của hoạt động này không còn mở nên không nạp điểm danh được."


@dataclass(frozen=True)
class Mark:
    """What a row says of one person."""

    person: Person
    is_present: bool


class AttendancePlan(KindPlan):
    """The list of `activity`, as `actor` may change it; people who are not in the file stay as they are."""

    layout = ATTENDANCE_LAYOUT

    def __init__(self, *, actor: User, activity: Activity) -> None:
        super().__init__()
        self.actor, self.activity = actor, activity
        self.people = ReachablePeople(actor=actor, activity=activity)
        self.content = content_of(activity)
        self.seen: dict[int, int] = {}

    def compare(self, rows: Sequence[ReadRow]) -> Iterator[Outcome | RowError]:
        """A fixed number of queries; `existing` of an outcome is a Mark."""
        self.people.load(rows)
        present = presences(rows)
        results = [self._result(row, present[id(row)]) for row in rows]
        crowded = self._crowded([one for one in results if isinstance(one, Outcome)])
        for result in results:
            yield result if isinstance(result, RowError) else self._allowed(result, crowded)

    def _result(self, row: ReadRow, present: bool | str) -> Outcome | RowError:
        try:
            if isinstance(present, str):
                raise Problem(mark_field(row), present)
            return self._outcome(row, Mark(self._person(row), present))
        except Problem as problem:
            return row.source.error(problem.column, problem.reason)

    def _person(self, row: ReadRow) -> Person:
        person = self.people.find(row.cleaned)
        earlier = self.seen.setdefault(person.pk, row.source.number)
        if earlier != row.source.number:
            raise Problem("full_name", f"Người này đã có ở dòng {earlier}. Hãy xóa một trong hai dòng.")
        return person

    def _outcome(self, row: ReadRow, mark: Mark) -> Outcome:
        was_present = mark.person.pk in self.content.person_ids
        if mark.is_present == was_present:
            return Outcome(OutcomeKind.UNCHANGED, row, existing=mark)
        if mark.is_present:
            return Outcome(OutcomeKind.NEW, row, existing=mark)
        return Outcome(OutcomeKind.CHANGED, row, {"Điểm danh": ("Có mặt", "Vắng")}, mark)

    def _person_ids(self, outcomes: Sequence[Outcome]) -> frozenset[int]:
        """Who is on the list after these outcomes."""
        marks: list[Mark] = [outcome.existing for outcome in outcomes]
        gone = {mark.person.pk for mark in marks if not mark.is_present}
        return (self.content.person_ids - gone) | {mark.person.pk for mark in marks if mark.is_present}

    def _crowded(self, outcomes: Sequence[Outcome]) -> Mapping[int, str]:
        """Rule D2: person's id -> why the name is too much, for the groups whose total would be too small."""
        ids = self._person_ids(outcomes)
        kept = beyond_reach(self.actor, self.activity)
        host, day = self.activity.host, self.activity.starts_on
        own = attendances_of_people(
            actor=self.actor, host=host, day=day, person_ids=ids - {row.person_id for row in kept}
        )
        named = count_groups([*own, *kept])
        short = {group: total for group, total in self.content.group_totals.items() if total < named[group]}
        return {
            row.person_id: total_under_named(row.group, short[row.group], named[row.group])
            for row in own
            if row.person_id and row.group in short
        }

    def _allowed(self, outcome: Outcome, crowded: Mapping[int, str]) -> Outcome | RowError:
        reason = crowded.get(outcome.existing.person.pk)
        is_refused = reason and outcome.kind == OutcomeKind.NEW
        return outcome.row.source.error("__all__", reason) if reason and is_refused else outcome

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Changes the list as its form would; raises Problem where the activity is not as it was at the check."""
        before = self.content.person_ids
        content = replace(self.content, person_ids=self._person_ids(outcomes))
        removed = self.activity.attendances.filter(person_id__in=before - content.person_ids)
        stored = removed.values("person_id", "group", "unit_id", "class_name")
        self._remember(before, content.person_ids, [dict(row) for row in stored])
        try:
            update_activity(
                actor=self.actor, activity=self.activity, content=content, expected_version=self.activity.version
            )
        except (ActivityError, WorkflowError, StaleRecordError) as error:
            raise Problem("", str(error)) from error

    def _remember(self, before: frozenset[int], after: frozenset[int], removed: list[dict[str, Any]]) -> None:
        step = {"before": {"removed": removed}, "after": {"person_ids": sorted(after)}}
        self.writer.log.created["attended"] = sorted(after - before)
        self.writer.log.changed["activity"] = {str(self.activity.pk): step}


def plan_attendance(
    *, actor: User | None, unit: Unit, effective_on: date, answers: Answers, activity_id: int | None
) -> AttendancePlan:
    """The plan of an activity that `unit` hosts and `actor` may edit. Raises RefusedFile."""
    found = _editable(actor, activity_id).filter(host=unit).first() if actor and activity_id else None
    if found is None or actor is None:
        raise RefusedFile(NO_ACTIVITY)
    if not found.is_editable:
        state = found.get_status_display()
        raise RefusedFile(f"Hoạt động đang ở trạng thái “{state}” nên không nạp điểm danh được.")
    if found.campaign.state != CampaignState.OPEN:
        raise RefusedFile(NOT_RUNNING)
    return AttendancePlan(actor=actor, activity=found)


def _editable(actor: User, activity_id: int):  # type: ignore[no-untyped-def]  # activities with host and campaign
    rows = Activity.objects.editable_by(actor).select_related("host", "team", "campaign")
    return rows.filter(pk=activity_id)


def subject_of_attendance(actor: User, activity_id: int) -> Subject | None:
    """What the upload page says of the activity whose attendance is brought; None for who may not change it."""
    activity = _editable(actor, activity_id).first()
    if activity is None or not activity.is_editable:
        return None
    words = f"Điểm danh của hoạt động “{activity}”, {activity.host}, ngày {date_short(activity.starts_on)}"
    return Subject(unit_id=activity.host_id, day=activity.starts_on, words=words)


def undo_attendance(unit: Unit, effective_on: date, steps: Mapping[str, Any]) -> None:
    """Takes the added names off and puts the removed ones back. Raises NotUndoneError where the list changed since."""
    ((pk, step),) = steps["changed"]["activity"].items()
    rows = Activity.objects.select_for_update(of=("self",))
    activity = rows.filter(commune_id=unit.commune_id, pk=int(pk)).first()
    if activity is None:
        raise NotUndoneError("Hoạt động của lần nạp này đã bị xóa nên không còn gì để hoàn tác.")
    if not activity.is_editable:
        raise NotUndoneError("Hoạt động đã gửi duyệt nên không hoàn tác điểm danh được.")
    if sorted(content_of(activity).person_ids) != step["after"]["person_ids"]:
        raise NotUndoneError("Điểm danh đã được sửa sau lần nạp này. Hãy sửa trên trang hoạt động thay vì hoàn tác.")
    restore_people(activity=activity, added_ids=steps["created"]["attended"], removed=step["before"]["removed"])


ATTENDANCE = KindSpec(
    kind=RosterKind.ATTENDANCE,
    label=RosterKind.ATTENDANCE.label,
    things="lượt điểm danh",
    layout=ATTENDANCE_LAYOUT,
    row_form=AttendanceRowForm,
    plan=plan_attendance,
    undo=undo_attendance,
    shown=("full_name", "birth_date", "class_name", "code"),
    max_rows=MAX_ROWS,
    subject=subject_of_attendance,
    afterwards="Hãy mở hoạt động để xem lại danh sách rồi gửi duyệt.",
)
