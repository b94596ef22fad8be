from django.urls import path

from accounts.views import audit, jobs, login

app_name = "accounts"
urlpatterns = [
    path("dang-nhap/", login.login, name="login"),
    path("dang-xuat/", login.logout, name="logout"),
    path("phien/", login.session_state, name="session_state"),
    path("doi-mat-khau/", login.password_change, name="password_change"),
    path("nhat-ky/", audit.audit_list, name="audit_list"),
    path("nhat-ky/xuat/", audit.audit_export, name="audit_export"),
    path("tep-cua-toi/", jobs.job_list, name="job_list"),
    path("tep-cua-toi/<int:pk>/", jobs.job_detail, name="job_detail"),
    path("tep-cua-toi/<int:pk>/tai-ve/", jobs.job_download, name="job_download"),
    path("tep-cua-toi/<int:pk>/dong/", jobs.job_row, name="job_row"),
    path("tep-cua-toi/<int:pk>/xoa/", jobs.job_delete, name="job_delete"),
    path("tep-cua-toi/<int:pk>/huy/", jobs.job_cancel, name="job_cancel"),
    path("tep-cua-toi/<int:pk>/lam-lai/", jobs.job_retry, name="job_retry"),
]
