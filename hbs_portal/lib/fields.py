"""Form fields that every entrance of text, codes and days shares: web forms and the row forms of imports alike."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from hbs_portal.lib.dates import parse_day
from hbs_portal.lib.text import MOST_DIGITS, clean_code, is_record_number, looks_like_legacy, nfc

_LEGACY = "Chữ viết bằng bảng mã cũ (TCVN3 hoặc VNI). Hãy chuyển tệp sang Unicode rồi tải lên lại."


class TextField(forms.CharField):
    """A CharField whose value is in normal form; text in TCVN3 or VNI is refused, never stored."""

    def to_python(self, value: Any) -> str:
        text = "" if value in self.empty_values else str(value)
        if looks_like_legacy(text):
            raise ValidationError(_LEGACY, code="legacy_encoding")
        return nfc(text) or str(self.empty_value or "")


class ReasonField(TextField):
    """Why a list with names leaves the portal: a sentence, not a word."""

    LEAST_WORDS, LEAST_CHARACTERS = 3, 12

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 300)
        options.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        options.setdefault("error_messages", {"required": "Hãy ghi lý do bằng một câu."})
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        reason: str = super().clean(value)
        if len(reason) < self.LEAST_CHARACTERS or len(reason.split()) < self.LEAST_WORDS:
            raise ValidationError("Hãy ghi rõ lý do bằng một câu: dùng vào việc gì.", code="too_short")
        return reason


class RecordsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Several records; a number too long for any database is a wrong choice, not an error of the database."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if not is_record_number(str(one)):
                text = str(one)[:MOST_DIGITS]
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": text})
        return super().clean(value)


class CodeField(forms.CharField):
    """A CharField for codes: text with its leading zeros, whatever type the cell had."""

    def to_python(self, value: Any) -> str:
        return clean_code(value) or str(self.empty_value or "")


class DayInput(forms.DateInput):
    """A line of text, day first: `type="date"` would follow the language of the browser. days.js adds a calendar."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"placeholder": "ngày/tháng/năm", "autocomplete": "off", "data-day": True}
        super().__init__(attrs=own | (attrs or {}), format="%d/%m/%Y")

    def format_value(self, value: Any) -> str | None:
        """Days of links and remembered filters (2026-10-31) are shown day first too; what is no day stays as typed."""
        try:
            return super().format_value(parse_day(value))
        except ValueError:
            return super().format_value(value)


class DayField(forms.DateField):
    """A DateField that also reads cells of a sheet (dates, serial numbers, text), always day first."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return parse_day(value)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error
