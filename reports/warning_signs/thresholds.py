"""From where on something is worth a second look; the page prints every one of these."""

from collections.abc import Mapping

from reports.models.warning_signs import SignalKind
from training.selectors.review.warnings import LATE_DAYS

SAME_TOTALS_LEAST_ACTIVITIES = 3
SAME_TOTALS_MORE_THAN_PEOPLE = 20
#: A course of weeks does not keep its trainer in one place every day.
TRAINER_MOST_DAYS = 3
SAME_PHOTO_LEAST_ACTIVITIES = 2
ALWAYS_ALL_LEAST_SESSIONS = 5
ALWAYS_ALL_LEAST_PEOPLE = 10
ENTRY_LATE_DAYS = LATE_DAYS
JUMP_SHARE_PERCENT = 50
JUMP_TIMES_USUAL_STEP = 3
JUMP_LEAST_EARLIER_STEPS = 3
JUMP_LEAST_PEOPLE = 10

IN_WORDS: Mapping[SignalKind, str] = {
    SignalKind.SAME_TOTALS: (
        f"Từ {SAME_TOTALS_LEAST_ACTIVITIES} hoạt động khác ngày của một đơn vị ghi cùng một số người chưa có tên, "
        f"nhiều hơn {SAME_TOTALS_MORE_THAN_PEOPLE} người."
    ),
    SignalKind.TRAINER_TWICE: (
        "Cùng một tên người hướng dẫn, cùng một ngày, ở hoạt động trực tiếp của hai đơn vị khác nhau "
        f"(không xét hoạt động dài quá {TRAINER_MOST_DAYS} ngày)."
    ),
    SignalKind.SAME_PHOTO: f"Cùng một tệp ảnh đính kèm từ {SAME_PHOTO_LEAST_ACTIVITIES} hoạt động trở lên.",
    SignalKind.ALWAYS_ALL: (
        f"Một lớp hoặc một nhóm có từ {ALWAYS_ALL_LEAST_PEOPLE} người, qua ít nhất {ALWAYS_ALL_LEAST_SESSIONS} buổi "
        "lần nào cũng có mặt đủ."
    ),
    SignalKind.LATE_ENTRY: f"Bản ghi được nhập sau ngày diễn ra quá {ENTRY_LATE_DAYS} ngày.",
    SignalKind.DECLARED_JUMP: (
        f"Số luỹ kế khai báo giữa hai lần khai tăng từ {JUMP_LEAST_PEOPLE} trở lên và quá {JUMP_SHARE_PERCENT}% "
        f"quy mô, hoặc gấp hơn {JUMP_TIMES_USUAL_STEP} lần mức tăng thường thấy "
        f"(khi đã có ít nhất {JUMP_LEAST_EARLIER_STEPS} lần tăng trước đó)."
    ),
}
