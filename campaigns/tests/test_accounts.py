"""The administrator's pages: accounts, their roles, one-time passwords."""

import json
import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import AuditEntry, User
from campaigns.choices import Role
from campaigns.models import UnitRole
from campaigns.services import roles
from conftest import PASSWORD

LIST = "/quan-tri/tai-khoan/"
CREATE = f"{LIST}moi/"
LOGIN = "/tai-khoan/dang-nhap/"
ONE_TIME = re.compile(r"<samp>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</samp>")


def _page(user, step=""):
    return f"{LIST}{user.pk}/{step}"


def _typed(unit, **more):
    return {
        "username": "th-a.lan",
        "full_name": "Nguyễn Thị Lan",
        "phone": "0912 345 678",
        "role": "EDITOR",
        "unit": unit.pk,
        **more,
    }


def _edited(user, **more):
    return {"full_name": user.full_name, "phone": user.phone, "version": user.version, **more}


@pytest.fixture
def admin_client(login, cast):
    return login(cast.admin)


def test_a_new_account_shows_its_one_time_password_once_and_never_stores_it(admin_client, cast):
    response = admin_client.post(CREATE, _typed(cast.a), follow=True)
    password = ONE_TIME.search(response.text)[1]
    assert "no-store" in response.headers["Cache-Control"]
    account = User.objects.get(username="th-a.lan")
    assert account.must_change_password
    assert account.check_password(password)
    assert ONE_TIME.search(admin_client.get(_page(account)).text) is None
    assert password not in str(dict(admin_client.session.items()))
    for entry in AuditEntry.objects.all():
        assert password not in json.dumps([entry.before, entry.after, entry.object_label])


def test_a_new_account_logs_in_and_is_led_to_choose_a_password(admin_client, cast):
    text = admin_client.post(CREATE, _typed(cast.a), follow=True).text
    entered = Client()
    entered.post(LOGIN, {"username": "th-a.lan", "password": ONE_TIME.search(text)[1]})
    assert entered.get("/").url == "/tai-khoan/doi-mat-khau/"


def test_the_same_form_sent_twice_creates_one_account(admin_client, cast):
    typed = _typed(cast.a, client_key=str(uuid.uuid4()))
    first, second = admin_client.post(CREATE, typed), admin_client.post(CREATE, typed)
    assert first.url == second.url
    assert User.objects.filter(username="th-a.lan").count() == 1
    assert AuditEntry.objects.filter(action="Tạo tài khoản").count() == 1


def test_each_write_is_one_entry_of_the_audit(admin_client, cast):
    admin_client.post(CREATE, _typed(cast.a))
    account = User.objects.get(username="th-a.lan")
    admin_client.post(_page(account, "sua/"), _edited(account, full_name="Lê Thị Lan"))
    admin_client.post(_page(account, "mat-khau/"))
    admin_client.post(_page(account, "khoa/"))
    admin_client.post(_page(account, "mo-lai/"))
    told = AuditEntry.objects.filter(object_type="accounts.User", object_id=account.pk).order_by("pk")
    assert [entry.action for entry in told] == [
        "Tạo tài khoản",
        "Sửa tài khoản",
        "Đặt lại mật khẩu",
        "Khóa tài khoản",
        "Mở lại tài khoản",
    ]
    assert told[0].after["roles"] == ["Người nhập của đơn vị - Trường Tiểu học A"]
    assert told[1].after == {"full_name": "Lê Thị Lan"}


@pytest.mark.parametrize(
    ("role", "place", "is_allowed"),
    [
        (Role.ADMIN, "commune", True),
        (Role.OFFICER, "commune", True),
        (Role.LEADER, "commune", True),
        (Role.ADMIN, "a", False),
        (Role.OFFICER, "office", False),
        (Role.LEADER, "village", False),
        (Role.EDITOR, "a", True),
        (Role.EDITOR, "office", True),
        (Role.EDITOR, "village", True),
        (Role.EDITOR, "commune", False),
        (Role.TEAM_MEMBER, "village", True),
        (Role.TEAM_MEMBER, "a", False),
        (Role.TEAM_MEMBER, "commune", False),
    ],
)
def test_a_role_is_given_only_where_it_has_a_meaning(admin_client, cast, role, place, is_allowed):
    response = admin_client.post(CREATE, _typed(getattr(cast, place), role=role))
    assert response.status_code == (302 if is_allowed else 422)
    assert User.objects.filter(username="th-a.lan").exists() is is_allowed


def test_a_unit_of_another_commune_cannot_be_chosen(admin_client, cast):
    response = admin_client.post(CREATE, _typed(cast.other_school))
    assert response.status_code == 422
    assert "unit" in response.context["form"].errors
    with pytest.raises(ValidationError):
        roles.create_account(
            actor=cast.admin, username="x.y", full_name="X", phone="", role=Role.EDITOR, unit=cast.other_school
        )


def test_a_name_that_is_taken_is_told_once(admin_client, cast):
    errors = admin_client.post(CREATE, _typed(cast.a, username="editor.a")).context["form"].errors
    assert list(errors) == ["username"]
    assert len(errors["username"]) == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"username": "editor.a"}, "đã có người dùng"),
        ({"username": "EDITOR.A"}, "đã có người dùng"),
        ({"username": "Lan Anh"}, "chữ thường không dấu"),
        ({"phone": "không có"}, "8 đến 15 chữ số"),
        ({"full_name": ""}, "Họ và tên"),
    ],
)
def test_a_wrong_entry_keeps_what_was_typed_and_writes_nothing(admin_client, cast, typed, told):
    accounts = User.objects.count()
    response = admin_client.post(CREATE, _typed(cast.a, **typed))
    assert response.status_code == 422
    assert told in response.text
    assert ('value="0912 345 678"' in response.text) is ("phone" not in typed)
    assert User.objects.count() == accounts


def test_a_role_is_taken_away_and_another_given_in_one_step(admin_client, cast):
    row = cast.editor_a.unit_roles.get()
    typed = _edited(cast.editor_a, removed=[row.pk], role="EDITOR", unit=cast.b.pk)
    assert admin_client.post(_page(cast.editor_a, "sua/"), typed).url == _page(cast.editor_a)
    assert list(UnitRole.objects.filter(user=cast.editor_a).values_list("unit", flat=True)) == [cast.b.pk]
    entry = AuditEntry.objects.get(action="Sửa tài khoản")
    assert entry.before == {"roles": ["Người nhập của đơn vị - Trường Tiểu học A"]}
    assert entry.after == {"roles": ["Người nhập của đơn vị - Trường THCS B"]}


def test_an_account_keeps_at_least_one_role(admin_client, cast):
    typed = _edited(cast.editor_a, removed=[cast.editor_a.unit_roles.get().pk])
    response = admin_client.post(_page(cast.editor_a, "sua/"), typed)
    assert response.status_code == 422
    assert "ít nhất một vai trò" in response.text
    assert cast.editor_a.unit_roles.count() == 1


def test_the_last_administrator_stays(admin_client, cast):
    row = cast.admin.unit_roles.get()
    typed = _edited(cast.admin, removed=[row.pk], role="OFFICER", unit=cast.commune.pk)
    response = admin_client.post(_page(cast.admin, "sua/"), typed)
    assert response.status_code == 422
    assert "ít nhất một quản trị" in response.text
    assert UnitRole.objects.filter(pk=row.pk).exists()


def test_nobody_disables_themselves_nor_the_last_administrator(admin_client, cast, make_user):
    response = admin_client.post(_page(cast.admin, "khoa/"))
    assert response.status_code == 422
    assert "không tự khóa" in response.text
    second = make_user("admin2", (Role.ADMIN, cast.commune))
    roles.disable_account(actor=second, account=cast.admin)
    with pytest.raises(ValidationError):
        roles.disable_account(actor=cast.admin, account=second)
    second.refresh_from_db()
    assert second.is_active


def test_a_disabled_account_is_out_at_once_and_its_old_session_stays_dead(admin_client, cast):
    theirs = Client()
    theirs.force_login(cast.editor_a, backend="accounts.backends.PortalBackend")
    assert theirs.get("/tai-khoan/tep-cua-toi/").status_code == 200
    admin_client.post(_page(cast.editor_a, "khoa/"))
    assert theirs.get("/tai-khoan/tep-cua-toi/").url.startswith(LOGIN)
    assert Client().post(LOGIN, {"username": "editor.a", "password": PASSWORD}).status_code == 422
    admin_client.post(_page(cast.editor_a, "mo-lai/"))
    assert theirs.get("/tai-khoan/tep-cua-toi/").url.startswith(LOGIN)
    assert Client().post(LOGIN, {"username": "editor.a", "password": PASSWORD}).status_code == 302


def test_a_reset_password_is_shown_once_ends_sessions_and_the_wait_after_wrong_ones(admin_client, cast):
    theirs = Client()
    theirs.force_login(cast.editor_a, backend="accounts.backends.PortalBackend")
    for _ in range(8):
        locked = Client().post(LOGIN, {"username": "editor.a", "password": "sai"})
    assert locked.status_code == 429
    assert "Điều gì sẽ xảy ra" in admin_client.get(_page(cast.editor_a, "mat-khau/")).text
    password = ONE_TIME.search(admin_client.post(_page(cast.editor_a, "mat-khau/"), follow=True).text)[1]
    assert theirs.get("/tai-khoan/tep-cua-toi/").url.startswith(LOGIN)
    assert Client().post(LOGIN, {"username": "editor.a", "password": password}).status_code == 302
    cast.editor_a.refresh_from_db()
    assert cast.editor_a.must_change_password


def test_the_second_of_two_editors_is_told_and_loses_nothing(admin_client, cast):
    typed = _edited(cast.editor_a, full_name="Tên của người thứ hai")
    roles.edit_account(
        actor=cast.admin, account=cast.editor_a, expected_version=1, full_name="Tên của người thứ nhất", phone=""
    )
    response = admin_client.post(_page(cast.editor_a, "sua/"), typed)
    assert response.status_code == 409
    assert "Tên của người thứ nhất" in response.text
    assert 'value="Tên của người thứ hai"' in response.text
    cast.editor_a.refresh_from_db()
    assert cast.editor_a.full_name == "Tên của người thứ nhất"


@pytest.mark.parametrize("step", ["", "sua/", "mat-khau/", "khoa/", "mo-lai/"])
def test_an_account_of_another_commune_is_not_found(admin_client, cast, step):
    assert admin_client.get(_page(cast.stranger, step)).status_code == 404
    if step:
        assert admin_client.post(_page(cast.stranger, step)).status_code == 404
    cast.stranger.refresh_from_db()
    assert cast.stranger.is_active


@pytest.mark.parametrize("who", ["officer", "leader", "editor_a", "team_member", "stranger", "nobody"])
@pytest.mark.parametrize("step", ["", "moi/"])
def test_only_the_administrator_opens_these_pages(login, cast, who, step):
    assert login(getattr(cast, who)).get(LIST + step).status_code == 403


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "do thi CAN bo"}, ["officer"]),
        ({"role": "LEADER"}, ["leader"]),
        ({"role": "EDITOR", "unit": "village"}, ["village.head"]),
        ({"unit": "village"}, ["team.member", "village.head"]),
        ({"state": "khoa"}, ["officer2"]),
        ({"q": "khong co ai"}, []),
    ],
)
def test_accounts_are_found_without_diacritics_by_role_unit_and_state(admin_client, cast, query, names):
    User.objects.filter(pk=cast.officer2.pk).update(is_active=False)
    query = {name: getattr(cast, value).pk if name == "unit" else value for name, value in query.items()}
    shown = [account.username for account in admin_client.get(LIST, query).context["page"]]
    assert shown == names


def test_the_list_shows_no_account_of_another_commune(admin_client, cast):
    shown = {account.username for account in admin_client.get(LIST).context["page"]}
    assert "stranger" not in shown
    assert {"admin", "editor.a", "team.member"} <= shown


def test_the_number_of_queries_does_not_grow_with_the_accounts(
    admin_client, cast, make_user, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as few:
        admin_client.get(LIST)
    for number in range(15):
        make_user(f"them.{number}", (Role.EDITOR, cast.a), (Role.TEAM_MEMBER, cast.village))
    with django_assert_max_num_queries(12) as many:
        admin_client.get(LIST)
    assert len(many) == len(few)


def test_a_role_in_another_commune_gives_no_right_in_the_own_one(cast, make_user):
    both = make_user("hai.xa", (Role.EDITOR, cast.a), (Role.OFFICER, cast.other_commune))
    assert (both.scope.commune_id, both.scope.roles, both.scope.unit_ids) == (cast.commune.pk, {"EDITOR"}, {cast.a.pk})
