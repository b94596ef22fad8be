"""`manage.py check_figures` and `manage.py snapshot`: sentences, and an exit code that a timer can read."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import Target
from reports.models import Snapshot


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_nothing_differs_and_the_exit_code_is_zero(cast):
    assert "đều khớp" in run("check_figures", "--commune", "HABAC")
    assert run("check_figures", "--all").count("chiến dịch") == 2


def test_what_differs_is_listed_with_its_place_and_the_exit_code_is_one(cast, campaign):
    Target.objects.filter(campaign=campaign, code="K4").update(tolerance_bp=500)
    out = StringIO()
    with pytest.raises(CommandError, match="Có 1 chỗ khác") as refused:
        call_command("check_figures", "--commune", "HABAC", stdout=out)
    assert refused.value.returncode == 1
    assert "[Chỉ tiêu và phiên bản] Chỉ tiêu K4" in out.getvalue()


def test_without_a_campaign_it_says_how_to_name_one(db):
    with pytest.raises(CommandError, match="--campaign"):
        run("check_figures")


def test_a_snapshot_from_the_command_line(cast, campaign):
    text = run("snapshot", "--commune", "HABAC", "--as-of", "2026-06-30", "--name", "Quý II")
    taken = Snapshot.objects.get()
    assert taken.code in text
    assert taken.sha256 in text
    assert (taken.name, taken.taken_by) == ("Quý II", None)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--as-of", "2026-06-30"], "--name"),
        (["--name", "Quý II"], "--as-of"),
        (["--as-of", "30/6/2026", "--name", "Quý II"], "năm-tháng-ngày"),
        (["--as-of", "2026-06-30", "--name", "d" * 151], "150 chữ"),
    ],
)
def test_a_snapshot_that_lacks_something_gets_a_sentence(cast, arguments, words):
    with pytest.raises(CommandError, match=words):
        run("snapshot", "--commune", "HABAC", *arguments)
    assert not Snapshot.objects.exists()
