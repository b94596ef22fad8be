"""Confirmations of platform use by managers and teachers (target K2)."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Case, F, FilteredRelation, Q, QuerySet, When
from django.utils import timezone

from accounts.audit import field_values, record_audit, record_audit_of_each
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.choices import Qualifier, RecordStatus
from campaigns.models import Campaign, Membership, Person
from hbs_portal.lib.dates import local_today
from training.criteria import counted_sets
from training.models import Platform, PlatformUse
from training.succession import ON_ITS_WAY, give_way_to_many, heads
from training.workflow import WorkflowError, WrongStateError, hold_unchanged, submit_record

EDITABLE = (RecordStatus.DRAFT, RecordStatus.RETURNED)
#: Of somebody whose approval was withdrawn the use may be recorded again: as the next version of that record.
OPEN_TO_RECORD = (*EDITABLE, RecordStatus.WITHDRAWN)
RECORDED_AGAIN = "Ghi lại sau khi rút duyệt"
NAMES_SHOWN = 5
#: Neither replaced nor on its way to replace another: of each chain of versions one.
STANDS = ~Q(person__platform_uses__status=RecordStatus.REPLACED) & ~Q(
    person__platform_uses__replaces__isnull=False, person__platform_uses__status__in=ON_ITS_WAY
)
SETTLED_LAST = Case(
    When(use__status=RecordStatus.APPROVED, then=2), When(use__status=RecordStatus.SUBMITTED, then=1), default=0
)


def staff_of_target(campaign: Campaign, memberships: QuerySet[Membership], day: date) -> QuerySet[Membership]:
    """Of the memberships, those of people whom the platform target counts on that day.

    Which groups and kinds of unit is the plan's data: preschools stay out because the target does not name them (B2).
    """
    sets = counted_sets(campaign, [Qualifier.PLATFORM_USE])
    counted = Q(pk__in=[])
    for one in sets:
        counted |= Q(group__in=one.groups, unit__kind__in=one.unit_kinds)
    return memberships.filter(counted, Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


def staff_with_state(*, user: User, campaign: Campaign, day: date) -> QuerySet[Membership]:
    """The page's one heavy query: who is counted, with `use_id`, `use_status` … of their confirmation (NULL: none)."""
    rows = staff_of_target(campaign, Membership.objects.visible_to(user), day)
    return (
        rows.annotate(
            use=FilteredRelation(
                "person__platform_uses", condition=Q(person__platform_uses__campaign=campaign) & STANDS
            )
        )
        .annotate(
            use_id=_of_head("pk"),
            use_status=_of_head("status"),
            use_version=_of_head("version"),
            use_day=_of_head("confirmed_on"),
            use_return_reason=_of_head("return_reason"),
            use_revision_status=F("use__revision__status"),
        )
        .select_related("person", "unit")
        .order_by("unit__position", "unit__sort_key", SETTLED_LAST, "person__sort_key", "person_id", "pk")
    )


def _of_head(name: str) -> Case:
    """A column of the confirmation; where it was withdrawn, of the version that was begun since."""
    begun = When(use__status=RecordStatus.WITHDRAWN, use__revision__isnull=False, then=F(f"use__revision__{name}"))
    return Case(begun, default=F(f"use__{name}"))


def _heads_of(campaign: Campaign) -> QuerySet[PlatformUse]:
    """One confirmation a person, the one that stands for the chain of versions (rule H2)."""
    return heads(PlatformUse.objects.filter(commune_id=campaign.commune_id, campaign=campaign))


def people_to_confirm(*, user: User, campaign: Campaign, day: date) -> QuerySet[Person]:
    """People of whom this person records the use, without those whose confirmation waits or is approved."""
    rows = staff_of_target(campaign, Membership.objects.recorded_by(user), day)
    settled = _heads_of(campaign).exclude(status__in=OPEN_TO_RECORD)
    people = Person.objects.filter(commune_id=campaign.commune_id, pk__in=rows.values("person_id"))
    return people.exclude(pk__in=settled.values("person_id")).in_order()


@transaction.atomic
def record_platform_uses(
    *,
    actor: User,
    campaign: Campaign,
    people: Iterable[Person],
    platforms: Collection[Platform],
    confirmed_on: date,
    submit: bool = False,
    day: date | None = None,
) -> list[PlatformUse]:
    """One confirmation per person, a draft of theirs is replaced; one audit entry each, a fixed number of queries.

    The unit is where the person is counted on `day` (today). Raises WorkflowError, nothing written, where somebody is
    not on the actor's rosters or has a confirmation that waits or is approved already (one per campaign and person).
    """
    wanted = {person.pk: person for person in people}
    units = _unit_of_each(actor, campaign, wanted, day or local_today())
    found = list(_heads_of(campaign).select_for_update(of=("self",)).filter(person_id__in=wanted))
    _refuse_settled([wanted[use.person_id] for use in found if use.status not in OPEN_TO_RECORD])
    withdrawn = {use.person_id: use for use in found if use.status == RecordStatus.WITHDRAWN}
    kept = {use.person_id: use for use in found if use.is_editable}
    values = _step(submit) | {"confirmed_on": confirmed_on}
    owner = {"commune_id": campaign.commune_id, "campaign": campaign, "entered_by": actor}
    new = [
        PlatformUse(person=person, unit_id=units[pk], **_continuing(withdrawn.get(pk)), **owner, **values)
        for pk, person in wanted.items()
        if pk not in kept
    ]
    new = PlatformUse.objects.bulk_create(new, batch_size=500)
    _replace(kept.values(), wanted, values)
    uses = [*new, *kept.values()]
    _set_platforms(uses, platforms)
    if submit:
        give_way_to_many(uses, local_today())
    after = {"confirmed_on": confirmed_on.isoformat(), "platforms": [str(one) for one in platforms], **_state(submit)}
    told: dict[str, Any] = {"actor": actor, "after": after, "unit_id": next(iter(units.values()), None)}
    for verb, targets in (("Ghi", new), ("Sửa", kept.values())):
        record_audit_of_each(action=_action(verb, submit), targets=targets, **told)
    return uses


def _continuing(withdrawn: PlatformUse | None) -> dict[str, Any]:
    """A confirmation after one that was withdrawn goes on with its chain of versions (rule H2)."""
    return {"replaces": withdrawn, "change_reason": RECORDED_AGAIN if withdrawn else ""}


def _unit_of_each(actor: User, campaign: Campaign, wanted: dict[int, Person], day: date) -> dict[int, int]:
    rows = staff_of_target(campaign, Membership.objects.recorded_by(actor), day).filter(person_id__in=wanted)
    units = dict(rows.order_by("pk").values_list("person_id", "unit_id"))
    strangers = [person for pk, person in wanted.items() if pk not in units]
    if strangers:
        raise WorkflowError(
            f"{_names(strangers)} hiện không thuộc danh sách cán bộ quản lý, giáo viên mà bạn được ghi. "
            "Hãy bỏ chọn rồi ghi lại."
        )
    return units


def _refuse_settled(people: list[Person]) -> None:
    if people:
        raise WrongStateError(
            f"{_names(people)} đã có xác nhận chờ duyệt hoặc đã duyệt. Mỗi người chỉ có một xác nhận: hãy bỏ chọn."
        )


def _names(people: list[Person]) -> str:
    shown = ", ".join(person.full_name for person in people[:NAMES_SHOWN])
    rest = len(people) - NAMES_SHOWN
    return f"{shown} và {rest} người khác" if rest > 0 else shown


def _state(submit: bool) -> dict[str, str]:
    return {"status": RecordStatus.SUBMITTED if submit else RecordStatus.DRAFT}


def _action(verb: str, submit: bool) -> str:
    return f"{verb} và gửi duyệt xác nhận nền tảng số" if submit else f"{verb} xác nhận nền tảng số"


def _step(submit: bool) -> dict[str, Any]:
    clocks = {"submitted_at": timezone.now(), "submitted_on": local_today()} if submit else {}
    return {**_state(submit), **clocks}


def _replace(kept: Iterable[PlatformUse], people: dict[int, Person], values: dict[str, Any]) -> None:
    for use in kept:
        use.person = people[use.person_id]
        use.version += 1
        use.return_reason = ""
        for name, value in values.items():
            setattr(use, name, value)
    fields = ["version", "return_reason", "submitted_at", "submitted_on", "status", "confirmed_on"]
    PlatformUse.objects.bulk_update(kept, fields, batch_size=200)


def _set_platforms(uses: list[PlatformUse], platforms: Collection[Platform]) -> None:
    links = PlatformUse.platforms.through
    links.objects.filter(platformuse__in=uses).delete()
    links.objects.bulk_create(
        (links(platformuse_id=use.pk, platform_id=platform.pk) for use in uses for platform in platforms),
        batch_size=500,
    )


@transaction.atomic
def update_platform_use(
    *,
    actor: User,
    use: PlatformUse,
    platforms: Collection[Platform],
    confirmed_on: date,
    expected_version: int,
    submit: bool = False,
) -> PlatformUse:
    """Changes a draft or returned confirmation. Raises WorkflowError, StaleRecordError."""
    if not use.is_editable:
        raise WrongStateError("Xác nhận này đã gửi duyệt nên không sửa được nữa.")
    before = _content(use)
    use.confirmed_on = confirmed_on
    save_if_unchanged(use, expected_version=expected_version, fields=["confirmed_on"])
    use.platforms.set(platforms)
    after = _content(use)
    action = "Sửa xác nhận nền tảng số"
    record_audit(actor=actor, action=action, target=use, before=before, after=after, unit_id=use.unit_id)
    if submit:
        submit_record(actor=actor, record=use)
    return use


def stored_platforms(use: PlatformUse) -> dict[str, list[Platform]]:
    """The platforms as they are stored now, for showing a conflict."""
    return {"platforms": list(Platform.objects.filter(uses=use.pk))}


def _content(use: PlatformUse) -> dict[str, Any]:
    return {"confirmed_on": use.confirmed_on.isoformat(), "platforms": [str(one) for one in use.platforms.all()]}


@transaction.atomic
def delete_platform_use(*, actor: User, use: PlatformUse) -> None:
    """Deletes a draft or returned confirmation. Raises WorkflowError."""
    if not use.is_editable:
        raise WrongStateError("Xác nhận này đã gửi duyệt nên không xóa được nữa.")
    hold_unchanged(use)
    before = field_values(use) | _content(use)
    record_audit(actor=actor, action="Xóa xác nhận nền tảng số", target=use, before=before, unit_id=use.unit_id)
    use.delete()
