"""What runs beside the live server: a Valkey of this test process's own, one worker and beat, on
the tests' database. Mail goes to files. Everything is ended by pid."""

import email
import email.policy
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

import redis
from celery import current_app
from django.conf import settings
from django.db import connection

from core import bell
from core.models import EventDelivery, OutgoingMail, QueueState
from prm.local.places import CHECKOUT
from prm.local.valkey import find_program

Found = TypeVar("Found")


class Background:
    """Worker and beat, with the mails that they send."""

    def __init__(self, site_url: str) -> None:
        # A socket's path must be short, pytest's folders are not.
        self.folder = Path(tempfile.mkdtemp(prefix="prm-browser-"))
        self.mailbox = self.folder / "mail"
        self.mailbox.mkdir()
        self.socket = self.folder / "valkey.sock"
        self.site_url = site_url
        self.processes: list[subprocess.Popen[bytes]] = []
        self.rang: tuple[redis.Redis, str] | None = None  # where this process rang before

    def start(self) -> None:
        self._run(
            *(str(find_program()), "--port", "0", "--unixsocket", str(self.socket)),
            *("--dir", str(self.folder), "--appendonly", "yes", "--save", ""),
        )
        wait_for(self.socket.exists, 10)
        celery = [sys.executable, "-m", "celery", "-A", "prm"]
        self._run(
            *(*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        )
        schedule = str(self.folder / "schedule")
        self._run(*celery, "beat", "-s", schedule, "--pidfile=", "--loglevel", "WARNING")
        self.ring_here()

    def ring_here(self) -> None:
        """Lets the live server, which is a thread of this process, ring our worker."""
        self.rang = (bell._redis, str(current_app.conf.broker_url))
        ring_at(redis.Redis.from_url(f"unix://{self.socket}"), f"redis+socket://{self.socket}")

    def _run(self, *command: str) -> None:
        log = (self.folder / "processes.log").open("ab")
        self.processes.append(
            subprocess.Popen(
                command,
                cwd=CHECKOUT,
                env={
                    **os.environ,
                    "PRM_ENV": "test",
                    "DATABASE_URL": database_url(),
                    "REDIS_URL": f"unix://{self.socket}",
                    "EMAIL_URL": f"file://{self.mailbox}",
                    "SITE_URL": self.site_url,
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        )

    def stop(self) -> None:
        if self.rang:
            ring_at(*self.rang)
        for process in reversed(self.processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        return (self.folder / "processes.log").read_text()[-4000:]

    def settle(self) -> None:
        """Waits until nothing is left to deliver or to send."""
        try:
            wait_for(lambda: not unfinished(), 40)
        except AssertionError as late:
            raise AssertionError(f"{late}: {unfinished()}") from late

    def empty_mailbox(self) -> None:
        for file in self.mailbox.iterdir():
            file.unlink()

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What was sent to an address, oldest first."""
        found = []
        for file in sorted(self.mailbox.iterdir(), key=lambda one: one.stat().st_mtime):
            for text in file.read_bytes().split(b"-" * 79 + b"\n"):
                if text.strip():
                    found.append(email.message_from_bytes(text, policy=email.policy.default))
        return [mail for mail in found if mail["To"] == address]


def body_of(mail: EmailMessage, kind: str) -> str:
    """The mail's text ("plain") or page ("html")."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def ring_at(client: redis.Redis, broker: str) -> None:
    """Has this process ring the workers of another Valkey from now on."""
    bell._redis = client
    current_app.conf.update(broker_url=broker, broker_write_url=broker)
    current_app.amqp._producer_pool = None
    current_app._pool = None


def unfinished() -> list[str]:
    """What the workers have still to do, a few of it."""
    return [
        f"{row} {row.state} after {row.attempts}: {row.last_error[-500:]}"
        for model in (EventDelivery, OutgoingMail)
        for row in model._default_manager.exclude(state=QueueState.DONE)[:5]
    ]


def database_url() -> str:
    """The settings' address with the name of the tests' database."""
    name = quote(str(connection.settings_dict["NAME"]))
    return urlsplit(settings.ENV.database_url)._replace(path=f"/{name}").geturl()


def wait_for(found: Callable[[], Found], seconds: float) -> Found:
    """What `found` answers as soon as that is anything; fails when it stays nothing."""
    began = time.monotonic()
    while not (what := found()):
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.1)
    return what
