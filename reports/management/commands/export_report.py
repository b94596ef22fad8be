"""`manage.py export_report`: the official workbook as a file."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from reports.exporters.edition import read_edition
from reports.exporters.workbook import write_workbook
from reports.management.options import add_reading_options, reading_options
from reports.progress import ProgressError


class Command(BaseCommand):
    help = "Ghi báo cáo Excel chính thức ra tệp: toàn vẹn, hoặc không ghi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        add_reading_options(parser)
        parser.add_argument("--output", metavar="TỆP.xlsx", help="tệp sẽ ghi; tệp cũ cùng tên được thay")

    def handle(self, *args: Any, **options: Any) -> None:
        path = output_path(options["output"])
        campaign, clocks = reading_options(options)
        try:
            write_workbook(read_edition(campaign, clocks), path)
        except ProgressError as error:
            raise CommandError(f"Không tính được số liệu: {error}") from None
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {path}: {error.strerror or error}.") from None
        self.stdout.write(f"Đã ghi báo cáo: {path}")


def output_path(text: str | None) -> Path:
    """Where to write; raises CommandError for no name, another kind of file, or a folder that does not exist."""
    if not text:
        raise CommandError("Hãy nêu tệp cần ghi, ví dụ --output bao-cao.xlsx.")
    path = Path(text)
    if path.suffix.lower() != ".xlsx":
        raise CommandError(f"--output: “{text}” phải có đuôi .xlsx.")
    if path.is_dir():
        raise CommandError(f"--output: “{text}” là thư mục. Hãy nêu cả tên tệp.")
    if not path.parent.is_dir():
        raise CommandError(f"Không có thư mục “{path.parent}”. Hãy tạo thư mục trước, hoặc chọn thư mục khác.")
    return path
