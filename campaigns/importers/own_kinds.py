"""The kinds of lists of this room: pupils, staff, households, residents."""

from datetime import date

from accounts.models import User
from campaigns.choices import SCHOOL_KINDS, UnitKind
from campaigns.importers.households import HouseholdPlan
from campaigns.importers.kinds import KindSpec, register_kind
from campaigns.importers.layouts import HOUSEHOLD_LAYOUT, PUPIL_LAYOUT, RESIDENT_LAYOUT, STAFF_LAYOUT
from campaigns.importers.pupils import PupilPlan
from campaigns.importers.residents import ResidentPlan
from campaigns.importers.roster import RosterPlan
from campaigns.importers.rows import HouseholdRowForm, PupilRowForm, ResidentRowForm, StaffRowForm
from campaigns.importers.staff import StaffPlan
from campaigns.importers.understanding import Answers
from campaigns.importers.undoing import undo_steps
from campaigns.models import Unit
from campaigns.models.imports import RosterKind

STAFFED_KINDS = (*SCHOOL_KINDS, UnitKind.OFFICE, UnitKind.LEARNING_CENTRE, UnitKind.UNION, UnitKind.VILLAGE)


def _may_take_over(actor: User | None) -> bool:
    """Only the office takes somebody out of another unit; the command line acts for it."""
    return actor is None or actor.scope.has("OFFICER")


class _People:
    """Makes the plan of a list of people."""

    def __init__(self, plan_class: type[RosterPlan]) -> None:
        self.plan_class = plan_class

    def __call__(
        self, *, actor: User | None, unit: Unit, effective_on: date, answers: Answers, activity_id: int | None
    ) -> RosterPlan:
        return self.plan_class(
            unit=unit, effective_on=effective_on, may_take_over=_may_take_over(actor), decisions=answers.decisions
        )


def _households(
    *, actor: User | None, unit: Unit, effective_on: date, answers: Answers, activity_id: int | None
) -> HouseholdPlan:
    return HouseholdPlan(
        village=unit, effective_on=effective_on, may_take_over=_may_take_over(actor), decisions=answers.decisions
    )


OWN_KINDS = (
    KindSpec(
        kind=RosterKind.PUPILS,
        label=RosterKind.PUPILS.label,
        things="học sinh",
        layout=PUPIL_LAYOUT,
        row_form=PupilRowForm,
        plan=_People(PupilPlan),
        undo=undo_steps,
        unit_kinds=SCHOOL_KINDS,
    ),
    KindSpec(
        kind=RosterKind.STAFF,
        label=RosterKind.STAFF.label,
        things="người",
        layout=STAFF_LAYOUT,
        row_form=StaffRowForm,
        plan=_People(StaffPlan),
        undo=undo_steps,
        unit_kinds=STAFFED_KINDS,
        shown=("full_name", "birth_date", "position", "code"),
    ),
    KindSpec(
        kind=RosterKind.HOUSEHOLDS,
        label=RosterKind.HOUSEHOLDS.label,
        things="hộ",
        layout=HOUSEHOLD_LAYOUT,
        row_form=HouseholdRowForm,
        plan=_households,
        undo=undo_steps,
        unit_kinds=(UnitKind.VILLAGE,),
        shown=("full_name", "address", "code"),
    ),
    KindSpec(
        kind=RosterKind.RESIDENTS,
        label=RosterKind.RESIDENTS.label,
        things="người",
        layout=RESIDENT_LAYOUT,
        row_form=ResidentRowForm,
        plan=_People(ResidentPlan),
        undo=undo_steps,
        unit_kinds=(UnitKind.VILLAGE,),
        shown=("full_name", "birth_date", "address", "code"),
    ),
)


def register_own_kinds() -> None:
    """Called when the portal starts."""
    for spec in OWN_KINDS:
        register_kind(spec)
