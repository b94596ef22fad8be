"""Sheet "Thuyết minh": where every figure of the workbook comes from, in words."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.utils import timezone

from campaigns.choices import Operator
from campaigns.models import Target
from campaigns.models.campaign import CriterionKind
from campaigns.wording import criterion_labels, percent_text, target_in_words
from hbs_portal.lib.sheets.styles import ColumnKind
from hbs_portal.lib.sheets.writing import Column, GroupHeading, OfficialSheet
from hbs_portal.lib.text import date_short, number_text
from reports.exporters.edition import DEMO_MARK, Edition
from reports.exporters.units_sheet import reconciliation, roman
from reports.exporters.wording import adjusted_remark, denominator_words, figure_with_verdict
from reports.progress import TargetProgress, TargetRule

NAME = "Thuyết minh"


class Note(NamedTuple):
    subject: str
    text: str


COLUMNS = (
    Column[Note]("STT", kind=ColumnKind.ORDINAL, width=6),
    Column[Note]("Mục", lambda note: note.subject, width=32),
    Column[Note]("Thuyết minh", lambda note: note.text, width=88),
)


def notes_sheet(edition: Edition) -> OfficialSheet[Note]:
    """The sections below, Roman-numbered. It is read, not signed."""
    return OfficialSheet(
        name=NAME,
        title=f"Thuyết minh số liệu {edition.movement}",
        columns=COLUMNS,
        rows=list(_rows(edition)),
        subtitles=(edition.clock_line,),
        is_signed=False,
        is_numbered=False,
    )


def _rows(edition: Edition) -> Iterator[Note | GroupHeading]:
    sections = [row for row in SECTIONS if edition.unit is None or row[1] is not _reconciliations]
    for number, (title, section) in enumerate(sections, start=1):
        yield GroupHeading(roman(number), title)
        yield from section(edition)


def _origin(edition: Edition) -> Iterator[Note]:
    """What was read, at which clocks (rules G5, H1), by whom."""
    campaign, clocks = edition.campaign, edition.reading.clocks
    yield Note("Kế hoạch", f"{campaign.title}. {_plan_number(edition)}")
    yield Note("Mã chiến dịch", campaign.code)
    yield Note("Phát sinh đến", f"Hết ngày {date_short(clocks.as_of)}, theo ngày kết thúc hoạt động.")
    yield Note("Được duyệt đến", f"Hết ngày {date_short(clocks.approved_by)}. Bản nháp, bản bị trả lại không tính.")
    yield Note("Tạm tính", "Gồm cả bản đang chờ duyệt; chỉ ghi ở cột Ghi chú, không dùng để đánh giá.")
    made_at = timezone.localtime(edition.made_at)
    yield Note("Lập tệp", f"{edition.made_by or 'Dòng lệnh của máy chủ'}, lúc {made_at:%H:%M} ngày {made_at:%d/%m/%Y}.")
    yield Note("Bản chốt", _seal_words(edition))
    if edition.previous:
        yield Note(
            "So với lần trước", f"Bản chốt {edition.previous.seal.code}.\nSHA-256: {edition.previous.seal.sha256}"
        )
    if campaign.is_demo:
        yield Note("Tính chất số liệu", f"Dữ liệu minh họa. {DEMO_MARK}.")


def _seal_words(edition: Edition) -> str:
    """Code and full digest, by which anybody may compare; or that there is none."""
    seal = edition.seal
    if seal is None:
        return "Không có: số liệu đọc thẳng từ hồ sơ, chưa chốt."
    taken_at = timezone.localtime(seal.taken_at)
    return (
        f"{seal.code} ({seal.name}), chốt lúc {taken_at:%H:%M} ngày {taken_at:%d/%m/%Y}. Người chốt: {seal.taken_by}.\n"
        f"SHA-256: {seal.sha256}"
    )


def _plan_number(edition: Edition) -> str:
    campaign = edition.campaign
    number = f"Số {campaign.plan_number}" if campaign.plan_number else "Chưa ghi số"
    return f"{number}, {f'ngày {date_short(campaign.issued_on)}' if campaign.issued_on else 'chưa ghi ngày ban hành'}."


def _rules(edition: Edition) -> Iterator[Note]:
    """Each target: the plan's words, the rule and since when (H6), its units, tolerance (A6) and denominator (C6)."""
    for target, figures in edition.figures:
        units = "; ".join(criterion_labels(target, CriterionKind.UNIT_KIND)) or "mọi đơn vị"
        lines = [
            f"Kế hoạch ghi: {target.clause}.",
            f"Cách tính: {target_in_words(target)}",
            f"Đơn vị được tính: {units}.",
            f"Mẫu số: {denominator_words(target)}.",
            *_tolerance(target),
            *_version(figures.rule),
        ]
        yield Note(f"{target.code}. {target.short_name}", "\n".join(lines))


def _tolerance(target: Target) -> list[str]:
    if target.operator != Operator.ABOUT:
        return []
    below = percent_text(target.threshold_bp - target.tolerance_bp)
    return [
        f"“Khoảng”: sai số τ = {percent_text(target.tolerance_bp)}; từ {percent_text(target.threshold_bp)} là “Đạt”"
        + (f", từ {below} là “Xấp xỉ”." if target.tolerance_bp else ", dưới đó là “Chưa đạt”.")
    ]


def _version(rule: TargetRule) -> list[str]:
    """Rule H6: which wording of the rule these figures follow; nothing to say of the first one."""
    if rule.version == 1 or rule.effective_on is None:
        return []
    return [f"Quy tắc áp dụng từ ngày {date_short(rule.effective_on)} (lần sửa thứ {rule.version - 1})."]


READING_RULES = (
    Note("So sánh", "So bằng số nguyên, trước khi làm tròn. “Trên 90%”: 45/50 chưa đạt, 46/50 đạt."),
    Note(
        "Tỷ lệ",
        "Ghi một chữ số thập phân, làm tròn xuống; nếu số ghi ra làm khác đánh giá thì ghi thêm chữ số. "
        "1.799/2.000 ghi 89,9%, không ghi 90,0%.",
    ),
    Note("Đánh giá", "“Đạt”, “Xấp xỉ” (chỉ với “khoảng”), “Chưa đạt”. Số liệu chưa đủ đơn vị thì chưa được là “Đạt”."),
    Note(
        "Không có số",
        "“Chưa báo cáo”: chưa có bản ghi nào được duyệt, khác với 0. “Chưa có mẫu số”: chưa có danh sách hoặc quy mô "
        "khai báo. “-” hoặc “Không áp dụng”: chỉ tiêu không áp dụng cho đơn vị.",
    ),
    Note(
        "Người và lượt",
        "Một người dự ba buổi là 3 lượt, 1 người. Người theo đơn vị vào ngày tính mẫu số; lượt ở đơn vị chủ trì.",
    ),
    Note("Chưa định danh", "Số có mặt mà không có tên không bao giờ cộng vào số người; chỉ cho biết khoảng có thể."),
    Note(
        "Người ngoài danh sách",
        "Người không thuộc mẫu số vẫn tính lượt, không làm tăng tỷ lệ. Người đã rời đi ra khỏi cả tử số và mẫu số.",
    ),
    Note("Toàn xã", "Gộp tử số và mẫu số của các đơn vị, không lấy trung bình tỷ lệ; người ở hai đơn vị tính một lần."),
    Note(
        "Loại trừ",
        "Người được duyệt loại trừ (nghỉ thai sản, biệt phái) vẫn nằm trong số chính; số không tính người đó ghi kèm "
        "bên cạnh, có đánh giá riêng.",
    ),
)


def _reading_rules(_edition: Edition) -> Iterable[Note]:
    return READING_RULES


def _sources(edition: Edition) -> Iterator[Note]:
    """Roster or declared (kpi-rules.md, "Declared figures"), and what is still partial (B3)."""
    for _, figures in edition.figures:
        yield Note(figures.rule.code, " ".join(_source_words(figures)))


def _source_words(figures: TargetProgress) -> Iterator[str]:
    cell = figures.commune
    if figures.rule.counts_units:
        yield f"Đếm theo {number_text(figures.units_applicable)} đơn vị."
    elif cell.declared_n or cell.declared_d:
        listed_n, listed_d = (cell.n or 0) - cell.declared_n, (cell.d or 0) - cell.declared_d
        yield f"Theo danh sách: {number_text(listed_n)}/{number_text(listed_d)}."
        yield f"Khai báo: {number_text(cell.declared_n)}/{number_text(cell.declared_d)}."
    else:
        yield "Toàn bộ theo danh sách."
    yield f"{number_text(figures.units_reported)}/{number_text(figures.units_applicable)} đơn vị có số liệu."
    if figures.is_partial:
        yield f"Chưa đủ: {figures.partial_note}."


def _exclusions(edition: Edition) -> Iterator[Note]:
    """Rule C8: every figure with and without who is excluded; numbers only, no names."""
    for _, figures in edition.figures:
        if figures.rule.counts_people:
            yield Note(figures.rule.code, " ".join(_with_and_without(figures, is_unit=edition.unit is not None)))


def _with_and_without(figures: TargetProgress, *, is_unit: bool) -> Iterator[str]:
    if figures.commune.adjusted is None:
        yield "Không loại trừ trường hợp nào."
        return
    yield f"Tính cả: {figures.commune.text}. {adjusted_remark(figures.commune)}"
    for row in () if is_unit else figures.units:
        if row.cell.adjusted:
            yield f"{row.unit.name}: tính cả {figure_with_verdict(row.cell)}; {figure_with_verdict(row.cell.adjusted)}."


def _reconciliations(edition: Edition) -> Iterator[Note]:
    """Rule C7: from the units' sums to the commune's figure."""
    for _, figures in edition.figures:
        text = reconciliation(figures)
        if text:
            yield Note(figures.rule.code, text.removeprefix(f"{figures.rule.code}. "))


def _flows(edition: Edition) -> Iterator[Note]:
    """Lượt and unnamed heads of each target; a session that serves several counts once in the total (H8)."""
    activities = edition.progress.activities_total if edition.unit is None else len(edition.activities)
    yield Note("Số hoạt động", f"{number_text(activities)}, mỗi hoạt động tính một lần.")
    for _, figures in edition.figures:
        cell = figures.commune
        yield Note(
            figures.rule.code,
            f"{_serving(edition, figures)}{number_text(cell.attendances)} lượt có tên; "
            f"chưa định danh {number_text(cell.unnamed)}.",
        )


def _serving(edition: Edition, figures: TargetProgress) -> str:
    return "" if edition.unit else f"{number_text(figures.activities)} hoạt động; "


SECTIONS: tuple[tuple[str, Callable[[Edition], Iterable[Note]]], ...] = (
    ("Số liệu của tệp này", _origin),
    ("Quy tắc của từng chỉ tiêu", _rules),
    ("Cách đọc số liệu", _reading_rules),
    ("Nguồn số liệu", _sources),
    ("Loại trừ khỏi mẫu số", _exclusions),
    ("Đối soát đơn vị và toàn xã", _reconciliations),
    ("Hoạt động phục vụ từng chỉ tiêu", _flows),
)
