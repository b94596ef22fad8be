"""`manage.py progress`: the contract other programs rely on, and sentences for what cannot be answered."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from campaigns.choices import ActivityKind, RecordStatus
from hbs_portal.lib.dates import local_today

CELL = {"state", "n", "d", "percent", "verdict", "missing", "provisional_n", "attendances", "unnamed"}


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("progress", *arguments, stdout=out)
    return out.getvalue()


def figures(*arguments: str) -> dict:
    return json.loads(run("--commune", "HABAC", "--as-of", "2026-06-30", "--format", "json", *arguments))


def by_unit(answer: dict, code: str) -> dict:
    target = next(row for row in answer["targets"] if row["code"] == code)
    return {row["unit"]: row for row in target["units"]}


@pytest.fixture
def records(cast, make_person, make_activity, make_household, make_check):
    pupils = [make_person(cast.a, class_name="4A") for _ in range(5)]
    make_activity(cast.a, people=pupils[:3])
    make_activity(cast.a, people=pupils[3:4], status=RecordStatus.SUBMITTED)
    make_activity(cast.preschool, ActivityKind.FESTIVAL)
    make_check(make_household(cast.village))
    return pupils


def test_the_keys_are_exactly_those_of_the_contract(records):
    answer = figures()
    assert list(answer) == ["campaign", "as_of", "approved_by", "targets"]
    assert [row["code"] for row in answer["targets"]] == ["K1", "K2", "K3", "K4", "K5", "K6"]
    for target in answer["targets"]:
        assert list(target) == ["code", "commune", "units"]
        assert set(target["commune"]) == CELL
        assert all(set(row) == CELL | {"unit", "kind"} for row in target["units"])


def test_the_figures_of_a_school_and_of_the_commune(records):
    answer = figures("--approved-by", "2026-06-30")
    expected = {
        "state": "value", "n": 3, "d": 5, "percent": "60,0%", "verdict": "not_met", "missing": 2,
        "provisional_n": 4, "attendances": 3, "unnamed": 0,
    }  # fmt: skip
    assert by_unit(answer, "K3")["TH-A"] == {"unit": "TH-A", "kind": "PRIMARY", **expected}
    assert answer["targets"][2]["commune"] == expected


def test_a_preschool_is_not_applicable_in_k2(records):
    cell = by_unit(figures(), "K2")["MN-C"]
    assert (cell["state"], cell["n"], cell["percent"], cell["verdict"]) == ("not_applicable", None, None, "none")


def test_a_unit_that_reported_nothing_has_no_zero(records, make_person, cast):
    make_person(cast.b)
    cell = by_unit(figures(), "K3")["THCS-B"]
    assert (cell["state"], cell["n"], cell["d"], cell["percent"]) == ("not_reported", None, 1, None)


def test_the_second_clock_stands_at_today_unless_it_is_set(records):
    assert figures()["approved_by"] == local_today().isoformat()
    assert figures("--approved-by", "2026-04-09")["targets"][2]["commune"]["n"] is None


def test_a_campaign_is_found_by_its_code(records):
    assert figures("--campaign", "BDHVS-2026")["campaign"] == "BDHVS-2026"


def test_the_open_campaign_is_taken_where_none_is_named(campaign):
    assert json.loads(run("--as-of", "2026-06-30", "--format", "json"))["campaign"] == campaign.code


def test_the_text_says_the_same_in_words(records):
    text = run("--commune", "HABAC", "--as-of", "2026-06-30", "--approved-by", "2026-06-30")
    assert "Số liệu phát sinh đến 30/06/2026, được duyệt đến 30/06/2026" in text
    assert "Toàn xã: 3/5 (60,0%) - Chưa đạt, cần thêm 2" in text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Hãy nêu ngày lấy số liệu"),
        (("--as-of", "31/10/2026"), "“31/10/2026” không phải là ngày"),
        (("--as-of", "20261031"), "không phải là ngày"),
        (("--as-of", "2026-02-30"), "không phải là ngày"),
        (("--as-of", "2026-06-30", "--approved-by", "mai"), "--approved-by: “mai” không phải là ngày"),
        (("--as-of", "2026-06-30", "--campaign", "KHONG-CO"), "Không có chiến dịch mã “KHONG-CO”"),
        (("--as-of", "2026-06-30", "--format", "xml"), "chỉ nhận text hoặc json"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(campaign, arguments, sentence):
    with pytest.raises(CommandError, match=sentence.replace("?", ".")):
        run(*arguments)


def test_several_communes_with_a_campaign_must_be_told_apart(cast):
    with pytest.raises(CommandError, match=r"BDHVS-2026 \(xã HABAC\), BDHVS-2026 \(xã XAKHAC\)"):
        run("--as-of", "2026-06-30")


def test_without_any_open_campaign_the_command_says_what_to_do(campaign):
    campaign.state = "CLOSED"
    campaign.save()
    with pytest.raises(CommandError, match="Hãy nạp kế hoạch"):
        run("--as-of", "2026-06-30")


def test_figures_that_contradict_each_other_are_refused_with_the_sentence(cast, make_person, make_activity):
    make_activity(cast.a, on=date(2026, 4, 1), people=[make_person(cast.a)], totals={"PUPIL": 0})
    with pytest.raises(CommandError, match="Không tính được số liệu: Hoạt động số"):
        figures()
