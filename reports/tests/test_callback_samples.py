"""Drawing a sample: only who counts, each with the same chance, and the same again with the same seed."""

from collections import Counter
from datetime import date

import pytest

from accounts.models import AuditEntry
from campaigns.choices import Group, RecordStatus, Source, UnitKind
from campaigns.models import FigureSource, Headcount
from conftest import clock_values
from reports.models import CallbackSample
from reports.selectors import read_progress
from reports.selectors.callbacks import counted_subjects, drawn, drawn_again
from reports.selectors.clocks import Clocks
from reports.services.callbacks import NobodyToDrawError, draw_sample
from training.models import Activity, RunningTotal

CLOCKS = Clocks(date(2026, 10, 31), date(2026, 10, 31))


@pytest.fixture
def reading(campaign):
    return lambda: read_progress(campaign, CLOCKS)


@pytest.fixture
def draw(campaign, cast, reading):
    def make(code: str = "K3", unit=None, size: int = 30, seed: int | None = None) -> CallbackSample:
        target = campaign.targets.get(code=code)
        return draw_sample(actor=cast.officer, reading=reading(), target=target, unit=unit, size=size, seed=seed)

    return make


@pytest.fixture
def pupils(cast, make_person, make_activity):
    """Forty pupils of school A in two classes and twenty of school B were reached; five of A only wait."""
    here = [make_person(cast.a, f"Lê Văn {n:02d}", class_name="4A" if n % 2 else "4B") for n in range(40)]
    there = [make_person(cast.b, f"Trần Thị {n:02d}", class_name="6A") for n in range(20)]
    waiting = [make_person(cast.a, f"Chờ {n}", class_name="5A") for n in range(5)]
    make_activity(cast.a, people=here)
    make_activity(cast.b, people=there)
    make_activity(cast.a, people=waiting, status=RecordStatus.SUBMITTED)
    return here, there


def drawn_people(sample: CallbackSample) -> list[int]:
    return list(sample.entries.values_list("person_id", flat=True))


def test_the_same_seed_over_the_same_numbers_draws_the_same():
    assert drawn(range(100), 10, seed=7) == drawn(reversed(range(100)), 10, seed=7)
    assert drawn(range(100), 10, seed=7) != drawn(range(100), 10, seed=8)
    assert len(set(drawn(range(100), 10, seed=7))) == 10


def test_a_draw_stays_what_it_is_from_one_version_of_python_to_the_next():
    assert drawn(range(1, 21), 5, seed=2026) == [5, 17, 1, 6, 15]


def test_everybody_has_the_same_chance():
    counts = Counter(pk for seed in range(2000) for pk in drawn(range(20), 5, seed))
    assert len(counts) == 20
    assert all(420 <= count <= 580 for count in counts.values())  # 500 expected, four standard deviations


def test_where_fewer_count_all_are_taken():
    assert sorted(drawn([3, 1, 2], 30, seed=1)) == [1, 2, 3]


@pytest.mark.parametrize("code", ["K1", "K2", "K3", "K4"])
def test_who_may_be_drawn_is_exactly_the_numerator(
    code, pupils, cast, reading, make_person, make_activity, make_household, make_check, make_platform_use
):
    for number in range(3):
        teacher = make_person(cast.a, f"Hoa {number}", group=Group.TEACHER)
        make_activity(cast.a, people=[teacher], kind="TRAINING")
        make_platform_use(teacher)
        make_check(make_household(cast.village), skills=5 if number else 4)
    found = reading()
    cell = found.progress.target(code).commune
    assert cell.n
    assert len(counted_subjects(found, code)) == cell.n


def test_only_the_chosen_unit_is_drawn_from(pupils, cast, draw):
    sample = draw(unit=cast.b)
    assert sample.population == 20
    assert set(drawn_people(sample)) == {person.pk for person in pupils[1]}
    assert {entry.unit_id for entry in sample.entries.all()} == {cast.b.pk}


def test_who_waits_or_belongs_to_another_commune_is_never_drawn(pupils, cast, draw, make_person, make_activity):
    make_activity(cast.other_school, people=[make_person(cast.other_school)])
    sample = draw(size=100)
    assert sample.population == 60
    assert set(drawn_people(sample)) == {person.pk for people in pupils for person in people}


def test_somebody_counted_in_two_units_is_drawn_once(cast, draw, make_person, make_activity):
    person = make_person(cast.a)
    person.memberships.create(
        commune=cast.commune, unit=cast.b, group=Group.PUPIL, class_name="6A", starts_on=date(2026, 1, 1)
    )
    make_activity(cast.a, people=[person])
    assert drawn_people(draw()) == [person.pk]


def test_the_sheet_is_in_the_order_in_which_one_calls(pupils, draw):
    entries = list(draw(size=60).entries.select_related("unit", "person"))
    assert [entry.position for entry in entries] == list(range(1, 61))
    names = [str(entry.person) for entry in entries if entry.unit.code == "TH-A"]
    assert names == [f"Lê Văn {n:02d}" for n in (*range(1, 40, 2), *range(0, 40, 2))]


def test_a_sample_can_be_drawn_again_and_says_when_the_records_moved(pupils, draw):
    sample = draw(size=10)
    assert drawn_again(sample).is_same
    Activity.objects.filter(host=pupils[1][0].memberships.get().unit).update(
        status=RecordStatus.WITHDRAWN, ended_on=date(2026, 10, 1), end_reason="Nhầm lớp"
    )
    again = drawn_again(sample)
    assert (again.population, sample.population) == (40, 60)


def test_a_declared_figure_names_nobody(campaign, cast, draw):
    record = {"commune": cast.commune, "unit": cast.a, "group": Group.PUPIL, "entered_by": cast.editor_a}
    record |= clock_values(RecordStatus.APPROVED, date(2026, 3, 1), cast.officer)
    FigureSource.objects.create(commune=cast.commune, unit=cast.a, group=Group.PUPIL, source=Source.DECLARED)
    Headcount.objects.create(effective_on=date(2026, 1, 1), count=40, **record)
    RunningTotal.objects.create(target=campaign.targets.get(code="K3"), as_of=date(2026, 3, 1), value=30, **record)
    with pytest.raises(NobodyToDrawError, match="Chưa có ai được tính theo danh sách"):
        draw()
    assert not CallbackSample.objects.exists()


def test_households_that_passed_are_drawn(cast, draw, make_household, make_check, make_unit):
    far = make_unit(cast.commune, "THON-2", UnitKind.VILLAGE, "Thôn Hai")
    homes = [make_household(village, f"Hộ {n}") for n, village in enumerate((cast.village, far, cast.village))]
    for home, skills in zip(homes, (5, 5, 4), strict=True):
        make_check(home, skills=skills)
    sample = draw("K4")
    assert [(entry.household_id, entry.unit_id) for entry in sample.entries.order_by("household_id")] == [
        (homes[0].pk, cast.village.pk),
        (homes[1].pk, far.pk),
    ]


def test_a_draw_is_recorded_with_its_seed(pupils, draw):
    sample = draw(size=10, seed=12345)
    entry = AuditEntry.objects.get(action="Rút mẫu gọi lại")
    assert (entry.after["seed"], entry.after["population"], entry.after["count"]) == (12345, 60, 10)
    assert entry.object_id == sample.pk
