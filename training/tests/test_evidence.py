"""Files that prove a record: what is taken, what is taken out of them, who may see them."""

import uuid
from datetime import date
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from campaigns.choices import ActivityKind
from training.models import Activity, Evidence
from training.services import evidence as service
from training.services.activities import ActivityContent, create_activity, delete_draft
from training.services.evidence import EvidenceError, delete_evidence, store_evidence
from training.workflow import submit_record

CREATE = "/hoat-dong/ghi/"
UPLOAD = "/minh-chung/tai-len/"
PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
GPS_TAG, ORIENTATION_TAG, MAKER_TAG = 0x8825, 0x0112, 0x010F


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), name: str = "anh.jpg") -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[MAKER_TAG] = "MAYANHCUATOI"
    exif[ORIENTATION_TAG] = 6
    exif.get_ifd(GPS_TAG).update({1: "N", 2: (21.0, 1.0, 42.0)})
    target = BytesIO()
    options = {"comment": b"NHA-RIENG"} if kind == "JPEG" else {}
    Image.new("RGB", size, "teal").save(target, kind, exif=exif, **options)
    return SimpleUploadedFile(name, target.getvalue())


@pytest.fixture
def activity(cast) -> Activity:
    content = ActivityContent(kind=ActivityKind.LESSON, starts_on=date(2026, 3, 2), host=cast.a)
    return create_activity(actor=cast.editor_a, content=content)


@pytest.fixture
def stored(cast, activity) -> Evidence:
    return store_evidence(actor=cast.editor_a, upload=photo(), activity=activity)


def form(key: uuid.UUID, **values) -> dict:
    return {"kind": "LESSON", "starts_on": "02/03/2026", "upload_key": str(key), "viec": "nhap", **values}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_camera_and_comment_are_gone_from_a_photo(cast, activity, kind):
    sent = photo(kind)
    assert b"MAYANHCUATOI" in sent.read()
    evidence = store_evidence(actor=cast.editor_a, upload=sent, activity=activity)
    content = evidence.file.read()
    with Image.open(BytesIO(content)) as kept:
        assert (kept.format, dict(kept.getexif()), kept.info.get("comment")) == ("JPEG", {}, None)
    assert b"MAYANHCUATOI" not in content
    assert b"NHA-RIENG" not in content


def test_a_photo_taken_sideways_is_stored_upright(stored):
    with Image.open(stored.file) as kept:
        assert kept.size == (40, 60)


def test_a_large_photo_is_made_smaller(cast, activity):
    evidence = store_evidence(actor=cast.editor_a, upload=photo(size=(5000, 2500)), activity=activity)
    with Image.open(evidence.file) as kept:
        assert max(kept.size) == service.LONGEST_SIDE_PX


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("anh.jpg", b"<html><script>alert(1)</script>"),
        ("anh.png", b"MZ\x90\x00" + b"\x00" * 64),
        ("anh.jpg", b""),
        ("anh.jpg", photo().read()[:200]),
        ("tai-lieu.pdf", b"PK\x03\x04"),
        ("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_a_file_of_a_wrong_type_is_told_by_its_content(cast, activity, name, content):
    with pytest.raises(EvidenceError, match="Hãy chọn ảnh chụp hoặc tệp PDF"):
        store_evidence(actor=cast.editor_a, upload=SimpleUploadedFile(name, content), activity=activity)
    assert not Evidence.objects.exists()


def test_a_photo_with_a_broken_note_of_the_camera_is_refused_in_words(cast, activity):
    broken = photo(size=(8, 8)).read().replace(b"\x01\x0f\x00\x02", b"\x01\x00\x00\x02", 1)
    with pytest.raises(EvidenceError, match="Hãy chọn ảnh chụp"):
        store_evidence(actor=cast.editor_a, upload=SimpleUploadedFile("a.jpg", broken), activity=activity)


def test_a_gif_is_refused(cast, activity):
    target = BytesIO()
    Image.new("P", (9, 9)).save(target, "GIF")
    with pytest.raises(EvidenceError):
        store_evidence(actor=cast.editor_a, upload=SimpleUploadedFile("a.png", target.getvalue()), activity=activity)


def test_a_photo_named_pdf_is_still_a_photo(cast, activity):
    evidence = store_evidence(actor=cast.editor_a, upload=photo(name="bien-ban.pdf"), activity=activity)
    assert (evidence.kind, evidence.name) == ("PHOTO", "bien-ban.jpg")


def test_a_pdf_is_kept_as_sent(cast, activity):
    evidence = store_evidence(actor=cast.editor_a, upload=SimpleUploadedFile("biên bản.pdf", PDF), activity=activity)
    assert (evidence.kind, evidence.name, evidence.file.read()) == ("PDF", "biên bản.pdf", PDF)


def test_a_file_over_the_limit_is_refused(cast, activity, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    upload = SimpleUploadedFile("to.pdf", PDF + b"0" * 1024 * 1024)
    with pytest.raises(EvidenceError, match="nhỏ hơn 1 MB"):
        store_evidence(actor=cast.editor_a, upload=upload, activity=activity)


def test_a_picture_with_far_too_many_points_is_refused_before_it_is_decoded(cast, activity, monkeypatch):
    monkeypatch.setattr(service, "MOST_PIXELS", 1000)
    with pytest.raises(EvidenceError, match="quá nhiều điểm ảnh"):
        store_evidence(actor=cast.editor_a, upload=photo(), activity=activity)


def test_an_activity_takes_a_limited_number_of_files(cast, activity, monkeypatch):
    monkeypatch.setattr(service, "MOST_FILES", 2)
    for side in (10, 20):
        store_evidence(actor=cast.editor_a, upload=photo(size=(side, side)), activity=activity)
    with pytest.raises(EvidenceError, match="nhiều nhất 2 tệp"):
        store_evidence(actor=cast.editor_a, upload=photo(size=(30, 30)), activity=activity)


def test_the_same_file_twice_is_stored_once_h4(cast, activity):
    for _ in range(2):
        store_evidence(actor=cast.editor_a, upload=photo(), activity=activity)
    assert Evidence.objects.count() == 1


def test_the_name_on_disk_says_nothing(stored):
    assert "anh" not in stored.file.name
    assert stored.file.name.startswith("evidence/")


def test_files_sent_ahead_become_the_activitys_when_the_form_is_saved(cast, login):
    client, key = login(cast.editor_a), uuid.uuid4()
    fragment = client.post(UPLOAD, {"tep": photo(), "upload_key": str(key)})
    assert "data-evidence" in fragment.text
    client.post(CREATE, form(key))
    assert Activity.objects.get().evidence.get().name == "anh.jpg"


def test_a_file_that_came_with_a_failed_form_is_not_lost(cast, login):
    client, key = login(cast.editor_a), uuid.uuid4()
    failed = client.post(CREATE, form(key, starts_on="31/02/2026", tep=photo()))
    assert failed.status_code == 422
    assert "anh.jpg" in failed.text
    client.post(CREATE, form(key))
    assert Activity.objects.get().evidence.count() == 1


def test_a_wrong_file_in_the_form_is_told_and_the_form_is_not_saved(cast, login):
    wrong = SimpleUploadedFile("virus.jpg", b"MZ")
    response = login(cast.editor_a).post(CREATE, form(uuid.uuid4(), tep=wrong))
    assert response.status_code == 422
    assert "virus.jpg" in response.text
    assert not Activity.objects.exists()


def test_a_form_with_a_file_sent_twice_is_one_record_with_one_file_h4(cast, login):
    client, key, client_key = login(cast.editor_a), uuid.uuid4(), str(uuid.uuid4())
    for _ in range(2):
        client.post(CREATE, form(key, tep=photo(), client_key=client_key))
    assert Activity.objects.get().evidence.count() == 1
    assert Evidence.objects.count() == 1


def test_another_persons_waiting_file_is_never_taken(cast, login):
    key = uuid.uuid4()
    store_evidence(actor=cast.editor_b, upload=photo(), upload_key=key)
    login(cast.editor_a).post(CREATE, form(key))
    assert Activity.objects.get().evidence.count() == 0


def test_a_page_without_a_key_stores_nothing(cast, login):
    response = login(cast.editor_a).post(UPLOAD, {"tep": photo()})
    assert "Hãy tải lại trang" in response.text
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("editor_a", 200), ("officer", 200), ("leader", 200), ("editor_b", 404), ("village_head", 404), ("stranger", 404)],
)
def test_only_who_may_see_the_record_sees_its_files(cast, login, stored, who, status):
    assert login(getattr(cast, who)).get(reverse("training:evidence_file", args=[stored.pk])).status_code == status


def test_a_photo_is_shown_with_a_fixed_type(cast, login, stored):
    response = login(cast.editor_a).get(reverse("training:evidence_file", args=[stored.pk]))
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline")


def test_a_pdf_is_saved_not_opened(cast, login, activity):
    upload = SimpleUploadedFile("a.pdf", PDF, content_type="text/html")
    evidence = store_evidence(actor=cast.editor_a, upload=upload, activity=activity)
    response = login(cast.editor_a).get(reverse("training:evidence_file", args=[evidence.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_gone_from_the_disk_is_a_404(cast, login, stored):
    default_storage.delete(stored.file.name)
    assert login(cast.editor_a).get(reverse("training:evidence_file", args=[stored.pk])).status_code == 404


def test_a_removed_file_leaves_the_disk(cast, stored, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        delete_evidence(actor=cast.editor_a, evidence=stored)
    assert not default_storage.exists(stored.file.name)


def test_files_of_a_deleted_draft_leave_the_disk(cast, activity, stored, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        delete_draft(actor=cast.editor_a, activity=activity)
    assert not default_storage.exists(stored.file.name)


def test_evidence_of_a_sent_record_stays(cast, login, activity, stored):
    submit_record(actor=cast.editor_a, record=activity)
    with pytest.raises(EvidenceError):
        delete_evidence(actor=cast.editor_a, evidence=Evidence.objects.get())
    login(cast.editor_a).post(reverse("training:evidence_delete", args=[stored.pk]))
    assert Evidence.objects.exists()


def test_evidence_of_a_record_that_was_sent_meanwhile_stays(cast, activity, stored):
    seen = Evidence.objects.select_related("activity").get(pk=stored.pk)
    submit_record(actor=cast.editor_a, record=activity)
    with pytest.raises(EvidenceError, match="Hãy tải lại trang"):
        delete_evidence(actor=cast.editor_a, evidence=seen)
    assert Evidence.objects.filter(pk=stored.pk).exists()


def test_a_co_host_may_look_but_not_remove(cast, login, activity, stored):
    activity.co_host_links.create(unit=cast.b)
    client = login(cast.editor_b)
    assert client.get(reverse("training:evidence_file", args=[stored.pk])).status_code == 200
    assert client.post(reverse("training:evidence_delete", args=[stored.pk])).status_code == 403
    assert Evidence.objects.exists()
