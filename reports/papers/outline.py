"""The order of the report: its five parts, and the pieces in which the office writes beside the portal."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from reports.exporters.edition import Edition
from reports.papers.direction import direction
from reports.papers.parts import Block, SectionKey
from reports.papers.plan_work import communication, conditions, models, training, youth
from reports.papers.shortcomings import causes, shortcomings
from reports.papers.target_results import target_results
from reports.papers.tasks import proposals, tasks


class Piece(NamedTuple):
    """`title` is empty where the part has one piece only."""

    key: SectionKey
    title: str
    sentences: Callable[[Edition], Iterable[Block]]


class Part(NamedTuple):
    title: str
    pieces: tuple[Piece, ...]


OUTLINE: tuple[Part, ...] = (
    Part("CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI", (Piece(SectionKey.DIRECTION, "", direction),)),
    Part("KẾT QUẢ THỰC HIỆN CHỈ TIÊU", (Piece(SectionKey.TARGETS, "", target_results),)),
    Part(
        "KẾT QUẢ THEO NỘI DUNG KẾ HOẠCH",
        (
            Piece(SectionKey.COMMUNICATION, "Công tác tuyên truyền, nâng cao nhận thức", communication),
            Piece(SectionKey.TRAINING, "Phổ cập và bồi dưỡng kỹ năng số", training),
            Piece(SectionKey.MODELS, "Các mô hình chuyển đổi số và lan tỏa kỹ năng số", models),
            Piece(SectionKey.YOUTH, "Vai trò của lực lượng đoàn viên, thanh niên", youth),
            Piece(
                SectionKey.CONDITIONS, "Gắn với các chương trình, nhiệm vụ và bảo đảm điều kiện thực hiện", conditions
            ),
        ),
    ),
    Part(
        "TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
        (
            Piece(SectionKey.SHORTCOMINGS, "Tồn tại, hạn chế", shortcomings),
            Piece(SectionKey.CAUSES, "Nguyên nhân", causes),
        ),
    ),
    Part(
        "NHIỆM VỤ TRỌNG TÂM VÀ ĐỀ XUẤT",
        (
            Piece(SectionKey.TASKS, "Nhiệm vụ trọng tâm", tasks),
            Piece(SectionKey.PROPOSALS, "Đề xuất, kiến nghị", proposals),
        ),
    ),
)
