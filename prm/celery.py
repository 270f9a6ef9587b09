"""The Celery application. Tasks are bells: what is due stands in PostgreSQL."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")

for scheme in ("redis", "rediss"):
    TRANSPORT_ALIASES[scheme] = "prm.broker:Transport"

app = Celery("prm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
