"""`manage.py progress`: every figure of a campaign, for people (text) or for programs (json)."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from campaigns.models import Campaign
from hbs_portal.lib.text import date_short
from reports.management.options import add_reading_options, reading_options
from reports.progress import Progress, ProgressError, TargetProgress
from reports.selectors import read_progress

FORMATS = ("text", "json")


class Command(BaseCommand):
    help = "In số liệu của các chỉ tiêu, toàn xã và từng đơn vị."

    def add_arguments(self, parser: CommandParser) -> None:
        add_reading_options(parser)
        parser.add_argument("--format", default="text", metavar="|".join(FORMATS), help="cách in; mặc định là text")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] not in FORMATS:
            raise CommandError(f"--format: chỉ nhận {' hoặc '.join(FORMATS)}, không nhận “{options['format']}”.")
        campaign, clocks = reading_options(options)
        try:
            progress = read_progress(campaign, clocks).progress
        except ProgressError as error:
            raise CommandError(f"Không tính được số liệu: {error}") from None
        write = json_text if options["format"] == "json" else plain_text
        self.stdout.write(write(campaign, progress))


def json_text(campaign: Campaign, progress: Progress) -> str:
    """The contract of the command line; units that are open at the as-of date, in their order."""
    answer = {
        "campaign": campaign.code,
        "as_of": progress.as_of.isoformat(),
        "approved_by": progress.approved_by.isoformat(),
        "targets": [_target_json(target) for target in progress.targets],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _target_json(target: TargetProgress) -> dict[str, Any]:
    return {
        "code": target.rule.code,
        "commune": target.commune.as_json(),
        "units": [{"unit": row.unit.code, "kind": row.unit.kind, **row.cell.as_json()} for row in target.units],
    }


def plain_text(campaign: Campaign, progress: Progress) -> str:
    """The same figures for reading: a paragraph for each target, a line for each unit that it concerns."""
    head = f"{campaign.title}\nSố liệu phát sinh đến {date_short(progress.as_of)}, "
    head += f"được duyệt đến {date_short(progress.approved_by)}"
    return "\n".join([head, *(line for target in progress.targets for line in _target_lines(target))])


def _target_lines(target: TargetProgress) -> Iterator[str]:
    commune = target.commune
    yield f"\n{target.rule.code}. {target.rule.clause}"
    yield f"  Toàn xã: {commune.text} - {commune.verdict.label}{_gap(commune.missing)}"
    for row in target.units:
        if row.cell.state != "not_applicable":
            yield f"    {row.unit.code:<12} {row.cell.text:<28} {row.cell.verdict.label}{_gap(row.cell.missing)}"


def _gap(missing: int | None) -> str:
    return f", cần thêm {missing}" if missing else ""
