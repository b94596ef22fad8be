"""The words a figure may carry: what kind of figure it is (rule B1) and how it stands against its target."""

from enum import StrEnum


class CellState(StrEnum):
    """Rule B1: no report is not 0, and what does not apply is neither."""

    VALUE = "value"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    NO_DENOMINATOR = "no_denominator"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


class Verdict(StrEnum):
    MET = "met"
    NEAR = "near"
    NOT_MET = "not_met"
    NONE = "none"

    @property
    def label(self) -> str:
        return _VERDICT_LABELS[self]


_STATE_LABELS = {
    CellState.VALUE: "Có số liệu",
    CellState.NOT_REPORTED: "Chưa báo cáo",
    CellState.NOT_APPLICABLE: "Không áp dụng",
    CellState.NO_DENOMINATOR: "Chưa có mẫu số",
}
_VERDICT_LABELS = {
    Verdict.MET: "Đạt",
    Verdict.NEAR: "Xấp xỉ",
    Verdict.NOT_MET: "Chưa đạt",
    Verdict.NONE: "Chưa đánh giá",
}
