"""A mailbox on loopback that speaks as much IMAP as our reader needs."""

import re
import socket
import socketserver
import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Box:
    """What lies in the mailbox: uid → (bytes, flags). `silent_after` commands it says no more."""

    mails: dict[int, tuple[bytes, set[str]]] = field(default_factory=dict)
    archived: list[bytes] = field(default_factory=list)
    silent_after: int = 10_000
    commands: list[str] = field(default_factory=list)

    def put(self, raw: bytes) -> int:
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = (raw, set())
        return uid


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.box: Box = self.server.box  # type: ignore[attr-defined]
        self.say(b"* OK IMAP4rev1 ready")
        while line := self.rfile.readline():
            tag, _blank, command = line.decode().strip().partition(" ")
            self.box.commands.append(command)
            if len(self.box.commands) > self.box.silent_after:
                self.rfile.read(1)  # until the other side gives up
                return
            self.obey(command)
            self.say(f"{tag} OK done".encode())
            if command.upper() == "LOGOUT":
                return

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")

    def obey(self, command: str) -> None:
        words = command.split(" ", 3)
        verb = words[1].upper() if words[0].upper() == "UID" else words[0].upper()
        if verb == "CAPABILITY":
            self.say(b"* CAPABILITY IMAP4rev1 UIDPLUS")
        elif verb == "SELECT":
            self.say(f"* {len(self.box.mails)} EXISTS".encode())
        elif verb == "SEARCH":
            unseen = [uid for uid, (_raw, flags) in self.box.mails.items() if "\\Seen" not in flags]
            self.say(b"* SEARCH " + " ".join(map(str, unseen)).encode())
        elif verb == "FETCH":
            self.fetch(int(words[2]), words[3])
        elif verb == "STORE":
            self.box.mails[int(words[2])][1].update(re.findall(r"\\\w+", words[3]))
        elif verb == "COPY":
            self.box.archived.append(self.box.mails[int(words[2])][0])
        elif verb == "EXPUNGE":
            del self.box.mails[int(words[2])]

    def fetch(self, uid: int, what: str) -> None:
        raw = self.box.mails[uid][0]
        if "SIZE" in what:
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})".encode())
            return
        sent = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in what else raw
        head = f"* 1 FETCH (UID {uid} BODY[] {{{len(sent)}}}\r\n".encode()
        self.wfile.write(head + sent + b")\r\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, box: Box) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.box = box

    def __enter__(self) -> "Server":
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.shutdown()
        self.server_close()

    def url(self, query: str = "") -> str:
        port = self.socket.getsockname()[1]
        return f"imap://deals:secret@127.0.0.1:{port}/INBOX{query}"


def deaf_port() -> socket.socket:
    """A port that takes connections and never says a word."""
    deaf = socket.socket()
    deaf.bind(("127.0.0.1", 0))
    deaf.listen()
    return deaf
