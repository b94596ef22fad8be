"""Celery as a doorbell: it only carries ids of Job rows; the rows in the database are the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hbs_portal.settings")

app = Celery("hbs_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
