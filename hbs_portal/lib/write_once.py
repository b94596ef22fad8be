"""Rows that the database itself refuses to change or delete, whoever asks: triggers, for migrations.

The guards of the models tell a developer; these also hold against update(), raw SQL and a shell with the password.
SQLite drops the triggers of a table that a later migration makes anew (AlterField, AddConstraint …): such a migration
has to guard it again, and a test that tries every guard says so.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import migrations, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSE = """
CREATE OR REPLACE FUNCTION hbs_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
EVENTS = ("UPDATE", "DELETE")


class GuardRows(migrations.RunPython):
    """Refuses UPDATE and DELETE of the rows of `table`: IntegrityError on either database.

    `once`: a condition on OLD from which a row is guarded (always, without one). `but`: an UPDATE that is let through
    all the same, a condition on OLD and NEW; all columns of `kept` must be the same then.
    """

    def __init__(self, table: str, *, once: str = "", but: str = "", kept: Sequence[str] = ()) -> None:
        self.table, self.once, self.but, self.kept = table, once, but, tuple(kept)
        super().__init__(self._guard, self._release)

    def deconstruct(self):  # type: ignore[no-untyped-def]  # as the parent's
        return self.__class__.__name__, [self.table], {"once": self.once, "but": self.but, "kept": self.kept}

    def _guard(self, _apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        is_sqlite = editor.connection.vendor == "sqlite"
        if not is_sqlite:
            editor.execute(REFUSE, params=None)
        for event in EVENTS:
            condition = self._condition(event, is_same="IS" if is_sqlite else "IS NOT DISTINCT FROM")
            begins = f"CREATE TRIGGER {self._name(event)} BEFORE {event} ON {self.table} FOR EACH ROW"
            refuses = (
                f"BEGIN SELECT RAISE(ABORT, '{self.table} is written once'); END"
                if is_sqlite
                else "EXECUTE FUNCTION hbs_refuse_change()"
            )
            editor.execute(f"{begins} WHEN ({condition}) {refuses}", params=None)

    def _release(self, _apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        on = "" if editor.connection.vendor == "sqlite" else f" ON {self.table}"
        for event in EVENTS:
            editor.execute(f"DROP TRIGGER {self._name(event)}{on}")

    def _name(self, event: str) -> str:
        return f"{self.table}_no_{event.lower()}"

    def _condition(self, event: str, *, is_same: str) -> str:
        guarded = self.once or "1 = 1"
        if event == "DELETE" or not self.but:
            return guarded
        same = "".join(f" AND NEW.{column} {is_same} OLD.{column}" for column in self.kept)
        return f"({guarded}) AND NOT ({self.but}{same})"


@contextmanager
def without_guards(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Inside, SQLite lets its tables be emptied (`flush`), in one transaction after which all guards stand again.

    PostgreSQL empties with TRUNCATE, which no guard of rows sees: nothing is done there.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _ in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in guards:
            cursor.execute(sql)
