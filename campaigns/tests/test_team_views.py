import uuid
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import UnitKind
from campaigns.models import DigitalTeam

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"campaigns:{name}", args=args)


@pytest.fixture
def team(cast):
    return DigitalTeam.objects.create(
        commune=cast.commune, village=cast.village, name="Tổ thôn Một", leader_name="Bùi Văn Sáu",
        founded_on=date(2024, 3, 1),
    )  # fmt: skip


def entry(village, **changes):
    values = {"village": village.pk, "name": "Tổ công nghệ số thôn Một", "founded_on": "01/03/2024", "version": "1"}
    return {**values, **changes}


def test_the_office_reads_all_teams_and_a_village_its_own(cast, team, login, make_unit):
    other = make_unit(cast.commune, "THON-2", UnitKind.VILLAGE, "Thôn Hai")
    DigitalTeam.objects.create(commune=cast.commune, village=other, name="Tổ thôn Hai", founded_on=date(2024, 1, 1))
    seen = {
        who: {team.name for team, _ in login(getattr(cast, who)).get(address("team_list")).context["rows"]}
        for who in ("leader", "village_head", "team_member", "editor_a", "stranger")
    }
    both = {"Tổ thôn Một", "Tổ thôn Hai"}
    own = {"Tổ thôn Một"}
    assert seen == {"leader": both, "village_head": own, "team_member": own, "editor_a": set(), "stranger": set()}


def test_the_list_finds_a_village_without_diacritics_and_hides_dissolved_teams(cast, team, login):
    client = login(cast.officer)
    assert "Tổ thôn Một" in client.get(address("team_list"), {"q": "thon mot"}).content.decode()
    DigitalTeam.objects.update(dissolved_on=date(2025, 1, 1))
    assert "Chưa có tổ nào như vậy" in client.get(address("team_list"), {"q": "thon mot"}).content.decode()
    assert "Tổ thôn Một" in client.get(address("team_list"), {"state": "da-giai-the"}).content.decode()


@pytest.mark.parametrize(
    ("who", "create", "edit"),
    [
        ("officer", 200, 200),
        ("village_head", 200, 200),
        ("leader", 403, 403),
        ("admin", 403, 403),
        ("team_member", 403, 403),
        ("editor_a", 403, 404),
        ("stranger", 200, 404),
    ],
)
def test_the_office_and_the_village_itself_write_its_team(cast, team, login, who, create, edit):
    client = login(getattr(cast, who))
    assert client.get(address("team_create")).status_code == create
    assert client.get(address("team_edit", team.pk)).status_code == edit


def test_a_village_head_adds_a_team_once(cast, login):
    client = login(cast.village_head)
    data = entry(cast.village, client_key=str(uuid.uuid4()))
    client.post(address("team_create"), data)
    client.post(address("team_create"), data)
    team = DigitalTeam.objects.get()
    assert (team.village, team.founded_on) == (cast.village, date(2024, 3, 1))
    written = AuditEntry.objects.get(action="Thêm tổ công nghệ số")
    assert (written.object_id, written.unit_id, written.commune_id) == (team.pk, cast.village.pk, cast.commune.pk)


def test_a_village_head_cannot_write_for_another_village(cast, login, make_unit):
    other = make_unit(cast.commune, "THON-2", UnitKind.VILLAGE, "Thôn Hai")
    response = login(cast.village_head).post(address("team_create"), entry(other))
    assert response.status_code == 422
    assert not DigitalTeam.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"founded_on": "01/01/2099"}, "không được ở tương lai"),
        ({"founded_on": "30/02/2024"}, "Không có ngày 30/02/2024"),
        ({"dissolved_on": "01/01/2024"}, "Ngày kết thúc phải sau ngày thành lập."),
        ({"member_count": "0"}, "1"),
    ],
)
def test_a_wrong_entry_is_refused_and_keeps_what_was_typed(cast, login, changes, message):
    response = login(cast.officer).post(address("team_create"), entry(cast.village, **changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert 'value="Tổ công nghệ số thôn Một"' in page
    assert not DigitalTeam.objects.exists()


def test_a_village_has_one_team_at_a_time(cast, team, login):
    response = login(cast.officer).post(address("team_create"), entry(cast.village))
    assert response.status_code == 422
    assert "Thôn đã có một tổ đang hoạt động." in response.content.decode()


def test_a_team_is_dissolved_by_its_last_day(cast, team, login):
    response = login(cast.officer).post(address("team_edit", team.pk), entry(cast.village, dissolved_on="31/05/2026"))
    team.refresh_from_db()
    assert response.status_code == 302
    assert team.is_active(date(2026, 5, 31))
    assert not team.is_active(date(2026, 6, 1))
    assert AuditEntry.objects.get(action="Sửa tổ công nghệ số").after["dissolved_on"] == "2026-05-31"


def test_the_second_of_two_who_edit_a_team_loses_nothing(cast, team, login):
    DigitalTeam.objects.update(leader_name="Phạm Thị Bảy", version=2)
    response = login(cast.officer).post(address("team_edit", team.pk), entry(cast.village, leader_name="Vũ Văn Tám"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Phạm Thị Bảy" in page
    assert 'value="Vũ Văn Tám"' in page
    assert DigitalTeam.objects.get().leader_name == "Phạm Thị Bảy"


def test_the_list_costs_the_same_queries_however_many_teams(cast, team, login, make_unit, django_assert_num_queries):
    client = login(cast.officer)
    client.get(address("team_list"))
    with django_assert_num_queries(6) as few:
        client.get(address("team_list"))
    for number in range(10):
        village = make_unit(cast.commune, f"T{number}", UnitKind.VILLAGE)
        DigitalTeam.objects.create(commune=cast.commune, village=village, name="Tổ", founded_on=date(2024, 1, 1))
    with django_assert_num_queries(len(few)):
        client.get(address("team_list"))
