"""`manage.py import_roster`: check a list, and with --apply take it over, whole or not at all.

Exit code: 0 taken over, or nothing to do; 1 rows with errors; 2 the file was refused.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from campaigns.importers.examining import Checked
from campaigns.importers.kinds import kinds
from campaigns.importers.reports import command_json, outcome_of
from campaigns.importers.understanding import LAYOUTS, Answers
from campaigns.models import Unit
from campaigns.services.imports import ImportNotAppliedError, import_file
from hbs_portal.lib.dates import local_today, parse_day
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.text import number_text

REFUSED = 2
EXIT_CODES = {"ok": 0, "nothing": 0, "errors": 1, "refused": REFUSED}
NOBODY = "Không tìm thấy dòng nào để nạp trong tệp này. Hãy điền danh sách dưới dòng tiêu đề rồi chạy lại."
NOTHING = "Danh sách đã đúng như tệp này, không có gì để nạp."


class Command(BaseCommand):
    help = "Kiểm tra một danh sách (học sinh, cán bộ, hộ, người dân); với --apply thì nạp, toàn vẹn hoặc không nạp."

    def add_arguments(self, parser: CommandParser) -> None:
        names = sorted(spec.kind.lower() for spec in kinds() if spec.kind in LAYOUTS)
        parser.add_argument("file", metavar="TỆP", help="tệp .xlsx, .xls hoặc .csv")
        parser.add_argument("--unit", required=True, metavar="MÃ", help="mã đơn vị, ví dụ TH-A")
        parser.add_argument("--kind", default="auto", choices=["auto", *names], help="loại danh sách")
        parser.add_argument(
            "--sheet", action="append", metavar="TÊN", help="chỉ đọc trang tính này; ghi nhiều lần được"
        )
        parser.add_argument("--since", metavar="NGÀY", help="có mặt từ ngày, ví dụ 05/09/2026; không ghi là hôm nay")
        parser.add_argument("--commune", metavar="MÃ", help="mã xã, khi mã đơn vị có ở nhiều xã")
        parser.add_argument("--apply", action="store_true", help="ghi vào danh sách; không có thì chỉ kiểm tra")
        parser.add_argument("--format", default="json", choices=["json"], help="cách in kết quả")

    def handle(self, *args: Any, **options: Any) -> None:
        unit, since = named_unit(options["unit"], options["commune"]), first_day(options["since"])
        result = self.result(unit, since, options)
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
        if code := EXIT_CODES[result["outcome"]]:
            sys.exit(code)

    def result(self, unit: Unit, since: date, options: dict[str, Any]) -> dict[str, Any]:
        """What is printed: the outcome of the file, or why it is refused."""
        path, sheets = Path(options["file"]), options["sheet"]
        try:
            checked = import_file(
                actor=None,
                unit=unit,
                kind=options["kind"].upper(),
                effective_on=since,
                path=path,
                file_name=path.name,
                answers=Answers(
                    sheets=tuple(sheets) if sheets else None, hidden_sheets=tuple(sheets) if sheets else None
                ),
                apply=options["apply"],
            )
        except (RefusedFile, ImportNotAppliedError) as refusal:
            return refused(options["kind"], str(refusal))
        except OSError as error:
            return refused(options["kind"], f"Không đọc được tệp {path}: {error.strerror or error}.")
        return told(checked, unit)


def told(checked: Checked, unit: Unit) -> dict[str, Any]:
    """The JSON of a file that could be read; a question that blocks refuses it, since nobody is there to answer."""
    if blocking := [question.text for question in checked.reading.questions if question.blocks]:
        return command_json(checked, "refused", " ".join(blocking))
    outcome = "errors" if checked.report.doubts else outcome_of(checked)
    if outcome == "ok" and not checked.report.writes:
        outcome = "nothing"
    return command_json(checked, outcome, message_of(checked, outcome, unit))


def message_of(checked: Checked, outcome: str, unit: Unit) -> str:
    """One line for the person at the terminal."""
    report = checked.report
    if outcome == "nothing":
        return NOTHING if report.unchanged or report.left_out else NOBODY
    if outcome == "errors":
        rows = {(error.sheet, error.row) for error in report.errors}
        count = len(rows) + len(report.doubts)
        return f"Có {number_text(count)} dòng cần sửa nên chưa nạp gì. Hãy sửa tệp rồi chạy lại."
    counts = f"{number_text(len(report.new))} mới, {number_text(len(report.changed))} thay đổi"
    if report.applied:
        return f"Đã nạp {counts} vào danh sách của {unit}."
    return f"Sẽ nạp {counts} vào danh sách của {unit}. Thêm --apply để nạp."


def refused(kind: str, message: str) -> dict[str, Any]:
    return {
        "outcome": "refused",
        "kind": kind,
        "accepted": 0,
        "new": 0,
        "changed": 0,
        "unchanged": 0,
        "left_out": [],
        "rejected": [],
        "warnings": [],
        "columns": {},
        "hidden_sheets": [],
        "message": message,
    }


def named_unit(code: str, commune_code: str | None) -> Unit:
    """The unit of this code. Raises CommandError where there is none, or several communes have one."""
    units = Unit.objects.select_related("commune").filter(code=code)
    if commune_code:
        units = units.filter(commune__code=commune_code)
    found = list(units[:2])
    if not found:
        raise CommandError(f"--unit: không có đơn vị mã “{code}”.", returncode=REFUSED)
    if len(found) > 1:
        raise CommandError(f"--unit: mã “{code}” có ở nhiều xã. Hãy thêm --commune.", returncode=REFUSED)
    return found[0]


def first_day(text: str | None) -> date:
    """The day from which the list holds; today where nobody says. Raises CommandError."""
    if not text:
        return local_today()
    try:
        day = parse_day(text)
    except ValueError as error:
        raise CommandError(f"--since: {error}", returncode=REFUSED) from None
    if day > local_today():
        raise CommandError("--since: ngày này chưa đến. Hãy ghi hôm nay hoặc một ngày đã qua.", returncode=REFUSED)
    return day
