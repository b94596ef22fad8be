"""What a check finds, and where it looks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Scope:
    """One campaign with its commune; lists of people and units belong to the commune."""

    campaign: Campaign

    @property
    def commune_id(self) -> int:
        return self.campaign.commune_id


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored that is not what the records say; ``where`` names the record, ``what`` the difference."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


Check: TypeAlias = Callable[[Scope], Iterator[Difference]]
