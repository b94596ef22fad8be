"""Applies a checked import in child processes that are killed at one statement after another; for test_import_kill.

Prints JSON: at how many statements a child was killed with the database as before, as after, or as neither.
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


def state() -> str:
    """Everything an apply writes, as text; the connection is closed, for the next child gets its own."""
    people = list(Person.objects.order_by("pk").values_list("full_name", "code", "version"))
    memberships = list(Membership.objects.order_by("pk").values_list("person_id", "class_name", "starts_on", "ends_on"))
    imports = list(RosterImport.objects.order_by("pk").values_list("state", "file", "undo_steps"))
    found = json.dumps([people, memberships, imports, AuditEntry.objects.count()], default=str)
    connections.close_all()
    return found


class Killer:
    """Kills its own process at the nth statement."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def apply_in_child(pk: int, at: int, delay: float = 0) -> bool:
    """Whether a child came to its end; `delay`: seconds until its parent kills it."""
    if (child := os.fork()) == 0:
        roster_import = RosterImport.objects.get(pk=pk)
        actor = User.objects.get(pk=roster_import.uploaded_by_id)
        with connection.execute_wrapper(Killer(at)):
            apply_roster(actor=actor, roster_import=roster_import, only_valid_rows=True, at_once=True)
        os._exit(0)
    if delay:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == 0


def main(pk: int) -> None:
    before, found = state(), {"before": 0, "after": 0, "neither": 0}
    random.seed(2026)
    for turn in range(15):
        if apply_in_child(pk, at=-1, delay=random.uniform(0.001, 0.03)) or state() != before:
            found["after" if RosterImport.objects.get(pk=pk).state == "APPLIED" else "neither"] += turn >= 0
            break
        found["before"] += 1
    for at in range(1, MANY):
        if state() != before or apply_in_child(pk, at):
            break
        found["before" if state() == before else "neither"] += 1
    connections.close_all()
    found["applied"] = RosterImport.objects.get(pk=pk).state == "APPLIED"
    found["people"] = Person.objects.count()
    sys.stdout.write(json.dumps(found))


main(int(sys.argv[1]))
