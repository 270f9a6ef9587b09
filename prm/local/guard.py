"""Ends a launcher's children when the launcher is gone, however it went.

    python -m prm.local.guard [INSTANCE]

The launcher writes "+PID" and "-PID" of process groups into its input. When the input
ends, what is left is ended, and only then the own servers of the instance are let go.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Collection

from prm.local.places import instance
from prm.local.servers import attach, detach

PATIENCE = 8.0


def end_groups(
    groups: Collection[int], patience: float = PATIENCE, reap: Callable[[], object] = int
) -> None:
    """Ask all groups to end, wait that many seconds at most, then kill what is left.

    A parent gives `reap`, which polls its children: an unreaped child counts as there.
    """
    for group in groups:
        signal_group(group, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        reap()
        if not any(signal_group(group, 0) for group in groups):
            return
        time.sleep(0.05)
    for group in groups:
        signal_group(group, signal.SIGKILL)


def signal_group(group: int, sign: int) -> bool:
    """Signal a process group; False when nobody is left in it. 0 only asks."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, sign)
        return True
    return False


def main() -> None:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    held = attach(instance(sys.argv[1])) if len(sys.argv) > 1 else None
    groups: set[int] = set()
    for line in sys.stdin:
        pid = int(line[1:])
        groups = groups | {pid} if line[0] == "+" else groups - {pid}
    end_groups(groups)
    if held:
        detach(held)


if __name__ == "__main__":
    main()
