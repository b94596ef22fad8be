"""Forms by which a person says what a file leaves open: columns, hidden sheets, order of days, old letters, doubts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from campaigns.importers.understanding import Answers, AskedColumn, Question

IGNORED = "Không dùng cột này"
DAY_FIRST = [("false", "Ngày trước, tháng sau (cách ghi của Việt Nam)"), ("true", "Tháng trước, ngày sau")]
NOT_LEGACY = ("", "Mẫu chuyển đổi không đúng; tôi sẽ chuyển tệp sang Unicode rồi tải lên lại")


@dataclass(frozen=True)
class Asked:
    """A question with its fields, for the page; `columns` pairs each asked column with its field."""

    question: Question
    field: BoundField | None
    columns: tuple[tuple[AskedColumn, BoundField], ...]


class AnswersForm(forms.Form):
    """One field for each question, several for unknown columns; `answers` gives what was said."""

    def __init__(self, *args: Any, questions: Sequence[Question], said: Answers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions, self.said = questions, said
        for place, question in enumerate(questions):
            for name, field in self._fields_of(place, question):
                self.fields[name] = field

    def _fields_of(self, place: int, question: Question) -> Iterator[tuple[str, forms.Field]]:
        if question.kind == "columns":
            known = self.said.columns.get(question.signature, {})
            for number, column in enumerate(question.columns):
                yield f"q{place}_{number}", _column_field(question, column, known.get(column.key, ""))
        elif question.kind == "hidden_sheets":
            yield f"q{place}", _sheets_field(question, self.said.hidden_sheets or ())
        elif question.kind == "month_first":
            yield f"q{place}", _choice(question, DAY_FIRST)
        else:
            yield f"q{place}", _choice(question, [*question.options, NOT_LEGACY], required=False)

    @property
    def asked(self) -> list[Asked]:
        """The questions in order with their fields, as the page shows them."""
        return [self._asked(place, question) for place, question in enumerate(self.questions)]

    def _asked(self, place: int, question: Question) -> Asked:
        columns = tuple((column, self[f"q{place}_{number}"]) for number, column in enumerate(question.columns))
        return Asked(question, None if question.kind == "columns" else self[f"q{place}"], columns)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for place, question in enumerate(self.questions):
            taken: dict[str, AskedColumn] = {}
            for number, column in enumerate(question.columns):
                field = values.get(f"q{place}_{number}")
                if field and field in taken:
                    other = taken[field].heading
                    self.add_error(f"q{place}_{number}", f"Cột “{other}” đã chọn mục này. Mỗi mục chỉ lấy từ một cột.")
                elif field:
                    taken[field] = column
        return values

    def answers(self) -> Answers:
        """What was said before, and now; for valid forms."""
        said = self.said
        for place, question in enumerate(self.questions):
            said = self._with_answer(said, place, question)
        return said

    def _with_answer(self, said: Answers, place: int, question: Question) -> Answers:
        if question.kind == "columns":
            chosen = {one.key: self.cleaned_data[f"q{place}_{number}"] for number, one in enumerate(question.columns)}
            known = said.columns.get(question.signature, {})
            return replace(said, columns={**said.columns, question.signature: {**known, **chosen}})
        value = self.cleaned_data[f"q{place}"]
        if question.kind == "hidden_sheets":
            return replace(said, hidden_sheets=tuple(value))
        if question.kind == "month_first":
            return replace(said, month_first=value == "true")
        return replace(said, legacy=value or None)


class DecisionsForm(forms.Form):
    """For each row in doubt, whom it means; a row that nobody decided stays in doubt."""

    SOMEBODY_NEW = "0"

    def __init__(self, *args: Any, doubts: Sequence[Mapping[str, Any]], said: Answers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubts, self.said = doubts, said
        for place, doubt in enumerate(doubts):
            choices = [(str(pk), label) for pk, label in doubt["candidates"]]
            self.fields[f"d{place}"] = forms.ChoiceField(
                label=doubt["title"],
                required=False,
                choices=[*choices, (self.SOMEBODY_NEW, doubt["new_label"])],
                widget=forms.RadioSelect,
                initial=said.decisions.get(doubt["key"]),
                error_messages={"invalid_choice": "Hãy chọn một trong các mục."},
            )

    @property
    def rows(self) -> list[tuple[Mapping[str, Any], BoundField]]:
        return [(doubt, self[f"d{place}"]) for place, doubt in enumerate(self.doubts)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and not any(values.get(f"d{place}") for place in range(len(self.doubts))):
            raise ValidationError("Hãy chọn cho ít nhất một dòng: là người đã có, hay người khác.")
        return values

    def answers(self) -> Answers:
        """What was decided before, and now; for valid forms."""
        chosen = {doubt["key"]: self.cleaned_data.get(f"d{place}") for place, doubt in enumerate(self.doubts)}
        decided = {key: int(value) for key, value in chosen.items() if value}
        return replace(self.said, decisions={**self.said.decisions, **decided})


def _column_field(question: Question, column: AskedColumn, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=f"Cột {column.letter} “{column.heading}”",
        required=False,
        choices=[("", IGNORED), *question.options],
        initial=initial,
        error_messages={"invalid_choice": "Hãy chọn một mục trong danh sách."},
    )


def _sheets_field(question: Question, initial: Sequence[str]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=question.text,
        required=False,
        choices=question.options,
        initial=list(initial),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Hãy chọn trang tính trong danh sách."},
    )


def _choice(question: Question, choices: Sequence[tuple[str, str]], *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=question.text,
        required=required,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn một mục.", "invalid_choice": "Hãy chọn một mục."},
    )
