"""Whether frozen content is still what it was: the seal, the clocks, and the figures computed again."""

from datetime import date

from reports.progress import ProgressError, compute_progress
from reports.snapshots.canonical import ContentError
from reports.snapshots.content import unseal


def problem_of(stored: bytes | memoryview, digest: str, as_of: date, approved_by: date) -> str:
    """What does not fit any more, as a sentence; empty where the seal, the clocks and the figures all do."""
    try:
        content = unseal(stored, digest)
        figures = compute_progress(content.facts)
    except (ContentError, ProgressError) as error:
        return str(error)
    if (content.as_of, content.approved_by) != (as_of, approved_by):
        return "Hai ngày lấy số liệu ghi ngoài bản chốt khác với trong bản chốt."
    if figures != content.progress:
        return "Tính lại từ dữ liệu đã chốt ra số khác với số đã chốt; cách tính của phần mềm đã thay đổi."
    return ""
