"""`manage.py export_report`: a whole file or a sentence."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from openpyxl import load_workbook

from campaigns.choices import RecordStatus
from reports.selectors.clocks import Clocks
from reports.services.snapshots import take_snapshot
from training.models import GroupTotal


def export(path: Path | str, **options) -> None:
    call_command("export_report", **({"as_of": "2026-10-31", "commune": "HABAC", "output": str(path)} | options))


def k3(path: Path) -> list[object]:
    for row in load_workbook(path)["Chỉ tiêu"].iter_rows(values_only=True):
        if str(row[1]).startswith("K3."):
            return list(row[4:6])
    raise AssertionError("no K3")


def test_the_open_campaign_is_written_where_none_is_named(
    commune, make_unit, make_person, make_activity, tmp_path, capsys
):
    school = make_unit(commune, "TH-A", "PRIMARY")
    make_activity(school, people=[make_person(school)])
    export(tmp_path / "bao-cao.xlsx", commune=None)
    assert k3(tmp_path / "bao-cao.xlsx") == [1, 1]
    assert "Đã ghi báo cáo" in capsys.readouterr().out


def test_the_second_clock_is_held(campaign, cast, make_person, make_activity, tmp_path):
    """G5: approved on 5/7 is not there for somebody who asks what was approved by 30/6."""
    make_activity(cast.a, people=[make_person(cast.a)], on=date(2026, 6, 28), approved_on=date(2026, 7, 5))
    make_activity(cast.a, people=[make_person(cast.a)], on=date(2026, 6, 1), status=RecordStatus.APPROVED)
    for day, reached in (("2026-06-30", 1), ("2026-07-10", 2)):
        export(tmp_path / f"{day}.xlsx", as_of="2026-06-30", approved_by=day, campaign="BDHVS-2026")
        assert k3(tmp_path / f"{day}.xlsx") == [2, reached]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"as_of": "31/10/2026"}, "không phải là ngày"),
        ({"as_of": "2026-02-30"}, "không phải là ngày"),
        ({"as_of": None}, "Hãy nêu ngày lấy số liệu"),
        ({"campaign": "KHONG-CO"}, "Không có chiến dịch mã “KHONG-CO”"),
        ({"output": "bao-cao.ods"}, "phải có đuôi .xlsx"),
        ({"output": None}, "Hãy nêu tệp cần ghi"),
        ({"output": "/khong/co/thu-muc/bao-cao.xlsx"}, "Không có thư mục “/khong/co/thu-muc”"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(campaign, tmp_path, options, words):
    with pytest.raises(CommandError, match=words):
        export(tmp_path / "bao-cao.xlsx", **options)
    assert list(tmp_path.glob("*.xlsx")) == []


@pytest.mark.django_db
def test_without_any_plan_nothing_is_written(tmp_path):
    with pytest.raises(CommandError, match="Chưa có chiến dịch nào đang mở"):
        export(tmp_path / "bao-cao.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_refused(campaign, tmp_path):
    (tmp_path / "thu-muc.xlsx").mkdir()
    with pytest.raises(CommandError, match="là thư mục"):
        export(tmp_path / "thu-muc.xlsx")


def test_a_full_disk_leaves_the_old_file_and_no_half_one(campaign, tmp_path, monkeypatch):
    path = tmp_path / "bao-cao.xlsx"
    path.write_bytes(b"old")

    def fail(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(CommandError, match="Không ghi được tệp"):
        export(path)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("bao-cao.xlsx", b"old")]


def test_records_that_contradict_each_other_give_no_file(campaign, cast, make_person, make_activity, tmp_path):
    """D2: more names than heads."""
    activity = make_activity(cast.a, people=[make_person(cast.a), make_person(cast.a)])
    GroupTotal.objects.create(activity=activity, group="PUPIL", total=1)
    with pytest.raises(CommandError, match="Không tính được số liệu"):
        export(tmp_path / "bao-cao.xlsx")
    assert not (tmp_path / "bao-cao.xlsx").exists()


def test_the_same_order_gives_the_same_figures_again(campaign, cast, make_person, make_activity, tmp_path):
    make_activity(cast.a, people=[make_person(cast.a)])
    for name in ("mot.xlsx", "hai.xlsx"):
        export(tmp_path / name)
    first, second = (load_workbook(tmp_path / name)["Theo đơn vị"] for name in ("mot.xlsx", "hai.xlsx"))
    assert list(first.values) == list(second.values)


@pytest.fixture
def frozen(campaign, cast, make_person, make_activity):
    """A snapshot of 31/10 with one pupil of two, and a second pupil reached since, for the same day."""
    pupils = [make_person(cast.a), make_person(cast.a)]
    make_activity(cast.a, people=pupils[:1])
    snapshot = take_snapshot(cast.officer, campaign, Clocks(date(2026, 10, 31), date(2026, 10, 31)), "Tháng 10")
    make_activity(cast.a, people=pupils[1:])
    return snapshot


@pytest.mark.parametrize("name", ["BDHVS-2026-001", "1", "001"])
def test_a_snapshot_is_written_as_it_was_frozen(frozen, tmp_path, capsys, name):
    export(tmp_path / "chot.xlsx", as_of=None, snapshot=name)
    export(tmp_path / "nay.xlsx")
    assert (k3(tmp_path / "chot.xlsx"), k3(tmp_path / "nay.xlsx")) == ([2, 1], [2, 2])
    assert f"Bản chốt {frozen.code} · {frozen.sha256[:12]}" in capsys.readouterr().out


def test_a_units_own_result_is_written(frozen, cast, tmp_path):
    export(tmp_path / "truong.xlsx", unit=cast.a.code, format="xlsx")
    book = load_workbook(tmp_path / "truong.xlsx")
    assert "Theo đơn vị" not in book.sheetnames
    assert k3(tmp_path / "truong.xlsx") == [2, 2]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"as_of": None, "snapshot": "BDHVS-2026-009"}, "không có bản chốt “BDHVS-2026-009”"),
        ({"as_of": None, "snapshot": "KHAC-001"}, "không có bản chốt “KHAC-001”"),
        ({"snapshot": "1"}, "không dùng cả hai"),
        ({"as_of": None, "approved_by": "2026-10-31", "snapshot": "1"}, "không dùng cả hai"),
        ({"unit": "KHONG-CO"}, "Không có đơn vị mã “KHONG-CO”"),
        ({"format": "odt"}, "không có định dạng “odt”"),
        ({"format": "xlsx", "output": "bao-cao.docx"}, "phải có đuôi .xlsx"),
    ],
)
def test_a_wrong_order_writes_nothing(frozen, tmp_path, options, words):
    with pytest.raises(CommandError, match=words):
        export(tmp_path / "bao-cao.xlsx", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_tampered_snapshot_writes_nothing(past_the_guards, frozen, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_snapshot SET sha256 = %s WHERE id = %s", ["0" * 64, frozen.pk])
    with pytest.raises(CommandError, match="đã bị sửa"):
        export(tmp_path / "bao-cao.xlsx", as_of=None, snapshot="1")
    assert list(tmp_path.iterdir()) == []
