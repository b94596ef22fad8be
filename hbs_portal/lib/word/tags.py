"""The tags of a Word template, looked at one by one before anything is rendered: which are allowed, and where not.

A tag may read values, pick by a condition and repeat a part; it may not call, compute or assign. So nothing in a
template can cost more than its loops, and every mistake is told with the paragraph in which it stands.
"""

import difflib
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: The parts of a document that docxtpl renders.
RENDERED_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
MOST_LOOPS_WITHIN = 3
MOST_TAGS = 2_000
FILTERS = frozenset({"upper", "lower", "length", "join", "first", "last", "default", "title", "capitalize", "trim"})
TESTS = frozenset({"defined", "none", "undefined", "odd", "even", "string", "mapping", "sequence"})
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TAG = re.compile(r"(\{\{|\{%|\{#)(.*?)(\}\}|%\}|#\})", re.DOTALL)
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_KINDS = re.compile(r"^(p|tr|tc|r)\s")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_SHOWN = 60
_WHERE = {"document": "", "header": "đầu trang, ", "footer": "chân trang, ", "footnotes": "chú thích, "}


class TemplateFaultError(Exception):
    """A template that cannot be used; the text names the place and what is wrong there."""


@dataclass(frozen=True)
class Place:
    """A paragraph: the n-th of its part, with what it says."""

    part: str
    number: int
    text: str

    def __str__(self) -> str:
        short = " ".join(self.text.split())
        short = short if len(short) <= _SHOWN else short[: _SHOWN - 1] + "…"
        return f"{_WHERE[self.part]}đoạn {self.number} (“{short}”)"


@dataclass
class _Open:
    """A part that was begun and not ended yet; `names` are the loop's variable, with what it stands for."""

    word: str
    kind: str
    holder: object
    place: Place
    names: dict[str, Any] = field(default_factory=dict)


def check_tags(path: Path, sample: Mapping[str, Any]) -> frozenset[str]:
    """The names of the sample that the template reads; TemplateFaultError at the first tag that is wrong.

    `sample` holds every known name with an example value. A list in it stands for each of its entries by the first
    one; tables are the mappings with "cot".
    """
    from defusedxml.ElementTree import fromstring

    names: set[str] = set()
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            if found := RENDERED_PARTS.fullmatch(name):
                part = re.sub(r"\d+$", "", found.group(1))
                checker = _Checker(part, sample)
                checker.check(fromstring(archive.read(name)))
                names |= checker.names
    return frozenset(names)


class _Checker:
    """Walks the paragraphs of one part in their order and keeps what is open."""

    def __init__(self, part: str, sample: Mapping[str, Any]) -> None:
        self.part = part
        self.sample = sample
        self.open: list[_Open] = []
        self.names: set[str] = set()
        self.tags = 0

    def check(self, root: Any) -> None:
        holders = {child: parent for parent in root.iter() for child in parent}
        for number, paragraph in enumerate(root.iter(f"{_W}p"), start=1):
            text = _text_of(paragraph)
            if "{" in text or "}" in text:
                self._paragraph(Place(self.part, number, text), text, holders, paragraph)
        if self.open:
            last = self.open[-1]
            raise _fault(last.place, f"thẻ {{% {last.word} %}} chưa có thẻ đóng {{% end{last.word} %}}")

    def _paragraph(self, place: Place, text: str, holders: Mapping[Any, Any], paragraph: Any) -> None:
        rest = _TAG.sub("", text)
        if any(sign in rest for sign in ("{{", "}}", "{%", "%}", "{#", "#}")):
            raise _fault(place, "dấu mở hoặc đóng thẻ bị thiếu; mỗi thẻ phải nằm trọn trong một đoạn")
        for start, inner, end in _TAG.findall(text):
            if end != _CLOSING[start]:
                raise _fault(place, f"thẻ mở bằng {start} phải đóng bằng {_CLOSING[start]}")
            self._tag(place, start, inner, rest, (holders, paragraph))
        for one in self.open:
            if not one.kind and one.place == place:
                raise _fault(
                    place, f"thẻ {{% {one.word} %}} phải đóng trong cùng một đoạn, hoặc viết {{%p {one.word} … %}}"
                )

    def _tag(self, place: Place, start: str, inner: str, rest: str, where: tuple[Mapping[Any, Any], Any]) -> None:
        self.tags += 1
        if self.tags > MOST_TAGS:
            raise _fault(place, "mẫu có quá nhiều thẻ")
        if start == "{#":
            return
        inner = inner.translate(_QUOTES).strip("-").lstrip()
        found = _KINDS.match(inner + " ")
        kind = found.group(1) if found else ""
        if kind in ("tc", "r"):
            raise _fault(place, f"không dùng thẻ loại “{kind}”; chỉ dùng p (cả đoạn) và tr (cả dòng của bảng)")
        code = inner[len(kind) :].strip() if kind else inner.strip()
        if kind == "p" and rest.strip():
            raise _fault(place, f"thẻ {start}p … {_CLOSING[start]} phải đứng một mình trong đoạn")
        if start == "{{":
            self._value(place, code, kind)
        else:
            self._statement(place, code, kind, _holder(kind, *where))

    def _value(self, place: Place, code: str, kind: str) -> None:
        value = self._resolve(place, code)
        is_table = isinstance(value, Mapping) and "cot" in value
        if is_table and kind != "p":
            raise _fault(place, f"bảng phải viết {{{{p {code} }}}} và đứng một mình trong đoạn")
        if kind and not is_table:
            raise _fault(place, f"{{{{{kind} … }}}} chỉ dùng cho bảng; hãy viết {{{{ {code} }}}}")
        if not is_table and isinstance(value, (Mapping, list)):
            raise _fault(place, f"“{code}” không phải một giá trị để ghi ra; hãy lấy một mục của nó")

    def _statement(self, place: Place, code: str, kind: str, holder: object) -> None:
        word, _, rest = code.partition(" ")
        if word == "for":
            self._loop(place, rest, kind, holder)
        elif word == "if":
            self._resolve(place, rest)
            self.open.append(_Open("if", kind, holder, place))
        elif word in ("elif", "else"):
            self._branch(place, word, rest, kind)
        elif word in ("endif", "endfor"):
            self._end(place, word.removeprefix("end"), kind, holder)
        else:
            raise _fault(place, f"không có lệnh “{word}”; chỉ dùng for, endfor, if, elif, else, endif")

    def _loop(self, place: Place, rest: str, kind: str, holder: object) -> None:
        found = re.fullmatch(r"([a-z_][a-z0-9_]*)\s+in\s+(.+)", rest.strip())
        if not found:
            raise _fault(place, f"lệnh for phải có dạng “for muc in cac_muc”, không phải “for {rest}”")
        values = self._resolve(place, found.group(2))
        if not isinstance(values, list):
            raise _fault(place, f"“{found.group(2)}” không phải danh sách nên không lặp được")
        if sum(one.word == "for" for one in self.open) >= MOST_LOOPS_WITHIN:
            raise _fault(place, f"không lồng quá {MOST_LOOPS_WITHIN} vòng lặp")
        name = {found.group(1): values[0] if values else ""}
        self.open.append(_Open("for", kind, holder, place, name))

    def _branch(self, place: Place, word: str, rest: str, kind: str) -> None:
        if not self.open or self.open[-1].word != "if" or self.open[-1].kind != kind:
            raise _fault(place, f"thẻ {{% {word} %}} không nằm trong thẻ if nào cùng loại")
        if word == "elif":
            self._resolve(place, rest)

    def _end(self, place: Place, word: str, kind: str, holder: object) -> None:
        last = self.open.pop() if self.open else None
        if last is None or last.word != word:
            raise _fault(place, f"thẻ {{% end{word} %}} không có thẻ {{% {word} %}} mở trước nó")
        if last.kind != kind:
            raise _fault(place, f"thẻ đóng end{word} phải cùng loại với thẻ mở ở {last.place}")
        if last.holder is not holder:
            raise _fault(
                place, f"thẻ {word} mở ở {last.place} phải đóng ở cùng chỗ (cùng thân văn bản, cùng ô hoặc cùng bảng)"
            )

    def _resolve(self, place: Place, code: str) -> Any:
        """The example value of an expression; names, fields, comparisons and a few filters are all it may hold."""
        from jinja2 import Environment, TemplateSyntaxError, nodes

        try:
            tree = Environment(autoescape=True).parse("{{ " + code + " }}")
        except TemplateSyntaxError as error:
            raise _fault(place, f"không hiểu “{code.strip()}”") from error
        output = tree.body[0] if len(tree.body) == 1 else None
        if isinstance(output, nodes.Output) and len(output.nodes) == 1:
            return self._valued(place, code.strip(), output.nodes[0])
        raise _fault(place, f"không hiểu “{code.strip()}”")

    def _valued(self, place: Place, code: str, node: Any) -> Any:
        from jinja2 import nodes

        if isinstance(node, nodes.Const):
            return node.value
        if isinstance(node, nodes.Name):
            return self._named(place, node.name)
        if isinstance(node, nodes.Getattr):
            return self._field(place, code, self._valued(place, code, node.node), node.attr)
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            return self._field(place, code, self._valued(place, code, node.node), node.arg.value)
        if isinstance(node, nodes.Filter) and node.name in FILTERS and node.node is not None:
            values = [self._valued(place, code, child) for child in (node.node, *node.args)]
            return values[0] if node.name == "default" else ""
        if isinstance(node, nodes.Test) and node.name in TESTS:
            return bool(self._valued(place, code, node.node)) or True
        if isinstance(node, (nodes.Compare, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr)):
            operands = [self._valued(place, code, child) for child in _operands(node)]
            return operands[0]
        raise _fault(place, f"“{code}” có phép không được dùng trong mẫu (chỉ đọc giá trị, so sánh, và, hoặc)")

    def _named(self, place: Place, name: str) -> Any:
        known: dict[str, Any] = dict(self.sample)
        for one in self.open:
            known |= one.names
        if any(one.word == "for" for one in self.open):
            known["loop"] = {"index": 1, "first": True, "last": True, "length": 1}
        if name not in known:
            raise _fault(place, f"không có thẻ “{name}”{_near(name, known)}")
        if name in self.sample and not any(name in one.names for one in self.open):
            self.names.add(name)
        return known[name]

    def _field(self, place: Place, code: str, value: Any, name: Any) -> Any:
        if isinstance(value, list) and isinstance(name, int):
            return value[0] if value else ""
        if isinstance(value, Mapping) and name in value:
            return value[name]
        known = value if isinstance(value, Mapping) else {}
        raise _fault(place, f"“{code}”: không có mục “{name}”{_near(str(name), known)}")


def _fault(place: Place, reason: str) -> TemplateFaultError:
    return TemplateFaultError(f"Mẫu sai ở {place}: {reason}.")


def _text_of(paragraph: Any) -> str:
    """What the paragraph itself says, as docxtpl will join it; not what a text box within it says."""
    return "".join(_texts(paragraph))


def _texts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}tab", f"{_W}br"):
            yield " "
        elif child.tag != f"{_W}p":
            yield from _texts(child)


def _holder(kind: str, holders: Mapping[Any, Any], paragraph: Any) -> object:
    """What begin and end of a repeated part must share: the body or cell for paragraphs, the table for rows."""
    holder = holders[paragraph]
    if kind != "tr":
        return holder if kind == "p" else paragraph
    while holder is not None and holder.tag != f"{_W}tbl":
        holder = holders.get(holder)
    return holder


def _operands(node: Any) -> Iterator[Any]:
    from jinja2 import nodes

    for child in node.iter_child_nodes():
        yield child.expr if isinstance(child, nodes.Operand) else child


def _near(name: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; có phải “{close[0]}”?" if close else ""
