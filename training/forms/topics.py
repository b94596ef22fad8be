"""The form of the catalogue of topics."""

from typing import Any

from django import forms

from campaigns.models import Unit
from hbs_portal.lib.fields import TextField
from training.models import Topic


class TopicForm(forms.ModelForm):
    name = TextField(label="Chủ đề", max_length=150)

    class Meta:
        model = Topic
        fields = ("name", "position", "is_active")
        help_texts = {
            "position": "Số nhỏ đứng trước.",
            "is_active": "Bỏ chọn để không dùng cho hoạt động mới; hoạt động đã ghi vẫn giữ chủ đề này.",
        }

    def __init__(self, *args: Any, commune: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.commune = commune

    def _get_validation_exclusions(self) -> set[str]:
        # The name is unique within the commune, which is not typed.
        return super()._get_validation_exclusions() - {"commune"}
