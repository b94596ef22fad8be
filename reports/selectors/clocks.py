"""The two clocks of every reading (rule G5), as conditions on a record's own columns or on those of a joined one."""

from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Case, CharField, Q, Value, When

from campaigns.models import Campaign, ReviewedRecord
from campaigns.models.review import counted_on, official_on
from hbs_portal.lib.dates import local_today


@dataclass(frozen=True, slots=True)
class Supposition:
    """A decision that nobody has taken: as if these records of one kind were official, and those had ended."""

    kind: type[ReviewedRecord]
    official: frozenset[int] = frozenset()
    ended: frozenset[int] = frozenset()

    def over(self, condition: Q, prefix: str) -> Q:
        """The condition, were the decision taken."""
        if self.ended:
            condition &= ~Q(**{f"{prefix}pk__in": self.ended})
        return condition | Q(**{f"{prefix}pk__in": self.official}) if self.official else condition


@dataclass(frozen=True, slots=True)
class Clocks:
    """What happened on or before `as_of` and was approved on or before `approved_by` (both local dates).

    Conditions that figures are drawn from name the kind of record (`of`), so that a decision can be supposed.
    """

    as_of: date
    approved_by: date
    supposed: Supposition | None = None

    @classmethod
    def of(cls, campaign: Campaign, as_of: date | None = None, approved_by: date | None = None) -> "Clocks":
        """Missing clocks stand at today, the first one at the latest at the campaign's last day."""
        today = local_today()
        return cls(as_of or min(today, campaign.ends_on), approved_by or today)

    def official(self, prefix: str = "", *, of: type[ReviewedRecord] | None = None) -> Q:
        """Approved on or before K and still so on K; `prefix` leads to the reviewed record ("activity__")."""
        return self._supposing(official_on(self.approved_by, prefix), prefix, of)

    def counted(self, prefix: str = "", *, of: type[ReviewedRecord] | None = None) -> Q:
        """Official ones and those that waited on day K (rule H1); drafts and returned ones never count."""
        return self._supposing(counted_on(self.approved_by, prefix), prefix, of)

    def relevant(self, prefix: str = "", *, of: type[ReviewedRecord] | None = None) -> Q:
        """Whatever either of them takes: an approved record stays official while its new version waits (rule H2)."""
        return self.official(prefix, of=of) | self.counted(prefix, of=of)

    def _supposing(self, condition: Q, prefix: str, of: type[ReviewedRecord] | None) -> Q:
        return self.supposed.over(condition, prefix) if self.supposed and self.supposed.kind is of else condition

    def is_official(self, approved_on: date | None, ended_on: date | None) -> bool:
        """The same question of a row that was already read."""
        has_begun = approved_on is not None and approved_on <= self.approved_by
        return has_begun and (ended_on is None or ended_on > self.approved_by)


def flag(condition: Q | None) -> Case | Value:
    """A column that is true where the condition holds; None never holds."""
    if condition is None:
        return Value(False, output_field=BooleanField())
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def mark_if(condition: Q) -> Case:
    """Some text where the condition holds, else none; for thousands of rows, of which truth values and numbers would be
    converted one by one."""
    return Case(When(condition, then=Value("x")), default=Value(""), output_field=CharField())
