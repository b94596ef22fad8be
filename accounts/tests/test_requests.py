"""`@methods`: a GET cannot write, a POST is one transaction, and a form is carried out once (rule H4)."""

from uuid import uuid4

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory

from accounts.models import AuditEntry, SentForm, User
from accounts.requests import GetMayNotWriteError, methods

pytestmark = pytest.mark.django_db


def request_of(user, method: str = "post", **data):
    request = getattr(RequestFactory(), method)("/", data)
    request.user, request._messages = user, CookieStorage(request)
    return request


def write(label: str) -> None:
    AuditEntry.objects.create(actor_name="a", action="b", object_label=label)


@methods("GET", "POST")
def record_view(request):
    write("ghi")
    return redirect("/sau-khi-ghi/")


def test_h4_a_form_sent_twice_is_carried_out_once_and_leads_to_the_same_place(cast):
    key = uuid4()
    first = record_view(request_of(cast.officer, client_key=key))
    second = record_view(request_of(cast.officer, client_key=key))
    assert first.url == second.url == "/sau-khi-ghi/"
    assert AuditEntry.objects.filter(object_label="ghi").count() == 1


def test_h4_another_person_with_the_same_key_does_not_learn_where_it_led(cast):
    key = uuid4()
    record_view(request_of(cast.officer, client_key=key))
    answer = record_view(request_of(cast.leader, client_key=key))
    assert answer.status_code == 409
    assert AuditEntry.objects.filter(object_label="ghi").count() == 1


def test_a_get_cannot_write(cast):
    with pytest.raises(GetMayNotWriteError), transaction.atomic():
        record_view(request_of(cast.officer, "get"))
    assert not AuditEntry.objects.filter(object_label="ghi").exists()


def test_a_refused_post_writes_nothing_and_its_key_may_be_used_again(cast):
    @methods("POST")
    def refusing_view(request):
        write("ghi")
        return HttpResponse(status=422)

    key = uuid4()
    assert refusing_view(request_of(cast.officer, client_key=key)).status_code == 422
    assert not AuditEntry.objects.filter(object_label="ghi").exists()
    assert not SentForm.objects.exists()
    assert record_view(request_of(cast.officer, client_key=key)).status_code == 302


def test_a_unique_rule_met_in_the_same_instant_is_a_sentence_not_a_crash(cast):
    @methods("POST")
    def colliding_view(request):
        User.objects.create(username=cast.leader.username)
        raise AssertionError("the database must have refused")

    answer = colliding_view(request_of(cast.officer))
    assert answer.status_code == 409
    assert "quay lại" in answer.content.decode()


def test_a_wrong_key_is_no_key(cast):
    assert record_view(request_of(cast.officer, client_key="khong-phai-uuid")).status_code == 302
    assert not SentForm.objects.exists()
