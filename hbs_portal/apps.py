from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class PortalConfig(AppConfig):
    name = "hbs_portal"
    verbose_name = "Cổng Bình dân học vụ số"

    def ready(self) -> None:
        # shared_task rings through the app that exists; without a broker nobody pays for loading Celery.
        if settings.REDIS_URL:
            import_module("hbs_portal.celery")
