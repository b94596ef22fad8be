"""The six kinds of record that wait for approval, and what differs between them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import Http404

from accounts.models import User
from campaigns.models import Exclusion, Headcount, ReviewedRecord, Unit
from campaigns.models.review import ReviewedQuerySet
from hbs_portal.lib.text import is_record_number
from training.models import Activity, HouseholdCheck, PlatformUse, RunningTotal


@dataclass(frozen=True)
class ReviewKind:
    """`unit` and `day` are lookups from the record. A kind with a `subject` (a lookup to the name of whom it is about)
    is shown as one line per unit and day."""

    slug: str
    model: type[Any]
    label: str
    unit: str
    day: str
    noun: str
    subject: str = ""
    related: tuple[str, ...] = ()

    @property
    def is_grouped(self) -> bool:
        return bool(self.subject)

    def visible_to(self, user: User) -> ReviewedQuerySet[Any]:
        return self.model.objects.visible_to(user).select_related(self.unit, "entered_by", *self.related)

    def waiting(self, user: User) -> ReviewedQuerySet[Any]:
        return self.model.objects.visible_to(user).waiting()

    def unit_of(self, record: ReviewedRecord) -> Unit:
        found: Any = record
        for name in self.unit.split("__"):
            found = getattr(found, name)
        return found

    def day_of(self, record: ReviewedRecord) -> date:
        return getattr(record, self.day)


KINDS = (
    ReviewKind("hoat-dong", Activity, "Hoạt động", "host", "ends_on", "hoạt động", related=("campaign", "team")),
    ReviewKind(
        "nen-tang",
        PlatformUse,
        "Nền tảng số",
        "unit",
        "confirmed_on",
        "xác nhận dùng nền tảng số",
        subject="person__full_name",
        related=("campaign", "person"),
    ),
    ReviewKind(
        "kiem-tra-ho",
        HouseholdCheck,
        "Kiểm tra hộ",
        "household__village",
        "checked_on",
        "bản kiểm tra hộ",
        subject="household__head_name",
        related=("campaign", "member"),
    ),
    ReviewKind("luy-ke", RunningTotal, "Số luỹ kế", "unit", "as_of", "số luỹ kế", related=("target__campaign",)),
    ReviewKind("quy-mo", Headcount, "Quy mô", "unit", "effective_on", "quy mô khai báo"),
    ReviewKind(
        "loai-tru",
        Exclusion,
        "Loại trừ",
        "unit",
        "starts_on",
        "đề nghị loại trừ",
        related=("campaign", "person", "target"),
    ),
)
KIND_CHOICES = [(kind.slug, kind.label) for kind in KINDS]
_BY_SLUG = {kind.slug: kind for kind in KINDS}


def kind_of(slug: str) -> ReviewKind:
    """The kind named in an address; Http404 for any other word."""
    try:
        return _BY_SLUG[slug]
    except KeyError:
        raise Http404 from None


def parse_tokens(tokens: list[str]) -> dict[str, list[int]]:
    """ "nen-tang:3-4-9" of the queue's tick boxes as {"nen-tang": [3, 4, 9]}; what cannot be read falls away.

    Raises TooManyFieldsSent (413) for more numbers than one query may hold.
    """
    chosen: dict[str, list[int]] = {}
    for token in tokens:
        slug, _, numbers = token.partition(":")
        if slug in _BY_SLUG:
            chosen.setdefault(slug, []).extend(int(text) for text in numbers.split("-") if is_record_number(text))
    if sum(map(len, chosen.values())) > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
        raise TooManyFieldsSent("muc")
    return {slug: list(dict.fromkeys(ids)) for slug, ids in chosen.items() if ids}


def tokens_of(chosen: dict[str, list[int]]) -> list[str]:
    """The inverse of `parse_tokens`."""
    return [f"{slug}:{'-'.join(map(str, ids))}" for slug, ids in chosen.items() if ids]
