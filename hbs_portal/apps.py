from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "hbs_portal"
    verbose_name = "Cổng Bình dân học vụ số"
