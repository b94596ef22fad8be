"""Trap 8 of vietnamese.md: no message of Django or axes that a person can reach is in English."""

import ast
import runpy
from collections.abc import Iterator
from pathlib import Path

import axes
import django
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.utils import translation
from django.utils.translation import gettext, ngettext, npgettext, pgettext

import hbs_portal

DJANGO = Path(django.__file__).parent
REACHABLE = [
    *(DJANGO / "forms").rglob("*.py"),
    *(DJANGO / "db" / "models").rglob("*.py"),
    *(DJANGO / "views").rglob("*.py"),
    *(DJANGO / "utils").glob("*.py"),
    DJANGO / "core" / "validators.py",
    DJANGO / "core" / "paginator.py",
    DJANGO / "template" / "defaultfilters.py",
    *(DJANGO / "contrib" / "auth" / name for name in ("forms.py", "models.py", "validators.py", "views.py")),
    DJANGO / "contrib" / "auth" / "password_validation.py",
    DJANGO / "contrib" / "auth" / "hashers.py",
    DJANGO / "contrib" / "messages" / "apps.py",
    Path(axes.__file__).parent / "conf.py",
]
# Signs, units and words that are the same in both languages.
SAME_IN_BOTH = {":?.!", ":", "…", "%(truncated_text)s…", ", ", "IPv4", "IPv6", "%(size)d byte"} | {
    f"%s {unit}" for unit in ("KB", "MB", "GB", "TB", "PB")
}
# function -> how many of its first arguments are (context, singular, plural)
CALLS = {
    "_": "s",
    "gettext": "s",
    "gettext_lazy": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
    "npgettext": "csp",
    "npgettext_lazy": "csp",
}
PO_FILE = Path(hbs_portal.__file__).parent / "locale" / "vi" / "LC_MESSAGES" / "django.po"
Message = tuple[str, str, str]


def messages_of(path: Path) -> Iterator[Message]:
    """Yield (context, singular, plural) of every call of gettext with literal texts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        shape = CALLS.get(node.func.id, "")
        texts = [argument.value for argument in node.args[: len(shape)] if isinstance(argument, ast.Constant)]
        if shape and len(texts) == len(shape):
            named = dict(zip(shape, texts, strict=True))
            yield str(named.get("c", "")), str(named["s"]), str(named.get("p", ""))


def translated(message: Message) -> str:
    context, singular, plural = message
    if plural:
        return npgettext(context, singular, plural, 5) if context else ngettext(singular, plural, 5)
    return pgettext(context, singular) if context else gettext(singular)


def test_trap_8_every_reachable_message_is_vietnamese() -> None:
    messages = {message for path in REACHABLE for message in messages_of(path)}
    with translation.override("vi"):
        english = [
            message
            for message in messages
            if message[1] not in SAME_IN_BOTH and translated(message) in (message[1], message[2])
        ]
    assert len(messages) > 250
    assert sorted(english) == []


def test_no_message_calls_a_field_a_school() -> None:
    messages = {message for path in (DJANGO / "forms").rglob("*.py") for message in messages_of(path)}
    with translation.override("vi"):
        assert [one for one in map(translated, messages) if "rường" in one] == []


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    tool = runpy.run_path(str(PO_FILE.parents[2] / "compile.py"))
    source = tool["read_messages"](PO_FILE.read_text(encoding="utf-8"))
    assert len(source) > 150
    assert PO_FILE.with_suffix(".mo").read_bytes() == tool["mo_bytes"](source)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (forms.CharField(), "", "Bạn chưa điền mục này."),
        (forms.CharField(max_length=3), "xin chào", "Chỉ được nhập tối đa 3 ký tự (hiện có 8)."),
        (forms.DateField(), "30/02/2026", "Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/09/2026."),
        (forms.IntegerField(min_value=0), "-1", "Giá trị không được nhỏ hơn 0."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "“b” không có trong danh sách. Hãy chọn lại."),
    ],
)
def test_trap_8_a_form_says_what_to_do(field: forms.Field, value: str, sentence: str) -> None:
    with translation.override("vi"), pytest.raises(ValidationError) as caught:
        field.clean(value)
    assert caught.value.messages == [sentence]


def test_trap_8_a_wrong_file_extension_is_refused_in_vietnamese() -> None:
    class Upload:
        name = "danh sách.exe"

    with translation.override("vi"), pytest.raises(ValidationError) as caught:
        FileExtensionValidator(["xlsx"])(Upload())
    assert caught.value.messages == ["Không nhận tệp có đuôi “exe”. Hãy chọn tệp có đuôi: xlsx."]


def test_trap_8_a_formset_says_what_to_do() -> None:
    rows = forms.formset_factory(forms.Form, max_num=1, validate_max=True)
    with translation.override("vi"):
        broken = rows(data={})
        too_many = rows(data={"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"})
        assert "Hãy tải lại trang rồi nhập lại" in str(broken.non_form_errors())
        assert list(too_many.non_form_errors()) == ["Chỉ được gửi tối đa 1 dòng."]
