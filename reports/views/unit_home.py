from django.http import HttpRequest, HttpResponse


def unit_home(request: HttpRequest, code: str = "") -> HttpResponse:
    raise NotImplementedError
