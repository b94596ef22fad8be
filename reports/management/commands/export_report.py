"""`manage.py export_report`: an official paper as a file, from frozen figures or from the records as they are."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from reports.exporters.edition import Edition, UnknownUnitError, edition_of_snapshot, read_edition
from reports.exporters.formats import FORMATS
from reports.management.options import add_reading_options, chosen_campaign, reading_options
from reports.progress import ProgressError
from reports.selectors.snapshots import find_snapshot
from reports.snapshots.canonical import ContentError


class Command(BaseCommand):
    help = "Ghi báo cáo chính thức (của cả xã, hoặc của một đơn vị) ra tệp: toàn vẹn, hoặc không ghi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        add_reading_options(parser)
        parser.add_argument("--snapshot", metavar="MÃ", help="bản chốt, ví dụ BDHVS-2026-003 hoặc 3; thay cho --as-of")
        parser.add_argument("--format", metavar="ĐỊNH DẠNG", help=f"{', '.join(FORMATS)}; bỏ trống: theo đuôi tệp")
        parser.add_argument("--unit", metavar="MÃ", help="mã đơn vị; bỏ trống: cả xã")
        parser.add_argument("--output", metavar="TỆP", help="tệp sẽ ghi; tệp cũ cùng tên được thay")

    def handle(self, *args: Any, **options: Any) -> None:
        path, name = output_path(options["output"], options["format"])
        try:
            edition = _edition(options)
            FORMATS[name].write(edition, path)
        except ProgressError as error:
            raise CommandError(f"Không tính được số liệu: {error}") from None
        except (ContentError, UnknownUnitError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {path}: {error.strerror or error}.") from None
        self.stdout.write(f"Đã ghi báo cáo: {path}\n{edition.source_line}")


def _edition(options: dict[str, Any]) -> Edition:
    """What was asked for; raises CommandError, UnknownUnitError, ProgressError and ContentError."""
    edition = _of_snapshot(options) if options["snapshot"] else read_edition(*reading_options(options))
    return edition.for_unit(options["unit"]) if options["unit"] else edition


def _of_snapshot(options: dict[str, Any]) -> Edition:
    if options["as_of"] or options["approved_by"]:
        raise CommandError("Bản chốt đã có ngày của nó. Hãy dùng --snapshot, hoặc --as-of, không dùng cả hai.")
    campaign = chosen_campaign(options)
    snapshot = find_snapshot(campaign, options["snapshot"])
    if snapshot is None:
        raise CommandError(f"Chiến dịch {campaign.code} không có bản chốt “{options['snapshot']}”.")
    return edition_of_snapshot(snapshot)


def output_path(text: str | None, name: str | None) -> tuple[Path, str]:
    """Where to write, and in which format: the one that was asked for, else that of the suffix.

    Raises CommandError for no name, another kind of file, or a folder that does not exist.
    """
    if not text:
        raise CommandError("Hãy nêu tệp cần ghi, ví dụ --output bao-cao.xlsx.")
    path, found = Path(text), _format(text, name)
    if path.suffix.lower() != FORMATS[found].suffix:
        raise CommandError(f"--output: “{text}” phải có đuôi {FORMATS[found].suffix}.")
    if path.is_dir():
        raise CommandError(f"--output: “{text}” là thư mục. Hãy nêu cả tên tệp.")
    if not path.parent.is_dir():
        raise CommandError(f"Không có thư mục “{path.parent}”. Hãy tạo thư mục trước, hoặc chọn thư mục khác.")
    return path, found


def _format(output: str, name: str | None) -> str:
    known = ", ".join(FORMATS)
    if name and name not in FORMATS:
        raise CommandError(f"--format: không có định dạng “{name}”. Hãy chọn: {known}.")
    by_suffix = next((key for key, row in FORMATS.items() if output.lower().endswith(row.suffix)), "")
    if not (name or by_suffix):
        raise CommandError(
            f"--output: “{output}” phải có đuôi {' hoặc '.join(row.suffix for row in FORMATS.values())}."
        )
    return name or by_suffix
