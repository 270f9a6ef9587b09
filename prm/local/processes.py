"""Looking at and ending processes by their id, without any package."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def command_line(pid: int) -> str:
    """The command line of a live process, "" when there is none (a zombie counts as none)."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    found = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.strip()


def end(pid: int, steps: Iterable[tuple[signal.Signals, float]]) -> bool:
    """Send each signal in turn, giving the seconds beside it; True when the process is gone."""
    for sign, seconds in steps:
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return True
        if wait_until(lambda: not command_line(pid), seconds):
            return True
    return False


def wait_until(true: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Ask until it is true; False when it was not within the seconds."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def die_with_parent(sign: signal.Signals) -> Callable[[], None] | None:
    """What a child calls before exec so that Linux signals it when its parent is killed.

    Other systems have no such thing: None. It must run after a change of user, which
    clears it; subprocess calls its preexec_fn at that point.
    """
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(sign))
        if os.getppid() != parent:
            os._exit(1)

    return ask


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for an error message."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
