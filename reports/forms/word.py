"""Forms around the Word report: a paragraph of the office, another template."""

from django import forms
from django.core.exceptions import ValidationError

from hbs_portal.lib.text import looks_like_legacy, nfc

LONGEST_PARAGRAPHS = 8_000
WRONG_ENCODING = "Đoạn này dùng bảng mã cũ (TCVN3, VNI). Hãy gõ lại bằng Unicode."


class ParagraphForm(forms.Form):
    """Each line becomes a paragraph of the report."""

    text = forms.CharField(
        label="Đoạn văn của Phòng Văn hóa - Xã hội",
        required=False,
        max_length=LONGEST_PARAGRAPHS,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Mỗi dòng là một đoạn. Để trống nếu chỉ dùng câu do cổng lập.",
        error_messages={"max_length": f"Đoạn văn dài quá {LONGEST_PARAGRAPHS} ký tự. Hãy viết gọn lại."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_text(self) -> str:
        """Every line in normal form, without empty lines at the ends."""
        text = self.cleaned_data["text"]
        if looks_like_legacy(text):
            raise ValidationError(WRONG_ENCODING)
        return "\n".join(nfc(line) for line in text.splitlines()).strip()

    @property
    def expected_version(self) -> int:
        """The version the form was opened with; 0 where nothing had been written yet."""
        return self.cleaned_data.get("version") or 0


class WordTemplateForm(forms.Form):
    file = forms.FileField(
        label="Tệp mẫu (.docx)",
        help_text="Sửa trên tệp mẫu đang dùng, giữ các thẻ {{ … }}; không quá 5 MB.",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={
            "required": "Hãy chọn tệp mẫu.",
            "invalid": "Chưa nhận được tệp. Hãy chọn lại tệp rồi tải lên.",
            "missing": "Chưa nhận được tệp. Hãy chọn lại tệp rồi tải lên.",
            "empty": "Tệp này trống. Hãy chọn lại tệp mẫu rồi tải lên.",
        },
    )
