"""Taking in a superior's form, binding its cells to figures, and having it filled."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.audit import record_audit
from accounts.jobs import start_job
from accounts.models import Job, User
from accounts.versions import save_if_unchanged
from hbs_portal.lib.sheets.editing.scanning import place_of
from hbs_portal.lib.sheets.grids import Grid, read_grid
from reports.exporters.edition import SHOWN_DIGITS, Edition
from reports.exporters.sheet_template.figures import Known, figure_of
from reports.exporters.sheet_template.filling import Outcome, fill_template
from reports.exporters.sheet_template.placing import address_of, place_problem, taken_apart
from reports.models import SheetTemplate, Snapshot
from reports.selectors.sheet_templates import SHEET_TEMPLATE

CHANGED_FILE = "Tệp biểu mẫu đã lưu bị mất hoặc bị thay đổi. Hãy tải biểu mẫu lên lại."
NOT_A_CELL = "“{cell}” không phải là địa chỉ ô. Hãy ghi như B5."
MOST_BINDINGS = 5_000
TOO_MANY_BINDINGS = "Biểu mẫu đã có quá nhiều ô được gắn. Hãy bỏ bớt rồi gắn tiếp."


class SheetTemplateError(Exception):
    """What cannot be done with a form; the text is a Vietnamese sentence that says what to do."""


def grid_of(template: SheetTemplate) -> Grid:
    """The form as a grid. Raises RefusedFile, and SheetTemplateError where the kept file is not what was taken in."""
    return read_grid(kept_file(template))


def kept_file(template: SheetTemplate) -> Path:
    """The form's own file. Raises SheetTemplateError where it is gone or was changed."""
    path = Path(template.file.path)
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != template.sha256:
        raise SheetTemplateError(CHANGED_FILE)
    return path


@transaction.atomic
def take_template(
    *, actor: User, commune_id: int, title: str, upload: UploadedFile, copy_from: SheetTemplate | None = None
) -> SheetTemplate:
    """Keep a form, with the bindings of an older one where its cells may still be filled; one audit entry.

    Raises RefusedFile, with a sentence for the person, for what is not a safe .xlsx without macros and signatures.
    """
    content = upload.read()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        path.write_bytes(content)
        grid = read_grid(path)
    upload.seek(0)
    template = SheetTemplate(
        commune_id=commune_id,
        title=title,
        name=Path(upload.name or "bieu-mau.xlsx").name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        bindings=_still_good(copy_from.bindings, grid) if copy_from else {},
        uploaded_by=actor,
    )
    template.file.save("bieu-mau.xlsx", upload, save=False)
    template.save()
    after = {"title": title, "name": template.name, "bindings": len(template.bindings)}
    record_audit(actor=actor, action="Tải lên biểu mẫu của cấp trên", target=template, after=after)
    return template


def _still_good(bindings: Mapping[str, str], grid: Grid) -> dict[str, str]:
    return {address: name for address, name in bindings.items() if not place_problem(grid, *taken_apart(address))}


@transaction.atomic
def bind_cell(
    *, actor: User, template: SheetTemplate, expected_version: int, sheet: str, cell: str, name: str, known: Known
) -> str:
    """Bind a cell to a figure, or to none where `name` is empty; answers its address, one audit entry.

    Raises SheetTemplateError for a cell that may not be filled, UnknownFigureError, RefusedFile, StaleRecordError.
    """
    try:
        place = place_of(cell)
    except ValueError:
        raise SheetTemplateError(NOT_A_CELL.format(cell=cell)) from None
    address = address_of(sheet, place)
    bindings = dict(template.bindings)
    before = bindings.pop(address, "")
    if name:
        problem = place_problem(grid_of(template), sheet, place)
        if problem:
            raise SheetTemplateError(problem)
        figure_of(name, known)
        bindings[address] = name
    _save_bindings(template, expected_version, bindings)
    record_audit(
        actor=actor,
        action="Gắn ô của biểu mẫu" if name else "Bỏ gắn ô của biểu mẫu",
        target=template,
        before={"bindings": f"{address}: {before}"} if before else {},
        after={"bindings": f"{address}: {name}" if name else ""},
    )
    return address


@transaction.atomic
def bind_suggested(
    *, actor: User, template: SheetTemplate, expected_version: int, suggested: Mapping[str, str], chosen: Iterable[str]
) -> int:
    """Bind the cells that were chosen among those suggested; answers how many, one audit entry.

    Raises SheetTemplateError, StaleRecordError.
    """
    taken = {address: suggested[address] for address in chosen if address in suggested}
    if not taken:
        return 0
    _save_bindings(template, expected_version, {**template.bindings, **taken})
    told = "; ".join(f"{address}: {name}" for address, name in taken.items())
    record_audit(actor=actor, action="Gắn các ô được gợi ý", target=template, after={"bindings": told})
    return len(taken)


def _save_bindings(template: SheetTemplate, expected_version: int, bindings: dict[str, str]) -> None:
    if len(bindings) > MOST_BINDINGS:
        raise SheetTemplateError(TOO_MANY_BINDINGS)
    template.bindings = bindings
    save_if_unchanged(template, expected_version=expected_version, fields=["bindings"])


@transaction.atomic
def set_in_use(*, actor: User, template: SheetTemplate, is_active: bool) -> None:
    """Lay a form aside, or take it up again; what was made of it stays. One audit entry, none where nothing changes."""
    changed = SheetTemplate.objects.filter(pk=template.pk, is_active=not is_active).update(is_active=is_active)
    if changed:
        action = "Dùng lại biểu mẫu" if is_active else "Ngừng dùng biểu mẫu"
        record_audit(
            actor=actor,
            action=action,
            target=template,
            before={"is_active": not is_active},
            after={"is_active": is_active},
        )


def request_filled(*, actor: User, template: SheetTemplate, snapshot: Snapshot) -> Job:
    """Start the job that fills a form from frozen figures (one audit entry: the request).

    Raises SheetTemplateError for a form that was laid aside.
    """
    if not template.is_active:
        raise SheetTemplateError("Biểu mẫu này đã ngừng dùng. Hãy bấm “Dùng lại” trước khi điền.")
    return start_job(
        owner=actor,
        kind=SHEET_TEMPLATE,
        title=f"{template.title}, số liệu {snapshot.code}",
        arguments={"template": template.pk, "snapshot": snapshot.pk},
    )


@dataclass(frozen=True)
class FilledForm:
    """What the person is told of a form that was filled."""

    outcome: Outcome

    @property
    def sentence(self) -> str:
        told = [f"Đã điền {self.outcome.filled} ô."]
        if self.outcome.faults:
            told.append(
                f"Công thức của biểu ra lỗi ở {_named(self.outcome.faults)}; hãy xem lại ô ghi “-” hoặc bằng 0."
            )
        if self.outcome.left_blank:
            told.append(
                f"Excel sẽ tính {_named(self.outcome.left_blank)} khi mở tệp; trên điện thoại các ô này còn trống."
            )
        return " ".join(told)


def _named(addresses: tuple[str, ...]) -> str:
    more = f" và {len(addresses) - 3} ô khác" if len(addresses) > 3 else ""
    return f"ô {', '.join(addresses[:3])}{more}"


def fill_form(template: SheetTemplate, edition: Edition, target: Path) -> FilledForm:
    """Write a form, filled from an edition, to `target`.

    Raises TemplateError (every wrong cell is named), SheetTemplateError and RefusedFile.
    """
    path = kept_file(template)
    return FilledForm(fill_template(path, read_grid(path), template.bindings, edition, target))


def filled_name(template: SheetTemplate, edition: Edition) -> str:
    """How the file is called: the form's own name with the snapshot it was filled from and the head of its digest."""
    stem = Path(template.name).stem
    return f"{stem}_{edition.seal.code}_{edition.seal.sha256[:SHOWN_DIGITS]}.xlsx" if edition.seal else f"{stem}.xlsx"
