"""The page "Vì sao ra số này": one figure, its rule in words, and who stands behind it."""

from reports.pages.explanation.page import ExplanationPage, explanation_page
from reports.pages.explanation.question import NotForYouError

__all__ = ["ExplanationPage", "NotForYouError", "explanation_page"]
