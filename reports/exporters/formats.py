"""The formats of an official paper, in one table: a further one is added here and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reports.exporters.edition import Edition
from reports.exporters.pdf.writer import write_pdf
from reports.exporters.word.writer import write_word
from reports.exporters.workbook import write_workbook


@dataclass(frozen=True)
class Format:
    """`write` makes the whole file or none; of a unit's own paper where `edition.unit` is set. Raises OSError."""

    label: str
    suffix: str
    content_type: str
    write: Callable[[Edition, Path], None]


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS: Mapping[str, Format] = {
    "xlsx": Format(
        label="Excel",
        suffix=".xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write=write_workbook,
    ),
    "docx": Format(label="Word", suffix=".docx", content_type=DOCX, write=write_word),
    "pdf": Format(label="PDF", suffix=".pdf", content_type="application/pdf", write=write_pdf),
}
