"""Result files of background work: written aside, put in place whole, kept for some days. Knows no records."""

import errno
import os
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings

RESULTS = "results"
#: What a writer that was killed leaves behind is of no use to anybody.
UNFINISHED_KEPT_SECONDS = 24 * 3600
DISK_FULL = "Ổ đĩa của máy chủ đã đầy nên chưa ghi được tệp. Hãy báo cho người quản trị, sau đó bấm “Làm lại”."
CANNOT_WRITE = (
    "Cổng không ghi được vào thư mục tệp kết quả. Hãy báo cho người quản trị kiểm tra thư mục, sau đó bấm “Làm lại”."
)
FULL_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
REFUSED_CODES = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.EIO}


def results_folder() -> Path:
    """Return where results lie; made when it is missing. Raises OSError where it cannot be."""
    return _made_folder(RESULTS)


def _made_folder(name: str) -> Path:
    folder = Path(settings.MEDIA_ROOT) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def result_file_of(result_path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / result_path


def bytes_of(result_path: str) -> int | None:
    """How large a result is; None where there is none."""
    try:
        return result_file_of(result_path).stat().st_size if result_path else None
    except OSError:
        return None


@contextmanager
def written_whole(prefix: str, suffix: str, folder_name: str = RESULTS) -> Iterator[tuple[Path, str]]:
    """Gives a path to write to, and the `result_path` where the file stands afterwards, complete and on the disk.

    `folder_name` is another place under MEDIA_ROOT, for files that are kept longer than results. Where the writing
    breaks nothing stays. A process that dies leaves a hidden file, which nobody is led to.
    """
    folder = _made_folder(folder_name)
    final = folder / f"{prefix}-{uuid.uuid4().hex}{suffix.lower()}"
    partial = final.with_name(f".{final.name}")
    try:
        yield partial, f"{folder_name}/{final.name}"
        _sync(partial)
        partial.rename(final)
        _sync(folder)
    finally:
        partial.unlink(missing_ok=True)


def delete_files(kept: Collection[str], limit: datetime, now: datetime) -> int:
    """Deletes what is older than `limit` and not among the names in `kept`; half-written files after a day already."""
    unfinished_limit = now.timestamp() - UNFINISHED_KEPT_SECONDS
    old = [
        file
        for file in results_folder().iterdir()
        if file.name not in kept
        and file.lstat().st_mtime < (unfinished_limit if file.name.startswith(".") else limit.timestamp())
    ]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def disk_sentence(error: BaseException) -> str:
    """What the disk refused, as a sentence for the person who waits for the file; empty where it was not the disk."""
    code = error.errno if isinstance(error, OSError) else None
    if code in FULL_CODES:
        return DISK_FULL
    return CANNOT_WRITE if code in REFUSED_CODES else ""


def _sync(path: Path) -> None:
    """Forces a file, or the entries of a folder, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
