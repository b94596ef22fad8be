"""The page "Vì sao ra số này": one figure, its rule in words, and who stands behind it."""

from reports.pages.explanation.acting import NobodyChosenError, choose, form_address, told
from reports.pages.explanation.missing import missing_list, part_in_words
from reports.pages.explanation.page import ExplanationPage, explanation_page
from reports.pages.explanation.question import NotForYouError, Question, ask, question_of

__all__ = [
    "ExplanationPage",
    "NobodyChosenError",
    "NotForYouError",
    "Question",
    "ask",
    "choose",
    "explanation_page",
    "form_address",
    "missing_list",
    "part_in_words",
    "question_of",
    "told",
]
