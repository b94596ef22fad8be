"""The page of one import: what was understood, what is asked, what would happen, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from campaigns.importers.kinds import KindSpec, kind_spec
from campaigns.importers.reports import leavers_from_json, questions_from_json, report_from_json
from campaigns.importers.understanding import Answers, Question
from campaigns.models import RosterImport
from campaigns.models.imports import RosterImportState
from campaigns.roster_access import keeps_unit
from campaigns.services.imports.checking import STOPPED
from hbs_portal.lib.importing import FoldedError, Outcome
from hbs_portal.lib.paging import ListPage, page_of
from hbs_portal.lib.text import number_text

TAB_PARAMETER = "the"
ROWS_A_PAGE = 50
#: key in the address -> label, name in the counts.
TABS = {
    "loi": ("Có lỗi", "errors"),
    "trung": ("Có thể trùng", "duplicates"),
    "canh-bao": ("Cảnh báo", "warnings"),
    "moi": ("Mới", "new"),
    "doi": ("Thay đổi", "changed"),
    "nguyen": ("Không đổi", "unchanged"),
    "bo": ("Bỏ qua", "left_out"),
}
#: Tabs that are there even when they are empty: what one looks for first.
ALWAYS = ("errors", "new", "changed", "unchanged", "left_out")


@dataclass(frozen=True)
class Tab:
    """A count one may open; `query` leads to it."""

    key: str
    label: str
    count: int
    is_open: bool

    @property
    def query(self) -> str:
        return f"?{TAB_PARAMETER}={self.key}#ket-qua"


@dataclass(frozen=True)
class ReadSheet:
    """What was understood of one sheet, for a person."""

    name: str
    header_row: int
    rows: int
    class_from: str
    unit_name: str
    columns: tuple[tuple[str, str], ...]


class ImportPage:
    """Everything that the page of one import says; `parameters` choose the tab and its page."""

    def __init__(self, roster_import: RosterImport, user: User, parameters: QueryDict) -> None:
        self.roster_import, self.user, self.parameters = roster_import, user, parameters
        self.stored: Mapping[str, Any] = roster_import.report
        self.counts: Mapping[str, int] = dict.fromkeys([count for _, count in TABS.values()], 0) | {
            "leavers": 0,
            **self.stored.get("counts", {}),
        }

    @property
    def spec(self) -> KindSpec:
        return kind_spec(self.roster_import.kind)

    @property
    def answers(self) -> Answers:
        return Answers.from_json(self.roster_import.answers)

    @property
    def has_rows(self) -> bool:
        """Rows are gone once the import was applied or is a day old."""
        return "errors" in self.stored

    # What was understood

    @property
    def understood(self) -> Mapping[str, Any]:
        return self.stored.get("understood", {})  # type: ignore[no-any-return]

    @property
    def sheets(self) -> list[ReadSheet]:
        labels = self.spec.layout.labels
        return [
            ReadSheet(
                sheet["name"],
                sheet["header_row"],
                sheet["rows"],
                sheet.get("class_from", ""),
                sheet.get("unit_name", ""),
                tuple((labels.get(field, field), letter) for field, letter in sheet["columns"].items()),
            )
            for sheet in self.understood.get("sheets", [])
        ]

    # What is asked

    @property
    def questions(self) -> list[Question]:
        return questions_from_json(self.stored) if self.has_rows else []

    @property
    def is_asking(self) -> bool:
        """Whether a question holds everything back."""
        return any(question.blocks for question in self.questions)

    @property
    def doubts(self) -> list[dict[str, Any]]:
        """Rows that may be somebody known, as the form of decisions takes them."""
        return [
            {
                "key": doubt["key"],
                "title": f"{doubt['sheet']}, dòng {doubt['row']}: {', '.join(doubt['shown'])}. {doubt['why']}.",
                "candidates": [(one["id"], f"Chính là {one['label']}") for one in doubt["candidates"]],
                "new_label": f"{self.spec.things.capitalize()} khác, thêm mới",
            }
            for doubt in self.stored.get("duplicates", [])
        ]

    # What would happen

    @property
    def tabs(self) -> list[Tab]:
        """Errors first; tabs that say nothing are left out, but for the usual ones."""
        return [
            Tab(key, label, self.counts[count], key == self.open_tab)
            for key, (label, count) in TABS.items()
            if self.counts[count] or count in ALWAYS
        ]

    @property
    def open_tab(self) -> str:
        asked = self.parameters.get(TAB_PARAMETER, "")
        return asked if asked in TABS else next((key for key, (_, name) in TABS.items() if self.counts[name]), "loi")

    @property
    def rows(self) -> ListPage:
        """The page of the open tab."""
        report = report_from_json(self.stored)
        _, name = TABS[self.open_tab]
        lists: Mapping[str, Sequence[FoldedError | Outcome | Any]] = {
            "errors": report.folded_errors,
            "warnings": report.folded_warnings,
            "duplicates": [],
        }
        return page_of(lists[name] if name in lists else getattr(report, name), self.parameters, ROWS_A_PAGE)

    @property
    def kept_rows(self) -> int:
        """How many rows of the open tab were kept to be shown; the count may be higher."""
        return len(self.stored.get(TABS[self.open_tab][1], []))

    @property
    def hidden_rows(self) -> int:
        return max(self.counts[TABS[self.open_tab][1]] - self.kept_rows, 0)

    @property
    def leaver_choices(self) -> list[tuple[int, str]]:
        return [(one.pk, f"{one.name}, {one.place}") for one in leavers_from_json(self.stored)]

    # What can be done

    @property
    def may_decide(self) -> bool:
        """Whether this person may answer, apply, undo: the import is of a unit whose lists they keep."""
        return keeps_unit(self.user, self.roster_import.unit_id)

    @property
    def writes(self) -> int:
        return self.counts["new"] + self.counts["changed"]

    @property
    def is_waiting(self) -> bool:
        """Whether the import still waits for a person: its file is kept and nothing was written."""
        states = (RosterImportState.ASKING, RosterImportState.CHECKED, RosterImportState.REFUSED)
        return self.has_rows and self.roster_import.state in states

    @property
    def may_check_again(self) -> bool:
        """Whether a check in the background came to nothing, and its file is still there to be checked again."""
        is_stopped = self.roster_import.state == RosterImportState.REFUSED and self.stored.get("outcome") == STOPPED
        return is_stopped and self.may_decide and bool(self.roster_import.file)

    @property
    def has_open_doubts(self) -> bool:
        return bool(self.stored.get("duplicates"))

    @property
    def apply_label(self) -> str:
        """What the button does, exactly; "" where nothing can be written as the file is."""
        if not self._can_write or self.counts["errors"] or self.has_open_doubts:
            return ""
        if self.writes:
            return f"Nạp {number_text(self.writes)} {self.spec.things}"
        return "Ghi những người đã chọn là rời danh sách" if self.counts["leavers"] else ""

    @property
    def apply_valid_label(self) -> str:
        """The second choice where rows are wrong or undecided: "Nạp 31 dòng đúng, để lại 3 dòng sai"."""
        left = self.counts["errors"] + self.counts["duplicates"]
        if not self._can_write or not left or not self.writes:
            return ""
        word = "sai" if not self.counts["duplicates"] else "chưa rõ"
        return f"Nạp {number_text(self.writes)} dòng đúng, để lại {number_text(left)} dòng {word}"

    @property
    def has_wrong_rows(self) -> bool:
        """Whether there is something to mend in the file and bring again."""
        return self._can_write and bool(self.counts["errors"])

    @property
    def needs_work(self) -> bool:
        """Whether the person must do something before anything can be written."""
        if self.stored.get("message"):
            return True
        return self.is_waiting and (self.is_asking or bool(self.counts["errors"]) or self.has_open_doubts)

    @property
    def upload_again_url(self) -> str:
        """The upload, with everything but the file as it was this time."""
        one = self.roster_import
        known = {"don-vi": one.unit_id, "loai": one.kind, "ngay": one.effective_on.isoformat()}
        about = {"hoat-dong": one.activity_id} if one.activity_id else {}
        return f"{reverse('campaigns:import_upload')}?{urlencode(known | about)}"

    @property
    def may_undo(self) -> bool:
        is_applied = self.roster_import.state == RosterImportState.APPLIED
        return is_applied and self.may_decide and bool(self.roster_import.undo_steps) and self.spec.undo is not None

    @property
    def undo_consequences(self) -> list[str]:
        """What taking the import back does, line by line."""
        done = self.stored.get("applied", self.counts)
        lines = [
            (done.get("new", 0), "mới nạp không còn trong danh sách"),
            (done.get("changed", 0), "trở lại thông tin như trước khi nạp"),
            (done.get("leavers", 0), "đã cho rời trở lại danh sách"),
        ]
        return [f"{number_text(count)} {self.spec.things} {words}." for count, words in lines if count]

    @property
    def _can_write(self) -> bool:
        return self.is_waiting and self.may_decide and not self.is_asking and bool(self.roster_import.file)

    @property
    def summary(self) -> str:
        """One sentence on what stands written."""
        state = self.roster_import.state
        if state == RosterImportState.APPLIED:
            return self._written
        if state == RosterImportState.UNDONE:
            return "Lần nạp này đã được hoàn tác; danh sách trở lại như trước khi nạp."
        if self.roster_import.is_working:
            return "Cổng đang làm việc với tệp này. Có thể rời trang; kết quả sẽ nằm ở đây."
        return f"Chưa có gì được ghi. {self._next_step}"

    @property
    def _written(self) -> str:
        into = " vào danh sách" if self.spec.layout.of_people and not self.spec.subject else ""
        done = f"Đã nạp {number_text(self.writes)} {self.spec.things}{into} của {self.roster_import.unit}."
        left = self.stored.get("applied", {}).get("leavers", 0)
        leavers = f"{number_text(left)} {self.spec.things} được ghi là rời danh sách." if left else ""
        return " ".join(filter(None, (done, leavers, self.spec.afterwards)))

    @property
    def _next_step(self) -> str:
        if message := self.stored.get("message"):
            return str(message)
        if not self.has_rows:
            return "Đã quá một ngày nên tệp không còn trên hệ thống. Hãy tải tệp lên lại."
        if self.is_asking:
            return "Hãy trả lời các câu hỏi dưới đây để cổng đọc tiếp tệp này."
        if self.counts["errors"]:
            rows = number_text(self.counts["errors"])
            return f"Hãy sửa {rows} dòng lỗi trong tệp, lưu lại rồi tải lên lần nữa."
        if self.has_open_doubts:
            return f"Hãy chọn cho {number_text(self.counts['duplicates'])} dòng có thể trùng với người đã có."
        if not any(self.counts.values()):
            return "Không tìm thấy dòng nào để nạp. Hãy điền danh sách dưới dòng tiêu đề rồi tải lên lại."
        return "Đây mới là bước kiểm tra." if self.writes else "Tệp này không có gì mới."
