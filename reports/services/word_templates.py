"""The office's own Word form of the report: tried before it is accepted, replaced, given up again."""

from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.audit import record_audit
from accounts.models import User
from hbs_portal.lib.sheets.container import RefusedFile
from hbs_portal.lib.word.container import MAX_FILE_BYTES, TOO_LARGE
from hbs_portal.lib.word.rendering import check_template
from hbs_portal.lib.word.tags import TemplateFaultError
from reports.exporters.edition import Edition
from reports.exporters.word.values import template_values
from reports.models import WordTemplate
from reports.papers.content import report_content
from reports.selectors.paragraphs import paragraphs_of

#: One tag of each row, or the report would not say whose figures it shows, of which days, or show none at all.
NEEDED_TAGS = (("cac_muc", "chi_tieu", "phu_luc"), ("ngay_so_lieu", "mo_dau"), ("ban_chot",))
LACKS_TAGS = (
    "Mẫu này còn thiếu thẻ {tags}, nên báo cáo lập ra sẽ không mang số liệu mới. Nếu đây là một báo cáo đã lập xong, "
    "hãy bấm “Tải mẫu đang dùng”, sửa trên tệp đó rồi tải lên."
)


def replace_template(*, actor: User, upload: UploadedFile, edition: Edition) -> WordTemplate:
    """Takes an uploaded .docx as the commune's template once it was checked and filled with the present figures.

    Raises RefusedFile or TemplateFaultError with a sentence that names the place; then everything stays as it is.
    """
    if (upload.size or 0) > MAX_FILE_BYTES:
        raise RefusedFile(TOO_LARGE)
    content = b"".join(upload.chunks())
    paragraphs = paragraphs_of(edition.campaign)
    with NamedTemporaryFile(suffix=".docx") as copy:
        copy.write(content)
        copy.flush()
        names = check_template(Path(copy.name), template_values(report_content(edition, paragraphs), edition))
    _check_it_tells_figures(names)
    return _keep(actor, Path(upload.name or "mau.docx").name[:200], content, edition.campaign.commune_id)


def _check_it_tells_figures(names: frozenset[str]) -> None:
    """A finished report looks like a template without tags: taken as one, it would print its old figures for ever."""
    lacking = [row for row in NEEDED_TAGS if names.isdisjoint(row)]
    if lacking:
        tags = "; ".join(" hoặc ".join(f"{{{{ {name} }}}}" for name in row) for row in lacking)
        raise TemplateFaultError(LACKS_TAGS.format(tags=tags))


@transaction.atomic
def _keep(actor: User, name: str, content: bytes, commune_id: int) -> WordTemplate:
    WordTemplate.objects.filter(commune_id=commune_id, is_active=True).update(is_active=False)
    template = WordTemplate(commune_id=commune_id, name=name, sha256=sha256(content).hexdigest(), uploaded_by=actor)
    template.file.save("mau.docx", ContentFile(content), save=False)
    template.save()
    record_audit(
        actor=actor, action="Thay mẫu Word của báo cáo", target=template, after={"name": name, "seal": template.sha256}
    )
    return template


@transaction.atomic
def give_up_template(*, actor: User, template: WordTemplate) -> None:
    """Goes back to the portal's own form; the file is kept. A template that is not in use any more stays as it is."""
    if WordTemplate.objects.filter(pk=template.pk, is_active=True).update(is_active=False):
        record_audit(actor=actor, action="Dùng lại mẫu Word của cổng", target=template, before={"name": template.name})
