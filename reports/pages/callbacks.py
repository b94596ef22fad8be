"""What calling back amounts to, in words; it stands beside a figure and never changes it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from campaigns.choices import Qualifier
from hbs_portal.lib.text import date_short, number_text
from reports.models import CallbackSample
from reports.selectors.callbacks import SampleRow

#: Where nobody denied, up to about three in so many may still be wrong ("rule of three"); below this it says nothing.
LEAST_CONFIRMED = 9

#: What to ask: openly, so that the answer is not put into anybody's mouth.
QUESTIONS = {
    Qualifier.ATTENDANCE: (
        "Từ đầu năm, anh/chị (hoặc con anh/chị) đã dự buổi học, buổi hướng dẫn kỹ năng số nào chưa? "
        "Ở đâu, khoảng khi nào, ai hướng dẫn?"
    ),
    Qualifier.PLATFORM_USE: "Anh/chị đang dùng những nền tảng số nào trong công việc? Từ khi nào, dùng để làm gì?",
    Qualifier.HOUSEHOLD_CHECK: (
        "Đã có ai đến kiểm tra kỹ năng số của gia đình chưa, khoảng khi nào? Ai trong nhà tự làm được dịch vụ công "
        "trực tuyến, mua bán trực tuyến, thanh toán số và biết tự bảo vệ trên mạng?"
    ),
}


def question_to_ask(sample: CallbackSample) -> str:
    return QUESTIONS[Qualifier(sample.target.qualifier)]


def result_text(sample: CallbackSample) -> str:
    """ "Gọi lại 30 học sinh: 27 xác nhận, 1 nói không đúng, 2 không liên hệ được"; of a sample with its counts."""
    noun, counts = sample.target.noun, vars(sample)
    said = {
        "confirmed": "xác nhận",
        "denied": "nói không đúng",
        "unreached": "không liên hệ được",
        "pending": "chưa gọi",
    }
    parts = [f"{number_text(counts[name])} {words}" for name, words in said.items() if counts[name]]
    return f"Gọi lại {number_text(counts['size'])} {noun}: {', '.join(parts)}"


def caution_text(sample: CallbackSample) -> str:
    """In plain words what the result says and what it does not."""
    counts = vars(sample)
    if counts["denied"]:
        return (
            "Có người nói không đúng: hãy mở bản ghi đó để kiểm tra, rồi xem thêm các bản ghi cùng ngày, cùng "
            "người nhập. Gọi lại chỉ cho biết nên kiểm tra ở đâu; con số không tự thay đổi."
        )
    if counts["confirmed"] >= LEAST_CONFIRMED:
        return (
            f"Chưa ai nói khác. Với {number_text(counts['confirmed'])} lần xác nhận, vẫn có thể còn đến khoảng 1 trong "
            f"{number_text(counts['confirmed'] // 3)} trường hợp không đúng mà mẫu không gặp."
        )
    return "Còn ít người trả lời, chưa nói lên điều gì về con số."


def scope_text(sample: CallbackSample) -> str:
    """ "Rút 30 trong 2.690 học sinh đã tính của toàn xã, số liệu đến 31/10/2026"."""
    size, place = number_text(vars(sample)["size"]), str(sample.unit) if sample.unit else "toàn xã"
    return (
        f"Rút ngẫu nhiên {size} trong {number_text(sample.population)} {sample.target.noun} đã tính của {place}, "
        f"số liệu đến {date_short(sample.as_of)}, được duyệt đến {date_short(sample.approved_by)}"
    )


@dataclass(frozen=True, slots=True)
class CalledRow:
    """One of a sample as the page shows them; `record_url` leads to what counts them, where they denied it."""

    row: SampleRow
    record_url: str


def called_rows(user: User, rows: Iterable[SampleRow]) -> list[CalledRow]:
    return [CalledRow(row, _record_url(user, row.record)) for row in rows]


def _record_url(user: User, record: tuple[str, int] | None) -> str:
    if record is None:
        return ""
    if record[0] == "hoat-dong":
        return reverse("training:activity_detail", args=[record[1]])
    return reverse("training:review_record", args=record) if user.scope.has("OFFICER") else ""
