from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from accounts.versions import StaleRecordError
from campaigns.choices import UnitKind
from campaigns.models import DigitalTeam, Unit
from campaigns.services.units import close_unit, create_unit, update_unit

pytestmark = pytest.mark.django_db


def written():
    return AuditEntry.objects.exclude(action="Nạp kế hoạch")


def edit(cast, unit, **changes):
    values = {"code": unit.code, "name": unit.name, "kind": unit.kind, "opened_on": unit.opened_on, "position": 100}
    return update_unit(actor=cast.officer, unit=unit, **{"expected_version": unit.version, **values, **changes})


def close(cast, unit, last_day=date(2026, 6, 30), reason="Giải thể", version=None):
    version = unit.version if version is None else version
    return close_unit(actor=cast.officer, unit=unit, expected_version=version, last_day=last_day, reason=reason)


def test_a_new_unit_stands_below_its_commune_with_one_audit_entry(cast):
    unit = create_unit(
        actor=cast.officer, commune=cast.commune, code="TH-D", name="Trường Đông Hải", kind="PRIMARY",
        opened_on=date(2026, 1, 1),
    )  # fmt: skip
    unit.refresh_from_db()
    assert unit.path == f"{cast.commune.path}{unit.pk}/"
    assert unit.search_key == "th-d truong dong hai"
    entry = written().get()
    assert (entry.action, entry.object_id, entry.commune_id) == ("Thêm đơn vị", unit.pk, cast.commune.pk)


def test_an_edited_unit_is_found_by_its_new_name_and_the_audit_holds_only_what_changed(cast):
    edit(cast, cast.a, name="Trường Tiểu học Đông Hải")
    assert Unit.objects.get(search_key__contains="dong hai") == cast.a
    entry = written().get()
    assert entry.before == {"name": "Trường Tiểu học A"}
    assert entry.after == {"name": "Trường Tiểu học Đông Hải"}


def test_an_edit_of_an_old_version_writes_nothing(cast):
    with pytest.raises(StaleRecordError):
        edit(cast, cast.a, name="Tên khác", expected_version=7)
    assert Unit.objects.get(pk=cast.a.pk).name == "Trường Tiểu học A"
    assert not written().exists()


def test_a_unit_cannot_open_after_its_first_member(cast, make_person):
    make_person(cast.a, starts_on=date(2025, 9, 5))
    with pytest.raises(ValidationError, match="05/09/2025"):
        edit(cast, cast.a, opened_on=date(2025, 9, 6))


def test_a_village_with_households_stays_a_village(cast, make_household):
    make_household(cast.village)
    with pytest.raises(ValidationError, match="phải giữ loại đơn vị là thôn"):
        edit(cast, cast.village, kind=UnitKind.UNION)


def test_closing_ends_who_is_still_on_the_list_and_the_audit_keeps_the_reason(cast, make_person):
    stays = make_person(cast.a)
    left = make_person(cast.a, ends_on=date(2026, 1, 31))
    close(cast, cast.a)
    assert stays.memberships.get().ends_on == date(2026, 6, 30)
    assert left.memberships.get().ends_on == date(2026, 1, 31)
    entry = written().get()
    assert entry.after == {"closed_on": "2026-06-30", "reason": "Giải thể", "memberships_ended": 1}


def test_a_closed_unit_exists_through_its_last_day(cast):
    close(cast, cast.a)
    assert cast.a in Unit.objects.open_on(date(2026, 6, 30))
    assert cast.a not in Unit.objects.open_on(date(2026, 7, 1))


def test_closing_before_the_opening_day_is_refused(cast):
    with pytest.raises(ValidationError, match="hoạt động từ 01/01/2020"):
        close(cast, cast.a, last_day=date(2019, 12, 31))


def test_closing_before_somebody_joined_is_refused_and_says_from_which_day_it_would_do(cast, make_person):
    make_person(cast.a, starts_on=date(2026, 9, 5))
    with pytest.raises(ValidationError, match="Hãy chọn từ ngày 05/09/2026 trở đi"):
        close(cast, cast.a)
    assert Unit.objects.get(pk=cast.a.pk).closed_on is None


def test_a_village_with_households_is_not_closed_but_merged(cast, make_household):
    make_household(cast.village)
    with pytest.raises(ValidationError, match="Hãy dùng “Hợp nhất”"):
        close(cast, cast.village)


def test_a_closed_unit_is_not_closed_again(cast):
    close(cast, cast.a)
    with pytest.raises(ValidationError, match="đã kết thúc ngày 30/06/2026"):
        close(cast, cast.a, last_day=date(2026, 7, 31))


def test_the_team_of_a_closed_village_ends_with_it(cast):
    DigitalTeam.objects.create(commune=cast.commune, village=cast.village, name="Tổ", founded_on=date(2024, 1, 1))
    close(cast, cast.village)
    assert DigitalTeam.objects.get().dissolved_on == date(2026, 6, 30)


def test_villages_stand_in_the_order_of_their_numbers(cast, make_unit):
    for number in (10, 2):
        make_unit(cast.commune, f"V{number}", UnitKind.VILLAGE, f"Thôn {number}")
    names = list(
        Unit.objects.filter(code__startswith="V").exclude(code="VHXH").in_order().values_list("name", flat=True)
    )
    assert names == ["Thôn 2", "Thôn 10"]
