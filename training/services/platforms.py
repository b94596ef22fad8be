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
from training.workflow import WorkflowError, WrongStateError, hold_unchanged, submit_record

EDITABLE = (RecordStatus.DRAFT, RecordStatus.RETURNED)
NAMES_SHOWN = 5
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
            use=FilteredRelation("person__platform_uses", condition=Q(person__platform_uses__campaign=campaign))
        )
        .annotate(
            use_id=F("use__pk"),
            use_status=F("use__status"),
            use_version=F("use__version"),
            use_day=F("use__confirmed_on"),
            use_return_reason=F("use__return_reason"),
        )
        .select_related("person", "unit")
        .order_by("unit__position", "unit__sort_key", SETTLED_LAST, "person__sort_key", "person_id", "pk")
    )


def people_to_confirm(*, user: User, campaign: Campaign, day: date) -> QuerySet[Person]:
    """People of whom this person records the use, without those whose confirmation waits or is approved."""
    rows = staff_of_target(campaign, Membership.objects.recorded_by(user), day)
    settled = PlatformUse.objects.filter(commune_id=campaign.commune_id, campaign=campaign).exclude(status__in=EDITABLE)
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
    found = PlatformUse.objects.select_for_update().filter(campaign=campaign, person_id__in=wanted)
    kept = {use.person_id: use for use in found}
    _refuse_settled([wanted[pk] for pk, use in kept.items() if not use.is_editable])
    values = _step(submit) | {"confirmed_on": confirmed_on}
    new = [
        PlatformUse(
            commune_id=campaign.commune_id,
            campaign=campaign,
            person=person,
            unit_id=units[pk],
            entered_by=actor,
            **values,
        )
        for pk, person in wanted.items()
        if pk not in kept
    ]
    new = PlatformUse.objects.bulk_create(new, batch_size=500)
    _replace(kept.values(), wanted, values)
    uses = [*new, *kept.values()]
    _set_platforms(uses, platforms)
    after = {"confirmed_on": confirmed_on.isoformat(), "platforms": [str(one) for one in platforms], **_state(submit)}
    unit_id = next(iter(units.values()), None)
    record_audit_of_each(actor=actor, action=_action("Ghi", submit), targets=new, after=after, unit_id=unit_id)
    record_audit_of_each(
        actor=actor, action=_action("Sửa", submit), targets=kept.values(), after=after, unit_id=unit_id
    )
    return uses


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
