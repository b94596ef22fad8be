"""The page "Dấu hiệu cần kiểm tra" as data."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from accounts.models import User
from campaigns.models import Campaign, Unit
from hbs_portal.lib.text import fold
from reports.forms.warning_signs import SETTLED
from reports.models import SignalReview
from reports.models.warning_signs import SignalKind
from reports.selectors.warning_signs import load_sign_rows, sign_reviews
from reports.warning_signs import Sign, SignRecord, find_signs
from reports.warning_signs.rows import ACTIVITY
from reports.warning_signs.thresholds import IN_WORDS

#: A late batch may hold hundreds of records; the page of one sign shows more of them than the list.
RECORDS_IN_LIST, RECORDS_ON_PAGE = 4, 200


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record of a sign; `url` is empty where this person has no page for it."""

    label: str
    unit: str
    on: date
    url: str


@dataclass(frozen=True)
class SignRow:
    """A sign with what was noted about it."""

    sign: Sign
    units: tuple[str, ...]
    review: SignalReview | None
    user: User
    unit_names: Mapping[int, str]

    @property
    def is_settled(self) -> bool:
        return self.review is not None and self.review.outcome in SETTLED

    @cached_property
    def search_key(self) -> str:
        return fold(" ".join([self.sign.sentence, *self.units, *(record.label for record in self.sign.records)]))

    @property
    def first_records(self) -> list[ShownRecord]:
        return [self._shown(record) for record in self.sign.records[:RECORDS_IN_LIST]]

    @property
    def records(self) -> list[ShownRecord]:
        return [self._shown(record) for record in self.sign.records[:RECORDS_ON_PAGE]]

    @property
    def more_records(self) -> int:
        return max(0, len(self.sign.records) - RECORDS_IN_LIST)

    @property
    def records_left_out(self) -> int:
        return max(0, len(self.sign.records) - RECORDS_ON_PAGE)

    def _shown(self, record: SignRecord) -> ShownRecord:
        unit = self.unit_names.get(record.unit_id, "")
        return ShownRecord(record.label, unit, record.on, _record_url(self.user, record))


def _record_url(user: User, record: SignRecord) -> str:
    if record.kind == ACTIVITY:
        return reverse("training:activity_detail", args=[record.id])
    if user.scope.has("OFFICER"):
        return reverse("training:review_record", args=[record.kind, record.id])
    return reverse("training:declared_unit", args=[record.unit_id]) if record.kind == "luy-ke" else ""


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many signs of a kind are shown, and from where on something is one."""

    kind: SignalKind
    count: int
    rule: str


def sign_rows(user: User, campaign: Campaign) -> list[SignRow]:
    """Every sign of the campaign, in a number of queries that does not depend on its size."""
    names = dict(Unit.objects.filter(commune_id=campaign.commune_id).in_order().values_list("pk", "name"))
    places = {pk: place for place, pk in enumerate(names)}
    reviews = sign_reviews(campaign)
    rows = [
        SignRow(sign, tuple(names.get(pk, "") for pk in sign.unit_ids), reviews.get(sign.key), user, names)
        for sign in find_signs(load_sign_rows(campaign))
    ]
    # By kind and unit; within a unit the latest first, as they came.
    kinds = list(SignalKind)
    return sorted(rows, key=lambda row: (kinds.index(row.sign.kind), places.get(row.sign.unit_ids[0], 0)))


def sign_row(user: User, campaign: Campaign, key: str) -> SignRow | None:
    """The sign of this key; None where the records no longer show it."""
    return next((row for row in sign_rows(user, campaign) if row.sign.key == key), None)


def kind_counts(rows: Iterable[SignRow]) -> list[KindCount]:
    """Of every kind how many there are among these, also where there is none: its threshold is told."""
    counts = Counter(row.sign.kind for row in rows)
    return [KindCount(kind, counts[kind], IN_WORDS[kind]) for kind in SignalKind]
