"""What a file leaves open, and what the person said about it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

QuestionKind = Literal["columns", "hidden_sheets", "month_first", "legacy"]


@dataclass(frozen=True)
class AskedColumn:
    """A column that no alias knows: its heading key (what an answer is stored under), heading, letter, some cells."""

    key: str
    heading: str
    letter: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What the person must say (`blocks`) or may say before the file is taken over.

    - "columns": for each of `columns` one of `options` (field, label), or "" to ignore it; kept under `signature`.
      `missing` are the fields that the table cannot do without.
    - "hidden_sheets": which of `options` (name, name) to read as well; blocks only where no visible sheet has a table.
    - "month_first": "true" or "false"; `sample`: cells of the column.
    - "legacy": the encoding to convert from, of `options` (name, label; "" leaves the cells to be errors);
      `sample`: "before → after".
    """

    kind: QuestionKind
    sheet: str
    text: str
    options: tuple[tuple[str, str], ...] = ()
    sample: tuple[str, ...] = ()
    blocks: bool = True
    signature: str = ""
    missing: tuple[str, ...] = ()
    columns: tuple[AskedColumn, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it for a JSON report; `from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Question":
        return cls(
            kind=stored["kind"],
            sheet=stored["sheet"],
            text=stored["text"],
            options=tuple((value, label) for value, label in stored["options"]),
            sample=tuple(stored["sample"]),
            blocks=stored["blocks"],
            signature=stored["signature"],
            missing=tuple(stored["missing"]),
            columns=tuple(AskedColumn(**(one | {"samples": tuple(one["samples"])})) for one in stored["columns"]),
        )


@dataclass(frozen=True)
class Answers:
    """What the person said.

    `columns`: signature of a layout -> heading key -> field ("" ignores the column). `hidden_sheets`: the hidden
    sheets to read (None: not asked yet). `month_first`: None where it was not asked. `legacy`: the encoding to convert
    from ("": none, the cells are errors; None: not asked yet). `sheets`: only these sheets (None: all). `decisions`:
    "sheet!row" of a row in doubt -> id of what it means, or 0 where it means nothing known.
    """

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hidden_sheets: tuple[str, ...] | None = None
    month_first: bool | None = None
    legacy: str | None = None
    sheets: tuple[str, ...] | None = None
    decisions: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Answers":
        hidden, sheets = stored.get("hidden_sheets"), stored.get("sheets")
        return cls(
            columns={key: dict(fields) for key, fields in (stored.get("columns") or {}).items()},
            hidden_sheets=None if hidden is None else tuple(hidden),
            month_first=stored.get("month_first"),
            legacy=stored.get("legacy"),
            sheets=None if sheets is None else tuple(sheets),
            decisions={key: int(pk) for key, pk in (stored.get("decisions") or {}).items()},
        )

    def as_json(self) -> dict[str, Any]:
        """Return it for RosterImport.answers."""
        return {
            "columns": {key: dict(fields) for key, fields in self.columns.items()},
            "hidden_sheets": None if self.hidden_sheets is None else list(self.hidden_sheets),
            "month_first": self.month_first,
            "legacy": self.legacy,
            "sheets": None if self.sheets is None else list(self.sheets),
            "decisions": dict(self.decisions),
        }
