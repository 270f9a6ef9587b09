"""The portal's web process with one address more, for S2."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
settings.ROOT_URLCONF = "bench.urls_of_s2"
# The benchmark wants to know the speed, not the limit.
settings.API_CALLS_A_MINUTE = 1_000_000

from prm.wsgi import application as application  # noqa: E402 (the settings come first)
