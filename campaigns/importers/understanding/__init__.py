"""What a workbook says: where each table begins, which columns it has, which rows are people. Pure: no database.

    reading = understand(workbook, LAYOUTS["PUPILS"], answers)

Nothing is guessed: what has more than one reading becomes a `Question`, and the rows in doubt carry `Doubtful` cells,
which the row forms refuse, until the person's `Answers` settle it.
"""

from campaigns.importers.understanding.asking import Answers, AskedColumn, Question
from campaigns.importers.understanding.shapes import Doubtful, Layout, RosterReading, SheetReading
from campaigns.importers.understanding.tables import class_in_title, column_letter, understand

__all__ = [
    "Answers",
    "AskedColumn",
    "Doubtful",
    "Layout",
    "Question",
    "RosterReading",
    "SheetReading",
    "class_in_title",
    "column_letter",
    "understand",
]
