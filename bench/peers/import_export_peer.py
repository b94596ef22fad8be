"""The same pupils through django-import-export: its two phases (dry run, then import), by the defaults of its admin.

The peer gets a plain table (header in row 1, ISO dates, its own field names), since it cannot find a header in row 4.
"""

from datetime import date
from pathlib import Path
from typing import Any

import tablib
from import_export import fields, resources, widgets

from campaigns.models import Membership, Person, Unit

HEADERS = ["code", "full_name", "birth_date", "gender", "class_name"]


class PupilResource(resources.ModelResource):
    """People by code; each new one gets a membership of the school."""

    birth_date = fields.Field("birth_date", "birth_date", widgets.DateWidget(format="%Y-%m-%d"))

    class Meta:
        model = Person
        fields = ("code", "full_name", "birth_date", "gender")
        import_id_fields = ("code",)

    def __init__(self, commune: Unit, school: Unit, day: date) -> None:
        super().__init__()
        self.commune, self.school, self.day = commune, school, day

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        instance.commune = self.commune
        instance.set_keys()

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        Membership.objects.update_or_create(
            person=instance,
            unit=self.school,
            group="PUPIL",
            ends_on=None,
            defaults={"commune": self.commune, "class_name": row["class_name"], "starts_on": self.day},
        )


class BulkPupilResource(PupilResource):
    """The same, tuned as its manual says for many rows; the memberships follow in one go."""

    class Meta(PupilResource.Meta):
        use_bulk = True
        batch_size = 1000
        skip_diff = True

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """In bulk nothing is saved yet."""

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        if kwargs.get("dry_run"):
            return
        people = {person.code: person for person in Person.objects.filter(commune=self.commune)}
        Membership.objects.bulk_create(
            Membership(
                commune=self.commune, person=people[row["code"]], unit=self.school, group="PUPIL",
                class_name=row["class_name"], starts_on=self.day,
            )
            for row in dataset.dict
        )  # fmt: skip


def plain_table(rows: list[tuple[str, ...]], path: Path) -> Path:
    """The rows as the peer can read them."""
    book = tablib.Dataset(headers=HEADERS)
    for code, name, day, _gender, class_name in rows:
        book.append([code, name, "-".join(reversed(day.split("/"))), "MALE", class_name])
    path.write_bytes(book.export("xlsx"))
    return path


def peer_import(path: Path, resource: PupilResource) -> None:
    """Read, dry run, import, as its admin does with an upload that somebody confirms."""
    for dry_run in (True, False):
        dataset = tablib.Dataset().load(path.read_bytes(), format="xlsx")
        result = resource.import_data(dataset, dry_run=dry_run, raise_errors=True, use_transactions=True)
        assert not result.has_errors()
