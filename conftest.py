"""The fixed cast of every test: a small commune with its people, and a stranger from another one."""

import socket
import threading
import time
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from campaigns.choices import ActivityKind, Group, RecordStatus, Role, UnitKind
from campaigns.models import Campaign, Household, Membership, Person, Unit, UnitRole
from campaigns.services.plans import load_plan, place_in_tree, read_plan
from hbs_portal.celery import app as portal_celery
from hbs_portal.lib.dates import local_today, start_of_day
from hbs_portal.lib.write_once import without_guards
from training.models import Activity, HouseholdCheck, PlatformUse
from training.models.households import SKILL_FIELDS

PASSWORD = "mat-khau-thu-9"
#: Most tests take less; none may begin on one day and end on the next.
SECONDS_BEFORE_MIDNIGHT = 20
#: The campaign of the tests is that of 2026: some of them mean by today a day on which it is still under way.
LATEST_TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite in a file, as it is in production.

    In memory the live server's threads would share the test's one connection: what guards a GET from writing would
    refuse a write of the test, and transactions would run into each other.
    """
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def _cheap_and_private(settings, tmp_path):
    """Fast password hashing, files in a folder that ends with the test, jobs without Redis unless a test asks."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REDIS_URL = ""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True, scope="session")
def _flushing_goes_past_the_guards():
    """After a test with real transactions SQLite empties tables row by row, which write-once rows would refuse.

    On the class: beside Playwright's event loop Django opens another connection than before it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def unguarded(self, statements):
        with without_guards(self.connection):
            flush(self, statements)

    operations.execute_sql_flush = unguarded
    yield
    operations.execute_sql_flush = flush


@pytest.fixture
def past_the_guards(db):
    """For this test write-once rows can be changed, as by the owner of the database who takes its triggers away."""
    is_sqlite = connection.vendor == "sqlite"
    triggers = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if is_sqlite
        else "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        if not is_sqlite:
            # PostgreSQL changes no table on which foreign keys have yet to be looked at.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(triggers)
        for name, table in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {table}"))


@pytest.fixture
def overlapping(transactional_db):
    """overlapping(first, second): what each of two steps gave or raised, where the second began when the first had
    written and was not committed yet. The test fails where the second did not have to wait for the first.
    """
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")

    def run(first, second) -> tuple:
        steps = _Overlap(first, second)
        threads = [threading.Thread(target=steps.play_first), threading.Thread(target=steps.play_second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert steps.second_waited, steps.results
        return steps.results["first"], steps.results["second"]

    return run


class _Overlap:
    PATIENCE_SECONDS = 20

    def __init__(self, first, second) -> None:
        self.first, self.second = first, second
        self.has_written, self.has_begun, self.has_ended = threading.Event(), threading.Event(), threading.Event()
        self.results, self.second_waited = {}, False

    def play_first(self) -> None:
        with self._kept("first"), transaction.atomic():
            self.results["first"] = self.first()
            self.has_written.set()
            self.has_begun.wait(self.PATIENCE_SECONDS)
            self._wait_for_second()

    def play_second(self) -> None:
        with self._kept("second"):
            self.has_written.wait(self.PATIENCE_SECONDS)
            connection.ensure_connection()
            self._pid = connection.connection.info.backend_pid
            self.has_begun.set()
            with transaction.atomic():
                self.results["second"] = self.second()

    def _wait_for_second(self) -> None:
        end = time.monotonic() + self.PATIENCE_SECONDS
        with connection.cursor() as cursor:
            while not self.second_waited and not self.has_ended.is_set() and time.monotonic() < end:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self._pid])
                self.second_waited = cursor.fetchone()[0]
                self.has_ended.wait(0.02)

    @contextmanager
    def _kept(self, name: str):
        try:
            yield
        except Exception as error:
            self.results[name] = error
        finally:
            (self.has_written if name == "first" else self.has_ended).set()
            self.has_begun.set()
            connection.close()


@pytest.fixture(autouse=True)
def _within_one_day():
    """A test that would begin just before midnight in Viet Nam begins after it: "today" is one day for all of it."""
    left = (start_of_day(local_today() + timedelta(days=1)) - timezone.now()).total_seconds()
    if left < SECONDS_BEFORE_MIDNIGHT:
        time.sleep(left)


@pytest.fixture
def waits(monkeypatch) -> list[float | None]:
    """For how long each connecting and each reading of a socket may have lasted at most; None is for ever.

    The bound of what a dead service costs, whatever else the machine is doing.
    """
    bounds: list[float | None] = []

    def watch(name: str) -> None:
        original = getattr(socket.socket, name)

        def watched(self, *arguments):
            bounds.append(self.gettimeout())
            return original(self, *arguments)

        monkeypatch.setattr(socket.socket, name, watched)

    watch("connect")
    watch("recv")
    return bounds


@pytest.fixture
def ring_at(settings, monkeypatch):
    """ring_at(url): from here on jobs are announced to the Redis at this address."""
    before = current_app._get_current_object()

    def aim(url: str) -> None:
        settings.REDIS_URL = url
        monkeypatch.setattr(portal_celery.conf, "broker_url", url)
        # Connections that other tests opened lead elsewhere.
        monkeypatch.setattr(portal_celery, "_pool", None)
        monkeypatch.setattr(portal_celery.amqp, "_producer_pool", None)
        portal_celery.set_current()

    yield aim
    before.set_current()


@pytest.fixture
def make_user(db):
    def make(username: str, *roles: tuple[str, Unit], full_name: str = "", **values) -> User:
        user = User(username=username, full_name=full_name or f"Người {username}", **values)
        user.set_password(PASSWORD)
        user.save()
        for role, unit in roles:
            UnitRole.objects.create(user=user, role=role, unit=unit)
        return user

    return make


@pytest.fixture
def make_unit(db):
    def make(commune: Unit, code: str, kind: str, name: str = "", opened_on: date = date(2020, 1, 1), **values) -> Unit:
        unit = Unit.objects.create(
            commune=commune, parent=commune, code=code, kind=kind, name=name or code, opened_on=opened_on, **values
        )
        place_in_tree(unit)
        return unit

    return make


@pytest.fixture
def make_person(db):
    def make(
        unit: Unit,
        full_name: str = "Nguyễn Thị Lan",
        group: str = Group.PUPIL,
        class_name: str = "",
        code: str | None = None,
        starts_on: date = date(2025, 9, 5),
        ends_on: date | None = None,
    ) -> Person:
        person = Person.objects.create(commune_id=unit.commune_id, full_name=full_name, code=code)
        Membership.objects.create(
            commune_id=unit.commune_id,
            person=person,
            unit=unit,
            group=group,
            class_name=class_name,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        return person

    return make


@pytest.fixture
def make_household(db):
    def make(village: Unit, head_name: str = "Trần Văn Bảy", starts_on: date = date(2020, 1, 1), **values) -> Household:
        return Household.objects.create(
            commune_id=village.commune_id, village=village, head_name=head_name, starts_on=starts_on, **values
        )

    return make


@pytest.fixture
def during_the_campaign(monkeypatch):
    """A clock that never passes LATEST_TODAY, for tests that record something today; not the time at which rows say
    by themselves that they were made."""
    behind = max(local_today() - LATEST_TODAY, timedelta(0))
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() - behind)


@pytest.fixture
def campaign(db):
    """Campaign 2026 of xã Hà Bắc with its six targets, as the plan file has them."""
    return load_plan(plan=read_plan("plan_ha_bac_2026"))


@pytest.fixture
def commune(campaign) -> Unit:
    return campaign.commune


@pytest.fixture
def other_commune(db) -> Unit:
    """Another commune in the same database: whatever happens there is invisible here."""
    plan = read_plan("plan_ha_bac_2026")
    plan["commune"].update(code="XAKHAC", name="Xã Khác")
    return load_plan(plan=plan).commune


@pytest.fixture
def cast(commune, other_commune, make_unit, make_user) -> SimpleNamespace:
    """Units a (primary school), b (lower-secondary school), preschool, village, office; and one person per role."""
    units = {
        "office": make_unit(commune, "VHXH", UnitKind.OFFICE, "Phòng Văn hóa - Xã hội"),
        "a": make_unit(commune, "TH-A", UnitKind.PRIMARY, "Trường Tiểu học A"),
        "b": make_unit(commune, "THCS-B", UnitKind.LOWER_SECONDARY, "Trường THCS B"),
        "preschool": make_unit(commune, "MN-C", UnitKind.PRESCHOOL, "Trường Mầm non C"),
        "village": make_unit(commune, "THON-1", UnitKind.VILLAGE, "Thôn Một"),
        "other_school": make_unit(other_commune, "TH-X", UnitKind.PRIMARY, "Trường Tiểu học X"),
    }
    people = {
        "admin": make_user("admin", (Role.ADMIN, commune)),
        "officer": make_user("officer", (Role.OFFICER, commune), full_name="Đỗ Thị Cán Bộ"),
        "officer2": make_user("officer2", (Role.OFFICER, commune)),
        "leader": make_user("leader", (Role.LEADER, commune)),
        "editor_a": make_user("editor.a", (Role.EDITOR, units["a"])),
        "editor_b": make_user("editor.b", (Role.EDITOR, units["b"])),
        "village_head": make_user("village.head", (Role.EDITOR, units["village"])),
        "team_member": make_user("team.member", (Role.TEAM_MEMBER, units["village"])),
        "stranger": make_user("stranger", (Role.OFFICER, other_commune)),
        "nobody": make_user("nobody"),
    }
    return SimpleNamespace(commune=commune, other_commune=other_commune, **units, **people)


@pytest.fixture
def login(client):
    """login(user) returns a client in which that person is logged in."""

    def enter(user: User):
        client.force_login(user, backend="accounts.backends.PortalBackend")
        return client

    return enter


@pytest.fixture
def make_activity(campaign, make_user):
    """make_activity(host, kind, on, people=[...]): approved on its own day unless told otherwise."""
    clerk = make_user("clerk.factory")

    def make(
        host: Unit,
        kind: str = ActivityKind.LESSON,
        on: date = date(2026, 4, 10),
        people: tuple[Person, ...] | list[Person] = (),
        households: tuple[Household, ...] | list[Household] = (),
        co_hosts: tuple[Unit, ...] = (),
        totals: dict[str, int] | None = None,
        status: str = RecordStatus.APPROVED,
        approved_on: date | None = None,
        **values,
    ) -> Activity:
        activity = Activity.objects.create(
            commune_id=host.commune_id,
            campaign=Campaign.objects.get(commune_id=host.commune_id),
            host=host,
            kind=kind,
            title=values.pop("title", "Hoạt động thử"),
            starts_on=on,
            ends_on=on,
            entered_by=values.pop("entered_by", clerk),
            **clock_values(status, approved_on or on, clerk),
            **values,
        )
        for unit in co_hosts:
            activity.co_host_links.create(unit=unit)
        for group, total in (totals or {}).items():
            activity.group_totals.create(group=group, total=total)
        for person in people:
            at = person.memberships.filter(commune_id=person.commune_id).on(on).first()
            activity.attendances.create(
                commune_id=host.commune_id,
                person=person,
                group=at.group if at else "",
                unit=at.unit if at else None,
                class_name=at.class_name if at else "",
            )
        for household in households:
            activity.attendances.create(
                commune_id=host.commune_id, household=household, group=Group.HOUSEHOLD, unit=household.village
            )
        return activity

    return make


def clock_values(status: str, day: date, clerk: User) -> dict:
    """The columns of a reviewed record in that state, sent and decided on `day`."""
    values = {"status": status}
    if status in (RecordStatus.SUBMITTED, RecordStatus.APPROVED):
        values["submitted_on"] = day
    if status == RecordStatus.APPROVED:
        values |= {"approved_on": day, "decided_by": clerk}
    if status == RecordStatus.RETURNED:
        values["return_reason"] = "Thiếu minh chứng"
    return values


@pytest.fixture
def make_check(campaign, make_user):
    """make_check(household, skills=5): an approved check in which the first `skills` skills were shown."""
    clerk = make_user("clerk.check")

    def make(household: Household, on: date = date(2026, 4, 10), skills: int = 5, status=RecordStatus.APPROVED):
        return HouseholdCheck.objects.create(
            commune_id=household.commune_id,
            campaign=campaign,
            household=household,
            checked_on=on,
            entered_by=clerk,
            **clock_values(status, on, clerk),
            **{name: place < skills for place, name in enumerate(SKILL_FIELDS)},
        )

    return make


@pytest.fixture
def make_platform_use(campaign, make_user):
    clerk = make_user("clerk.platform")

    def make(person: Person, on: date = date(2026, 4, 10), status=RecordStatus.APPROVED):
        unit = person.memberships.filter(commune_id=person.commune_id).order_by("-starts_on").first().unit
        return PlatformUse.objects.create(
            commune_id=person.commune_id,
            campaign=campaign,
            person=person,
            unit=unit,
            confirmed_on=on,
            entered_by=clerk,
            **clock_values(status, on, clerk),
        )

    return make
