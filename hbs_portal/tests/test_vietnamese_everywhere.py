"""Nobody meets English: every page of every role, forms sent empty, and the error pages (vietnamese.md, trap 8)."""

import html
import re
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from hbs_portal.tests.crawling import pages_of

#: Words that stand in no Vietnamese sentence; "on", "no", "a", "an", "to", "in", "do", "cho" are Vietnamese too.
ENGLISH = re.compile(
    r"\b(the|and|of|is|are|this|that|with|your|you|please|error|errors|required|invalid|valid|submit|cancel|delete|search|"
    r"choose|select|value|field|enter|page|not found|forbidden|server|request|login|logout|password|username|"
    r"save|edit|add|create|update|next|previous|none|true|false|null|undefined|unknown|object|draft|submitted|approved|"
    r"returned|pupil|teacher|ensure|must|should|file|size|upload|download|loading|yes)\b",
    re.IGNORECASE,
)
#: Addresses, code names and product names that people do read.
ALLOWED = re.compile(r"\bSHA-256\b|\.xlsx|\bfile Excel\b")
TAGS = re.compile(r"<(script|style|template)\b.*?</\1>|<!--.*?-->|<[^>]+>", re.DOTALL)
SPOKEN_ATTRIBUTES = re.compile(r'\b(?:placeholder|title|aria-label|alt|data-confirm|data-busy|label)="([^"]*)"')
ROLES = ("canbo", "lanhdao", "quantri", "truong", "thon", "tocns")
FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>', re.IGNORECASE)
ACTION = re.compile(r'action="([^"]*)"')


def spoken(content: bytes) -> str:
    """What a person sees or a screen reader says on a page."""
    text = content.decode()
    attributes = " | ".join(SPOKEN_ATTRIBUTES.findall(text))
    return html.unescape(TAGS.sub(" ", text) + " | " + attributes)


def english_in(content: bytes) -> list[str]:
    text = ALLOWED.sub(" ", spoken(content))
    return [text[max(0, m.start() - 30) : m.end() + 30].strip() for m in ENGLISH.finditer(text)]


@pytest.fixture
def as_user(demo, db):
    def enter(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username), backend="accounts.backends.PortalBackend")
        return client

    return enter


@pytest.fixture(autouse=True)
def _demo_accounts_open(settings):
    settings.DEMO_ACCOUNTS_ALLOWED = True


@pytest.mark.parametrize("username", ROLES)
def test_every_page_of_every_role_is_vietnamese(as_user, username):
    found, visited = {}, 0
    for path, response in pages_of(as_user(username)):
        assert response.status_code == 200, f"{path}: {response.status_code}"
        visited += 1
        if words := english_in(response.content):
            found[path] = words[:3]
    assert visited > 5
    assert found == {}


@pytest.mark.parametrize("username", ROLES)
def test_forms_sent_empty_answer_in_vietnamese(as_user, username):
    client = as_user(username)
    found, sent = {}, 0
    for path, response in list(pages_of(client)):
        for action in forms_on(path, response.content.decode()):
            answer = client.post(action, {"client_key": uuid4()})
            sent += 1
            assert answer.status_code < 500, f"{action}: {answer.status_code}"
            if "html" in answer.get("Content-Type", "") and (words := english_in(answer.content)):
                found[action] = words[:3]
    assert sent
    assert found == {}


def forms_on(path: str, text: str) -> set[str]:
    """Where the POST forms of a page go; logging out would end the walk."""
    actions = {match.group(1) if (match := ACTION.search(tag)) else path for tag in FORM.findall(text)}
    return {html.unescape(action) or path for action in actions if "dang-xuat" not in action}


@pytest.mark.parametrize("path", ["/khong-co-trang-nay/", "/hoat-dong/999999999/", "/giai-thich/K99/"])
def test_a_page_that_is_not_there_is_explained_in_vietnamese(as_user, path):
    response = as_user("canbo").get(path)
    assert response.status_code == 404
    assert english_in(response.content) == []


def test_a_missing_security_token_is_explained_in_vietnamese(demo, db):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/tai-khoan/dang-nhap/", {"username": "canbo", "password": "x"})
    assert response.status_code == 403
    assert english_in(response.content) == []


def test_a_request_that_is_too_large_is_explained_in_vietnamese(as_user, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = as_user("canbo").post("/hoat-dong/ghi/", {"title": "x" * 100})
    assert response.status_code == 413
    assert english_in(response.content) == []


def test_a_method_that_is_not_allowed_is_explained_in_vietnamese(as_user):
    response = as_user("canbo").put("/tong-quan/")
    assert response.status_code == 405
    assert "trang" in spoken(response.content).lower()
    assert english_in(response.content) == []


def test_a_wrong_password_is_explained_in_vietnamese(demo, db):
    response = Client().post("/tai-khoan/dang-nhap/", {"username": "canbo", "password": "sai"})
    assert response.status_code == 422
    assert english_in(response.content) == []
