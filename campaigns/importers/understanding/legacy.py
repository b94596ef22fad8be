"""Text of before Unicode: shown in a sample, converted only after the person said so."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from campaigns.importers.understanding.asking import Question
from hbs_portal.lib.legacy_text import Encoding, convert, recognise, sample
from hbs_portal.lib.sheets.reading import Sheet

_MOST_TEXTS = 20_000


def converted(sheet: Sheet, encoding: Encoding) -> Sheet:
    """Return the sheet with its text in Unicode; what is Unicode already stays."""
    rows = tuple(
        replace(row, cells=tuple(convert(cell, encoding) if isinstance(cell, str) else cell for cell in row.cells))
        for row in sheet.rows
    )
    return replace(sheet, rows=rows)


def texts_of(sheet: Sheet) -> Iterator[str]:
    """Yield the texts of a sheet, at most so many as tell its encoding."""
    left = _MOST_TEXTS
    for row in sheet.rows:
        for cell in row.cells:
            if isinstance(cell, str):
                yield cell
                left -= 1
        if left < 0:
            return


def encoding_of(name: str | None) -> Encoding | None:
    """Return the encoding that an answer names, None for none or one that does not exist."""
    return next((encoding for encoding in Encoding if encoding.value == name), None)


def legacy_question(sheet: str, texts: Iterable[str]) -> Question | None:
    """Return what to ask when the texts are of before Unicode, None when they are not."""
    listed = list(texts)
    encoding = recognise(listed)
    if encoding is None:
        return None
    pairs = sample(listed, encoding)
    shown = tuple(f"{before} → {after}" for before, after in pairs)
    example = f" Ví dụ: {shown[0]}." if shown else ""
    return Question(
        kind="legacy",
        sheet=sheet,
        text=(
            f"Chữ trong trang “{sheet}” viết bằng bảng mã cũ {encoding.label}.{example} Nếu chữ đã chuyển đọc đúng, "
            "hãy đồng ý chuyển sang Unicode; nếu không, hãy chuyển tệp sang Unicode rồi tải lên lại."
        ),
        options=((encoding.value, f"Chuyển từ {encoding.label}"), ("", "Không chuyển, báo lỗi các ô này")),
        sample=shown,
    )
