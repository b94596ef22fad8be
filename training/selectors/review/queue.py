"""All that waits for approval, oldest first: one query per kind."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from accounts.models import User
from hbs_portal.lib.text import number_text
from training.selectors.review.kinds import KINDS, ReviewKind, kind_of


@dataclass
class QueueItem:
    """One line of the queue: a record, or the records of one unit and day (`ids`, in the order they were entered)."""

    kind: ReviewKind
    unit_id: int
    unit_name: str
    day: date
    waiting_since: date
    title: str = ""
    ids: list[int] = field(default_factory=list)
    entered_by: set[str] = field(default_factory=set)

    @property
    def token(self) -> str:
        return f"{self.kind.slug}:{'-'.join(map(str, self.ids))}"

    @property
    def words(self) -> str:
        if self.kind.is_grouped and len(self.ids) > 1:
            return f"{number_text(len(self.ids))} {self.kind.noun}"
        return self.title

    @property
    def enterers(self) -> str:
        return ", ".join(sorted(self.entered_by))

    @property
    def url(self) -> str:
        return reverse("training:review_record", args=[self.kind.slug, self.ids[0]])


def waiting_items(user: User) -> list[QueueItem]:
    """Every kind in one list, the longest waiting first, then by unit."""
    items = [item for kind in KINDS for item in (_groups(user, kind) if kind.is_grouped else _singles(user, kind))]
    return sorted(items, key=lambda item: (item.waiting_since, item.unit_name, item.day, item.ids[0]))


def _singles(user: User, kind: ReviewKind) -> list[QueueItem]:
    items = []
    for record in kind.visible_to(user).waiting():
        unit, title = kind.unit_of(record), _title(kind, record)
        item = QueueItem(kind, unit.pk, unit.name, kind.day_of(record), record.submitted_on, title, [record.pk])
        item.entered_by.add(str(record.entered_by))
        items.append(item)
    return items


def _title(kind: ReviewKind, record: object) -> str:
    if kind.slug == "luy-ke":
        return f"{record.target.code}: luỹ kế {number_text(record.value)} {record.get_group_display().lower()}"  # type: ignore[attr-defined]
    if kind.slug == "quy-mo":
        return f"Quy mô {number_text(record.count)} {record.get_group_display().lower()}"  # type: ignore[attr-defined]
    return str(record)


def _groups(user: User, kind: ReviewKind) -> list[QueueItem]:
    unit = (f"{kind.unit}_id", f"{kind.unit}__name")
    fields = (*unit, kind.day, "submitted_on", kind.subject, "pk", "entered_by__full_name")
    groups: dict[tuple[int, date], QueueItem] = {}
    for unit_id, name, day, since, subject, pk, enterer in kind.waiting(user).order_by("pk").values_list(*fields):
        item = groups.setdefault((unit_id, day), QueueItem(kind, unit_id, name, day, since, f"{subject}: {kind.noun}"))
        item.ids.append(pk)
        item.entered_by.add(enterer)
        item.waiting_since = min(item.waiting_since, since)
    return list(groups.values())


def counts_by_kind(items: list[QueueItem]) -> list[tuple[ReviewKind, int]]:
    """How many records of each kind wait, in the order of the tabs."""
    counts: Counter[str] = Counter()
    for item in items:
        counts[item.kind.slug] += len(item.ids)
    return [(kind, counts[kind.slug]) for kind in KINDS]


def following(items: list[QueueItem], slug: str, pk: int) -> str | None:
    """The address of the record after this one in the queue, from the beginning again at its end; None: no other."""
    flat = [(item.kind.slug, number) for item in items for number in item.ids]
    if (slug, pk) in flat:
        place = flat.index((slug, pk))
        flat = flat[place + 1 :] + flat[:place]
    return reverse("training:review_record", args=list(flat[0])) if flat else None


def place_in_queue(items: list[QueueItem], slug: str, pk: int) -> tuple[int, int]:
    """Which record of how many; the place is 0 for one that does not wait."""
    flat = [(item.kind.slug, number) for item in items for number in item.ids]
    return (flat.index((slug, pk)) + 1 if (slug, pk) in flat else 0), len(flat)


def units_of(items: list[QueueItem]) -> list[tuple[str, str]]:
    """Units with something in the queue, as choices of the filter."""
    units = {str(item.unit_id): item.unit_name for item in items}
    return sorted(units.items(), key=lambda pair: pair[1])


def narrowed(items: list[QueueItem], *, slug: str = "", unit_id: str = "") -> list[QueueItem]:
    """Those of one kind, of one unit."""
    if slug:
        items = [item for item in items if item.kind is kind_of(slug)]
    return [item for item in items if str(item.unit_id) == unit_id] if unit_id else items
