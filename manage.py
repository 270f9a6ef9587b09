#!/usr/bin/env python
"""Django's command line, with the project's own servers started when no URL names others."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.core.management import execute_from_command_line

# These neither read nor write the database, so they should not wait for one.
WITHOUT_DATABASE = {"help", "version", "makemessages", "compilemessages", "collectstatic"}


@contextmanager
def servers_for(command: str) -> Iterator[None]:
    """The own servers for one command, or nothing where the environment names the servers."""
    named = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    if named or command in WITHOUT_DATABASE or os.environ.get("PRM_ENV") == "production":
        yield
        return
    # Not at the top: production ships no own servers.
    from prm.local.places import OwnServersError  # noqa: PLC0415
    from prm.local.servers import own_servers  # noqa: PLC0415

    with ExitStack() as stack:
        try:
            stack.enter_context(own_servers(os.environ.get("PRM_LOCAL_INSTANCE", "demo")))
        except OwnServersError as error:
            sys.exit(str(error))
        yield


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    with servers_for(command):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
