#!/usr/bin/env python
"""Django's command line, with the project's own servers started when no URL names others."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from django.core.management import execute_from_command_line

# These neither read nor write the database, so they should not wait for one.
WITHOUT_DATABASE = {"help", "version", "makemessages", "compilemessages", "collectstatic"}


def servers_for(command: str) -> AbstractContextManager[object]:
    """The own servers for one command, or nothing where the environment names the servers."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return nullcontext()
    if command in WITHOUT_DATABASE or os.environ.get("PRM_ENV") == "production":
        return nullcontext()
    from prm.local.servers import own_servers  # noqa: PLC0415 (production has no own servers)

    return own_servers(os.environ.get("PRM_LOCAL_INSTANCE", "demo"))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    with servers_for(command):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
