"""Every address of the portal. Paths are Vietnamese, because people read them."""

from django.urls import include, path

from hbs_portal import home

urlpatterns = [
    path("", home.home, name="home"),
    path("tai-khoan/", include("accounts.urls")),
    path("", include("campaigns.urls")),
    path("", include("training.urls")),
    path("", include("reports.urls")),
]

handler400 = "hbs_portal.errors.bad_request"
