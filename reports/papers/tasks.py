"""Part V: what must be done until the plan's last day, drawn from the gaps; never a forecast, never a verdict (H7)."""

from collections.abc import Iterator

from campaigns.models import Target
from hbs_portal.lib.text import date_short, number_text
from reports.exporters.edition import Edition
from reports.papers.grammar import some
from reports.papers.parts import Paragraph, ParagraphKind
from reports.papers.target_sentences import most_missing
from reports.progress import TargetProgress
from reports.progress.pace import Horizon, NeededPace, needed_pace
from reports.selectors.silent import silent_units


def tasks(edition: Edition) -> Iterator[Paragraph]:
    """The needed pace of each target, and the units to urge."""
    campaign, as_of = edition.campaign, edition.reading.clocks.as_of
    horizon = Horizon(campaign.starts_on, as_of, campaign.ends_on)
    lines = [
        line
        for target, figures in zip(edition.reading.targets, edition.progress.targets, strict=True)
        if (line := task_sentence(target, figures, horizon))
    ]
    if not lines:
        yield Paragraph("Duy trì các kết quả đã đạt; tiếp tục ghi nhận, duyệt hồ sơ đầy đủ và đúng hạn.")
        return
    yield Paragraph("Nhịp thực hiện cần có, tính từ số còn thiếu và số ngày còn lại của kế hoạch (không phải dự báo):")
    yield from (Paragraph(line, ParagraphKind.ITEM) for line in lines)


def task_sentence(target: Target, figures: TargetProgress, horizon: Horizon) -> str:
    """ "K3: mỗi tuần cần thêm 12 học sinh, còn thiếu 310 học sinh đến 31/12/2026; tập trung chỉ đạo tại …"."""
    cell = figures.commune
    if not cell.missing or cell.is_over:
        return ""
    units = [row.unit.name for row in most_missing(figures)]
    focus = f"; tập trung chỉ đạo tại {some(units, 'đơn vị', most=3)}" if units else ""
    return f"{target.code}: {_pace(needed_pace(figures.rule, cell, horizon), cell.missing, target, horizon)}{focus}."


def _pace(pace: NeededPace | None, missing: int, target: Target, horizon: Horizon) -> str:
    gap = f"cần thêm {number_text(missing)} {target.noun}"
    if pace is None:
        return f"{gap} trong {target.window_days} ngày xét" if target.window_days else gap
    if pace.is_over:
        return (
            f"kế hoạch đã đến ngày cuối ({date_short(horizon.ends_on)}), còn thiếu {number_text(missing)} {target.noun}"
        )
    if pace.per_week is None:
        return f"{gap} trong {pace.days_left} ngày còn lại"
    per_week = f"mỗi tuần cần thêm {number_text(pace.per_week)} {target.noun}"
    return f"{per_week}, tổng cộng {number_text(missing)} {target.noun} đến ngày {date_short(horizon.ends_on)}"


def proposals(edition: Edition) -> Iterator[Paragraph]:
    """Whom the office asks to act, by name of unit; everything else the office writes itself."""
    silent = [unit.name for unit in silent_units(edition.reading.facts)]
    if silent:
        names = some(silent, "đơn vị", most=15)
        yield Paragraph(
            f"Đề nghị các đơn vị chưa có hoạt động được ghi nhận khẩn trương tổ chức thực hiện, gửi số liệu: {names}."
        )
