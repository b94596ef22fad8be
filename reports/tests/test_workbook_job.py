"""The job that makes the workbook, from its request to the file."""

from datetime import date

import pytest
from django.db import connection
from openpyxl import load_workbook

from accounts.jobs import NO_RIGHT, carry_out, result_file_of, take_next_job
from accounts.models import AuditEntry, Job, JobState
from campaigns.models import Campaign
from reports.selectors.clocks import Clocks
from reports.services.snapshots import take_snapshot
from reports.services.workbooks import request_unit_workbook, request_workbook
from training.models import GroupTotal

CLOCKS = Clocks(date(2026, 10, 31), date(2026, 11, 2))


@pytest.fixture
def order(campaign, cast, settings):
    """order() is the leader's request, carried out; the row as it then stands."""
    settings.REDIS_URL = ""

    def carry() -> Job:
        request_workbook(actor=cast.leader, campaign=campaign, clocks=CLOCKS)
        carry_out(take_next_job())
        return Job.objects.latest("pk")

    return carry


def test_the_file_is_whole_named_by_its_day_and_has_its_figures_in_one_line(order, cast, make_person, make_activity):
    make_activity(cast.a, people=[make_person(cast.a)])
    job = order()
    assert job.state == JobState.DONE
    assert job.result_name == "BDHVS-2026_bao-cao_2026-10-31.xlsx"
    assert "K3 100,0% (" in job.message.replace("\N{NO-BREAK SPACE}", " ")
    book = load_workbook(result_file_of(job.result_path))
    assert "(Số liệu phát sinh đến 31/10/2026, được duyệt đến 02/11/2026)" in str(list(book["Chỉ tiêu"].values))


def test_the_file_says_who_asked_for_it(order, cast):
    notes = load_workbook(result_file_of(order().result_path))["Thuyết minh"]
    assert f"{cast.leader.full_name}, lúc " in str(list(notes.values))


def test_the_request_is_audited_once(order):
    order()
    assert AuditEntry.objects.filter(object_type="accounts.Job").count() == 1


def test_records_that_contradict_each_other_fail_with_a_sentence(order, cast, make_person, make_activity):
    activity = make_activity(cast.a, people=[make_person(cast.a), make_person(cast.a)])
    GroupTotal.objects.create(activity=activity, group="PUPIL", total=1)
    job = order()
    assert (job.state, job.result_path) == (JobState.FAILED, "")
    assert job.message.startswith("Chưa lập được báo cáo vì số liệu có chỗ trái nhau. Hoạt động số ")


def test_frozen_figures_that_were_tampered_with_fail_with_a_sentence(order, cast, campaign, past_the_guards):
    clocks = Clocks(date(2026, 9, 30), date(2026, 10, 2))
    snapshot = take_snapshot(actor=cast.officer, campaign=campaign, clocks=clocks, name="Quý III")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_snapshot SET sha256 = %s WHERE id = %s", ["0" * 64, snapshot.pk])
    job = order()
    assert (job.state, job.result_path) == (JobState.FAILED, "")
    assert job.message.startswith("Chưa so sánh được với bản chốt lần trước. ")


def test_a_job_cannot_read_another_communes_campaign(order, campaign, cast):
    other = Campaign.objects.get(commune=cast.other_commune)
    request_workbook(actor=cast.leader, campaign=other, clocks=CLOCKS)
    job = take_next_job()
    carry_out(job)
    job.refresh_from_db()
    assert (job.state, job.result_path) == (JobState.FAILED, "")
    assert "Không còn kế hoạch này" in job.message


def test_a_unit_gets_its_own_file(campaign, cast, make_person, make_activity, settings):
    settings.REDIS_URL = ""
    make_activity(cast.a, people=[make_person(cast.a)])
    request_unit_workbook(actor=cast.editor_a, campaign=campaign, unit=cast.a, clocks=CLOCKS)
    carry_out(take_next_job())
    job = Job.objects.get()
    assert (job.state, job.result_name) == (JobState.DONE, f"BDHVS-2026_{cast.a.code}_bao-cao_2026-10-31.xlsx")
    assert "K3 100,0%" in job.message.replace("\N{NO-BREAK SPACE}", " ")
    assert "Theo đơn vị" not in load_workbook(result_file_of(job.result_path)).sheetnames


def test_who_no_longer_records_for_the_unit_gets_no_file(campaign, cast, settings):
    settings.REDIS_URL = ""
    request_unit_workbook(actor=cast.editor_b, campaign=campaign, unit=cast.a, clocks=CLOCKS)
    carry_out(take_next_job())
    job = Job.objects.get()
    assert (job.state, job.result_path) == (JobState.FAILED, "")
    assert job.message == NO_RIGHT
