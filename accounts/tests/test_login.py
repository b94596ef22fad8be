"""Log in, log out, lock-out, own password."""

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from conftest import PASSWORD

LOGIN = "/tai-khoan/dang-nhap/"
CHANGE = "/tai-khoan/doi-mat-khau/"
NEW = "dong-lua-chin-vang"


def _log_in(client, username="officer", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_a_person_logs_in_by_user_name_whatever_the_case(client, cast):
    response = _log_in(client, username=" OFFICER ")
    assert response.status_code == 302
    assert response.url == "/"
    assert int(client.session["_auth_user_id"]) == cast.officer.pk


def test_a_wrong_password_is_answered_warmly_and_keeps_the_user_name(client, cast):
    response = _log_in(client, password="sai")
    assert response.status_code == 422
    assert "chưa đúng" in response.text
    assert 'value="officer"' in response.text
    assert 'value="sai"' not in response.text
    assert "_auth_user_id" not in client.session


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(client, cast):
    known = _log_in(client, password="sai").context["form"].non_field_errors()
    assert _log_in(client, username="khong.co").context["form"].non_field_errors() == known


def test_after_eight_wrong_passwords_the_name_waits_even_with_the_right_one(client, cast, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert _log_in(client, password="sai").status_code == 422
    locked = _log_in(client, password="sai")
    assert locked.status_code == 429
    assert "15 phút" in locked.text
    assert _log_in(client).status_code == 429
    assert _log_in(client, username="leader").status_code == 302


def test_a_page_asked_for_before_login_opens_after_it(client, cast):
    asked = client.get("/tai-khoan/nhat-ky/")
    assert asked.url == f"{LOGIN}?next=/tai-khoan/nhat-ky/"
    assert 'name="next" value="/tai-khoan/nhat-ky/"' in client.get(asked.url).text
    assert _log_in(client, next="/tai-khoan/nhat-ky/").url == "/tai-khoan/nhat-ky/"


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_a_next_page_outside_the_portal_is_ignored(client, cast, target):
    assert _log_in(client, next=target).url == "/"


def test_a_demo_account_is_refused_where_demonstrations_are_not_allowed(client, cast, settings):
    User.objects.filter(pk=cast.officer.pk).update(is_demo=True)
    settings.DEMO_ACCOUNTS_ALLOWED = False
    assert _log_in(client).status_code == 422
    settings.DEMO_ACCOUNTS_ALLOWED = True
    assert _log_in(client).status_code == 302


def test_a_session_of_a_demo_account_dies_where_demonstrations_are_not_allowed(login, cast, settings):
    settings.DEMO_ACCOUNTS_ALLOWED = True
    User.objects.filter(pk=cast.officer.pk).update(is_demo=True)
    client = login(cast.officer)
    assert client.get(CHANGE).status_code == 200
    settings.DEMO_ACCOUNTS_ALLOWED = False
    assert client.get(CHANGE).url.startswith(LOGIN)


def test_logging_out_needs_a_post(login, cast):
    client = login(cast.officer)
    assert client.get("/tai-khoan/dang-xuat/").status_code == 405
    assert client.post("/tai-khoan/dang-xuat/").url == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_poll_after_the_session_ended_reloads_the_page_instead_of_nesting_the_login(client, db):
    response = client.get(LOGIN, headers={"HX-Request": "true"})
    assert response.headers["HX-Refresh"] == "true"


def _change(client, **more):
    values = {"old_password": PASSWORD, "new_password": NEW, "repeated": NEW}
    return client.post(CHANGE, {**values, **more})


def test_a_changed_password_keeps_this_session_ends_the_others_and_leaves_no_trace(login, cast):
    other = Client()
    other.force_login(cast.officer, backend="accounts.backends.PortalBackend")
    client = login(cast.officer)
    assert _change(client).url == "/"
    assert client.get(CHANGE).status_code == 200
    assert other.get(CHANGE).url.startswith(LOGIN)
    entry = AuditEntry.objects.get(action="Đổi mật khẩu của mình")
    assert NEW not in f"{entry.before}{entry.after}"
    assert _log_in(Client(), password=NEW).status_code == 302


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"old_password": "khong-phai"}, "Mật khẩu đang dùng chưa đúng"),
        ({"new_password": "ngan1", "repeated": "ngan1"}, "ít nhất 8 ký tự"),
        ({"new_password": "82736451", "repeated": "82736451"}, "chỉ gồm chữ số"),
        ({"new_password": "password1", "repeated": "password1"}, "dễ đoán"),
        ({"new_password": "officer99", "repeated": "officer99"}, "quá giống tên"),
        ({"repeated": "dong-lua-khac"}, "Hai lần gõ chưa giống nhau"),
        ({"new_password": PASSWORD, "repeated": PASSWORD}, "phải khác mật khẩu đang dùng"),
    ],
)
def test_a_password_that_does_not_do_is_refused_in_vietnamese(login, cast, typed, told):
    response = _change(login(cast.officer), **typed)
    assert response.status_code == 422
    assert told in response.text
    cast.officer.refresh_from_db()
    assert cast.officer.check_password(PASSWORD)


def test_a_one_time_password_leads_to_the_password_page_until_it_is_changed(login, cast):
    User.objects.filter(pk=cast.officer.pk).update(must_change_password=True)
    client = login(cast.officer)
    assert client.get("/tai-khoan/tep-cua-toi/").url == CHANGE
    assert "Đặt mật khẩu của riêng bạn" in client.get(CHANGE).text
    _change(client)
    assert client.get("/tai-khoan/tep-cua-toi/").status_code == 200


def test_a_person_without_a_role_is_told_whom_to_call(login, cast):
    response = login(cast.nobody).get("/")
    assert response.status_code == 403
    assert "chưa được giao việc" in response.text
