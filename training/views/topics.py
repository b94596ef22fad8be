"""Pages of the catalogue of topics."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allow, may_manage_units
from accounts.requests import methods
from campaigns.current import commune_of
from hbs_portal.lib.paging import page_of
from training.forms.topics import TopicForm
from training.models import Topic
from training.services.topics import create_topic, update_topic


@allow(may_manage_units)
@methods("GET")
def topic_list(request: HttpRequest) -> HttpResponse:
    page = page_of(Topic.objects.visible_to(request.user), request.GET)
    return render(request, "training/topic_list.html", {"page": page})


@allow(may_manage_units)
@methods("GET", "POST")
def topic_create(request: HttpRequest) -> HttpResponse:
    commune = commune_of(request.user)
    form = TopicForm(request.POST or None, commune=commune)
    if request.method == "POST" and form.is_valid():
        create_topic(actor=request.user, commune=commune, **form.cleaned_data)
        messages.success(request, "Đã thêm chủ đề.")
        return redirect("training:topic_list")
    context = {"form": form, "heading": "Thêm chủ đề"}
    return render(request, "training/topic_form.html", context, status=422 if form.is_bound else 200)


@allow(may_manage_units)
@methods("GET", "POST")
def topic_edit(request: HttpRequest, pk: int) -> HttpResponse:
    topic = get_object_or_404(Topic.objects.visible_to(request.user).select_related("commune"), pk=pk)
    form = TopicForm(request.POST or None, instance=topic, commune=topic.commune)
    if request.method == "POST" and form.is_valid():
        update_topic(actor=request.user, topic=topic, **form.cleaned_data)
        messages.success(request, "Đã lưu chủ đề.")
        return redirect("training:topic_list")
    context = {"form": form, "heading": "Sửa chủ đề"}
    return render(request, "training/topic_form.html", context, status=422 if form.is_bound else 200)
