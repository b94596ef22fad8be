from django.urls import path

from campaigns.views import accounts, campaign, teams, units

app_name = "campaigns"
urlpatterns = [
    path("don-vi/", units.unit_list, name="unit_list"),
    path("don-vi/moi/", units.unit_create, name="unit_create"),
    path("don-vi/hop-nhat/", units.unit_merge, name="unit_merge"),
    path("don-vi/<int:pk>/", units.unit_detail, name="unit_detail"),
    path("don-vi/<int:pk>/sua/", units.unit_edit, name="unit_edit"),
    path("don-vi/<int:pk>/ket-thuc/", units.unit_close, name="unit_close"),
    path("ke-hoach/", campaign.campaign_detail, name="campaign_detail"),
    path("ke-hoach/sua/", campaign.campaign_edit, name="campaign_edit"),
    path("ke-hoach/chi-tieu/moi/", campaign.target_create, name="target_create"),
    path("ke-hoach/chi-tieu/<int:pk>/sua/", campaign.target_edit, name="target_edit"),
    path("ke-hoach/the-thuc/", campaign.agency_edit, name="agency_edit"),
    path("to-cong-nghe-so/", teams.team_list, name="team_list"),
    path("to-cong-nghe-so/moi/", teams.team_create, name="team_create"),
    path("to-cong-nghe-so/<int:pk>/sua/", teams.team_edit, name="team_edit"),
    path("quan-tri/tai-khoan/", accounts.account_list, name="account_list"),
    path("quan-tri/tai-khoan/moi/", accounts.account_create, name="account_create"),
    path("quan-tri/tai-khoan/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("quan-tri/tai-khoan/<int:pk>/sua/", accounts.account_edit, name="account_edit"),
    path("quan-tri/tai-khoan/<int:pk>/mat-khau/", accounts.account_reset, name="account_reset"),
    path("quan-tri/tai-khoan/<int:pk>/khoa/", accounts.account_disable, name="account_disable"),
    path("quan-tri/tai-khoan/<int:pk>/mo-lai/", accounts.account_enable, name="account_enable"),
]
