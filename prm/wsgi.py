"""The web process. A page that waits on the database gives up before its reader does."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "8000")

application = get_wsgi_application()
