"""The real stack for a fault test: a Valkey of its own, workers and beat as processes of their
own on the test's database, an SMTP server that notes what it took. Everything is ended by pid."""

import os
import re
import shutil
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import redis
from celery import current_app
from django.conf import settings
from django.db import connection

from core.fsck import Finding, all_checks, findings
from prm.local.places import CHECKOUT
from prm.local.valkey import find_program


class MailSink(socketserver.ThreadingTCPServer):
    """Takes every message and notes its Message-ID before it says so."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailTalk)
        self.taken: Counter[str] = Counter()
        self.subjects: dict[str, set[str]] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, message: str) -> None:
        identity = re.search(r"(?im)^Message-ID: *(<[^>]+>)", message)
        subject = re.search(r"(?im)^Subject: *(.+?)\s*$", message)
        assert identity
        assert subject
        self.taken[identity[1]] += 1
        self.subjects.setdefault(subject[1], set()).add(identity[1])


class MailTalk(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        self.say("220 sink")
        for line in self.rfile:
            verb = line.decode().split(" ")[0].strip().upper()
            if verb == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                message = b"".join(lines).decode(errors="replace")
                self.server.take(message)
            if verb == "QUIT":
                self.say("221 bye")
                return
            self.say("250 ok")

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class Rig:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mail = MailSink()
        self.processes: list[subprocess.Popen[bytes]] = []
        # A socket's path must be short, pytest's folders are not.
        self.socket = Path("/tmp") / f"prm-rig-{os.getpid()}.sock"
        self.valkey: subprocess.Popen[bytes] | None = None
        self.start_valkey()

    # --- processes ------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PRM_ENV": "test",
            "DATABASE_URL": database_url(),
            "REDIS_URL": f"unix://{self.socket}?db=0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.server_address[1]}",
            "LOG_LEVEL": "WARNING",
        }

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """A Python process in a group of its own, so that its children can be ended with it."""
        log = (self.folder / "processes.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=CHECKOUT,
            env=self.environment(),
            stdout=subprocess.PIPE if arguments[0] == "tests.faults.load" else log,
            stderr=log,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def worker(self, concurrency: int = 2) -> "subprocess.Popen[bytes]":
        return self.start(
            *("celery", "-A", "prm", "worker", "-I", "tests.faults.kinds", "-l", "WARNING"),
            *("--concurrency", str(concurrency), "--without-gossip", "--without-mingle"),
        )

    def beat(self) -> "subprocess.Popen[bytes]":
        schedule = self.folder / "beat"
        return self.start("celery", "-A", "prm", "beat", "-l", "WARNING", "-s", str(schedule))

    def load(
        self, how: str, first: int, last: int, pause: float = 0.0, seconds: float = 0.0
    ) -> "subprocess.Popen[bytes]":
        return self.start("tests.faults.load", how, str(first), str(last), str(pause), str(seconds))

    def send(self, task: str, *arguments: object) -> None:
        """Publishes a message to this rig's own Valkey."""
        with current_app.connection_for_write(f"redis+socket://{self.socket}") as broker:
            current_app.send_task(task, arguments, connection=broker)

    def start_valkey(self) -> None:
        data = self.folder / "valkey"
        data.mkdir(exist_ok=True)
        self.valkey = subprocess.Popen(
            [
                *(str(find_program()), "--port", "0", "--unixsocket", str(self.socket)),
                *("--dir", str(data), "--appendonly", "yes", "--save", ""),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.socket.exists, 10)

    def kill_valkey(self, *, emptied: bool) -> None:
        assert self.valkey
        self.valkey.kill()
        self.valkey.wait(10)
        self.socket.unlink(missing_ok=True)
        if emptied:
            shutil.rmtree(self.folder / "valkey")

    def stop(self) -> None:
        for process in self.processes:
            kill_group(process)
        if self.valkey:
            self.valkey.kill()
            self.valkey.wait(10)
        self.socket.unlink(missing_ok=True)
        self.mail.shutdown()
        self.mail.server_close()

    def listens(self) -> bool:
        """Whether a worker waits for messages of this rig's Valkey."""
        clients = redis.Redis(unix_socket_path=str(self.socket)).client_list()
        return any(client["cmd"] == "brpop" for client in clients)

    # --- what is there --------------------------------------------------------------------

    def log(self) -> str:
        return (self.folder / "processes.log").read_text()[-4000:]


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kills (-9) a process that we started, and its children with it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in tasks.read_text().split()] if tasks.exists() else []


def database_url() -> str:
    """The settings' address with the name of the tests' database."""
    name = quote(str(connection.settings_dict["NAME"]))
    return urlsplit(settings.ENV.database_url)._replace(path=f"/{name}").geturl()


def sql(statement: str, *values: int) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def numbers(table: str) -> Counter[int]:
    return Counter(int(str(row[0])) for row in sql(f"SELECT number FROM {table}"))


def count(table: str, condition: str = "true") -> int:
    return int(str(sql(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0]))


def unfinished() -> int:
    return count("core_eventdelivery", "state <> 'done'")


def unsent() -> int:
    return count("core_outgoingmail", "state <> 'done'")


def faults_found() -> list[Finding]:
    """What fsck finds of this floor; these tests keep no rows of the apps above it."""
    here = [check.name for check in all_checks() if check.run.__module__ == "core.checks"]
    return list(findings(only=here))


def wait_for(true: Callable[[], object], seconds: float, every: float = 0.05) -> float:
    """How long it took; fails when it was not within the seconds."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(every)
    return time.monotonic() - began


def doubled(found: Counter[int]) -> list[int]:
    return sorted(number for number, times in found.items() if times > 1)


def missing(found: Counter[int], expected: Sequence[int] | range) -> list[int]:
    return sorted(set(expected) - set(found))
