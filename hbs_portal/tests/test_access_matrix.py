"""Every address with every role: a stranger gets 404, a reader who may not write 403 (architecture.md, style 3)."""

import hashlib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.jobs import result_file_of
from accounts.models import Job, JobState, User
from campaigns.choices import ActivityKind, Group, RecordStatus, Source
from campaigns.models import DigitalTeam, Exclusion, FigureSource, Headcount
from campaigns.models.imports import DistinctPeople, PersonMerge
from campaigns.services.imports import check_roster
from campaigns.tests.sheets import pupils, school_database_export
from conftest import clock_values
from reports.models import CallbackSample, Report, ReportingPeriod, SheetTemplate, WordTemplate
from reports.models.issued import ReportState
from reports.pages.warning_signs import sign_rows
from reports.selectors.clocks import Clocks
from reports.services.snapshots import take_snapshot
from training.models import Evidence, Platform, RunningTotal, Topic

ROLES = (
    "admin", "officer", "leader", "editor_a", "editor_b", "village_head", "team_member", "stranger", "nobody"
)  # fmt: skip
#: Addresses that need no role: whoever is logged in has them, and some are open to all.
PERSONAL = {"home", "accounts:logout", "accounts:password_change", "accounts:login", "accounts:session_state"}
#: One letter per role in the order of ROLES: "+" gets in, "3" is 403, "4" is 404. The records belong to school A, the
#: household and its check to the village; `stranger` is the officer of another commune.
MATRIX: dict[str, tuple[str, str, str]] = {
    "accounts:audit_export": ("get", "", "++33333+3"),
    "accounts:audit_list": ("get", "", "++33333+3"),
    "accounts:job_cancel": ("post", "job", "44+444443"),
    "accounts:job_delete": ("get", "job", "44+444443"),
    "accounts:job_detail": ("get", "job", "44+444443"),
    "accounts:job_download": ("get", "job", "44+444443"),
    "accounts:job_list": ("get", "", "++++++++3"),
    "accounts:job_retry": ("post", "job", "44+444443"),
    "accounts:job_row": ("get", "job", "44+444443"),
    "campaigns:account_create": ("get", "", "+33333333"),
    "campaigns:account_detail": ("get", "account", "+33333333"),
    "campaigns:account_disable": ("get", "account", "+33333333"),
    "campaigns:account_edit": ("get", "account", "+33333333"),
    "campaigns:account_enable": ("post", "account", "+33333333"),
    "campaigns:account_export": ("get", "", "+33333333"),
    "campaigns:account_list": ("get", "", "+33333333"),
    "campaigns:account_reset": ("get", "account", "+33333333"),
    "campaigns:agency_edit": ("get", "", "++33333+3"),
    "campaigns:campaign_detail": ("get", "", "+++3333+3"),
    "campaigns:campaign_edit": ("get", "", "3+33333+3"),
    "campaigns:distinct_list": ("get", "", "3+33333+3"),
    "campaigns:distinct_undo": ("post", "distinct", "3+3333343"),
    "campaigns:household_create": ("get", "", "3+3+++3+3"),
    "campaigns:household_detail": ("get", "household", "+++44++43"),
    "campaigns:household_edit": ("get", "household", "3+344+343"),
    "campaigns:household_export": ("get", "", "++++++3+3"),
    "campaigns:household_leave": ("get", "household", "3+344+343"),
    "campaigns:household_list": ("get", "", "++++++++3"),
    "campaigns:household_move": ("get", "household", "3+3333343"),
    "campaigns:household_move_undo": ("get", "household", "3+3333343"),
    "campaigns:household_split": ("get", "household", "3+344+343"),
    "campaigns:household_split_undo": ("get", "household", "3+344+343"),
    "campaigns:household_undo": ("get", "household", "3+344+343"),
    "campaigns:import_recheck": ("post", "import", "3+3+44343"),
    "campaigns:import_answer": ("post", "import", "3+3+44343"),
    "campaigns:import_apply": ("post", "import", "3+3+44343"),
    "campaigns:import_detail": ("get", "import", "++++44343"),
    "campaigns:import_list": ("get", "", "++++++3+3"),
    "campaigns:import_upload": ("get", "", "3+3+++3+3"),
    "campaigns:import_undo": ("get", "import", "3+3+44343"),
    "campaigns:import_wrong_rows": ("get", "import", "3+3+44343"),
    "campaigns:merge_list": ("get", "", "3+33333+3"),
    "campaigns:merge_undo": ("get", "merge", "3+3333343"),
    "campaigns:person_compare": ("get", "person", "3+3333343"),
    "campaigns:person_create": ("get", "", "3+3+++3+3"),
    "campaigns:person_detail": ("get", "person", "++++44343"),
    "campaigns:person_distinct": ("post", "person", "3+3333343"),
    "campaigns:person_duplicates": ("get", "", "3+33333+3"),
    "campaigns:person_edit": ("get", "person", "3+3+44343"),
    "campaigns:person_export": ("get", "", "++++++3+3"),
    "campaigns:person_join": ("get", "person", "3+3+44343"),
    "campaigns:person_leave": ("get", "person", "3+3+44343"),
    "campaigns:person_list": ("get", "", "++++++3+3"),
    "campaigns:person_move": ("get", "person", "3+3+44343"),
    "campaigns:person_undo": ("get", "person", "3+3+44343"),
    "campaigns:roster_template": ("get", "unit", "3+3+44343"),
    "campaigns:target_create": ("get", "", "3+33333+3"),
    "campaigns:target_edit": ("get", "target", "3+3333343"),
    "campaigns:team_create": ("get", "", "3+333+3+3"),
    "campaigns:team_edit": ("get", "team", "3+344+343"),
    "campaigns:team_export": ("get", "", "++++++++3"),
    "campaigns:team_list": ("get", "", "++++++++3"),
    "campaigns:unit_close": ("get", "unit", "++3333343"),
    "campaigns:unit_create": ("get", "", "++33333+3"),
    "campaigns:unit_detail": ("get", "unit", "++++33343"),
    "campaigns:unit_edit": ("get", "unit", "++3333343"),
    "campaigns:unit_export": ("get", "", "+++3333+3"),
    "campaigns:unit_list": ("get", "", "+++3333+3"),
    "campaigns:unit_merge": ("get", "", "++33333+3"),
    "reports:callback_detail": ("get", "sample", "3++333343"),
    "reports:callback_draw": ("get", "", "3+33333+3"),
    "reports:callback_export": ("get", "sample", "3++333343"),
    "reports:callback_list": ("get", "", "3++3333+3"),
    "reports:callback_results": ("get", "sample", "3+3333343"),
    "reports:callback_sheet": ("get", "sample", "3++333343"),
    "reports:dashboard": ("get", "", "+++3333+3"),
    "reports:explain": ("get", "", "++++44443"),
    "reports:missing_act": ("post", "", "3+3+44443"),
    "reports:missing_export": ("get", "", "++++44443"),
    "reports:missing_print": ("get", "", "++++44443"),
    "reports:paper_text": ("get", "", "3++3333+3"),
    "reports:paper_text_edit": ("get", "", "3+33333+3"),
    "reports:period_close": ("get", "period", "3+3333343"),
    "reports:period_create": ("get", "", "3+33333+3"),
    "reports:period_delete": ("get", "period", "3+3333343"),
    "reports:period_detail": ("get", "period", "3++333343"),
    "reports:period_edit": ("get", "period", "3+3333343"),
    "reports:period_list": ("get", "", "3++3333+3"),
    "reports:period_reopen": ("get", "period", "3+3333343"),
    "reports:period_shortcuts": ("get", "", "++++++++3"),
    "reports:report_create": ("get", "", "3+33333+3"),
    "reports:report_detail": ("get", "report", "3++333343"),
    "reports:report_discard": ("get", "report", "3+3333343"),
    "reports:report_file": ("get", "report", "3++333343"),
    "reports:report_issue": ("get", "report", "3+3333343"),
    "reports:report_list": ("get", "", "3++3333+3"),
    "reports:report_remake": ("post", "report", "3+3333343"),
    "reports:report_revoke": ("get", "report", "3+3333343"),
    "reports:report_words": ("get", "report", "3+3333343"),
    "reports:sheet_template_bind": ("post", "sheet_template", "3+3333343"),
    "reports:sheet_template_detail": ("get", "sheet_template", "3++333343"),
    "reports:sheet_template_file": ("get", "sheet_template", "3++333343"),
    "reports:sheet_template_fill": ("post", "sheet_template", "3++333343"),
    "reports:sheet_template_list": ("get", "", "3++3333+3"),
    "reports:sheet_template_suggest": ("post", "sheet_template", "3+3333343"),
    "reports:sheet_template_upload": ("get", "", "3+33333+3"),
    "reports:sheet_template_use": ("post", "sheet_template", "3+3333343"),
    "reports:snapshot_change": ("get", "snapshot", "3++333343"),
    "reports:snapshot_compare": ("get", "snapshot", "3++333343"),
    "reports:snapshot_detail": ("get", "snapshot", "3++333343"),
    "reports:snapshot_figure": ("get", "snapshot", "3++333343"),
    "reports:snapshot_list": ("get", "", "3++3333+3"),
    "reports:snapshot_seal": ("get", "snapshot", "3++333343"),
    "reports:snapshot_take": ("get", "", "3+33333+3"),
    "reports:sign_export": ("get", "", "3++3333+3"),
    "reports:sign_list": ("get", "", "3++3333+3"),
    "reports:sign_review": ("get", "sign", "3+3333343"),
    "reports:unit_home": ("get", "", "333++++33"),
    "reports:word_create": ("post", "", "3++3333+3"),
    "reports:word_template": ("get", "", "3+33333+3"),
    "reports:word_template_file": ("get", "", "3+33333+3"),
    "reports:word_template_give_up": ("get", "word_template", "3+3333343"),
    "reports:unit_workbook_create": ("post", "unit", "3+++33343"),
    "reports:workbook_create": ("post", "", "3++3333+3"),
    "reports:workbook_list": ("get", "", "3++3333+3"),
    "training:activity_copy": ("get", "draft", "3+3+44443"),
    "training:activity_create": ("get", "", "3+3+++++3"),
    "training:activity_delete": ("get", "draft", "3+3+44443"),
    "training:activity_detail": ("get", "draft", "++++44443"),
    "training:activity_edit": ("get", "draft", "3+3+44443"),
    "training:activity_export": ("get", "", "++++++++3"),
    "training:activity_list": ("get", "", "++++++++3"),
    "training:activity_submit": ("post", "draft", "3+3+44443"),
    "training:attendance_export": ("get", "", "++++++++3"),
    "training:declared_export": ("get", "", "++++++++3"),
    "training:declared_list": ("get", "", "++++++++3"),
    "training:declared_unit": ("get", "unit", "++++44443"),
    "training:evidence_delete": ("post", "evidence", "3+3+44443"),
    "training:evidence_file": ("get", "evidence", "++++44443"),
    "training:evidence_upload": ("post", "", "3+3+++++3"),
    "training:exclusion_create": ("get", "", "3+3+++3+3"),
    "training:exclusion_delete": ("get", "exclusion", "3+3+44343"),
    "training:exclusion_detail": ("get", "exclusion", "++++44343"),
    "training:exclusion_edit": ("get", "exclusion", "3+3+44343"),
    "training:exclusion_export": ("get", "", "++++++3+3"),
    "training:exclusion_list": ("get", "", "++++++3+3"),
    "training:exclusion_people": ("get", "", "3+3+++3+3"),
    "training:headcount_create": ("get", "", "3+3+++3+3"),
    "training:headcount_delete": ("get", "headcount", "3+3+44343"),
    "training:headcount_edit": ("get", "headcount", "3+3+44343"),
    "training:household_check_delete": ("get", "check", "3+344++43"),
    "training:household_check_edit": ("get", "check", "3+344++43"),
    "training:household_check_export": ("get", "", "++++++++3"),
    "training:household_check_list": ("get", "", "++++++++3"),
    "training:household_check_next": ("get", "household", "3+344++43"),
    "training:household_check_record": ("get", "", "3+3+++++3"),
    "training:platform_create": ("get", "", "++33333+3"),
    "training:platform_edit": ("get", "platform", "++3333343"),
    "training:platform_list": ("get", "", "+++3333+3"),
    "training:platform_use_delete": ("get", "platform_use", "3+3+44343"),
    "training:platform_use_edit": ("get", "platform_use", "3+3+44343"),
    "training:platform_use_export": ("get", "", "++++++++3"),
    "training:platform_use_list": ("get", "", "++++++++3"),
    "training:platform_use_record": ("get", "", "3+3+++3+3"),
    "training:record_detail": ("get", "approved", "++++44443"),
    "training:record_revise": ("get", "approved", "3+3+44443"),
    "training:record_take_back": ("post", "waiting", "333+44443"),
    "training:record_withdraw": ("get", "approved", "3+3333343"),
    "training:record_withdrawal_undo": ("post", "approved", "3+3333343"),
    "training:review_approve": ("post", "waiting", "3+3333343"),
    "training:review_bulk": ("post", "", "3+33333+3"),
    "training:review_queue": ("get", "", "3+33333+3"),
    "training:review_record": ("get", "waiting", "3+3333343"),
    "training:review_return": ("post", "waiting", "3+3333343"),
    "training:review_undo": ("post", "", "3+33333+3"),
    "training:roster_fragment": ("get", "", "3+3+++++3"),
    "training:running_total_create": ("get", "", "3+3+++3+3"),
    "training:running_total_delete": ("get", "running_total", "3+3+44343"),
    "training:running_total_edit": ("get", "running_total", "3+3+44343"),
    "training:source_edit": ("get", "", "3+3333343"),
    "training:topic_create": ("get", "", "++33333+3"),
    "training:topic_edit": ("get", "topic", "++3333343"),
    "training:topic_list": ("get", "", "++33333+3"),
}


def url_names(patterns=None, namespace: str = "") -> list[str]:
    """Every named address of the portal."""
    names = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            names += url_names(pattern.url_patterns, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern):
            names.append(f"{namespace}:{pattern.name}" if namespace else pattern.name)
    return names


@pytest.fixture
def things(cast, campaign, make_person, make_household, make_activity, make_check, make_platform_use, tmp_path):
    """One record of each kind, keyed as the addresses need it."""
    export = school_database_export(tmp_path / "lop-4a.xlsx", pupils(2))
    record = {"commune": cast.commune, "entered_by": cast.editor_a}
    waiting = {**record, **clock_values(RecordStatus.SUBMITTED, date(2026, 4, 10), cast.officer2)}
    approved = {**record, **clock_values(RecordStatus.APPROVED, date(2026, 4, 10), cast.officer2)}
    teacher = make_person(cast.a, "Lê Thị Hoa", Group.TEACHER)
    household = make_household(cast.village)
    draft = make_activity(cast.a, ActivityKind.LESSON, status=RecordStatus.DRAFT, entered_by=cast.editor_a)
    FigureSource.objects.create(commune=cast.commune, unit=cast.a, group=Group.PUPIL, source=Source.DECLARED)
    headcount = {"unit": cast.a, "group": Group.PUPIL, "count": 35}
    total = {"target": campaign.targets.get(code="K3"), "unit": cast.a, "group": Group.PUPIL, "value": 9}
    result = result_file_of("results/bao-cao.xlsx")
    result.parent.mkdir(parents=True)
    result.write_bytes(b"xlsx")
    make_activity(cast.a, approved_on=date(2026, 9, 1))  # entered late: a sign
    return {
        "sample": CallbackSample.objects.create(
            commune=cast.commune,
            campaign=campaign,
            target=campaign.targets.get(code="K3"),
            as_of=date(2026, 10, 31),
            approved_by=date(2026, 10, 31),
            seed=1,
            population=0,
            drawn_by=cast.officer,
        ),
        "sign": sign_rows(cast.officer, campaign)[0].sign,
        "unit": cast.a,
        "teacher": teacher,
        "merge": PersonMerge.objects.create(
            commune=cast.commune, kept=teacher, absorbed=make_person(cast.a, "Lê Hoa"), merged_by=cast.officer
        ),
        "distinct": DistinctPeople.objects.create(
            commune=cast.commune, first=teacher, second=make_person(cast.a, "Lê Hòa"), decided_by=cast.officer
        ),
        "person": make_person(cast.a, class_name="4A"),
        "household": household,
        "target": campaign.targets.get(code="K3"),
        "team": DigitalTeam.objects.create(
            commune=cast.commune, village=cast.village, name="Tổ", founded_on=date(2025, 1, 1)
        ),
        "account": cast.editor_b,
        "import": check_roster(
            actor=cast.editor_a,
            unit=cast.a,
            effective_on=date(2026, 1, 5),
            upload=SimpleUploadedFile("lop-4a.xlsx", export.read_bytes()),
        ),
        "draft": draft,
        "waiting": make_activity(cast.a, status=RecordStatus.SUBMITTED, entered_by=cast.editor_a),
        "evidence": Evidence.objects.create(
            commune=cast.commune,
            activity=draft,
            kind="PHOTO",
            file=SimpleUploadedFile("a.jpg", b"anh"),
            name="a.jpg",
            size_bytes=1,
            sha256="0" * 64,
            uploaded_by=cast.editor_a,
        ),
        "platform_use": make_platform_use(teacher, status=RecordStatus.DRAFT),
        "platform": Platform.objects.create(commune=cast.commune, name="Học bạ số"),
        "topic": Topic.objects.create(commune=cast.commune, name="Thanh toán số"),
        "check": make_check(household, status=RecordStatus.DRAFT),
        "exclusion": Exclusion.objects.create(
            commune=cast.commune,
            campaign=campaign,
            unit=cast.a,
            person=teacher,
            reason="MATERNITY",
            starts_on=date(2026, 3, 1),
            entered_by=cast.editor_a,
        ),
        "headcount": Headcount.objects.create(**headcount, effective_on=date(2026, 1, 1), **record),
        "approved": Headcount.objects.create(**headcount, effective_on=date(2026, 2, 1), **approved),
        "running_total": RunningTotal.objects.create(**total, as_of=date(2026, 3, 1), **record),
        "waiting_total": RunningTotal.objects.create(**total, as_of=date(2026, 4, 1), **waiting),
        "period": ReportingPeriod.objects.create(
            commune=cast.commune,
            campaign=campaign,
            name="Quý I",
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 3, 31),
        ),
        "word_template": WordTemplate.objects.create(
            commune=cast.commune,
            file=SimpleUploadedFile("mau.docx", b"docx"),
            name="mau.docx",
            sha256="0" * 64,
            uploaded_by=cast.officer,
        ),
        # A form whose file is gone: its pages say so (409), to whom may open them.
        "sheet_template": SheetTemplate.objects.create(
            commune=cast.commune, title="Biểu 01", file="x.xlsx", name="x.xlsx", uploaded_by=cast.officer
        ),
        "job": Job.objects.create(
            kind="workbook",
            title="Báo cáo",
            owner=cast.leader,
            commune_id=cast.commune.pk,
            state=JobState.DONE,
            result_path="results/bao-cao.xlsx",
            result_name="bao-cao.xlsx",
        ),
    }


def address(name: str, kind: str, things) -> str:
    """The address of `name` for the record `kind` ("" for pages without one)."""
    if name == "reports:explain" or name.startswith("reports:missing_"):
        return reverse(name, args=["K3"]) + "?don-vi=TH-A"
    if name == "reports:paper_text_edit":
        return reverse(name, args=["direction"])
    if name == "campaigns:roster_template":
        return reverse(name) + f"?kind=PUPILS&unit={things['unit'].pk}"
    if name in ("campaigns:person_compare", "campaigns:person_distinct"):
        return reverse(name, args=[things["person"].pk, things["teacher"].pk])
    if name == "training:source_edit":
        return reverse(name, args=[things["unit"].pk, Group.PUPIL])
    if kind in ("snapshot", "report"):
        return frozen_address(name, kind, things["unit"].commune)
    if kind == "approved":
        return reverse(name, args=["quy-mo", things["approved"].pk])
    if (name.startswith("training:review_") or name == "training:record_take_back") and kind:
        return reverse(name, args=["hoat-dong", things["waiting"].pk])
    if name == "reports:sign_review":
        return reverse(name, args=[things["sign"].key])
    return reverse(name, args=[things[kind].pk] if kind else [])


def frozen_address(name: str, kind: str, commune) -> str:
    pk = (snapshot_of if kind == "snapshot" else report_of)(commune).pk
    parts = {"reports:snapshot_change": ["K3"], "reports:snapshot_figure": ["K3"], "reports:report_file": ["xlsx"]}
    return reverse(name, args=[pk, *parts.get(name, [])])


def snapshot_of(commune):
    """Frozen figures, made only for the addresses that need them."""
    day = date(2026, 6, 30)
    return take_snapshot(None, commune.campaigns.get(), Clocks(day, day), "Sáu tháng đầu năm")


def report_of(commune):
    """An issued report with one file."""
    snapshot = snapshot_of(commune)
    officer = User.objects.get(username="officer")
    report = Report.objects.create(
        commune=commune,
        campaign=snapshot.campaign,
        snapshot=snapshot,
        title="Sáu tháng đầu năm",
        state=ReportState.ISSUED,
        edition=1,
        prepared_by=officer,
        issued_by=officer,
        issued_at=timezone.now(),
    )
    sha256 = hashlib.sha256(result_file_of("results/bao-cao.xlsx").read_bytes()).hexdigest()
    report.files.create(format="XLSX", file="results/bao-cao.xlsx", name="bao-cao.xlsx", size_bytes=4, sha256=sha256)
    return report


def answer(cast, role: str, method: str, url: str) -> str:
    client = Client()
    client.force_login(getattr(cast, role), backend="accounts.backends.PortalBackend")
    with transaction.atomic():
        status = getattr(client, method)(url).status_code
        transaction.set_rollback(True)  # the next role finds the same records
    assert status < 500, f"{role} {method} {url}: {status}"
    return {403: "3", 404: "4"}.get(status, "+")


def test_every_address_stands_in_the_matrix():
    named = {name for name in url_names() if name}
    assert named - PERSONAL == set(MATRIX)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_gets_in(name, cast, things):
    method, kind, expected = MATRIX[name]
    url = address(name, kind, things)
    assert "".join(answer(cast, role, method, url) for role in ROLES) == expected


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_nobody_gets_in_without_logging_in(name, client, things):
    method, kind, _ = MATRIX[name]
    response = getattr(client, method)(address(name, kind, things))
    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:login"))
