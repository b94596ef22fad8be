"""Applies a checked import in child processes that are killed at one statement after another; for test_import_kill.

Prints JSON: how many children were killed with the database as before, and how many left anything else. The last one,
which nobody killed, leaves it as after.
"""

import json
import os
import random
import signal
import sys
import time

import django

django.setup()

from django.db import connection, connections  # noqa: E402

from accounts.models import AuditEntry, User  # noqa: E402
from campaigns.models import Membership, Person, RosterImport  # noqa: E402
from campaigns.services.imports import apply_roster  # noqa: E402

MANY = 200
#: A timed child rests at each of its dozens of statements, so that the longest delay always finds it at work.
REST_SECONDS, LONGEST_DELAY_SECONDS = 0.01, 0.05


def state() -> str:
    """Everything an apply writes, as text; the connection is closed, for the next child gets its own."""
    people = list(Person.objects.order_by("pk").values_list("full_name", "code", "version"))
    memberships = list(Membership.objects.order_by("pk").values_list("person_id", "class_name", "starts_on", "ends_on"))
    imports = list(RosterImport.objects.order_by("pk").values_list("state", "file", "undo_steps"))
    found = json.dumps([people, memberships, imports, AuditEntry.objects.count()], default=str)
    connections.close_all()
    return found


class Killer:
    """Kills its own process at the nth statement; rests before each."""

    def __init__(self, at: int, rest: float) -> None:
        self.left, self.rest = at, rest

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        time.sleep(self.rest)
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def apply_in_child(pk: int, at: int, delay: float = 0) -> bool:
    """Whether a child came to its end; `delay`: seconds until its parent kills it."""
    if (child := os.fork()) == 0:
        roster_import = RosterImport.objects.get(pk=pk)
        actor = User.objects.get(pk=roster_import.uploaded_by_id)
        with connection.execute_wrapper(Killer(at, REST_SECONDS if delay else 0)):
            apply_roster(actor=actor, roster_import=roster_import, only_valid_rows=True, at_once=True)
        os._exit(0)
    if delay:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == 0


def main(pk: int) -> None:
    before, found = state(), {"before": 0, "neither": 0}
    random.seed(2026)
    for _ in range(15):
        apply_in_child(pk, at=-1, delay=random.uniform(0.001, LONGEST_DELAY_SECONDS))
        found["before" if state() == before else "neither"] += 1
    for at in range(1, MANY):
        if state() != before or apply_in_child(pk, at):
            break
        found["before" if state() == before else "neither"] += 1
    connections.close_all()
    found["applied"] = RosterImport.objects.get(pk=pk).state == "APPLIED"
    found["people"] = Person.objects.count()
    sys.stdout.write(json.dumps(found))


main(int(sys.argv[1]))
