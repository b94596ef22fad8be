"""What was drawn from the records and kept: periods, frozen figures, calls back, signals that were looked into,
the papers that were issued and the templates they came from.
"""

from reports.models.callbacks import CallbackEntry, CallbackSample
from reports.models.issued import Report, ReportFile, ReportParagraph
from reports.models.periods import ReportingPeriod
from reports.models.snapshots import Snapshot
from reports.models.templates import SheetTemplate, WordTemplate
from reports.models.warning_signs import SignalReview

__all__ = [
    "CallbackEntry",
    "CallbackSample",
    "Report",
    "ReportFile",
    "ReportParagraph",
    "ReportingPeriod",
    "SheetTemplate",
    "SignalReview",
    "Snapshot",
    "WordTemplate",
]
