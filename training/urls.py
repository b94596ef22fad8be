from django.urls import path

from training.views import declared, households, platforms, review

app_name = "training"
urlpatterns = [
    path("nen-tang-so/", platforms.platform_use_list, name="platform_use_list"),
    path("nen-tang-so/ghi/", platforms.platform_use_record, name="platform_use_record"),
    path("nen-tang-so/<int:pk>/", platforms.platform_use_edit, name="platform_use_edit"),
    path("nen-tang-so/<int:pk>/xoa/", platforms.platform_use_delete, name="platform_use_delete"),
    path("danh-muc/nen-tang-so/", platforms.platform_list, name="platform_list"),
    path("danh-muc/nen-tang-so/them/", platforms.platform_create, name="platform_create"),
    path("danh-muc/nen-tang-so/<int:pk>/", platforms.platform_edit, name="platform_edit"),
    path("kiem-tra-ho/", households.household_check_list, name="household_check_list"),
    path("kiem-tra-ho/ghi/", households.household_check_record, name="household_check_record"),
    path("kiem-tra-ho/ghi/<int:household_pk>/", households.household_check_record, name="household_check_record"),
    path("kiem-tra-ho/sau/<int:household_pk>/", households.household_check_next, name="household_check_next"),
    path("kiem-tra-ho/<int:pk>/", households.household_check_edit, name="household_check_edit"),
    path("kiem-tra-ho/<int:pk>/xoa/", households.household_check_delete, name="household_check_delete"),
    path("so-khai-bao/", declared.declared_list, name="declared_list"),
    path("so-khai-bao/don-vi/<int:unit_pk>/", declared.declared_unit, name="declared_unit"),
    path("so-khai-bao/quy-mo/them/", declared.headcount_create, name="headcount_create"),
    path("so-khai-bao/quy-mo/<int:pk>/", declared.headcount_edit, name="headcount_edit"),
    path("so-khai-bao/quy-mo/<int:pk>/xoa/", declared.headcount_delete, name="headcount_delete"),
    path("so-khai-bao/luy-ke/them/", declared.running_total_create, name="running_total_create"),
    path("so-khai-bao/luy-ke/<int:pk>/", declared.running_total_edit, name="running_total_edit"),
    path("so-khai-bao/luy-ke/<int:pk>/xoa/", declared.running_total_delete, name="running_total_delete"),
    path("so-khai-bao/nguon/<int:unit_pk>/<str:group>/", declared.source_edit, name="source_edit"),
    path("duyet/", review.review_queue, name="review_queue"),
    path("duyet/nhieu/", review.review_bulk, name="review_bulk"),
    path("duyet/hoan-tac/", review.review_undo, name="review_undo"),
    path("duyet/<str:kind>/<int:pk>/", review.review_record, name="review_record"),
    path("duyet/<str:kind>/<int:pk>/duyet/", review.review_approve, name="review_approve"),
    path("duyet/<str:kind>/<int:pk>/tra-lai/", review.review_return, name="review_return"),
]
