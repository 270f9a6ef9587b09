"""Runs the whole portal on this machine: servers, web, worker, beat, with example data.

    python -m prm.local.demo [--port 8000] [--develop]

Prints progress, the sign-ins, and `Ready: http://127.0.0.1:PORT` once it serves. Ctrl-C
or TERM stops everything. A child that dies is started again; one that keeps dying stops
the whole, with the end of its log. --develop reloads code and shows errors.
"""

import argparse
import contextlib
import fcntl
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prm.local.guard import end_groups
from prm.local.places import CHECKOUT, OwnServersError, instance
from prm.local.processes import tail
from prm.local.servers import Servers, own_servers

HOST = "127.0.0.1"
READY_WITHIN = 90.0
DEATHS_A_MINUTE = 5
PYTHON = [sys.executable, "-u"]
MANAGE = [*PYTHON, "manage.py"]


class DemoError(RuntimeError):
    """The demo cannot go on; the message says why."""


class StoppedError(Exception):
    """Somebody asked to stop."""


@dataclass
class Child:
    """A process that should run until the end."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    starts_at: float = 0.0
    deaths: list[float] = field(default_factory=list)

    def note_death(self, now: float) -> float:
        """Forget the process; the pause in seconds before the next start."""
        self.process = None
        self.deaths = [at for at in self.deaths if now - at < 60] + [now]
        pause = 0.2 * 2.0 ** (len(self.deaths) - 1)
        self.starts_at = now + pause
        return pause


class Launcher:
    def __init__(self, port: int, *, develop: bool) -> None:
        self.port = port
        self.develop = develop
        self.address = f"http://{HOST}:{port}"
        self.name = os.environ.get("PRM_LOCAL_INSTANCE", "demo")
        self.folder = instance(self.name).folder
        self.asked_to_stop = False
        self.made_by = os.getppid()
        self.servers: Servers | None = None
        self.guard: subprocess.Popen[str] | None = None
        self.children: list[Child] = []
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        self.environment = {
            **os.environ,
            "PRM_LOCAL_INSTANCE": self.name,
            "PRM_ENV": "dev" if develop else os.environ.get("PRM_ENV", "local"),
            "SITE_URL": os.environ.get("SITE_URL") or self.address,
        }

    def run(self) -> int:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._on_signal)
        try:
            with self._alone(), self._servers():
                self._set_up()
                self._serve()
        except StoppedError:
            pass
        except (DemoError, OwnServersError) as error:
            say(f"\nStopped: {error}")
            return 1
        say("Stopped.")
        return 0

    # Setting up

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One demo of a checkout at a time, on a port that is free."""
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        with (self.folder / "demo.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise DemoError("the demo of this checkout already runs.") from None
            if not port_is_free(self.port):
                raise DemoError(f"port {self.port} is taken; try `make demo PORT={self.port + 1}`.")
            yield

    @contextlib.contextmanager
    def _servers(self) -> Iterator[None]:
        """The own servers, unless both URLs name others, and a guard over what runs on them."""
        named = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
        with contextlib.ExitStack() as stack:
            if not named:
                progress("Starting PostgreSQL and Valkey")
                began = time.monotonic()
                self.servers = stack.enter_context(own_servers(self.name))
                say(f"{time.monotonic() - began:.1f} s")
            stack.enter_context(self._guarded([] if named else [self.name]))
            yield

    @contextlib.contextmanager
    def _guarded(self, names: list[str]) -> Iterator[None]:
        self.guard = subprocess.Popen(
            [*PYTHON, "-m", "prm.local.guard", *names],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        try:
            yield
        finally:
            if self.children:
                say("\nStopping …")
            end_groups(self.processes, reap=self._reap)
            self._reap()
            if self.guard.stdin:
                with contextlib.suppress(BrokenPipeError):
                    self.guard.stdin.close()
            self.guard.wait()

    def _set_up(self) -> None:
        migrate = [*MANAGE, "migrate", "--noinput", "--verbosity", "0"]
        collect = [*MANAGE, "collectstatic", "--noinput", "--verbosity", "0"]
        stamp, sources = CHECKOUT / ".local" / "static" / "made-from", static_sources()
        if self.develop or (stamp.exists() and stamp.read_text() == sources):
            self._step("Preparing the database", [migrate])
        else:
            self._step("Preparing the database and the static files", [migrate, collect])
            stamp.parent.mkdir(exist_ok=True)
            stamp.write_text(sources)
        self._step("Loading the example data", [[*MANAGE, "seed_demo", "--scale", "small"]])

    def _step(self, title: str, commands: list[list[str]]) -> None:
        """Run commands side by side and wait for them."""
        progress(title)
        began = time.monotonic()
        logs = [self._log(command[len(MANAGE)]) for command in commands]
        running = [self._start(command, log) for command, log in zip(commands, logs, strict=True)]
        while any(process.poll() is None for process in running):
            self._pause(0.05)
        for process, log in zip(running, logs, strict=True):
            self._forget(process)
            if process.returncode:
                raise DemoError(f"{title.lower()} failed.\n{tail(log, 30)}")
        say(f"{time.monotonic() - began:.1f} s")

    # Serving

    def _serve(self) -> None:
        self.children = self._wanted()
        progress("Starting web, worker and beat")
        began = time.monotonic()
        while not answers(self.port):
            self._look_after()
            self._pause(0.1)
            if time.monotonic() - began > READY_WITHIN:
                web = tail(self._log("web"), 30)
                raise DemoError(f"{self.address}/readyz does not answer 200.\n{web}")
        say(f"{time.monotonic() - began:.1f} s\n")
        with contextlib.suppress(OSError):
            say((self.folder / "sign-ins.txt").read_text().rstrip() + "\n")
        say(f"Logs are in {self.folder / 'log'}; Ctrl-C stops everything.")
        say(f"Ready: {self.address}")
        while True:
            self._look_after()
            self._pause(0.2)

    def _wanted(self) -> list[Child]:
        celery = [*PYTHON, "-m", "celery", "-A", "prm"]
        # gunicorn.conf.py says the rest.
        web = [*PYTHON, "-m", "gunicorn", "--bind", f"{HOST}:{self.port}"]
        if self.develop:
            web = [*MANAGE, "runserver", f"{HOST}:{self.port}"]
        schedule = str(self.folder / "beat-schedule")
        return [
            Child("web", web),
            Child("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"]),
            Child("beat", [*celery, "beat", "-s", schedule, "--pidfile=", "--loglevel", "INFO"]),
        ]

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None and now >= child.starts_at:
                child.process = self._start(child.command, self._log(child.name))
            elif child.process and child.process.poll() is not None:
                self._meet_death(child, now)
        if self.servers and self.servers.are_gone():
            raise DemoError("PostgreSQL and Valkey were ended from outside.")

    def _meet_death(self, child: Child, now: float) -> None:
        if child.process is None:
            return
        code = child.process.returncode
        self._forget(child.process)
        pause = child.note_death(now)
        if len(child.deaths) >= DEATHS_A_MINUTE:
            raise DemoError(f"{child.name} keeps ending.\n{tail(self._log(child.name), 30)}")
        say(f"{child.name} ended with {code}; starting it again in {pause:.1f} s.")

    # Processes

    def _start(self, command: list[str], log: Path) -> "subprocess.Popen[bytes]":
        with log.open("ab") as output:
            shown = None if self.develop and "runserver" in command else output
            process = subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=shown,
                stderr=shown,
                start_new_session=True,
            )
        self.processes[process.pid] = process
        self._tell_guard(f"+{process.pid}")
        return process

    def _forget(self, process: "subprocess.Popen[bytes]") -> None:
        # What an ended process left in its group ends with it.
        end_groups({process.pid}, 2.0)
        del self.processes[process.pid]
        self._tell_guard(f"-{process.pid}")

    def _reap(self) -> None:
        for process in self.processes.values():
            process.poll()

    def _tell_guard(self, text: str) -> None:
        if self.guard and self.guard.stdin:
            self.guard.stdin.write(f"{text}\n")
            self.guard.stdin.flush()

    def _log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def _pause(self, seconds: float) -> None:
        time.sleep(seconds)
        # Started by make, which was killed: nobody else would tell us.
        orphaned = "MAKELEVEL" in os.environ and os.getppid() != self.made_by
        if self.asked_to_stop or orphaned:
            raise StoppedError

    def _on_signal(self, _number: int, _frame: object) -> None:
        self.asked_to_stop = True


def static_sources() -> str:
    """A fingerprint of all that the collected static files are made from."""
    files = [CHECKOUT / ".venv" / "installed", *CHECKOUT.glob("prm/s*.py")]
    for folder in (CHECKOUT / "static", *CHECKOUT.glob("[!.]*/static")):
        files += [path for path in folder.rglob("*") if path.is_file()]
    known = [(str(path), path.stat().st_mtime_ns) for path in sorted(files) if path.exists()]
    return hashlib.sha256(repr(known).encode()).hexdigest()


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def progress(title: str) -> None:
    print(f"· {title} … ", end="", flush=True)


def say(text: str) -> None:
    # The reader of a pipe may be gone while there is still something to stop.
    with contextlib.suppress(BrokenPipeError):
        print(text, flush=True)


def main() -> int:
    arguments = argparse.ArgumentParser(prog="demo", description=__doc__)
    arguments.add_argument("--port", type=int, default=8000)
    arguments.add_argument("--develop", action="store_true")
    given = arguments.parse_args()
    return Launcher(given.port, develop=given.develop).run()


if __name__ == "__main__":
    sys.exit(main())
