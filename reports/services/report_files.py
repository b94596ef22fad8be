"""The files of a report: made by a job in every format from one snapshot, kept as drafts until it is issued."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.audit import field_values, record_audit
from accounts.job_results import result_file_of, written_whole
from accounts.jobs import Progress
from accounts.models import Job
from hbs_portal.lib.sheets.writing import Letterhead
from hbs_portal.lib.text import number_text
from reports.exporters.edition import Edition, edition_of_snapshot, letterhead_of
from reports.exporters.formats import FORMATS
from reports.exporters.pdf.writer import write_pdf
from reports.exporters.word.writer import write_word
from reports.exporters.wording import figure_in_short, partial_remark
from reports.exporters.workbook import write_workbook
from reports.models import Report, ReportFile
from reports.models.issued import ReportState
from reports.papers.content import number_line, suggested_title
from reports.papers.parts import PaperWords
from reports.progress import Cell
from reports.selectors.paragraphs import paragraphs_of
from reports.selectors.silent import silent_units
from reports.selectors.warning_signs import load_sign_rows, sign_reviews
from reports.services.freezing import freeze_once
from reports.warning_signs import find_signs

Writer = Callable[[Edition, Path, Mapping[str, str], PaperWords], None]


def _workbook(edition: Edition, path: Path, _paragraphs: Mapping[str, str], _words: PaperWords) -> None:
    """Tables hold no words of the office."""
    write_workbook(edition, path)


#: By the keys of FORMATS, in the order in which people look for them.
WRITERS: Mapping[str, Writer] = {"xlsx": _workbook, "docx": write_word, "pdf": write_pdf}
REPORT_KINDS = tuple(WRITERS)
#: Keys of Report.wording.
FILES, FIGURES, WARNINGS, PARAGRAPHS, LETTERHEAD = "files", "figures", "warnings", "paragraphs", "letterhead"
FOLDER = "reports"
MOST_UNITS_NAMED = 8
NO_BREAK = "\N{NO-BREAK SPACE}"


class OvertakenError(Exception):
    """The report was issued, changed or thrown away while its files were being made; a sentence for people."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a report that is not issued yet; `path` under MEDIA_ROOT."""

    format: str
    path: str
    size_bytes: int
    sha256: str
    made_at: datetime


def prepare_once(job: Job, progress: Progress) -> Report:
    """The report that a job asks for, its figures frozen; a second run finds what the first one made.

    Raises SnapshotError, PeriodError where the figures cannot be frozen, OvertakenError where it is gone.
    """
    if "report" in job.arguments:
        return _prepared(job.arguments["report"], job.commune_id)
    snapshot = freeze_once(job, progress)
    words = dict(job.arguments["words"])
    words["dated_on"] = date.fromisoformat(words["dated_on"]) if words["dated_on"] else None
    with transaction.atomic():
        report = Report.objects.create(
            commune_id=snapshot.commune_id,
            campaign_id=snapshot.campaign_id,
            snapshot=snapshot,
            prepared_by=job.owner,
            **{**words, "title": words["title"] or snapshot.name},
        )
        after = field_values(report, ("title", "paper_number", "dated_on"))
        record_audit(actor=job.owner, action="Lập báo cáo", target=report, after=after)
        progress.note(report=report.pk, usual_title=not words["title"])
    return _prepared(report.pk, job.commune_id)


def make_files(report: Report, job: Job, progress: Progress) -> Report:
    """Write every format from the snapshot, then show all of them at once in the place of what was there.

    Raises OvertakenError, ContentError (a broken seal), and OSError where a file cannot be written: then nothing stays.
    """
    paper_number, dated_on = report.paper_number, report.dated_on
    letterhead = letterhead_of(report.campaign)
    letterhead = replace(letterhead, paper_number=number_line(paper_number, letterhead.symbol), day=dated_on)
    edition = edition_of_snapshot(report.snapshot, str(job.owner), previous=report.previous, letterhead=letterhead)
    if job.arguments.get("usual_title"):
        report.title = suggested_title(edition)[:200]
    paragraphs = paragraphs_of(report.campaign)
    words = PaperWords(report.title, paper_number, dated_on)
    files: list[KeptFile] = []
    try:
        for number, kind in enumerate(WRITERS):
            progress.report(20 + 25 * number, f"Đang viết tệp {FORMATS[kind].label}")
            files.append(_written(report, kind, edition, paragraphs, words))
        wording = {
            FILES: [plain_file(file) for file in files],
            FIGURES: figures_in_one_line(edition),
            WARNINGS: [*paper_warnings(edition), *_unreviewed_signs(edition)],
            PARAGRAPHS: paragraphs,
            LETTERHEAD: plain_letterhead(letterhead),
        }
        return _stored(report, progress, wording)
    except BaseException:
        delete_now(file.path for file in files)
        raise


def figures_in_one_line(edition: Edition) -> str:
    """ "K1 94,5% (đạt); K2 chưa báo cáo": what a list of files shows of each; a line never ends inside a figure."""
    figures = [f"{target.rule.code} {figure_in_short(target.commune)}" for _, target in edition.figures]
    return "; ".join(figure.replace(" ", NO_BREAK) for figure in figures)


def paper_warnings(edition: Edition) -> list[str]:
    """What the office should know before it issues these figures, each a sentence; names of units only."""
    found = []
    for target in edition.progress.targets:
        told = (_state(target.commune), partial_remark(target), _over(target.commune), _waiting(target.commune))
        found += [f"{target.rule.code}: {sentence}" for sentence in told if sentence]
    silent = [unit.name for unit in silent_units(edition.content.facts)]
    if silent:
        left_out = len(silent) - MOST_UNITS_NAMED
        more = f" và {number_text(left_out)} đơn vị khác" if left_out > 0 else ""
        names = ", ".join(silent[:MOST_UNITS_NAMED])
        found.append(f"{number_text(len(silent))} đơn vị chưa có báo cáo nào: {names}{more}.")
    return found


def kept_files(report: Report) -> list[KeptFile]:
    """The drafts of a report that is not issued; none while they are being made."""
    rows = report.wording.get(FILES, [])
    return [KeptFile(**{**row, "made_at": parse_datetime(row["made_at"])}) for row in rows]


def file_name(report: Report, suffix: str) -> str:
    """ "BDHVS-2026_bao-cao_2026-10-31_lan-1.xlsx": no diacritics, so that every mail and stick takes it."""
    code = re.sub(r"[^A-Za-z0-9.-]+", "-", report.campaign.code).strip("-.") or "chien-dich"
    edition = f"lan-{report.edition}" if report.edition else "xem-truoc"
    return f"{code}_bao-cao_{report.snapshot.as_of.isoformat()}_{edition}{suffix}"


def is_intact(path: str, sha256: str) -> bool:
    """Whether a file is there, byte for byte as it was made."""
    try:
        with result_file_of(path).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError:
        return False


def plain_letterhead(letterhead: Letterhead) -> dict[str, Any]:
    """Head, signature and recipients as values for JSON; its number and day stand in the report itself."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(letterhead).items()
        if name not in ("paper_number", "day")
    }


def delete_drafts(files: Iterable[KeptFile]) -> None:
    """Delete these files once the transaction stands."""
    paths = [file.path for file in files]
    # A disk that refuses must not look like a failure of what is committed; the daily tidying finds them.
    transaction.on_commit(lambda: delete_now(paths), robust=True)


def delete_now(paths: Iterable[str]) -> None:
    for path in paths:
        result_file_of(path).unlink(missing_ok=True)


def forget_unused_files(limit: datetime) -> int:
    """Delete files older than `limit` that belong to no report: what a worker that was killed leaves behind."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    # The files first, then who needs them: a file that finds its report in between stays.
    old = [file for file in folder.glob("*") if file.is_file() and file.stat().st_mtime < limit.timestamp()]
    drafts = Report.objects.filter(state=ReportState.PREPARED).values_list("wording", flat=True)
    needed = {row["path"] for wording in drafts for row in wording.get(FILES, [])}
    needed |= set(ReportFile.objects.values_list("file", flat=True))
    unused = [file for file in old if f"{FOLDER}/{file.name}" not in needed]
    for file in unused:
        file.unlink(missing_ok=True)
    return len(unused)


def _prepared(pk: int, commune_id: int | None) -> Report:
    related = ("campaign__commune", "snapshot__campaign__commune", "snapshot__period__campaign", "previous__campaign")
    report = Report.objects.filter(pk=pk, commune_id=commune_id).select_related(*related).first()
    if report is None or report.state != ReportState.PREPARED:
        raise OvertakenError("Báo cáo này đã được ban hành hoặc bỏ đi nên không lập lại tệp.")
    return report


def _written(report: Report, kind: str, edition: Edition, paragraphs: Mapping[str, str], words: PaperWords) -> KeptFile:
    with written_whole(str(report.pk), FORMATS[kind].suffix, FOLDER) as (path, kept):
        WRITERS[kind](edition, path, paragraphs, words)
    content = result_file_of(kept).read_bytes()
    return KeptFile(kind.upper(), kept, len(content), hashlib.sha256(content).hexdigest(), timezone.now())


def plain_file(file: KeptFile) -> dict[str, Any]:
    """As it is kept in Report.wording."""
    return {**asdict(file), "made_at": file.made_at.isoformat()}


@transaction.atomic
def _stored(report: Report, progress: Progress, wording: dict[str, Any]) -> Report:
    held = Report.objects.select_for_update(of=("self",)).filter(pk=report.pk, state=ReportState.PREPARED).first()
    if held is None or held.version != report.version:
        raise OvertakenError("Báo cáo vừa được sửa, ban hành hoặc bỏ đi nên tệp của lần lập này không dùng nữa.")
    progress.note(made=True)
    delete_drafts(kept_files(held))
    held.title, held.wording, held.version = report.title, wording, held.version + 1
    held.save(update_fields=("title", "wording", "version"))
    return held


def _state(cell: Cell) -> str:
    return "" if cell.has_value else f"{cell.state.label.lower()}."


def _over(cell: Cell) -> str:
    return "tử số vượt mẫu số, số liệu có chỗ trái nhau, phải kiểm tra lại." if cell.is_over else ""


def _waiting(cell: Cell) -> str:
    return f"còn {number_text(cell.waiting)} chờ duyệt, chưa tính vào báo cáo." if cell.waiting else ""


def _unreviewed_signs(edition: Edition) -> list[str]:
    """Signs are of today: they say what is worth a look before these figures leave the office."""
    reviews = sign_reviews(edition.campaign)
    count = sum(sign.key not in reviews for sign in find_signs(load_sign_rows(edition.campaign)))
    return [f"{number_text(count)} dấu hiệu cần kiểm tra chưa được xem xét."] if count else []
