"""The demo commune is believable, the same on every run and on both databases."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from accounts.models import User
from campaigns.choices import Group, RecordStatus, UnitKind
from campaigns.models import Exclusion, Headcount, Household, Membership, Unit
from hbs_portal.demo.year import SCHEDULED_ON
from reports.selectors import read_progress
from reports.selectors.clocks import Clocks
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
    # 4,000 on the lists, and one that split off in October (rule E3).
    assert Household.objects.filter(commune=demo.commune).count() == 4001


def test_activities_stand_in_every_state_over_ten_months(demo, db):
    activities = Activity.objects.filter(commune=demo.commune)
    assert set(activities.values_list("status", flat=True)) == set(RecordStatus.values)
    assert {day.month for day in activities.exclude(ends_on=SCHEDULED_ON).values_list("ends_on", flat=True)} == set(
        range(1, 11)
    )


def test_two_lessons_are_scheduled_and_count_nowhere(demo, db):
    ahead = Activity.objects.filter(commune=demo.commune, ends_on=SCHEDULED_ON)
    assert [(row.status, row.attendances.exists()) for row in ahead] == [(RecordStatus.DRAFT, True)] * 2


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


def test_what_an_auditor_asks_about_is_there(demo, db):
    here = {"commune": demo.commune}
    states = dict.fromkeys(Exclusion.objects.filter(**here).values_list("status", flat=True))
    assert set(states) == {RecordStatus.APPROVED, RecordStatus.SUBMITTED, RecordStatus.DRAFT}
    heads = Headcount.objects.filter(**here, group=Group.WORKER).order_by("pk").values_list("status", "count")
    assert list(heads) == [(RecordStatus.REPLACED, 3), (RecordStatus.APPROVED, 2)]
    assert Activity.objects.filter(**here, status=RecordStatus.SUBMITTED, replaces__isnull=False).count() == 1
    assert Household.objects.filter(**here, split_from__isnull=False).count() == 1
    rules = demo.targets.get(code="K4").versions.order_by("number")
    assert [rule.definition["tolerance_bp"] for rule in rules] == [0, 500]


def test_c8_the_demo_shows_figures_with_and_without_who_is_excluded(demo, db):
    progress = read_progress(demo, Clocks(date(2026, 10, 31), date(2026, 10, 31))).progress
    assert progress.target("K1").commune.adjusted.excluded == 2
