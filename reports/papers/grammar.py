"""Vietnamese for 0, 1 and many: lists, counts and names inside a sentence."""

from collections.abc import Sequence

from hbs_portal.lib.text import number_text

MOST_NAMED = 5


def joined(words: Sequence[str]) -> str:
    """ "A", "A và B", "A, B và C"; names that hold a comma are parted by semicolons."""
    comma = "; " if any("," in word or ";" in word for word in words) else ", "
    return " và ".join(filter(None, [comma.join(words[:-1]), *words[-1:]]))


def some(words: Sequence[str], noun: str, most: int = MOST_NAMED) -> str:
    """The first names, and how many more there are: "A, B, C và 7 đơn vị khác"."""
    if len(words) <= most + 1:
        return joined(words)
    return joined([*words[:most], f"{number_text(len(words) - most)} {noun} khác"])


def counted(number: int, noun: str) -> str:
    """ "3 hoạt động"; for none "chưa có hoạt động nào"."""
    return f"{number_text(number)} {noun}" if number else f"chưa có {noun} nào"


def moved(change: int) -> str:
    """ "tăng 5", "giảm 3", "không đổi"."""
    if not change:
        return "không đổi"
    return f"tăng {number_text(change)}" if change > 0 else f"giảm {number_text(-change)}"


def lowered(name: str) -> str:
    """A name inside a sentence: "Xã Hà Bắc" is "xã Hà Bắc", "Quý II/2026" is "quý II/2026"."""
    return name[:1].lower() + name[1:]


def sentence(text: str) -> str:
    """With a capital at the start and one full stop at the end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", ":", "!", "?")) else ".")
