"""What the notes beside a table say: somebody whose note tells that they left is not on the list any more."""

import re

from campaigns.importers.understanding.headings import Heading
from hbs_portal.lib.sheets.reading import Sheet
from hbs_portal.lib.text import fold, nfc

_NOTE_HEADING = re.compile(r"ghi chu\b")
_LEFT = re.compile(
    r"(da )?(xin )?(chuyen (truong|di|khoi|ra|cong tac)|thoi (hoc|viec)|bo hoc|nghi (hoc han|viec|huu))\b"
    r"|da (chuyen|mat)\b"
)
#: Who came from elsewhere is there: "Chuyển trường từ Tiểu học B", "Đã chuyển đến".
_CAME = re.compile(r"\b(den|tu|ve)\b")


def tells_of_leaving(note: str) -> bool:
    """Tell whether a note says that somebody has left."""
    text = fold(nfc(note))
    return bool(_LEFT.match(text)) and not _CAME.search(text)


def notes_of_leaving(sheet: Sheet, heading: Heading) -> dict[int, str]:
    """Return row number -> note, of the rows whose note says that somebody has left; other notes are not kept."""
    columns = [index for index, text in heading.unknown.items() if _NOTE_HEADING.match(fold(text))]
    found = {}
    for row in sheet.rows:
        notes = [nfc(cell) for index in columns if isinstance(cell := row.cell(index), str)]
        if row.number > heading.last_row and (told := next(filter(tells_of_leaving, notes), None)):
            found[row.number] = told
    return found
