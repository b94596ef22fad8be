"""A list remembers how it was last filtered, until the person clears it."""

from django.http import HttpRequest, QueryDict

CLEAR_PARAMETER = "xoa-loc"
UNREMEMBERED = (CLEAR_PARAMETER, "trang")


def remembered(request: HttpRequest, name: str) -> QueryDict:
    """The filter of the list `name`: what the address says, else what was last used in this session.

    `?xoa-loc=1` forgets it. The page number is never remembered.
    """
    key = f"filter:{name}"
    if CLEAR_PARAMETER in request.GET:
        request.session.pop(key, None)
        return QueryDict("")
    if not request.GET:
        return QueryDict(request.session.get(key, ""))
    kept = request.GET.copy()
    for parameter in UNREMEMBERED:
        kept.pop(parameter, None)
    if set(request.GET) - set(UNREMEMBERED):
        request.session[key] = kept.urlencode()
    return request.GET
