"""Declared figures: head-counts, running totals, the office's choice of source (B4, G1-G3)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import Group, RecordStatus, Source
from campaigns.models import FigureSource, Headcount
from hbs_portal.lib.dates import local_today
from training.models import RunningTotal
from training.selectors.declared import declared_figures
from training.services.declared import declare_headcount, declare_running_total, set_figure_source
from training.workflow import WorkflowError, approve_record


@pytest.fixture
def k3(campaign):
    return campaign.targets.get(code="K3")


@pytest.fixture
def pupils(cast):
    return {"actor": cast.editor_a, "unit": cast.a, "group": Group.PUPIL}


def unit_page(unit):
    return reverse("training:declared_unit", args=[unit.pk])


def total_data(cast, k3, value, day=None, **more):
    return {
        "target": k3.pk,
        "unit": cast.a.pk,
        "group": Group.PUPIL,
        "as_of": (day or local_today()).strftime("%d/%m/%Y"),
        "value": value,
        "viec": "nhap",
        **more,
    }


def test_an_editor_declares_a_head_count_for_their_own_unit_and_sends_it(cast, login):
    data = {"unit": cast.a.pk, "group": "PUPIL", "effective_on": "05/09/2026", "count": "500", "viec": "gui"}
    response = login(cast.editor_a).post("/so-khai-bao/quy-mo/them/", data)
    assert response.status_code == 302
    record = Headcount.objects.get()
    assert (record.count, record.effective_on, record.status) == (500, date(2026, 9, 5), RecordStatus.SUBMITTED)


def test_an_editor_does_not_declare_for_another_unit(cast, login, k3):
    data = total_data(cast, k3, 5) | {"unit": cast.b.pk}
    response = login(cast.editor_a).post("/so-khai-bao/luy-ke/them/", data)
    assert response.status_code == 422
    assert "Hãy chọn đơn vị trong danh sách." in response.content.decode()
    assert not RunningTotal.objects.exists()


def test_a_village_is_offered_what_counts_households_and_nothing_else(cast, login):
    page = login(cast.village_head).get(f"/so-khai-bao/luy-ke/them/?don-vi={cast.village.pk}")
    form = page.context["form"]
    (target,) = form.fields["target"].queryset
    assert (target.code, form["target"].value(), form["group"].value()) == ("K4", target.pk, "HOUSEHOLD")


def test_a_group_that_no_target_counts_there_is_refused(cast, login, k3):
    data = total_data(cast, k3, 5) | {"group": "HOUSEHOLD"}
    assert login(cast.editor_a).post("/so-khai-bao/luy-ke/them/", data).status_code == 422
    assert not RunningTotal.objects.exists()


def test_b4_a_total_above_the_known_head_count_is_refused_and_never_capped(cast, login, k3, pupils):
    declare_headcount(effective_on=local_today() - timedelta(days=30), count=500, **pupils)
    response = login(cast.editor_a).post("/so-khai-bao/luy-ke/them/", total_data(cast, k3, 516))
    assert response.status_code == 422
    assert "103,2 % – tử số vượt mẫu số" in response.content.decode()
    assert not RunningTotal.objects.exists()


def test_b4_a_total_that_equals_the_head_count_is_taken(k3, pupils):
    declare_headcount(effective_on=local_today() - timedelta(days=30), count=500, **pupils)
    assert declare_running_total(target=k3, as_of=local_today(), value=500, **pupils).pk


def test_g2_a_decrease_needs_a_reason(cast, login, k3, pupils):
    declare_running_total(target=k3, as_of=local_today() - timedelta(days=31), value=180, **pupils)
    client, data = login(cast.editor_a), total_data(cast, k3, 150)
    response = client.post("/so-khai-bao/luy-ke/them/", data)
    assert response.status_code == 422
    assert "Số luỹ kế giảm từ 180" in response.content.decode()
    assert "Số giảm cần có lý do" in response.content.decode()
    assert client.post("/so-khai-bao/luy-ke/them/", data | {"note": "30 em chuyển trường"}).status_code == 302
    assert RunningTotal.objects.order_by("as_of").last().value == 150


def test_g2_correcting_an_early_total_does_not_move_later_ones(cast, login, k3, pupils):
    early = declare_running_total(target=k3, as_of=local_today() - timedelta(days=60), value=100, **pupils)
    declare_running_total(target=k3, as_of=local_today(), value=260, **pupils)
    address = reverse("training:running_total_edit", args=[early.pk])
    data = total_data(cast, k3, 120, day=early.as_of, version=1)
    assert login(cast.editor_a).post(address, data).status_code == 302
    assert list(RunningTotal.objects.order_by("as_of").values_list("value", flat=True)) == [120, 260]


def test_g3_one_series_a_unit_a_second_number_of_the_day_is_refused(cast, k3, pupils):
    declare_running_total(target=k3, as_of=local_today(), value=100, **pupils)
    with pytest.raises(WorkflowError, match="Hãy sửa số đã có"):
        declare_running_total(target=k3, as_of=local_today(), value=110, **(pupils | {"actor": cast.officer}))
    assert RunningTotal.objects.count() == 1


def test_a_second_head_count_of_the_day_is_refused(pupils):
    declare_headcount(effective_on=local_today(), count=500, **pupils)
    with pytest.raises(WorkflowError, match="Hãy sửa số đã có"):
        declare_headcount(effective_on=local_today(), count=510, **pupils)


@pytest.mark.parametrize("value", ["-1", "12,5", "mười", ""])
def test_what_is_not_a_whole_number_is_refused_and_kept_in_the_field(cast, login, k3, value):
    response = login(cast.editor_a).post("/so-khai-bao/luy-ke/them/", total_data(cast, k3, value))
    assert response.status_code == 422
    assert response.context["form"]["value"].value() == value
    assert not RunningTotal.objects.exists()


def test_only_the_office_sets_the_source(cast, login):
    address = reverse("training:source_edit", args=[cast.a.pk, "PUPIL"])
    seen = {name: login(getattr(cast, name)).get(address).status_code for name in ("editor_a", "leader", "officer")}
    assert seen == {"editor_a": 403, "leader": 403, "officer": 200}
    assert login(cast.stranger).get(address).status_code == 404
    assert login(cast.officer).post(address, {"source": "DECLARED"}).status_code == 302
    assert FigureSource.objects.get().source == Source.DECLARED
    entry = AuditEntry.objects.get(action="Chọn nguồn số liệu")
    assert entry.before == {"source": "ROSTER"}
    assert entry.after == {"source": "DECLARED", "effective_on": "2000-01-01"}


def test_a_unit_and_group_has_one_source_at_a_time(cast):
    for source in (Source.DECLARED, Source.ROSTER):
        set_figure_source(actor=cast.officer, unit=cast.a, group=Group.PUPIL, source=source)
    assert [row.source for row in FigureSource.objects.all()] == [Source.ROSTER]


def test_an_editor_lands_on_their_own_unit_and_not_on_another(cast, login):
    client = login(cast.editor_a)
    assert client.get("/so-khai-bao/").url == unit_page(cast.a)
    assert client.get(unit_page(cast.a)).status_code == 200
    assert client.get(unit_page(cast.b)).status_code == 404
    assert login(cast.officer).get("/so-khai-bao/", {"q": "tieu hoc a"}).context["page"].total == 1


def test_the_page_shows_the_head_count_in_force_only_when_it_is_approved(cast, campaign, pupils):
    record = declare_headcount(effective_on=local_today() - timedelta(days=5), count=480, submit=True, **pupils)
    assert _pupil_line(cast, campaign).headcount is None
    approve_record(actor=cast.officer, record=record)
    assert _pupil_line(cast, campaign).headcount.count == 480


def _pupil_line(cast, campaign):
    return next(line for line in declared_figures(unit=cast.a, campaign=campaign).groups if line.group == Group.PUPIL)


def test_a_draft_edited_by_two_people_is_a_conflict(cast, login, pupils):
    record = declare_headcount(effective_on=local_today(), count=500, **pupils)
    address = reverse("training:headcount_edit", args=[record.pk])
    data = {
        "unit": cast.a.pk,
        "group": "PUPIL",
        "effective_on": local_today().isoformat(),
        "version": 1,
        "viec": "nhap",
    }
    client = login(cast.editor_a)
    assert client.post(address, data | {"count": 505}).status_code == 302
    response = client.post(address, data | {"count": 510})
    assert response.status_code == 409
    assert Headcount.objects.get().count == 505


def test_a_draft_is_deleted_and_a_sent_number_is_not(cast, login, k3, pupils):
    draft = declare_running_total(target=k3, as_of=local_today(), value=5, **pupils)
    sent = declare_headcount(effective_on=local_today(), count=500, submit=True, **pupils)
    client = login(cast.editor_a)
    assert client.post(reverse("training:running_total_delete", args=[draft.pk])).status_code == 302
    assert client.post(reverse("training:headcount_delete", args=[sent.pk])).status_code == 403
    assert not RunningTotal.objects.exists()
    assert Headcount.objects.exists()


def test_queries_of_both_pages_do_not_grow_with_the_numbers(cast, login, k3, pupils, django_assert_max_num_queries):
    client = login(cast.officer)

    def open_pages():
        with django_assert_max_num_queries(100) as queries:
            client.get("/so-khai-bao/")
            client.get(unit_page(cast.a))
        return len(queries)

    declare_running_total(target=k3, as_of=local_today(), value=200, **pupils)
    few = open_pages()
    for number in range(1, 9):
        declare_running_total(target=k3, as_of=local_today() - timedelta(days=number), value=200 - number, **pupils)
        declare_headcount(effective_on=local_today() - timedelta(days=number), count=300, **pupils)
    assert open_pages() == few
