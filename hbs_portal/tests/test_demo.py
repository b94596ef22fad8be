"""The demo commune is believable, the same on every run and on both databases."""

import json
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from accounts.models import User
from campaigns.choices import Group, RecordStatus, UnitKind
from campaigns.models import Household, Membership, Unit
from training.models import Activity

EXPECTED = Path(__file__).parent / "data" / "demo_progress.json"
ACCOUNTS = {"quantri", "canbo", "lanhdao", "truong", "thon", "tocns"}


def progress() -> dict:
    out = StringIO()
    call_command("progress", as_of="2026-10-31", approved_by="2026-10-31", format="json", stdout=out)
    return json.loads(out.getvalue())


def test_the_commune_has_the_units_people_and_households_it_should(demo, db):
    kinds = list(Unit.objects.filter(commune=demo.commune).values_list("kind", flat=True))
    counts = {kind: kinds.count(kind) for kind in ("PRESCHOOL", "PRIMARY", "LOWER_SECONDARY", "VILLAGE", "UNION")}
    assert counts == {"PRESCHOOL": 3, "PRIMARY": 3, "LOWER_SECONDARY": 2, "VILLAGE": 12, "UNION": 6}
    assert kinds.count(UnitKind.PRIMARY_LOWER_SECONDARY) == 1
    pupils = Membership.objects.filter(commune=demo.commune, group=Group.PUPIL).count()
    staff = Membership.objects.filter(commune=demo.commune).exclude(group=Group.PUPIL).count()
    assert 2900 <= pupils <= 3100
    assert 380 <= staff <= 420
    assert Household.objects.filter(commune=demo.commune).count() == 4000


def test_activities_stand_in_every_state_over_ten_months(demo, db):
    activities = Activity.objects.filter(commune=demo.commune)
    assert set(activities.values_list("status", flat=True)) == set(RecordStatus.values)
    assert {day.month for day in activities.values_list("ends_on", flat=True)} == set(range(1, 11))


def test_some_targets_are_met_some_near_some_far(demo, db):
    verdicts = {target["code"]: target["commune"]["verdict"] for target in progress()["targets"]}
    assert set(verdicts.values()) == {"met", "near", "not_met"}


def test_both_databases_give_the_same_figures(demo, db):
    """The file was written from SQLite; the suite also runs on PostgreSQL (make test-services)."""
    assert progress() == json.loads(EXPECTED.read_text(encoding="utf-8"))


def test_the_six_accounts_share_the_published_password_and_are_marked(demo, db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    users = User.objects.filter(username__in=ACCOUNTS)
    assert {user.username for user in users} == ACCOUNTS
    assert all(user.is_demo and user.check_password("hoc-so-2026") for user in users)
    assert not User.objects.filter(is_demo=False).exists()
