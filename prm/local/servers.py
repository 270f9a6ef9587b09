"""The project's own PostgreSQL and Valkey, for whoever runs without DATABASE_URL and REDIS_URL.

    with own_servers("demo") as servers:
        ...  # they answer at servers.instance.database_url and .redis_url

The first user starts them, later ones attach, and they stop when the last one leaves.
"""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from prm.local.places import (
    CHECKOUT,
    LOCK_IS_TAKEN,
    START_WITHIN,
    Instance,
    OwnServersError,
    instance,
)

__all__ = ["Instance", "OwnServersError", "Servers", "instance", "own_servers", "running"]

PATIENCE = START_WITHIN + 10
# One that leaves stops its servers first, which can take half a minute.
FIND_WITHIN = 45.0

ServerName = Literal["postgres", "valkey"]


@dataclass(frozen=True)
class Servers:
    """Running servers, held by a connection; fault tests take one down and up again."""

    instance: Instance
    connection: socket.socket

    def pid(self, server: ServerName) -> int:
        """The process id, 0 while it is down."""
        return int(self._ask(f"pid {server}"))

    def kill(self, server: ServerName) -> None:
        """Kill it (-9) and keep it down until `start`."""
        self._ask(f"kill {server}")

    def start(self, server: ServerName, *, emptied: bool = False) -> None:
        """Start what was killed and wait until it is ready; `emptied`: Valkey lost its data."""
        if emptied:
            self._ask(f"empty {server}")
        self._ask(f"start {server}")

    def are_gone(self) -> bool:
        """Whether they were ended from outside (their supervisor was killed)."""
        self.connection.setblocking(False)
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.connection.settimeout(PATIENCE)

    def _ask(self, text: str) -> str:
        return ask(self.connection, text)


@contextlib.contextmanager
def own_servers(name: str) -> Iterator[Servers]:
    """Servers of the instance `name`, ready; started if nobody runs them.

    On leaving, waits until they have stopped, unless somebody else still uses them.
    Raises OwnServersError with the reason in its first line.
    """
    inst = instance(name)
    connection = attach(inst)
    try:
        yield Servers(inst, connection)
    finally:
        detach(connection)


def running(inst: Instance) -> bool:
    """Whether the instance's servers are up and ready."""
    connection = connect(inst)
    if connection is None:
        return False
    with connection, contextlib.suppress(OSError):
        return ask(connection, "status") == "ready"
    return False


def attach(inst: Instance) -> socket.socket:
    """A connection to the instance's supervisor, whose servers are ready."""
    deadline = time.monotonic() + FIND_WITHIN
    pause = 0.05
    while time.monotonic() < deadline:
        connection = connect(inst)
        if connection is None:
            if start_supervisor(inst):
                continue
        else:
            try:
                ask(connection, "attach")
                return connection
            except OSError:
                connection.close()  # it was just leaving; wait for its lock
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)
    raise OwnServersError(
        f"Another process holds {inst.lock} but does not answer at {inst.control_socket};"
        " is it another user's?"
    )


def detach(connection: socket.socket) -> None:
    with connection, contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(60)
        while connection.recv(4096):
            pass


def connect(inst: Instance) -> socket.socket | None:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(inst.control_socket))
    except OSError:
        connection.close()
        return None
    connection.settimeout(PATIENCE)
    return connection


def ask(connection: socket.socket, text: str) -> str:
    """The answer to one line. Raises OwnServersError on a refusal, OSError when nobody is there."""
    connection.sendall(text.encode() + b"\n")
    answer = b""
    while not answer.endswith(b"\n"):
        part = connection.recv(4096)
        if not part:
            raise ConnectionError("The supervisor went away.")
        answer += part
    said = answer.decode().rstrip("\n").replace("\x1f", "\n")
    if said.startswith("failed "):
        raise OwnServersError(said.removeprefix("failed "))
    return said


def start_supervisor(inst: Instance) -> bool:
    """Start one; False when another holds the lock (it is starting or leaving)."""
    started = subprocess.run(
        [sys.executable, "-m", "prm.local.supervisor", inst.name],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if started.returncode not in (0, LOCK_IS_TAKEN):
        raise OwnServersError(started.stderr.strip() or "The supervisor does not start.")
    return started.returncode == 0
