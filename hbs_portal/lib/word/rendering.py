"""A Word document from a template and plain values: the template is rendered in a child process with limits."""

import io
import json
import logging
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.whole_files import whole_file
from hbs_portal.lib.word import child
from hbs_portal.lib.word.container import check_word_container
from hbs_portal.lib.word.tags import TemplateFaultError, check_tags

WALL_SECONDS = 40
TOO_LONG = "Mẫu mất quá nhiều thời gian hoặc bộ nhớ khi điền thử. Hãy làm mẫu đơn giản hơn, bớt vòng lặp và ảnh."
NOT_RENDERED = "Không điền được mẫu này ({reason}). Hãy tải mẫu đang dùng về, sửa trên tệp đó rồi tải lên lại."
_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)

logger = logging.getLogger(__name__)


def check_template(path: Path, sample: Mapping[str, Any]) -> frozenset[str]:
    """Accept the .docx at `path` as a template and tell which names it reads, or say why not.

    In: every value by name, as `render_document` takes them. Raises RefusedFile for the container and for what cannot
    be rendered with the sample, TemplateFaultError for a tag, with its place.
    """
    check_word_container(path)
    try:
        names = check_tags(path, sample)
    except (SyntaxError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise RefusedFile(NOT_RENDERED.format(reason="nội dung bị hỏng")) from error
    render_document(path, sample, datetime(2026, 1, 1, tzinfo=UTC))
    return names


def render_document(template: Path, values: Mapping[str, Any], stamp: datetime) -> bytes:
    """The finished .docx; the same template, values and stamp give the same bytes.

    Raises RefusedFile where the template cannot be rendered within the limits.
    """
    order = json.dumps({"values": values, "stamp": stamp.replace(tzinfo=None, microsecond=0).isoformat()})
    command = [sys.executable, "-I", child.__file__, str(template.resolve())]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=order.encode(), capture_output=True, timeout=WALL_SECONDS, check=True, env={}
        )
        return _steady(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise RefusedFile(TOO_LONG) from error
    except subprocess.CalledProcessError as error:
        raise RefusedFile(_reason(error)) from error
    except (zipfile.BadZipFile, SyntaxError) as error:
        raise RefusedFile(NOT_RENDERED.format(reason="kết quả không phải tài liệu Word")) from error


def _reason(error: subprocess.CalledProcessError) -> str:
    said = error.stderr.decode("utf-8", "replace")
    logger.info("A Word template could not be rendered (exit %s): %s", error.returncode, said[-1000:])
    if error.returncode < 0 or "MemoryError" in said:
        return TOO_LONG
    last = said.strip().splitlines()[-1:] or ["không rõ lý do"]
    return NOT_RENDERED.format(reason=re.sub(r"^[\w.]+: ", "", last[0])[:150])


def _steady(content: bytes) -> bytes:
    """The same parts with one fixed time, and each a whole XML: docxtpl's parser would mend a broken one in silence."""
    from defusedxml.ElementTree import fromstring

    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            data = source.read(part)
            if part.filename == "word/document.xml":
                fromstring(data)
            info = zipfile.ZipInfo(part.filename, _FIRST_DAY_OF_ZIP)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return file.getvalue()


def save_document(content: bytes, path: Path) -> None:
    """Write so that `path` is either the old file or the whole new one."""
    with whole_file(path) as file:
        file.write(content)


__all__ = ["RefusedFile", "TemplateFaultError", "check_template", "render_document", "save_document"]
