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
from reports.exporters.edition import Edition
from reports.exporters.word.values import template_values
from reports.models import WordTemplate
from reports.papers.content import report_content
from reports.selectors.paragraphs import paragraphs_of


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
        check_template(Path(copy.name), template_values(report_content(edition, paragraphs), edition))
    return _keep(actor, Path(upload.name or "mau.docx").name[:200], content, edition.campaign.commune_id)


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
