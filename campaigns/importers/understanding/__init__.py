"""What a workbook says: where each table begins, which columns it has, which rows are people. Pure: no database.

    reading = understand(workbook, LAYOUTS["PUPILS"], answers)

Nothing is guessed: what has more than one reading becomes a `Question`, and the rows in doubt carry `Doubtful` cells,
which the row forms refuse, until the person's `Answers` settle it.
"""

from campaigns.importers.understanding.asking import Answers, AskedColumn, Question
from campaigns.importers.understanding.headings import column_letter, heading_key
from campaigns.importers.understanding.recognising import recognise_kind
from campaigns.importers.understanding.shapes import (
    LAYOUTS,
    Doubtful,
    Layout,
    RosterReading,
    SheetReading,
    register_layout,
)
from campaigns.importers.understanding.titles import class_in_title
from campaigns.importers.understanding.workbooks import understand

__all__ = [
    "LAYOUTS",
    "Answers",
    "AskedColumn",
    "Doubtful",
    "Layout",
    "Question",
    "RosterReading",
    "SheetReading",
    "class_in_title",
    "column_letter",
    "heading_key",
    "recognise_kind",
    "register_layout",
    "understand",
]
