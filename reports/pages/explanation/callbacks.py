"""The last call-back of exactly the figure that is explained; it stands beside the figure and never changes it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from campaigns.choices import Qualifier
from reports.pages.callbacks import caution_text, result_text, scope_text
from reports.pages.explanation.question import Question
from reports.selectors.callbacks import CALLABLE, latest_sample


@dataclass(frozen=True, slots=True)
class CallbackNote:
    """What stands beside a figure: the last result, and where to draw a sample; empty strings where there is none."""

    result: str
    caution: str
    scope: str
    url: str
    draw_url: str


def callback_note(question: Question) -> CallbackNote | None:
    """For who reads the whole commune, on figures with somebody behind them: one query."""
    user, target, unit = question.user, question.target, question.unit
    if not user.scope.has("OFFICER", "LEADER") or Qualifier(target.qualifier) not in CALLABLE:
        return None
    sample = latest_sample(user, target, unit.id if unit else None)
    draw_url = draw_address(question) if user.scope.has("OFFICER") and question.cell.n else ""
    if sample is None:
        return CallbackNote("", "", "", "", draw_url) if draw_url else None
    url = reverse("reports:callback_detail", args=[sample.pk])
    return CallbackNote(result_text(sample), caution_text(sample), scope_text(sample), url, draw_url)


def draw_address(question: Question) -> str:
    """The form that draws from exactly this figure."""
    given = {"target": question.target.code, "unit": question.unit.code if question.unit else ""}
    days = {name: day.isoformat() for name, day in question.links.clocks.items()}
    chosen = {name: value for name, value in (given | days).items() if value}
    return f"{reverse('reports:callback_draw')}?{urlencode(chosen)}"
