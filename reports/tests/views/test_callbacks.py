"""Calling back on the screen: drawing, the sheet, writing down what was said, beside the figure, who may what."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaigns.choices import Group
from hbs_portal.lib.dates import local_today
from reports.models import CallbackEntry, CallbackSample
from reports.models.callbacks import CallbackOutcome
from reports.pages.callbacks import caution_text, result_text
from reports.selectors import read_progress
from reports.selectors.callbacks import with_counts
from reports.selectors.clocks import Clocks
from reports.services.callbacks import draw_sample

LIST, DRAW = "/bao-cao/goi-lai/", "/bao-cao/goi-lai/rut/"


def shown(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def pupils(cast, make_person, make_activity):
    people = [make_person(cast.a, name, class_name="4A") for name in ("Lê Thị An", "Lê Văn Bình", "Lê Thị Chi")]
    make_activity(cast.a, people=people, title="Bài học tháng tư")
    return people


@pytest.fixture
def draw(campaign, cast):
    def make(code: str = "K3", unit=None, as_of: date = date(2026, 10, 31)) -> CallbackSample:
        reading = read_progress(campaign, Clocks(as_of, as_of))
        target = campaign.targets.get(code=code)
        return draw_sample(actor=cast.officer, reading=reading, target=target, unit=unit, size=30)

    return make


def answers(sample: CallbackSample, *outcomes: tuple[str, str], on: date | None = None) -> dict:
    """The page of results as it was opened, with (outcome, note) typed for the first entries."""
    data = {"client_key": uuid4(), "called_on": f"{on or local_today():%d/%m/%Y}"}
    for entry in sample.entries.all():
        data |= {f"version_{entry.pk}": entry.version, f"outcome_{entry.pk}": entry.outcome}
        data |= {f"initial-outcome_{entry.pk}": entry.outcome, f"note_{entry.pk}": entry.note}
        data |= {f"initial-note_{entry.pk}": entry.note}
    for entry, (outcome, note) in zip(sample.entries.all(), outcomes, strict=False):
        data |= {f"outcome_{entry.pk}": outcome, f"note_{entry.pk}": note}
    return data


def said(sample: CallbackSample) -> list[tuple[str, str]]:
    return list(sample.entries.values_list("outcome", "note"))


def page_of_results(sample: CallbackSample) -> str:
    return reverse("reports:callback_results", args=[sample.pk])


def test_a_sample_is_drawn_from_a_form_that_the_figure_fills_in(pupils, cast, login):
    client = login(cast.officer)
    explanation = client.get("/giai-thich/K3/?don-vi=TH-A&ngay=2026-10-31").content.decode()
    link = re.search(rf'href="({DRAW}[^"]*)"', explanation)[1].replace("&amp;", "&")
    form = client.get(link).context["form"]
    given = {name: form[name].value() for name in ("target", "unit", "size", "ngay")}
    assert given == {"target": "K3", "unit": "TH-A", "size": 30, "ngay": "2026-10-31"}
    response = client.post(DRAW, {"client_key": uuid4(), **given})
    sample = CallbackSample.objects.get()
    assert response.url == f"{LIST}{sample.pk}/"
    assert (sample.target.code, sample.unit, sample.population) == ("K3", cast.a, 3)
    assert sample.as_of == date(2026, 10, 31)


def test_where_nobody_counts_the_form_says_so(cast, login):
    response = login(cast.officer).post(DRAW, {"client_key": uuid4(), "target": "K3", "size": 30})
    assert response.status_code == 422
    assert "Chưa có ai được tính theo danh sách ở phạm vi này" in shown(response)


@pytest.mark.parametrize(
    "wrong", [{"size": 4}, {"size": 101}, {"target": "K5"}, {"unit": "TH-X"}, {"ngay": "31/02/2026"}]
)
def test_what_cannot_be_drawn_is_not_taken(wrong, pupils, cast, login):
    data = {"client_key": uuid4(), "target": "K3", "size": 30, **wrong}
    assert login(cast.officer).post(DRAW, data).status_code == 422
    assert not CallbackSample.objects.exists()


def test_names_classes_and_the_phone_of_a_household_stand_on_the_page(cast, login, draw, make_household, make_check):
    make_check(make_household(cast.village, "Trần Văn Bảy", phone="0901234567", address="Ngõ 5"))
    text = shown(login(cast.leader).get(f"{LIST}{draw('K4').pk}/"))
    assert "1. Trần Văn Bảy" in text
    assert "Thôn Một, Ngõ 5" in text
    assert "0901234567" in text


def test_a_person_who_lives_in_a_household_is_called_there(
    cast, login, draw, make_person, make_activity, make_household
):
    person = make_person(cast.a, "Phạm Văn Thầy", group=Group.TEACHER)
    home = make_household(cast.village, phone="0987654321")
    person.memberships.create(
        commune=cast.commune, unit=cast.village, group=Group.RESIDENT, household=home, starts_on=date(2025, 1, 1)
    )
    make_activity(cast.a, kind="TRAINING", people=[person])
    text = shown(login(cast.officer).get(f"{LIST}{draw('K1').pk}/"))
    assert "Trường Tiểu học A, Giáo viên" in text
    assert "0987654321" in text


def test_many_results_are_written_down_on_one_page(pupils, cast, login, draw):
    sample = draw()
    client = login(cast.officer)
    typed = answers(sample, ("CONFIRMED", ""), ("DENIED", "Hôm đó nghỉ ốm"))
    assert client.post(page_of_results(sample), typed).status_code == 302
    assert said(sample) == [("CONFIRMED", ""), ("DENIED", "Hôm đó nghỉ ốm"), ("PENDING", "")]
    days = list(sample.entries.values_list("called_on", "recorded_by"))
    assert days == [(local_today(), cast.officer.pk)] * 2 + [(None, None)]
    text = shown(client.get(f"{LIST}{sample.pk}/"))
    assert "Gọi lại 3 học sinh: 1 xác nhận, 1 nói không đúng, 1 chưa gọi." in text
    assert "con số không tự thay đổi" in text


def test_what_was_written_down_is_in_the_audit_once(pupils, cast, login, draw):
    sample = draw()
    login(cast.officer).post(page_of_results(sample), answers(sample, ("CONFIRMED", ""), ("UNREACHED", "")))
    entry = AuditEntry.objects.get(action="Ghi kết quả gọi lại")
    assert entry.before == {"results": ["Lê Thị An: Chưa gọi", "Lê Văn Bình: Chưa gọi"]}
    assert entry.after["results"] == ["Lê Thị An: Xác nhận đúng", "Lê Văn Bình: Không liên hệ được"]


def test_a_later_day_touches_only_the_lines_that_were_touched(pupils, cast, login, draw):
    sample = draw()
    CallbackSample.objects.filter(pk=sample.pk).update(drawn_at="2026-10-01T08:00+07:00")
    client = login(cast.officer)
    client.post(page_of_results(sample), answers(sample, ("CONFIRMED", ""), on=date(2026, 10, 2)))
    now = answers(sample, *said(sample)[:1], ("CONFIRMED", ""), on=date(2026, 10, 5))
    client.post(page_of_results(sample), now)
    days = list(sample.entries.values_list("called_on", flat=True))
    assert days == [date(2026, 10, 2), date(2026, 10, 5), None]


def test_a_result_taken_back_has_no_day(pupils, cast, login, draw):
    sample = draw()
    client = login(cast.officer)
    client.post(page_of_results(sample), answers(sample, ("CONFIRMED", "")))
    client.post(page_of_results(sample), answers(sample, ("PENDING", "")))
    entry = sample.entries.first()
    assert (entry.outcome, entry.called_on) == ("PENDING", None)


def test_a_day_before_the_draw_or_in_the_future_is_not_taken(pupils, cast, login, draw):
    sample = draw()
    client = login(cast.officer)
    for day in (local_today() - timedelta(days=1), local_today() + timedelta(days=1)):
        response = client.post(page_of_results(sample), answers(sample, ("CONFIRMED", ""), on=day))
        assert response.status_code == 422
    assert said(sample) == [("PENDING", "")] * 3


def test_two_people_who_call_at_once_lose_nothing(pupils, cast, login, draw):
    sample = draw()
    client = login(cast.officer)
    as_opened = answers(sample)
    client.post(page_of_results(sample), answers(sample, ("CONFIRMED", "Mẹ trả lời")))
    first, second, _ = sample.entries.all()
    other_line = as_opened | {f"outcome_{second.pk}": "UNREACHED", "client_key": uuid4()}
    assert client.post(page_of_results(sample), other_line).status_code == 302
    assert said(sample)[:2] == [("CONFIRMED", "Mẹ trả lời"), ("UNREACHED", "")]
    same_line = as_opened | {f"outcome_{first.pk}": "DENIED", "client_key": uuid4()}
    response = client.post(page_of_results(sample), same_line)
    assert response.status_code == 409
    assert "Xác nhận đúng (Mẹ trả lời)" in shown(response)
    assert said(sample)[0] == ("CONFIRMED", "Mẹ trả lời")
    fields = re.findall(r'name="((?:initial-)?[a-z]+_\d+)"[^>]*? value="([^"]*)"', response.content.decode())
    hidden = {name: value for name, value in fields if name.startswith(("initial-", "version_"))}
    again = same_line | hidden | {"client_key": uuid4()}
    assert client.post(page_of_results(sample), again).status_code == 302
    assert said(sample)[0][0] == "DENIED"


def test_who_denied_leads_to_the_record_that_counts_them(pupils, cast, login, draw):
    sample = draw()
    sample.entries.filter(position=1).update(outcome="DENIED", called_on=local_today())
    page = login(cast.leader).get(f"{LIST}{sample.pk}/")
    links = [called.record_url for called in page.context["rows"]]
    activity = pupils[0].attendances.get().activity_id
    assert links == [f"/hoat-dong/{activity}/", "", ""]


def test_a_household_that_denied_leads_the_office_to_its_check(cast, login, draw, make_household, make_check):
    check = make_check(make_household(cast.village))
    make_check(check.household, on=date(2026, 3, 1), skills=3)
    sample = draw("K4")
    sample.entries.update(outcome="DENIED", called_on=local_today())
    (called,) = login(cast.officer).get(f"{LIST}{sample.pk}/").context["rows"]
    assert called.record_url == f"/duyet/kiem-tra-ho/{check.pk}/"
    (called,) = login(cast.leader).get(f"{LIST}{sample.pk}/").context["rows"]
    assert called.record_url == ""


def test_a_confirmation_that_was_denied_leads_to_it(cast, login, draw, make_person, make_platform_use):
    use = make_platform_use(make_person(cast.a, group=Group.TEACHER))
    sample = draw("K2")
    sample.entries.update(outcome="DENIED", called_on=local_today())
    (called,) = login(cast.officer).get(f"{LIST}{sample.pk}/").context["rows"]
    assert called.record_url == f"/duyet/nen-tang/{use.pk}/"


def test_the_sheet_is_printed_for_a_reason_that_is_recorded(pupils, cast, login, draw):
    sample = draw()
    client = login(cast.leader)
    url = reverse("reports:callback_sheet", args=[sample.pk])
    assert "Lê Thị An" not in shown(client.get(url))
    assert client.post(url, {"client_key": uuid4(), "reason": "Để gọi"}).status_code == 422
    assert not AuditEntry.objects.filter(action="Xuất phiếu gọi lại").exists()
    sheet = client.post(url, {"client_key": uuid4(), "reason": "Kiểm tra số liệu K3 trước báo cáo"})
    assert "1. Lê Thị An Trường Tiểu học A, Lớp 4A" in shown(sheet)
    entry = AuditEntry.objects.get(action="Xuất phiếu gọi lại")
    assert entry.after == {"count": 3, "reason": "Kiểm tra số liệu K3 trước báo cáo"}


def test_the_result_stands_beside_its_own_figure_and_changes_nothing(pupils, cast, login, draw):
    sample, client = draw(), login(cast.leader)
    before = client.get("/giai-thich/K3/").context["page"].tile.cell
    assert "Gọi lại 3 học sinh: 3 chưa gọi" in shown(client.get("/giai-thich/K3/"))
    sample.entries.update(outcome="DENIED", called_on=local_today())
    page = client.get("/giai-thich/K3/")
    assert "Gọi lại 3 học sinh: 3 nói không đúng" in shown(page)
    assert page.context["page"].tile.cell == before
    assert "nói không đúng" not in shown(client.get("/giai-thich/K3/?don-vi=TH-A"))
    assert "nói không đúng" not in shown(client.get("/giai-thich/K1/"))


def test_an_editor_sees_nothing_of_calls_beside_the_figure(pupils, cast, login, draw):
    draw(unit=cast.a)
    assert "Gọi lại" not in shown(login(cast.editor_a).get("/giai-thich/K3/"))


def test_units_are_not_called(cast, login):
    assert "Gọi lại" not in shown(login(cast.officer).get("/giai-thich/K5/"))


def test_the_result_in_words_and_what_it_does_not_say(pupils, draw, make_person, make_activity, cast):
    make_activity(cast.a, people=[make_person(cast.a, f"Hoàng {n}") for n in range(27)])
    sample = draw()
    entries = list(sample.entries.all())
    for place, entry in enumerate(entries):
        entry.outcome = "CONFIRMED" if place < 27 else "DENIED" if place < 28 else "UNREACHED"
        entry.called_on = local_today()
    CallbackEntry.objects.bulk_update(entries, ["outcome", "called_on"])
    counted = with_counts(CallbackSample.objects.all()).get()
    assert result_text(counted) == "Gọi lại 30 học sinh: 27 xác nhận, 1 nói không đúng, 2 không liên hệ được"
    sample.entries.filter(outcome="DENIED").update(outcome=CallbackOutcome.CONFIRMED)
    counted = with_counts(CallbackSample.objects.all()).get()
    assert "Với 28 lần xác nhận, vẫn có thể còn đến khoảng 1 trong 9 trường hợp" in caution_text(counted)


def test_drawing_again_is_told_on_the_page(pupils, cast, login, draw):
    sample = draw()
    client = login(cast.leader)
    assert "cho đúng danh sách này" in shown(client.get(f"{LIST}{sample.pk}/?kiem-tra=1"))
    CallbackSample.objects.filter(pk=sample.pk).update(as_of=date(2026, 1, 1))
    assert "Rút lại cho danh sách khác: nay có 0 học sinh" in shown(client.get(f"{LIST}{sample.pk}/?kiem-tra=1"))


def test_drawing_again_from_records_that_contradict_each_other_says_so(cast, login, draw, pupils, make_activity):
    sample = draw()
    make_activity(cast.a, people=pupils[:1], totals={Group.PUPIL: 0})
    response = login(cast.officer).get(f"{LIST}{sample.pk}/?kiem-tra=1")
    assert "có 1 người được ghi tên nhưng tổng số chỉ là 0" in shown(response)
    assert "Lê Thị An" in shown(response)


def test_the_list_is_searched_and_filtered(pupils, cast, login, draw, make_household, make_check):
    make_check(make_household(cast.village))
    whole, one, homes = draw(), draw(unit=cast.a), draw("K4")
    one.entries.update(outcome="CONFIRMED", called_on=local_today())
    client = login(cast.leader)

    def found(query: str) -> set[int]:
        return {sample.pk for sample, _ in client.get(f"{LIST}?{query}").context["page"].object_list}

    assert found("q=") == {whole.pk, one.pk, homes.pk}
    assert found("q=tieu+hoc+a") == {one.pk}
    assert found("q=k4") == {homes.pk}
    assert found(f"target={homes.target_id}") == {homes.pk}
    assert found("state=con-goi") == {whole.pk, homes.pk}
    assert found("state=da-xong&target=x") == {one.pk}


def test_without_samples_the_list_says_what_to_do(cast, login):
    assert "Rút mẫu đầu tiên" in shown(login(cast.officer).get(LIST))


def test_who_may_draw_and_write_down(pupils, cast, login, draw):
    sample = draw()
    client = login(cast.leader)
    assert client.post(DRAW, {"client_key": uuid4()}).status_code == 403
    assert client.post(page_of_results(sample), answers(sample, ("CONFIRMED", ""))).status_code == 403
    assert login(cast.stranger).post(page_of_results(sample), answers(sample)).status_code == 404
    assert said(sample) == [("PENDING", "")] * 3


def test_the_number_of_queries_does_not_grow(
    cast, login, draw, make_person, make_activity, django_assert_max_num_queries
):
    def grow(count: int) -> CallbackSample:
        make_activity(cast.a, people=[make_person(cast.a, class_name="4A") for _ in range(count)])
        sample = draw()
        sample.entries.update(outcome="DENIED", called_on=local_today())
        return sample

    def pages(sample: CallbackSample) -> list[str]:
        return [LIST, f"{LIST}{sample.pk}/", page_of_results(sample)]

    client = login(cast.officer)
    costs = []
    for url in pages(grow(2)):
        with django_assert_max_num_queries(14) as before:
            client.get(url)
        costs.append(len(before))
    for url, cost in zip(pages(grow(9)), costs, strict=True):
        with django_assert_max_num_queries(cost):
            client.get(url)
