"""A superior's form filled from an edition."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from hbs_portal.lib.sheets.editing.filling import fill_book
from hbs_portal.lib.sheets.editing.package import BookParts
from hbs_portal.lib.sheets.editing.rewriting import Content, Runs, safe_words
from hbs_portal.lib.sheets.editing.scanning import Place
from hbs_portal.lib.sheets.grids import Grid
from reports.exporters.edition import Edition
from reports.exporters.sheet_template.figures import TAG, Known, in_cell, in_words, value_of
from reports.exporters.sheet_template.placing import Placement, Problem, placements, problems


class TemplateError(Exception):
    """A form that cannot be filled; `problems` name every cell."""

    def __init__(self, found: list[Problem]) -> None:
        more = f" (và {len(found) - 1} ô nữa)" if len(found) > 1 else ""
        super().__init__(f"Ô {found[0].address}: {found[0].sentence}{more}")
        self.problems = found


@dataclass(frozen=True)
class Outcome:
    """How many cells were filled; formulas that Excel must calculate, and those that give an error, by address."""

    filled: int
    left_blank: tuple[str, ...]
    faults: tuple[str, ...]


def fill_template(path: Path, grid: Grid, bindings: Mapping[str, str], edition: Edition, target: Path) -> Outcome:
    """Write the form at `path`, filled, to `target`. Raises TemplateError, and RefusedFile for a damaged form."""
    wrong = problems(grid, bindings, Known.of(edition))
    if wrong:
        raise TemplateError(wrong)
    book = BookParts(path)
    contents: dict[str, dict[Place, Content]] = {}
    found = list(placements(grid, bindings))
    for placement in found:
        contents.setdefault(placement.sheet, {})[placement.place] = _content(placement, book, edition)
    told = fill_book(book, contents, target)
    return Outcome(len(found), told.left_blank, told.faults)


def _content(placement: Placement, book: BookParts, edition: Edition) -> Content:
    scan = book.scans[placement.sheet]
    cell = scan.cells.get(placement.place)
    number_format = book.format_of(cell.style if cell else scan.style_for(placement.place))
    if not placement.text or TAG.fullmatch(placement.text.strip()):
        value = value_of(placement.names[0], edition, number_format)
        return in_cell(value, number_format, counts_from_1904=book.uses_1904)
    words = TAG.sub(lambda found: in_words(_in_sentence(found[1], edition)), placement.text)
    return _in_its_looks(placement, book, edition, words) or words


def _in_sentence(name: str, edition: Edition) -> str:
    """Inside a sentence a percentage is written as people read it."""
    is_percent = name.endswith((".percent", ".percent_number"))
    return in_words(value_of(f"{name.rpartition('.')[0]}.percent_text" if is_percent else name, edition))


def _in_its_looks(placement: Placement, book: BookParts, edition: Edition, words: str) -> Runs | None:
    """The sentence with the looks of its parts kept, where each tag stands within one of them."""
    scan = book.scans[placement.sheet]
    cell = scan.cells.get(placement.place)
    inner = book.runs_of(scan, cell) if cell else b""
    if not inner or safe_words(words) != words:
        return None
    told = TAG.sub(lambda found: escape(_in_sentence(found[1], edition)), inner.decode())
    return None if "{{" in told else Runs(told.encode(), words)
