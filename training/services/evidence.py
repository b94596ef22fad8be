"""Files that prove a record: photos are drawn anew, so that nothing but the picture remains; PDFs are kept as sent."""

import hashlib
import struct
import uuid
from collections.abc import Iterable
from functools import partial
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.audit import record_audit
from accounts.models import User
from hbs_portal.lib.text import nfc, number_text
from training.models import Activity, Evidence
from training.models.evidence import EvidenceKind
from training.workflow import RecordChangedError, hold_unchanged

PHOTO_FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE_PX = 2000
MOST_PIXELS = 50_000_000
JPEG_QUALITY = 85
MOST_FILES = 12
UNREADABLE = "không phải ảnh (JPG, PNG, WEBP) hay PDF đọc được. Hãy chọn ảnh chụp hoặc tệp PDF."


class EvidenceError(Exception):
    """A file that is not taken; the text is a Vietnamese sentence that names it and says what to do."""


@transaction.atomic
def store_evidence(
    *, actor: User, upload: UploadedFile, upload_key: uuid.UUID | None = None, activity: Activity | None = None
) -> Evidence:
    """Stores one file for an activity, or ahead of a form (`upload_key`) that is not saved yet.

    The kind follows from the content, never from the name. The same file sent twice is stored once.
    Raises EvidenceError for a wrong type, a file over settings.UPLOAD_LIMIT_BYTES, or more than MOST_FILES.
    """
    name = nfc(upload.name or "tệp")[-120:]
    kind, content = _cleaned(name, upload)
    rows = Evidence.objects.filter(commune_id=actor.scope.commune_id, uploaded_by=actor, upload_key=upload_key)
    rows = rows if activity is None else Evidence.objects.filter(activity=activity)
    digest = hashlib.sha256(content).hexdigest()
    same = rows.filter(sha256=digest).first()
    if same:
        return same
    if rows.count() >= MOST_FILES:
        raise EvidenceError(f"Mỗi hoạt động nhận nhiều nhất {MOST_FILES} tệp. Hãy bỏ bớt tệp rồi tải lên lại.")
    return _store(actor, kind, content, digest, name, upload_key, activity)


def _store(
    actor: User,
    kind: EvidenceKind,
    content: bytes,
    digest: str,
    name: str,
    upload_key: uuid.UUID | None,
    activity: Activity | None,
) -> Evidence:
    if actor.scope.commune_id is None:
        raise EvidenceError("Tài khoản chưa được giao đơn vị. Hãy liên hệ quản trị.")
    ending = "jpg" if kind == EvidenceKind.PHOTO else "pdf"
    evidence = Evidence(
        commune_id=actor.scope.commune_id,
        activity=activity,
        kind=kind,
        name=f"{name.rsplit('.', 1)[0]}.{ending}",
        size_bytes=len(content),
        sha256=digest,
        upload_key=upload_key,
        uploaded_by=actor,
    )
    # The name on disk says nothing and cannot be guessed.
    evidence.file.save(f"{uuid.uuid4().hex}.{ending}", ContentFile(content), save=False)
    evidence.save()
    record_audit(actor=actor, action="Tải lên minh chứng", target=evidence, after={"name": evidence.name})
    return evidence


@transaction.atomic
def delete_evidence(*, actor: User, evidence: Evidence) -> None:
    """Removes a file that still waits for its form, or one of a draft or returned record."""
    if evidence.activity:
        _hold_editable(evidence.activity)
    before = {"name": evidence.name, "activity_id": evidence.activity_id, "sha256": evidence.sha256}
    record_audit(actor=actor, action="Bỏ minh chứng", target=evidence, before=before)
    path = str(evidence.file.name)
    evidence.delete()
    delete_files([path])


def _hold_editable(activity: Activity) -> None:
    if not activity.is_editable:
        raise EvidenceError("Hoạt động đã gửi duyệt nên không bỏ minh chứng được.")
    try:
        hold_unchanged(activity)
    except RecordChangedError as changed:
        raise EvidenceError(str(changed)) from changed


def adopt_evidence(*, actor: User, activity: Activity, upload_key: uuid.UUID) -> int:
    """Gives the files that were sent ahead of its form to the activity; returns how many."""
    return Evidence.objects.waiting_for(actor, str(upload_key)).update(activity=activity)


def delete_files(paths: Iterable[str]) -> None:
    """Removes files from the disk once the deletion of their rows is certain."""
    for path in paths:
        transaction.on_commit(partial(_delete_unshared, path))


def _delete_unshared(path: str) -> None:
    # Versions of one activity share their files (rule H2): the last row that names a file takes it along.
    if not Evidence.objects.filter(file=path).exists():
        default_storage.delete(path)


def _cleaned(name: str, upload: UploadedFile) -> tuple[EvidenceKind, bytes]:
    if (upload.size or 0) > settings.UPLOAD_LIMIT_BYTES:
        limit = number_text(settings.UPLOAD_LIMIT_BYTES // 1024 // 1024)
        raise EvidenceError(f"Tệp “{name}” quá lớn. Hãy chọn tệp nhỏ hơn {limit} MB.")
    upload.seek(0)
    content = upload.read()
    if content.startswith(b"%PDF-"):
        return EvidenceKind.PDF, content
    return EvidenceKind.PHOTO, _redrawn(name, content)


def _redrawn(name: str, content: bytes) -> bytes:
    """The picture alone as JPEG, upright, at most LONGEST_SIDE_PX: no EXIF, no place, no comment."""
    from PIL import Image, ImageOps

    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise EvidenceError(f"Ảnh “{name}” ở dạng HEIC. Hãy chọn “Tương thích nhất” trong cài đặt máy ảnh, chụp lại.")
    try:
        with Image.open(BytesIO(content), formats=PHOTO_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise EvidenceError(f"Ảnh “{name}” có quá nhiều điểm ảnh. Hãy thu nhỏ ảnh rồi tải lên lại.")
            picture.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            # Small first: every copy of a picture of MOST_PIXELS would cost 200 MB.
            picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, struct.error, Image.DecompressionBombError) as error:
        raise EvidenceError(f"Tệp “{name}” {UNREADABLE}") from error
    drawn = Image.new("RGB", upright.size, "white")
    drawn.paste(upright, mask=upright)
    target = BytesIO()
    drawn.save(target, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return target.getvalue()
