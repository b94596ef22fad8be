"""What every template needs: words for codes, Vietnamese numbers, bars, icons, the key of a form.

Numbers arrive as integers or as text already shaped by the progress engine; nothing here rounds or compares.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from campaigns.choices import RecordStatus
from reports.progress.states import CellState, Verdict

register = template.Library()

VERDICT_WORDS = {verdict.value: verdict.label for verdict in Verdict}
STATE_WORDS = {state.value: state.label for state in CellState if state != CellState.VALUE}
STATUS_WORDS = dict(RecordStatus.choices)
STATUS_ICONS = {
    "DRAFT": "pencil",
    "SUBMITTED": "clock-history",
    "RETURNED": "arrow-counterclockwise",
    "APPROVED": "check-circle",
    "REPLACED": "clock-history",
    "WITHDRAWN": "x-circle",
}
BAR_UNITS = 1000  # width of the bar's own drawing; the browser stretches it
MARK_UNITS = 8  # width of the threshold's mark, as in percent_bar.html
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 120, 32, 3


def _code(value: object) -> str:
    """Take a code as text, whether it comes as text or as an enumeration member."""
    return str(getattr(value, "value", value) or "")


@register.filter
def number(value: object) -> str:
    """Write a number in Vietnamese form: 1692 -> "1.692", Decimal("89.6") -> "89,6"; None or "" -> "-".

    Text that is already shaped by the engine passes through unchanged.
    """
    if value is None or value == "":
        return "-"
    if isinstance(value, int | float | Decimal):
        return f"{value:,}".translate(str.maketrans(",.", ".,"))
    return str(value)


@register.filter
def signed(value: int) -> str:
    """Write a change with its sign: 3 -> "+3", -1200 -> "-1.200", 0 -> "0"."""
    return f"+{number(value)}" if value > 0 else number(value)


@register.filter
def verdict_word(verdict: object, state: object = "value") -> str:
    """Say a verdict ("met", "near", "not_met", "none") in words; a state without a value speaks first (B1-B3)."""
    return STATE_WORDS.get(_code(state)) or VERDICT_WORDS.get(_code(verdict), VERDICT_WORDS["none"])


@register.filter
def verdict_css(verdict: object, state: object = "value") -> str:
    """Name the colour class of a verdict; all states without a value are grey."""
    code = _code(verdict).replace("_", "-")
    known = _code(state) not in STATE_WORDS and _code(verdict) in VERDICT_WORDS
    return f"verdict-{code if known else 'none'}"


@register.filter
def status_word(status: object) -> str:
    """Say the state of a record (DRAFT, SUBMITTED, RETURNED, APPROVED) in Vietnamese."""
    return STATUS_WORDS.get(_code(status), _code(status))


@register.filter
def relative_day(day: dt.date | dt.datetime | None) -> str:
    """Say how far a day is from today: "hôm nay", "ngày mai", "còn 3 ngày", "hôm qua", "2 ngày trước"."""
    if day is None:
        return ""
    if isinstance(day, dt.datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    distance = (day - timezone.localdate()).days
    near = {0: "hôm nay", 1: "ngày mai", -1: "hôm qua"}
    far = f"còn {number(distance)} ngày" if distance > 0 else f"{number(-distance)} ngày trước"
    return near.get(distance, far)


@register.filter
def due_in(day: dt.date) -> str:
    """Say how far a deadline is: "hôm nay", "còn 3 ngày", "quá hạn 18 ngày"."""
    late = (timezone.localdate() - day).days
    return f"quá hạn {number(late)} ngày" if late > 0 else relative_day(day)


@register.inclusion_tag("includes/verdict.html")
def verdict(verdict: object, state: object = "value") -> dict[str, object]:
    """Draw a verdict as a coloured word."""
    return {"verdict": verdict, "state": state}


@register.inclusion_tag("includes/status.html")
def status(status: object) -> dict[str, object]:
    """Draw the state of a record as a badge."""
    return {"status": status}


@register.filter
def status_icon(status: object) -> str:
    """Name the icon that stands beside the word of a record's state."""
    return STATUS_ICONS.get(_code(status), "info-circle")


@register.inclusion_tag("includes/icon.html")
def icon(name: str) -> dict[str, str]:
    """Draw one symbol of static/vendor/icons.svg; hidden from screen readers: a word stands beside it."""
    return {"name": name}


@register.inclusion_tag("includes/percent_bar.html")
def percent_bar(
    n: int | None, d: int | None, percent: str = "", threshold_bp: int | None = None, verdict: object = "none"
) -> dict[str, object]:
    """Draw n of d as a bar with the threshold marked.

    ``percent`` is the text of the engine ("89,6%"); ``threshold_bp`` is in basis points (9000 is 90 %). The drawing
    never exceeds its frame: n > d is told by the words, not by the bar (B4).
    """
    reached = min(n or 0, d or 0) * BAR_UNITS // d if d else 0
    mark = None if threshold_bp is None else threshold_bp * BAR_UNITS // 10_000
    return {
        "n": n,
        "d": d,
        "percent": percent,
        "reached": reached,
        "mark": None if mark is None else min(mark, BAR_UNITS - MARK_UNITS),
        "threshold": None if threshold_bp is None else number(Decimal(threshold_bp) / 100),
        "verdict": verdict,
    }


@register.simple_tag
def sparkline(values: Sequence[int], label: str) -> SafeString | str:
    """Draw a small line of whole numbers; ``label`` says it in words for those who do not see it."""
    if len(values) < 2:
        return ""
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<polyline points="{}"/></svg>',
        SPARK_WIDTH,
        SPARK_HEIGHT,
        SPARK_WIDTH,
        SPARK_HEIGHT,
        label,
        " ".join(_spark_points(values)),
    )


def _spark_points(values: Sequence[int]) -> Iterable[str]:
    """Place the values in the drawing, the largest on top; a flat line lies at the bottom."""
    low, span = min(values), max(values) - min(values) or 1
    step = (SPARK_WIDTH - 2 * SPARK_MARGIN) / (len(values) - 1)
    room = SPARK_HEIGHT - 2 * SPARK_MARGIN
    for place, value in enumerate(values):
        yield f"{SPARK_MARGIN + place * step:.1f},{SPARK_HEIGHT - SPARK_MARGIN - (value - low) * room / span:.1f}"


@register.simple_tag(takes_context=True)
def form_key(context: Context) -> SafeString:
    """Write the hidden ``client_key`` that lets a service know a second submit of the same form.

    A form that comes back with errors keeps its key: it is still the same form to the person who fills it.
    """
    request = context.get("request")
    posted = request.POST.get("client_key", "") if request is not None else ""
    return format_html('<input type="hidden" name="client_key" value="{}">', _valid_key(posted) or uuid.uuid4())


def _valid_key(text: str) -> uuid.UUID | None:
    """Read a key that came back with a form; anything that is not a UUID counts as none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@register.simple_tag
def error_items(form: BaseForm) -> list[Mapping[str, Any]]:
    """List the errors of a form for the summary on top: ``{label, id, messages}``; errors of the whole form first."""
    whole = [{"label": "", "id": "", "messages": form.non_field_errors()}] if form.non_field_errors() else []
    fields = [form[name] for name in form.errors if name in form.fields]
    return whole + [{"label": field.label, "id": _anchor(field), "messages": field.errors} for field in fields]


def _anchor(field: BoundField) -> str:
    """Find the id that a link can reach: the input's own, or the first choice of a group of choices."""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


@register.filter
def lookup(mapping: Mapping[str, Any] | None, key: object) -> Any:
    """Take the value of ``key`` from a dictionary; "" where there is none."""
    return (mapping or {}).get(_code(key), "")
