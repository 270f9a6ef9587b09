"""The process that runs the servers of one instance for as long as somebody uses them.

Users hold a connection to its control socket. A user that ends, in whatever way,
closes its connection; when the last one is gone the servers are stopped by pid and the
supervisor ends. A server that dies is started again, later and later.
If the supervisor itself is killed, Linux takes the servers down with it, and the
next start stops what may be left.

Run as `python -m prm.local.supervisor INSTANCE`: it goes to the background once it has
the instance's lock and listens. Exit 3: another supervisor has the lock.
"""

import contextlib
import fcntl
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from prm.local.places import (
    LOCK_IS_TAKEN,
    START_WITHIN,
    Instance,
    OwnServersError,
    instance,
    make_folders,
)
from prm.local.postgres import Postgres
from prm.local.processes import tail
from prm.local.valkey import Valkey

FIRST_USER_WITHIN = 15.0
LONGEST_PAUSE = 5.0


class Server(Protocol):
    name: str
    log: Path
    stop_steps: list[tuple[signal.Signals, float]]

    def prepare(self) -> None: ...
    def start(self) -> "subprocess.Popen[bytes]": ...
    def ready(self) -> bool: ...


@dataclass
class Watched:
    """One server and what the supervisor knows about its process."""

    server: Server
    process: "subprocess.Popen[bytes] | None" = None
    wanted: bool = True
    ready: bool = False
    starts_at: float = 0.0
    deaths: list[float] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        return self.ready or (not self.wanted and self.process is None)


@dataclass
class User:
    """A connected process: whether it uses the servers, and what it still waits for."""

    connection: socket.socket
    attached: bool = False
    waiting: str = ""
    received: bytes = b""


class Supervisor:
    def __init__(self, inst: Instance, listener: socket.socket) -> None:
        self.inst = inst
        self.listener = listener
        self.valkey = Valkey(inst)
        self.watched = [Watched(Postgres(inst)), Watched(self.valkey)]
        self.users: list[User] = []
        self.selector = selectors.DefaultSelector()
        self.ending = False
        self.was_ready = False
        self.had_a_user = False
        self.began = time.monotonic()

    def run(self) -> None:
        self._listen_for_signals()
        self.selector.register(self.listener, selectors.EVENT_READ, self._accept)
        try:
            for watched in self.watched:
                watched.server.prepare()
            while not self.ending:
                self._turn()
        except OwnServersError as error:
            print(error, file=sys.stderr, flush=True)
            self._report_failure(str(error))
        finally:
            self._stop()

    def _turn(self) -> None:
        settled = all(watched.settled for watched in self.watched)
        for key, _ in self.selector.select(0.5 if settled else 0.02):
            key.data()
        for watched in self.watched:
            self._look_after(watched)
        self._tell_those_who_wait()
        age = time.monotonic() - self.began
        if not self.had_a_user and age > FIRST_USER_WITHIN:
            self.ending = True
        if not self.was_ready and age > START_WITHIN:
            raise OwnServersError(f"The servers are not ready after {START_WITHIN:.0f} seconds.")

    # Servers

    def _look_after(self, watched: Watched) -> None:
        server, now = watched.server, time.monotonic()
        if watched.process is None:
            if watched.wanted and now >= watched.starts_at:
                watched.process = server.start()
        elif watched.process.poll() is not None:
            self._note_death(watched, now)
        elif not watched.ready and watched.wanted:
            watched.ready = server.ready()

    def _note_death(self, watched: Watched, now: float) -> None:
        name = watched.server.name
        code = watched.process.returncode if watched.process else 0
        watched.process, watched.ready = None, False
        if not watched.wanted:
            return
        if not self.was_ready:
            raise OwnServersError(f"{name} does not start.\n{tail(watched.server.log)}")
        watched.deaths = [at for at in watched.deaths if now - at < 60] + [now]
        pause = min(0.1 * 2 ** (len(watched.deaths) - 1), LONGEST_PAUSE)
        watched.starts_at = now + pause
        print(f"{name} ended with {code}; starting again in {pause:.1f} s", file=sys.stderr)

    def _stop(self) -> None:
        # Out of the directory first: who comes now finds nobody and waits for the lock.
        self.inst.control_socket.unlink(missing_ok=True)
        self.listener.close()
        running = [watched for watched in self.watched if watched.process]
        for watched in running:
            self._signal(watched, watched.server.stop_steps[0][0])
        for watched in running:
            self._finish(watched)

    def _finish(self, watched: Watched) -> None:
        for step, (sign, seconds) in enumerate(watched.server.stop_steps):
            if step:
                self._signal(watched, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                if watched.process:
                    watched.process.wait(seconds)
                return

    def _signal(self, watched: Watched, sign: signal.Signals) -> None:
        if watched.process and watched.process.poll() is None:
            watched.process.send_signal(sign)

    # Users

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        connection.setblocking(False)
        user = User(connection)
        self.users.append(user)
        self.selector.register(connection, selectors.EVENT_READ, lambda: self._hear(user))

    def _report_failure(self, reason: str) -> None:
        """Tell those who wait; the one who started this may be about to connect."""
        deadline = time.monotonic() + 3
        while not self.had_a_user and time.monotonic() < deadline:
            for key, _ in self.selector.select(0.1):
                key.data()
        for user in self.users:
            self._answer(user, f"failed {reason}")

    def _hear(self, user: User) -> None:
        try:
            text = user.connection.recv(4096)
        except OSError:
            text = b""
        if not text:
            self._part_with(user)
            return
        *lines, user.received = (user.received + text).split(b"\n")
        for line in lines:
            verb, _, name = line.decode().partition(" ")
            self._obey(user, verb, name)

    def _part_with(self, user: User) -> None:
        self.selector.unregister(user.connection)
        others = any(other.attached for other in self.users if other is not user)
        if user.attached and not others:
            # Its connection stays open until the servers have stopped: it waits for that.
            self.ending = True
            return
        self.users.remove(user)
        user.connection.close()

    def _obey(self, user: User, verb: str, name: str) -> None:
        watched = next((each for each in self.watched if each.server.name == name), None)
        if verb == "attach":
            user.attached = self.had_a_user = True
            user.waiting = "ready"
        elif verb == "status":
            self._answer(user, "ready" if self.was_ready else "starting")
        elif verb == "pid" and watched:
            self._answer(user, str(watched.process.pid if watched.process else 0))
        elif verb == "kill" and watched:
            watched.wanted = watched.ready = False
            self._signal(watched, signal.SIGKILL)
            user.waiting = "ok"
        elif verb == "start" and watched:
            watched.wanted, watched.starts_at = True, 0.0
            user.waiting = "ok"
        elif verb == "empty" and name == "valkey" and self.watched[1].process is None:
            self.valkey.empty()
            self._answer(user, "ok")
        else:
            self._answer(user, f"failed cannot {verb} {name} now")

    def _tell_those_who_wait(self) -> None:
        if not all(watched.settled for watched in self.watched):
            return
        self.was_ready = True
        for user in self.users:
            if user.waiting:
                self._answer(user, user.waiting)
                user.waiting = ""

    def _answer(self, user: User, text: str) -> None:
        with contextlib.suppress(OSError):
            user.connection.sendall(text.replace("\n", "\x1f").encode() + b"\n")

    # Signals

    def _listen_for_signals(self) -> None:
        """Wake the loop at once for a signal, also for a child's end."""
        wakes, woken = socket.socketpair()
        wakes.setblocking(False)
        woken.setblocking(False)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        self._wakes = wakes
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(sign, self._on_signal)
        self.selector.register(woken, selectors.EVENT_READ, lambda: woken.recv(4096))

    def _on_signal(self, number: int, _frame: object) -> None:
        if number != signal.SIGCHLD:
            self.ending = True


def take_lock(inst: Instance) -> int | None:
    """The descriptor that holds the instance's lock until this process ends; None if taken."""
    lock = os.open(inst.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def listen(inst: Instance) -> socket.socket:
    inst.control_socket.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    with_mask = os.umask(0o077)
    listener.bind(str(inst.control_socket))
    os.umask(with_mask)
    listener.listen(64)
    return listener


def go_to_background(inst: Instance) -> None:
    """Leave the starter: it neither waits for this process nor shares its terminal or pipes."""
    if os.fork():
        os._exit(0)
    os.setsid()
    log = os.open(inst.log("supervisor"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, target)


def main() -> int:
    inst = instance(sys.argv[1])
    try:
        make_folders(inst)
        if take_lock(inst) is None:
            return LOCK_IS_TAKEN
        for name in ("postgresql", "valkey"):
            inst.log(name).write_bytes(b"")
        listener = listen(inst)
    except (OwnServersError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    go_to_background(inst)
    Supervisor(inst, listener).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
