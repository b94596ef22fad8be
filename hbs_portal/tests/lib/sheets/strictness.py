"""What Microsoft Excel is strict about, where other programs are not: a workbook that breaks a rule "needs repair".

No Excel is at hand for the tests. The rules are those of ECMA-376 (order of elements, ranges of numbers) and of Excel's
published limits.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring
from openpyxl.utils import column_index_from_string, range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def _words(text: str) -> list[str]:
    return text.split()


#: CT_Worksheet and CT_Workbook (ECMA-376 part 1, 18.3.1.99 and 18.2.27): each element once at most, in this order.
SHEET_ORDER = _words(
    "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios "
    "autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations "
    "hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches "
    "ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF picture oleObjects controls webPublishItems "
    "tableParts extLst"
)
BOOK_ORDER = _words(
    "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences "
    "definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing "
    "fileRecoveryPr webPublishObjects extLst"
)
STYLE_ORDER = _words("numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst")
REPEATABLE = {"conditionalFormatting"}
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]*)")
PRINT_TITLES = re.compile(r"('(?:[^']|'')+'|[A-Za-z_][\w.]*)!\$[1-9][0-9]*:\$[1-9][0-9]*")


def complaints(path: Path) -> list[str]:
    """What Excel would say of the workbook at `path`; [] if nothing."""
    with ZipFile(path) as package:
        names = package.namelist()
        parts = {name: package.read(name) for name in names}
    found = [f"{name} twice" for name in {one for one in names if names.count(one) > 1}]
    found += [*_types(parts), *_relations(parts)]
    book = fromstring(parts["xl/workbook.xml"])
    styles = fromstring(parts["xl/styles.xml"])
    texts = _texts(parts)
    found += [*_order("workbook", book, BOOK_ORDER), *_book(book), *_styles(styles)]
    looks = len(styles.find(f"{MAIN}cellXfs"))
    for name in sorted(parts):
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            sheet = fromstring(parts[name])
            checks: tuple[Callable[[Any], Iterator[str]], ...] = (_columns, _ranges, _rules, _print)
            found += _order(name, sheet, SHEET_ORDER)
            found += [f"{name}: {said}" for check in checks for said in check(sheet)]
            found += [f"{name}: {said}" for said in _cells(sheet, looks, texts)]
    return found


def _order(name: str, element: Any, wanted: list[str]) -> Iterator[str]:
    tags = [child.tag.removeprefix(MAIN) for child in element]
    if unknown := set(tags) - set(wanted):
        yield f"{name}: unknown {sorted(unknown)}"
    places = [wanted.index(tag) for tag in tags if tag in wanted]
    if places != sorted(places):
        yield f"{name}: wrong order {tags}"
    yield from (f"{name}: {tag} twice" for tag in {*tags} - REPEATABLE if tags.count(tag) > 1)


def _types(parts: dict[str, bytes]) -> Iterator[str]:
    types = fromstring(parts["[Content_Types].xml"])
    extensions = [one.get("Extension").lower() for one in types if one.tag.endswith("Default")]
    overrides = [one.get("PartName") for one in types if one.tag.endswith("Override")]
    yield from (f"type of .{one} told twice" for one in {*extensions} if extensions.count(one) > 1)
    yield from (f"type of {one} told twice" for one in {*overrides} if overrides.count(one) > 1)
    yield from (f"{one} has a type and no content" for one in overrides if one.removeprefix("/") not in parts)
    for name in parts:
        if name != "[Content_Types].xml" and f"/{name}" not in overrides:
            if name.rpartition(".")[2].lower() not in extensions:
                yield f"{name} has no type"
            elif name.endswith(".xml"):
                yield f"{name} is only told to be XML"


def _relations(parts: dict[str, bytes]) -> Iterator[str]:
    for name, content in parts.items():
        if not name.endswith(".rels"):
            continue
        told = list(fromstring(content))
        ids = [one.get("Id") for one in told]
        yield from (f"{name}: {one} twice" for one in {*ids} if ids.count(one) > 1)
        for one in told:
            if one.get("TargetMode") == "External":
                yield f"{name}: leads outside"
                continue
            target = one.get("Target")
            found = target[1:] if target.startswith("/") else normpath(join(dirname(dirname(name)), target))
            if found not in parts:
                yield f"{name}: {target} is missing"


def _texts(parts: dict[str, bytes]) -> int:
    """How many shared texts there are; raises AssertionError where the table says another number."""
    if "xl/sharedStrings.xml" not in parts:
        return 0
    table = fromstring(parts["xl/sharedStrings.xml"])
    assert int(table.get("uniqueCount", len(table))) == len(table)
    assert all(len("".join(item.itertext()).encode("utf-16-le")) <= 2 * 32_767 for item in table)
    return len(table)


def _book(book: Any) -> Iterator[str]:
    sheets = book.find(f"{MAIN}sheets")
    names = [sheet.get("name") for sheet in sheets]
    for key in ("sheetId", f"{RELATION}id"):
        if len({sheet.get(key) for sheet in sheets}) < len(names):
            yield f"sheets share a {key}"
    if len({name.casefold() for name in names}) < len(names):
        yield f"names of sheets that Excel takes for the same: {names}"
    for name in names:
        if not 1 <= len(name) <= 31 or re.search(r"[\[\]:*?/\\\x00-\x1f]", name) or name.strip("'") != name:
            yield f"name of a sheet: {name!r}"
    if all(sheet.get("state", "visible") != "visible" for sheet in sheets):
        yield "no sheet is seen"
    yield from _defined_names(book, names)


def _defined_names(book: Any, sheets: list[str]) -> Iterator[str]:
    found = book.find(f"{MAIN}definedNames")
    known = [(one.get("name").casefold(), one.get("localSheetId")) for one in found] if found is not None else []
    yield from (f"{one} defined twice" for one in {*known} if known.count(one) > 1)
    for one in found if found is not None else ():
        place = one.get("localSheetId")
        if place is not None and int(place) >= len(sheets):
            yield f"{one.get('name')} belongs to no sheet"
        if one.get("name") == "_xlnm.Print_Titles":
            own = one.text.rpartition("!")[0]
            if not PRINT_TITLES.fullmatch(one.text):
                yield f"print titles {one.text!r}"
            elif own.strip("'").replace("''", "'") != sheets[int(place)]:
                yield f"print titles of another sheet: {one.text!r}"


def _styles(styles: Any) -> Iterator[str]:
    yield from _order("styles", styles, STYLE_ORDER)
    groups = {child.tag.removeprefix(MAIN): child for child in styles}
    for name, group in groups.items():
        if group.get("count") not in (None, str(len(group))):
            yield f"{name}: {group.get('count')} counted, {len(group)} there"
    fills = [fill.find(f"{MAIN}patternFill").get("patternType") for fill in groups["fills"]][:2]
    if fills != [None, "gray125"] and fills != ["none", "gray125"]:
        yield f"the first two fills are Excel's own, not {fills}"
    own_formats = {int(one.get("numFmtId")) for one in groups.get("numFmts", ())}
    sizes = {"fontId": len(groups["fonts"]), "fillId": len(groups["fills"]), "borderId": len(groups["borders"])}
    for look in (*groups["cellStyleXfs"], *groups["cellXfs"]):
        beyond = [key for key, size in sizes.items() if int(look.get(key, 0)) >= size]
        yield from (f"a look names {key} {look.get(key)}" for key in beyond)
        number = int(look.get("numFmtId", 0))
        if number >= 164 and number not in own_formats:
            yield f"a look names number format {number}"
        if int(look.get("xfId", 0)) >= len(groups["cellStyleXfs"]):
            yield f"a look names style {look.get('xfId')}"
    names = [style.get("name").casefold() for style in groups.get("cellStyles", ())]
    yield from (f"style {name} twice" for name in {*names} if names.count(name) > 1)
    if len(groups["cellXfs"]) > 65_490:
        yield "too many looks"


def _columns(sheet: Any) -> Iterator[str]:
    last = 0
    for column in sheet.iterfind(f"{MAIN}cols/{MAIN}col"):
        first, end, width = int(column.get("min")), int(column.get("max")), float(column.get("width", 8))
        if not last < first <= end <= LAST_COLUMN:
            yield f"columns {first} to {end} after {last}"
        if not 0 <= width <= 255:
            yield f"width {width}"
        last = end


def _ranges(sheet: Any) -> Iterator[str]:
    merged = [range_boundaries(one.get("ref")) for one in sheet.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell")]
    for place, (left, top, right, bottom) in enumerate(merged):
        if (left, top) == (right, bottom):
            yield "one cell is merged with itself"
        for other_left, other_top, other_right, other_bottom in merged[:place]:
            if left <= other_right and other_left <= right and top <= other_bottom and other_top <= bottom:
                yield f"merged cells lie over each other at {left}, {top}"
    filtered = sheet.find(f"{MAIN}autoFilter")
    if filtered is not None:
        left, top, right, bottom = range_boundaries(filtered.get("ref"))
        if bottom <= top or any(first_row <= bottom and last_row > top for _, first_row, _, last_row in merged):
            yield f"filter over {filtered.get('ref')}"
    for name in ("mergeCells", "dataValidations", "rowBreaks", "colBreaks"):
        group = sheet.find(f"{MAIN}{name}")
        if group is not None and (not len(group) or group.get("count") not in (None, str(len(group)))):
            yield f"{name}: {group.get('count')} counted, {len(group)} there"


def _rules(sheet: Any) -> Iterator[str]:
    for rule in sheet.iterfind(f"{MAIN}dataValidations/{MAIN}dataValidation"):
        formula = rule.findtext(f"{MAIN}formula1") or ""
        if len(formula.strip('"')) > 255 or len(rule.get("error", "")) > 225 or len(rule.get("errorTitle", "")) > 32:
            yield f"a rule for cells says too much: {formula[:40]}"
        if not all(range_boundaries(part) for part in rule.get("sqref").split()):
            yield "a rule for no cells"


def _print(sheet: Any) -> Iterator[str]:
    for name in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
        text = sheet.findtext(f"{MAIN}headerFooter/{MAIN}{name}") or ""
        if len(text) > 255:
            yield f"{name} has {len(text)} characters"
    breaks = [int(one.get("id")) for one in sheet.iterfind(f"{MAIN}rowBreaks/{MAIN}brk")]
    if len(breaks) > 1_026 or breaks != sorted(set(breaks)) or any(not 0 < one < LAST_ROW for one in breaks):
        yield f"{len(breaks)} breaks between pages"
    setup = sheet.find(f"{MAIN}pageSetup")
    if setup is not None and not 10 <= int(setup.get("scale", 100)) <= 400:
        yield f"printed at {setup.get('scale')} percent"


def _cells(sheet: Any, looks: int, texts: int) -> Iterator[str]:
    last_row = 0
    for row in sheet.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        number, last_column = int(row.get("r")), 0
        if not last_row < number <= LAST_ROW:
            yield f"row {number} after {last_row}"
        if not 0 <= float(row.get("ht", 15)) <= 409.5:
            yield f"row {number} is {row.get('ht')} high"
        last_row = number
        for cell in row:
            name = REFERENCE.fullmatch(cell.get("r", ""))
            column = column_index_from_string(name[1]) if name else 0
            if not name or int(name[2]) != number or not last_column < column <= LAST_COLUMN:
                yield f"cell {cell.get('r')} in row {number} after column {last_column}"
            last_column = column
            yield from _cell(cell, looks, texts)


def _cell(cell: Any, looks: int, texts: int) -> Iterator[str]:
    kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
    if int(cell.get("s", 0)) >= looks:
        yield f"{cell.get('r')} names look {cell.get('s')}"
    if cell.find(f"{MAIN}f") is not None and not value:
        yield f"{cell.get('r')} has a formula that was never calculated"
    if kind == "s" and not 0 <= int(value or -1) < texts:
        yield f"{cell.get('r')} names text {value}"
    if kind == "n" and value is not None and not re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", value):
        yield f"{cell.get('r')} has the number {value!r}"
    if kind == "inlineStr" and len("".join(cell.itertext()).encode("utf-16-le")) > 2 * 32_767:
        yield f"{cell.get('r')} has too long a text"
