from django.urls import path

from reports.views import dashboard, explanation, unit_home, workbooks

app_name = "reports"
urlpatterns = [
    path("tong-quan/", dashboard.dashboard, name="dashboard"),
    path("don-vi-cua-toi/", unit_home.unit_home, name="unit_home"),
    path("giai-thich/<str:code>/", explanation.explain, name="explain"),
    path("bao-cao/", workbooks.report_list, name="report_list"),
    path("bao-cao/tao-excel/", workbooks.workbook_create, name="workbook_create"),
]
