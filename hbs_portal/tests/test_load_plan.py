"""manage.py load_plan sets up a commune and its first administrator."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from campaigns.models import Campaign
from training.models import Platform, Topic

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("load_plan", "plan_ha_bac_2026", *args, stdout=out)
    return out.getvalue()


def test_the_plan_its_catalogues_and_an_administrator_with_a_one_time_password():
    password = run("--admin", "quan.tri").split()[-1]
    user = User.objects.get(username="quan.tri")
    assert user.check_password(password)
    assert user.must_change_password
    assert user.scope.has("ADMIN")
    assert Topic.objects.exists()
    assert Platform.objects.exists()


def test_running_it_again_changes_nothing():
    run()
    counts = Campaign.objects.count(), Topic.objects.count()
    run()
    assert (Campaign.objects.count(), Topic.objects.count()) == counts


def test_a_second_first_administrator_is_refused_in_words():
    run("--admin", "quan.tri")
    with pytest.raises(CommandError, match="đã có quản trị"):
        run("--admin", "nguoi.khac")
    assert not User.objects.filter(username="nguoi.khac").exists()


def test_an_unknown_plan_is_refused_in_words():
    with pytest.raises(CommandError, match="Không có tệp kế hoạch"):
        call_command("load_plan", "khong_co")
