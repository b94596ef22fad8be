"""Text of before Unicode: recognised by what stands in many cells together, converted only after a person said so.

The bytes of such text were read as Windows-1252 by whoever made the sheet, so here it is a str of Latin letters:
TCVN3 ("NguyÔn"), VNI ("Nguyeãn"), Windows-1258 ("NguyêÞn"), UTF-8 misread ("Nguyá»…n"). Give the text as it came,
before `text.nfc`: TCVN3 writes "ư" as a soft hyphen, which `nfc` removes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache

SAMPLE_SIZE = 8
_LEAST_VALID_SHARE = 0.55  # of the converted words with marks that must be Vietnamese syllables
_MOST_TEXTS_SCORED = 2_000


class Encoding(StrEnum):
    """How the text was written; the label is what a person reads."""

    MISREAD_UTF8 = "misread-utf8"  # first, since it wins where several fit
    TCVN3 = "tcvn3"
    VNI = "vni"
    WINDOWS_1258 = "windows-1258"

    @property
    def label(self) -> str:
        """The name that Vietnamese offices know it by."""
        return _LABELS[self]


_LABELS = {
    Encoding.TCVN3: "TCVN3 (phông .VnTime)",
    Encoding.VNI: "VNI (phông VNI-Times)",
    Encoding.WINDOWS_1258: "Windows-1258",
    Encoding.MISREAD_UTF8: "UTF-8 bị đọc nhầm",
}

_CERTAINLY_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_TCVN3_TRACE = re.compile(
    "(?<=[^\\W\\d_])[¡¢£¤¥¦§¨©ª«¬®µ¶·¸¹¼½¾×÷\u00ad]"  # a sign right after a letter: "V¨n", "Ph¹m", "L\u00adu"
    "|(?<=[^\\W\\d_])»(?=[^\\W\\d_])"  # between letters only: after a word it closes a quotation
    "|(?<!\\w)[¡¢£¤¥¦§¨©ª¬®µ¶¸¹¼½¾\u00ad](?=[a-zß-ÿ])"  # a sign that begins a word: "§ç"
    "|[a-z][À-ÖØ-Þ]"  # a capital inside a word: "NguyÔn"
    "|[ÆØÞßäåæçëîïöøûüþ]"  # letters that no Vietnamese name has
    "|[bcdghklmnpqrstvx]ñ"  # "Thñy"; Ê Đê names have ñ too, but never after a consonant
)
_VNI_TRACE = re.compile(
    "[ae][âáàåãä]|o[âåä]|a[êéèúüë]|[aeouyôö][ùøûõï]",  # a vowel and its mark written as two letters: "Nguyeãn"
    re.IGNORECASE,
)
_WINDOWS_1258_TRACE = re.compile("[aâãeêiôõýy][ìò]", re.IGNORECASE)  # "Thiò"
_MISREAD_TRACE = re.compile("á[º»]|Ä[\u0090\u0091\u0192\u2018‚]|Æ[°¯¡]|Ã[\u0080-\u00bf]")

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_ROUND = dict(zip("âáàåãä", "âấầẩẫậ", strict=True))
_VNI_BREVE = dict(zip("êéèúüë", "ăắằẳẵặ", strict=True))
_VNI_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_SINGLE = dict(zip("ôöñæóòîíì", "ơưđỉĩịỵíì", strict=True))
_CP1258_MARKS = {"Ì": "\u0300", "Ò": "\u0309", "Þ": "\u0303", "ì": "\u0301", "ò": "\u0323"}
_CP1258_LETTERS = {"Ã": "Ă", "ã": "ă", "Ð": "Đ", "ð": "đ", "Õ": "Ơ", "õ": "ơ", "Ý": "Ư", "ý": "ư", "þ": "₫"}

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
    "(?:uyê|uya|uyu|iêu|yêu|uôi|ươi|ươu|oai|oay|oao|oeo|uây|uao|uai|uay|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|yê|oa|oă|oe|oi"
    "|oo|ôi|ơi|ua|uâ|uă|ue|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|[aăâeêioôơuưy])"
    "(?:ch|ng|nh|[cmnpt])?"
)
_WORD = re.compile(r"[^\s\d.,;:/()\[\]\"'?!+\-_]+")


def is_suspect(text: str) -> bool:
    """Tell whether one text alone looks as if its letters were not what was meant. Such text is never stored.

    Text with a Vietnamese letter outside Latin-1 is Unicode for sure, but for the misread UTF-8 in it.
    """
    if text.isascii():
        return False
    if _MISREAD_TRACE.search(text):
        return True
    composed = unicodedata.normalize("NFC", text)
    if _CERTAINLY_UNICODE.search(composed):
        return False
    return any(trace.search(composed) for trace in (_TCVN3_TRACE, _VNI_TRACE, _WINDOWS_1258_TRACE))


def recognise(texts: Iterable[str]) -> Encoding | None:
    """Return the encoding that makes Vietnamese syllables of the suspect texts, None when none is suspect or fits."""
    suspects = list(dict.fromkeys(text for text in texts if is_suspect(text)))[:_MOST_TEXTS_SCORED]
    if not suspects:
        return None
    scores = {encoding: _score(suspects, encoding) for encoding in Encoding}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] >= _LEAST_VALID_SHARE else None


def convert(text: str, encoding: Encoding) -> str:
    """Return `text` in Unicode (NFC). Text that is Unicode for sure, or not of that encoding, stays as it is."""
    if text.isascii():
        return text
    if encoding is not Encoding.MISREAD_UTF8 and _CERTAINLY_UNICODE.search(unicodedata.normalize("NFC", text)):
        return text
    return unicodedata.normalize("NFC", _CONVERTERS[encoding](text))


def sample(texts: Iterable[str], encoding: Encoding) -> list[tuple[str, str]]:
    """Return up to eight different (before, after) that conversion changes, for a person to judge: longest first."""
    pairs = ((text, convert(text, encoding)) for text in dict.fromkeys(texts))
    changed = [(before, after) for before, after in pairs if before != after]
    return sorted(changed, key=lambda pair: -len(pair[0]))[:SAMPLE_SIZE]


def _score(texts: list[str], encoding: Encoding) -> float:
    """The share of Vietnamese syllables among the words with marks after conversion; an unchanged word counts half."""
    words = [(word, text) for text in texts for word in _WORD.findall(convert(text, encoding)) if not word.isascii()]
    valid = sum((0.5 if word in text else 1.0) for word, text in words if _is_syllable(word))
    return valid / len(words) if words else 0.0


@lru_cache(maxsize=4096)
def _is_syllable(word: str) -> bool:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    tones = sum(char in _TONES for char in decomposed)
    plain = unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in _TONES))
    return tones <= 1 and bool(_SYLLABLE.fullmatch(plain))


def _from_tcvn3(text: str) -> str:
    converted = "".join(_TCVN3.get(char, char) for char in unicodedata.normalize("NFC", text))
    # Capitals are a font of their own (.VnTimeH) with the codes of the small letters: "NGUYÔN" came out "NGUYễN".
    is_capital_font = re.search("[^\\W\\d_][A-Z]", converted) and not re.search("[a-z]", converted)
    return converted.upper() if is_capital_font else converted


def _from_vni(text: str) -> str:
    letters: list[str] = []
    previous = ""  # the letter as it stood in the source, while a mark may still join it
    for char in unicodedata.normalize("NFC", text):
        may_join = previous and (previous.isupper() or not char.isupper())
        joined = _vni_joined(letters[-1], previous, char.lower()) if may_join else ""
        if joined:
            letters[-1] = joined.upper() if previous.isupper() else joined
            previous = ""
        else:
            small = _VNI_SINGLE.get(char.lower(), char.lower())
            letters.append(small.upper() if char.isupper() else small)
            previous = char if char.lower() in "aeouyôö" else ""
    return "".join(letters)


def _vni_joined(letter: str, previous: str, mark: str) -> str:
    """Return the letter that a vowel and the mark after it make, "" when they make none."""
    small = previous.lower()
    if small in "aeo" and mark in _VNI_ROUND:
        tone = unicodedata.normalize("NFD", _VNI_ROUND[mark])[1:]
        return unicodedata.normalize("NFC", small + tone)
    if small == "a" and mark in _VNI_BREVE:
        return _VNI_BREVE[mark]
    return unicodedata.normalize("NFC", letter.lower() + _VNI_TONES[mark]) if mark in _VNI_TONES else ""


def _from_windows_1258(text: str) -> str:
    return "".join(_CP1258_MARKS.get(char) or _CP1258_LETTERS.get(char, char) for char in text)


def _from_misread_utf8(text: str) -> str:
    """Undo the misreading; "à" lost the no-break half of its two letters wherever spaces were made plain."""
    mended = re.sub("Ã (?=[ a-zà-ÿ]|$)", "Ã\u00a0", text)
    mended = re.sub("Ã (?=\\w)", "Ã\u00a0 ", mended)
    try:
        return b"".join(map(_windows_1252, mended)).decode()
    except (UnicodeDecodeError, UnicodeEncodeError):
        return text


def _windows_1252(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")  # five bytes that Windows-1252 leaves undefined


_CONVERTERS: dict[Encoding, Callable[[str], str]] = {
    Encoding.TCVN3: _from_tcvn3,
    Encoding.VNI: _from_vni,
    Encoding.WINDOWS_1258: _from_windows_1258,
    Encoding.MISREAD_UTF8: _from_misread_utf8,
}
