"""HTML to PDF, without a network: WeasyPrint, imported only when a page is printed.

It draws with Pango, which a machine has from its own packages (Debian: libpango-1.0-0 libpangoft2-1.0-0) or not at all.
"""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from hbs_portal.lib.whole_files import whole_file

MISSING = (
    "Máy chủ chưa cài thư viện Pango nên chưa in được PDF. Người quản trị cài bằng lệnh: "
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-liberation2. Trong khi chờ, hãy dùng tệp Word hoặc Excel."
)


class PrintingError(OSError):
    """The file could not be printed; the text is a sentence for people."""


def print_pdf(
    html: str, css: str, path: Path, *, moment: datetime, at_page: Callable[[int], None] = lambda _: None
) -> None:
    """Write the page to `path`, whole or not at all; the same `html`, `css` and `moment` give the same document.

    In: markup whose texts are escaped. Nothing is fetched: an address in the markup is refused. `at_page` is told each
    page's number while it is laid out. Raises PrintingError where Pango is missing, OSError where the disk refuses.
    """
    weasyprint = _weasyprint()
    with _listening(at_page):
        content = _printed(weasyprint, html, css, moment)
    with whole_file(path) as file:
        file.write(content)


def _printed(weasyprint: Any, html: str, css: str, moment: datetime) -> bytes:
    page = weasyprint.HTML(string=html, url_fetcher=weasyprint.urls.URLFetcher(allowed_protocols=()))
    # Widths of columns stand in the markup: they belong to the table, not to the look.
    document = page.render(stylesheets=[weasyprint.CSS(string=css)], presentational_hints=True)
    document.metadata.created = document.metadata.modified = moment.isoformat(timespec="seconds")
    identifier = hashlib.sha256(f"{html}\0{css}".encode()).hexdigest()[:32].encode()
    content: bytes = document.write_pdf(pdf_identifier=identifier)
    return content


@contextmanager
def _listening(at_page: Callable[[int], None]) -> Iterator[None]:
    """WeasyPrint tells of its progress by its log only."""
    log, ear = logging.getLogger("weasyprint.progress"), _Ear(at_page)
    before = log.propagate, log.level
    log.addHandler(ear)
    log.propagate = False
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(ear)
        log.propagate, log.level = before


class _Ear(logging.Handler):
    """Hears of the pages that its own thread lays out; what `at_page` raises ends the printing."""

    def __init__(self, at_page: Callable[[int], None]) -> None:
        super().__init__()
        self._at_page = at_page
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        found = re.search(r"Page (\d+)$", record.getMessage())
        if found and threading.get_ident() == self._thread:
            self._at_page(int(found[1]))


def _weasyprint() -> Any:
    """The module, where the machine has its libraries."""
    try:
        import weasyprint
    except OSError as error:
        raise PrintingError(0, MISSING) from error
    return weasyprint
