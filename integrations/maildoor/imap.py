"""Reads a mailbox over IMAP. A message is marked as seen, and moved if a folder is named, only
after it is safe with us; whatever happens before, it is read again."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import structlog

from integrations.maildoor.port import LARGEST, Received, take_all
from integrations.models import MailWay

log = structlog.get_logger(__name__)

# Each answer of the server is waited for so long.
TIMEOUT = 8.0  # seconds
AT_ONCE = 50
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


# What the library answers: lines, and (line, what follows it) for longer things.
Answers = list[bytes | tuple[bytes, bytes] | None]


class MailboxAway(Exception):
    """The mailbox cannot be read now; nothing was lost, it is tried again."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a mailbox is: imaps:// (TLS at once), imap+tls:// (TLS before the password is said)
    or imap:// (plain, for servers on this machine only)."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    done_folder: str
    security: str


def mailbox_at(url: str) -> Mailbox:
    """imaps://user:password@host[:port]/INBOX[?done=Archive], percent-encoded."""
    parts = urlsplit(url)
    done = parse_qs(parts.query).get("done", [""])[0]
    return Mailbox(
        host=parts.hostname or "",
        port=parts.port or (993 if parts.scheme == "imaps" else 143),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        done_folder=done,
        security={"imaps": "tls", "imap+tls": "starttls"}.get(parts.scheme, "plain"),
    )


class ImapMail:
    """An open mailbox. Raises MailboxAway when the server is silent, refuses or goes away."""

    way = MailWay.IMAP

    def __init__(self, mailbox: Mailbox, timeout: float = TIMEOUT) -> None:
        self.mailbox = mailbox
        self.timeout = timeout

    def __enter__(self) -> "ImapMail":
        try:
            self.server = self.connected()
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxAway(f"{type(error).__name__}: {error}") from error
        try:
            self.expect(self.server.login(self.mailbox.user, self.mailbox.password))
            self.expect(self.server.select(quoted(self.mailbox.folder)))
        except (OSError, imaplib.IMAP4.error, MailboxAway) as error:
            self.leave()
            raise MailboxAway(f"{type(error).__name__}: {error}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def connected(self) -> imaplib.IMAP4:
        box = self.mailbox
        if box.security == "tls":
            context = ssl.create_default_context()
            return imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=self.timeout)
        server = imaplib.IMAP4(box.host, box.port, timeout=self.timeout)
        if box.security == "starttls":
            server.starttls(ssl.create_default_context())
        return server

    def leave(self) -> None:
        """Without a word when the server is not listening: goodbyes may take as long as it all."""
        with suppress(OSError, imaplib.IMAP4.error):
            self.server.sock.settimeout(1)
            self.server.logout()
        with suppress(OSError, imaplib.IMAP4.error):
            self.server.shutdown()

    def waiting(self) -> Iterator[Received]:
        """What nobody has seen, oldest first, at most 50 at once."""
        for uid in self.unseen()[:AT_ONCE]:
            received = self.fetched(uid)
            if received is not None:
                yield received

    def unseen(self) -> list[str]:
        answers = self.asked("SEARCH", None, "UNSEEN")
        return [uid for answer in answers if isinstance(answer, bytes) for uid in numbers(answer)]

    def fetched(self, uid: str) -> Received | None:
        """The message, or its head when it is too large; None when it has gone meanwhile."""
        told = b" ".join(answer for answer in self.flat("FETCH", uid, "(RFC822.SIZE)"))
        size = SIZE.search(told)
        if size is None:
            return None
        part = "BODY.PEEK[]" if int(size[1]) <= LARGEST else "BODY.PEEK[HEADER]"
        for answer in self.asked("FETCH", uid, f"({part})"):
            if isinstance(answer, tuple):
                return Received(uid, answer[1], max(int(size[1]), len(answer[1])))
        return None

    def taken(self, received: Received) -> None:
        uid, done = received.key, self.mailbox.done_folder
        if done:
            self.asked("COPY", uid, quoted(done))
        flags = "(\\Seen \\Deleted)" if done else "(\\Seen)"
        self.asked("STORE", uid, "+FLAGS.SILENT", flags)
        if done and "UIDPLUS" in self.server.capabilities:
            self.asked("EXPUNGE", uid)

    def flat(self, command: str, *arguments: str) -> Iterator[bytes]:
        for answer in self.asked(command, *arguments):
            yield answer[0] if isinstance(answer, tuple) else answer or b""

    def asked(self, command: str, *arguments: str | None) -> Answers:
        try:
            return self.expect(self.server.uid(command, *arguments))  # type: ignore[arg-type]
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxAway(f"{type(error).__name__}: {error}") from error

    @staticmethod
    def expect(answer: tuple[str, Any]) -> Answers:
        if answer[0] != "OK":
            raise MailboxAway(f"The server answered {answer[0]}.")
        told: Answers = answer[1]
        return told


def numbers(answer: bytes) -> list[str]:
    return [word for word in answer.decode("ascii", errors="replace").split() if word.isdigit()]


def quoted(folder: str) -> str:
    """A folder's name as the protocol wants it (modified UTF-7 is the caller's affair)."""
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def read_mailbox(url: str, timeout: float = TIMEOUT) -> int:
    """Takes what nobody has seen in the mailbox at `url`; returns how many were new. Raises
    MailboxAway."""
    with ImapMail(mailbox_at(url), timeout) as box:
        return take_all(box)
