"""Why a record does not count at the clocks of a reading, the reason nearest to counting first."""

from dataclasses import dataclass
from datetime import date

from campaigns.choices import ENDED_STATES, RecordStatus
from hbs_portal.lib.text import date_short
from reports.selectors.clocks import Clocks

#: The columns of a reviewed record that a `RecordState` is built from; joined ones get a prefix ("activity__").
STATE_COLUMNS = ("status", "submitted_on", "approved_on", "ended_on", "return_reason", "end_reason")
TOO_FEW, REPLACED, TOO_LATE, OTHER_KIND = 5, 6, 7, 8


@dataclass(frozen=True, slots=True)
class RecordState:
    """A record's life so far, as it is stored today."""

    status: str
    submitted_on: date | None
    approved_on: date | None
    ended_on: date | None
    return_reason: str = ""
    end_reason: str = ""

    def is_official(self, clocks: Clocks) -> bool:
        return clocks.is_official(self.approved_on, self.ended_on)

    def reason(self, clocks: Clocks) -> tuple[int, str]:
        """(rank, sentence) for a record that is not official at these clocks; the lowest rank is nearest to it."""
        until = clocks.approved_by
        if self.status in ENDED_STATES and self.ended_on and self.ended_on <= until:
            return self._ended(self.ended_on)
        if self.status in (RecordStatus.RETURNED, RecordStatus.DRAFT):
            return self._unsent()
        if self.submitted_on and self.submitted_on > until:
            return 1, f"Gửi duyệt ngày {date_short(self.submitted_on)}, sau ngày chốt"
        if self.approved_on:
            return 1, f"Được duyệt ngày {date_short(self.approved_on)}, sau ngày chốt"
        return 0, "Đang chờ duyệt"

    def _unsent(self) -> tuple[int, str]:
        if self.status == RecordStatus.DRAFT:
            return 4, "Bản ghi còn là nháp, chưa gửi duyệt"
        return 3, _with("Bản ghi bị trả lại, chưa gửi lại", self.return_reason)

    def _ended(self, on: date) -> tuple[int, str]:
        if self.status == RecordStatus.WITHDRAWN:
            return 2, _with(f"Đã rút duyệt ngày {date_short(on)}", self.end_reason)
        return REPLACED, f"Bản đã duyệt được thay từ ngày {date_short(on)}; bản mới không tính trường hợp này"


def _with(sentence: str, reason: str) -> str:
    return f"{sentence}: {reason}" if reason else sentence
