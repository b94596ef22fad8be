"""The names that a Word template may use, and what stands behind them; Vietnamese, for the office edits templates."""

from collections.abc import Mapping
from typing import Any

from campaigns.models import Target
from hbs_portal.lib.text import number_text
from reports.exporters.edition import Edition
from reports.exporters.wording import plan_word, verdict_word
from reports.papers.content import ReportContent
from reports.papers.parts import Align, Block, Paragraph, ParagraphKind, ReportTable
from reports.papers.since import since_sentences
from reports.papers.target_sentences import target_sentences
from reports.progress import TargetProgress

#: Each name with what it is, in the order of the page that explains them.
TAGS: tuple[tuple[str, str], ...] = (
    ("cap_tren", "Tên cơ quan, dòng 1"),
    ("co_quan", "Tên cơ quan, dòng 2"),
    ("mot_co_quan", "Có, khi hai dòng là tên của một cơ quan (cùng in đậm)"),
    ("quoc_hieu", "Quốc hiệu"),
    ("tieu_ngu", "Tiêu ngữ"),
    ("so", "Số, ký hiệu của báo cáo"),
    ("dia_danh_ngay", "Địa danh, ngày tháng năm"),
    ("loai", "BÁO CÁO"),
    ("ten_bao_cao", "Tên báo cáo"),
    ("dau_hieu", "Danh sách dòng lưu ý dưới tên báo cáo (dữ liệu minh họa)"),
    ("ngay_so_lieu", "Số liệu phát sinh đến, được duyệt đến"),
    ("mo_dau", "Danh sách đoạn mở đầu; mỗi đoạn có noi_dung"),
    ("cac_muc", "Danh sách năm phần; mỗi phần có tieu_de và cac_khoi (noi_dung, kieu, la_bang, ten_bang, bang)"),
    ("ket", "Danh sách đoạn kết; mỗi đoạn có noi_dung"),
    ("phu_luc", "Danh sách phụ lục; mỗi phụ lục có nhan, ten, kem_theo, ghi_chu và cac_khoi"),
    ("chi_tieu", "Từng chỉ tiêu theo mã: chi_tieu.K1.ty_le, tong_so, da_dat, danh_gia, can_them, ke_hoach, ten, cau"),
    ("ky_thay", "Danh sách dòng chức danh người ký"),
    ("nguoi_ky", "Họ tên người ký"),
    ("noi_nhan_nhan", "Nơi nhận:"),
    ("noi_nhan", "Danh sách nơi nhận"),
    ("ban_chot", "Mã bản chốt và mã kiểm tra của số liệu"),
)
_KINDS = {
    ParagraphKind.HEADING: "tieu_de",
    ParagraphKind.ITEM: "y",
    ParagraphKind.NOTE: "ghi_chu",
    ParagraphKind.BODY: "doan",
}
_ALIGN: Mapping[Align, str] = {"left": "left", "center": "center", "right": "right"}


def template_values(content: ReportContent, edition: Edition) -> dict[str, Any]:
    """Everything a template may show, as plain values by the names of TAGS."""
    head = content.letterhead
    pairs = zip(edition.reading.targets, edition.progress.targets, strict=True)
    since = since_sentences(edition)
    return {
        "cap_tren": _line(head.agency_lines, 0),
        "co_quan": _line(head.agency_lines, 1),
        "mot_co_quan": "có" if head.is_one_agency else "",
        "quoc_hieu": _line(head.motto_lines, 0),
        "tieu_ngu": _line(head.motto_lines, 1),
        "so": content.number_line,
        "dia_danh_ngay": content.place_line,
        "loai": content.kind_word,
        "ten_bao_cao": content.title,
        "dau_hieu": list(content.marks),
        "ngay_so_lieu": content.clock_line,
        "mo_dau": [_block(one) for one in content.opening],
        "cac_muc": [
            {"tieu_de": section.heading, "cac_khoi": [_block(one) for one in section.blocks]}
            for section in content.sections
        ],
        "ket": [_block(one) for one in content.closing],
        "phu_luc": [
            {
                "nhan": appendix.label,
                "ten": appendix.title,
                "kem_theo": appendix.origin,
                "ghi_chu": appendix.subtitle,
                "cac_khoi": [_block(one) for one in appendix.blocks],
            }
            for appendix in content.appendices
        ],
        "chi_tieu": {target.code: _target(target, figures, since.get(target.code, "")) for target, figures in pairs},
        "ky_thay": list(head.signer_lines),
        "nguoi_ky": head.signer_name,
        "noi_nhan_nhan": head.recipients_label,
        "noi_nhan": list(head.recipients),
        "ban_chot": content.seal_line,
    }


def _line(lines: tuple[str, ...], place: int) -> str:
    return lines[place] if place < len(lines) else ""


def _block(block: Block) -> dict[str, Any]:
    """Every block has the same fields, so that a template may ask for any of them."""
    if isinstance(block, Paragraph):
        return {
            "noi_dung": block.text,
            "kieu": _KINDS[block.kind],
            "la_bang": False,
            "ten_bang": "",
            "bang": _table(ReportTable("", (), ())),
        }
    return {
        "noi_dung": block.note,
        "kieu": "bang",
        "la_bang": True,
        "ten_bang": block.caption,
        "bang": _table(block),
    }


def _table(table: ReportTable) -> dict[str, Any]:
    """As hbs_portal.lib.word.child draws it."""
    return {
        "cot": [{"ten": one.header, "rong": one.width, "can": _ALIGN[one.align]} for one in table.columns],
        "dong": [{"o": list(row.cells), "la_nhom": row.is_group, "la_tong": row.is_total} for row in table.rows],
    }


def _target(target: Target, figures: TargetProgress, since: str) -> dict[str, str]:
    cell = figures.commune
    return {
        "ten": target.short_name,
        "ke_hoach": plan_word(target),
        "tong_so": "" if cell.d is None else number_text(cell.d),
        "da_dat": "" if cell.n is None else number_text(cell.n),
        "ty_le": (cell.percent or "") if cell.has_value else "",
        "danh_gia": verdict_word(cell),
        "can_them": number_text(cell.missing) if cell.missing else "0",
        "cau": " ".join(target_sentences(target, figures, since)),
    }
