"""Frozen figures leave no reader guessing: the part without names is said, and so is a rule that moved no figure."""

from datetime import date

from django.urls import reverse

from campaigns.choices import Group, RecordStatus, Source
from campaigns.models import FigureSource, Headcount
from conftest import clock_values
from reports.selectors.clocks import Clocks
from reports.services.snapshots import take_snapshot
from training.models import RunningTotal

JUNE = Clocks(date(2026, 6, 30), date(2026, 7, 5))


def declare(cast, campaign) -> None:
    record = {
        "commune": cast.commune, "entered_by": cast.officer, "unit": cast.a, "group": Group.PUPIL,
        **clock_values(RecordStatus.APPROVED, date(2026, 3, 31), cast.officer2),
    }  # fmt: skip
    FigureSource.objects.create(commune=cast.commune, unit=cast.a, group=Group.PUPIL, source=Source.DECLARED)
    Headcount.objects.create(effective_on=date(2026, 1, 1), count=300, **record)
    RunningTotal.objects.create(
        target=campaign.targets.get(code="K3"), as_of=date(2026, 3, 31), value=260, **record
    )  # fmt: skip


def test_a_frozen_figure_tells_its_declared_part_beside_the_figure(cast, campaign, login):
    declare(cast, campaign)
    snapshot = take_snapshot(cast.officer, campaign, JUNE, "Sáu tháng đầu năm", "")
    client = login(cast.officer)
    for code, expected in (("K3", "Phần khai báo, chưa có danh sách: 260 trong tử số, 300 trong mẫu số"), ("K1", "")):
        response = client.get(reverse("reports:snapshot_figure", args=[snapshot.pk, code]))
        assert response.context["page"].declared == expected
        assert ("Phần khai báo" in response.content.decode()) == bool(expected)


def test_a_changed_rule_that_moves_no_figure_is_said_instead_of_an_empty_card(cast, campaign, login):
    snapshot = take_snapshot(cast.officer, campaign, JUNE, "Sáu tháng đầu năm", "")
    sentence = "Quy tắc của chỉ tiêu này có phiên bản mới; các con số không đổi."
    address = reverse("reports:snapshot_compare", args=[snapshot.pk])
    assert sentence not in login(cast.leader).get(address).content.decode()
    target = campaign.targets.get(code="K3")
    target.min_count = 2
    target.save()
    assert login(cast.leader).get(address).content.decode().count(sentence) == 1
