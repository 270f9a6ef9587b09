"""The settings of a second process that works on the tests' own database."""

import os

from prm.settings import *  # noqa: F403
from prm.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE_NAME"]
