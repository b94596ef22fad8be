"""Digital teams of the villages: founded, changed, dissolved (target K6)."""

from datetime import date

from django.db import transaction

from accounts.audit import changed_only, field_values, record_audit
from accounts.models import User
from accounts.versions import save_if_unchanged
from campaigns.models import DigitalTeam, Unit

TEAM_FIELDS = ("village_id", "name", "leader_name", "member_count", "decision", "founded_on", "dissolved_on")


@transaction.atomic
def create_team(
    *,
    actor: User,
    village: Unit,
    name: str,
    founded_on: date,
    leader_name: str = "",
    member_count: int | None = None,
    decision: str = "",
    dissolved_on: date | None = None,
) -> DigitalTeam:
    """A village's team; a village has one that is not dissolved (team_one_active_a_village)."""
    team = DigitalTeam.objects.create(
        commune=village.commune,  # type: ignore[misc]  # a village always has one
        village=village,
        name=name,
        leader_name=leader_name,
        member_count=member_count,
        decision=decision,
        founded_on=founded_on,
        dissolved_on=dissolved_on,
    )
    after = field_values(team, TEAM_FIELDS)
    record_audit(actor=actor, action="Thêm tổ công nghệ số", target=team, after=after, unit_id=village.pk)
    return team


@transaction.atomic
def update_team(
    *,
    actor: User,
    team: DigitalTeam,
    expected_version: int,
    village: Unit,
    name: str,
    leader_name: str,
    member_count: int | None,
    decision: str,
    founded_on: date,
    dissolved_on: date | None,
) -> DigitalTeam:
    """Changes a team's entry; a last day dissolves it. Raises StaleRecordError."""
    before = field_values(DigitalTeam.objects.get(pk=team.pk), TEAM_FIELDS)
    team.village, team.name, team.leader_name, team.member_count = village, name, leader_name, member_count
    team.decision, team.founded_on, team.dissolved_on = decision, founded_on, dissolved_on
    save_if_unchanged(team, expected_version=expected_version, fields=TEAM_FIELDS)
    before, after = changed_only(before, field_values(team, TEAM_FIELDS))
    record_audit(actor=actor, action="Sửa tổ công nghệ số", target=team, before=before, after=after, unit_id=village.pk)
    return team
