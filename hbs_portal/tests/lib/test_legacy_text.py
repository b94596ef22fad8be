"""Text of before Unicode: recognised by many cells together, converted by table, shown before it is believed."""

import unicodedata

import pytest

from hbs_portal.lib import legacy_text
from hbs_portal.lib.legacy_text import Encoding, convert, is_suspect, recognise, sample

NAMES = [
    "Nguyễn Thị Ánh Tuyết", "Trần Văn Hùng", "Phạm Đức Mạnh", "Lê Hoàng Yến", "Đỗ Thị Thuỷ", "Vũ Quỳnh Như",
    "Đặng Hữu Phước", "Bùi Ngọc Diệp", "Hồ Thị Lựu", "Ngô Đình Khải", "Dương Thế Vĩnh", "Lý Mỹ Kỳ", "Hoàng Ỷ Lan",
    "Mai Thảo Ẩn", "Trịnh Công Sơn", "Đào Duy Từ", "Phan Kế Bính", "Lương Thị Hường", "Nguyễn Ngọc Ngữ", "Tạ Thị Bưởi",
    "Võ Thị Sáu", "Quách Thị Trang Đài", "Tô Vĩnh Diện", "Cù Chính Lan", "Trương Thị Ửng", "Lò Văn Sẻ", "Hà Thị Nhẫn",
    "Nguyễn Cẩm Vân", "Đậu Quang Lĩnh", "Thái Thị Liễu", "Nguyễn Thuý Vy", "Lê Thẩm Tĩnh", "Nông Thị Ổi",
    "Lê Kiều Oanh",
]  # fmt: skip
VNI_MARKS = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
VNI_ROUND = dict(zip("âấầẩẫậ", "âáàåãä", strict=True))
VNI_BREVE = dict(zip("ăắằẳẵặ", "êéèúüë", strict=True))
VNI_SINGLE = {small: code for code, small in legacy_text._VNI_SINGLE.items()}


def to_tcvn3(text: str) -> str:
    back = {char: code for code, char in legacy_text._TCVN3.items()}
    capitals = "ĂÂÊÔƠƯĐ"  # the only capitals with marks that the table has; others are the small letter's code
    return "".join(back.get(char) or (back.get(char.lower(), char) if char not in capitals else char) for char in text)


def to_vni(text: str) -> str:
    return "".join(map(_vni_letter, text))


def _vni_letter(char: str) -> str:
    small = char.lower()
    decomposed = unicodedata.normalize("NFD", small)
    tones = [mark for mark in decomposed if mark in VNI_MARKS]
    base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in VNI_MARKS))
    if small in VNI_SINGLE:
        written = VNI_SINGLE[small]
    elif base in ("â", "ê", "ô"):
        toned = unicodedata.normalize("NFC", "â" + "".join(tones))
        written = {"â": "a", "ê": "e", "ô": "o"}[base] + VNI_ROUND[toned]
    elif base == "ă":
        written = "a" + VNI_BREVE[small]
    else:
        written = VNI_SINGLE.get(base, base) + "".join(VNI_MARKS[tone] for tone in tones)
    return written.upper() if char.isupper() else written


def to_windows_1258(text: str) -> str:
    pieces = []
    for char in text:
        try:
            pieces.append(char.encode("cp1258"))
        except UnicodeEncodeError:
            base, tone = unicodedata.normalize("NFD", char)[:-1], unicodedata.normalize("NFD", char)[-1]
            if tone in "\u0302\u0306\u031b":  # the dot below sorts before the hat
                base, tone = base[0] + tone, base[1:]
            pieces.append((unicodedata.normalize("NFC", base) + tone).encode("cp1258"))
    return b"".join(pieces).decode("cp1252")


def misread(text: str) -> str:
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


WRITERS = {
    Encoding.TCVN3: to_tcvn3,
    Encoding.VNI: to_vni,
    Encoding.WINDOWS_1258: to_windows_1258,
    Encoding.MISREAD_UTF8: misread,
}


@pytest.mark.parametrize("encoding", list(Encoding))
def test_names_of_all_tones_come_back(encoding: Encoding) -> None:
    written = [WRITERS[encoding](name) for name in NAMES]
    assert recognise(written) is encoding
    expected = [name.casefold() for name in NAMES]
    assert [convert(text, encoding).casefold() for text in written] == expected


@pytest.mark.parametrize("encoding", [Encoding.VNI, Encoding.WINDOWS_1258, Encoding.MISREAD_UTF8])
def test_capitals_come_back_as_capitals(encoding: Encoding) -> None:
    assert [convert(WRITERS[encoding](name.upper()), encoding) for name in NAMES] == [name.upper() for name in NAMES]


def test_the_capital_font_of_tcvn3_gives_capitals_and_a_single_capital_stays_one() -> None:
    assert convert("NGUYÔN V¡N HïNG", Encoding.TCVN3) == "NGUYỄN VĂN HÙNG"
    assert convert("Lª Hµ", Encoding.TCVN3) == "Lê Hà"


def test_tcvn3_writes_its_67_letters_and_seven_capitals() -> None:
    assert len(legacy_text._TCVN3) == len(set(legacy_text._TCVN3.values())) == 67 + 7


def test_the_soft_hyphen_of_tcvn3_is_its_u_with_a_horn() -> None:
    assert convert("H\u00ad¬ng", Encoding.TCVN3) == "Hương"


def test_a_misread_no_break_space_that_became_a_space_is_mended() -> None:
    assert convert("HÃ  BÃ¬nh", Encoding.MISREAD_UTF8) == "Hà Bình"
    assert convert("HoÃ ng", Encoding.MISREAD_UTF8) == "Hoàng"


@pytest.mark.parametrize("texts", [NAMES, ["Lo Van A", "12"], [], ["Hoàng", "Võ Lý Hoà", "H'Ñuôt Niê"]])
def test_unicode_is_not_taken_for_anything_else(texts: list[str]) -> None:
    assert not any(map(is_suspect, texts))
    assert recognise(texts) is None


@pytest.mark.parametrize("encoding", [Encoding.TCVN3, Encoding.VNI, Encoding.WINDOWS_1258])
def test_text_that_is_unicode_for_sure_stays_as_it_is(encoding: Encoding) -> None:
    assert convert("Nguyễn Thị Hoà", encoding) == "Nguyễn Thị Hoà"
    assert convert("Nguyen Van A 4A", encoding) == "Nguyen Van A 4A"


def test_text_that_cannot_be_mended_is_left_alone() -> None:
    assert convert("Nguyá»", Encoding.MISREAD_UTF8) == "Nguyá»"
    assert recognise(["ÞßÞß æåæå", "þþþ"]) is None


def test_a_sample_shows_what_changes_longest_first_and_each_once() -> None:
    texts = ["Lª", "STT", "NguyÔn V¨n An", "Lª", *(f"TrÇn V¨n {number}" for number in range(20))]
    shown = sample(texts, Encoding.TCVN3)
    assert shown[0] == ("NguyÔn V¨n An", "Nguyễn Văn An")
    assert len(shown) == len(set(shown)) == legacy_text.SAMPLE_SIZE
    assert all(encoding.label for encoding in Encoding)
