"""Where an instance of the own servers lives, and under which addresses it answers."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parents[2]

# The shortest limit on the length of a unix socket's path is 104 bytes (macOS, BSD).
LONGEST_SOCKET_PATH = 100
POSTGRES_PORT = 5432

# Between a supervisor and its users: seconds for a start with recovery, and an exit status.
START_WITHIN = 120.0
LOCK_IS_TAKEN = 3

# Where root's servers put what their own user could not reach inside the checkout.
HOMES = (Path("/var/lib/prm-own-servers"), Path("/var/tmp/prm-own-servers"))


class OwnServersError(RuntimeError):
    """The own servers cannot run; the first line of the message says why."""


@dataclass(frozen=True)
class Instance:
    """A named pair of servers of one checkout; its addresses need no running server."""

    name: str
    folder: Path
    sockets: Path

    @property
    def checkout(self) -> Path:
        return self.folder.parents[1]

    @property
    def database_url(self) -> str:
        return f"postgresql://prm@/prm?host={quote(str(self.postgres_sockets))}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.valkey_socket))}?db=0"

    @property
    def postgres_sockets(self) -> Path:
        return self.sockets / "pg"

    @property
    def postgres_socket(self) -> Path:
        return self.postgres_sockets / f".s.PGSQL.{POSTGRES_PORT}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def control_socket(self) -> Path:
        return self.sockets / "control.sock"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    def log(self, server: str) -> Path:
        return self.logs / f"{server}.log"


def instance(name: str, checkout: Path = CHECKOUT) -> Instance:
    """The instance of that name in a checkout; a name is short, lower case, digits, dashes."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,23}", name):
        raise OwnServersError(f"{name!r} is no name for an instance: use a-z, 0-9 and dashes.")
    folder = checkout / ".local" / name
    near = Instance(name, folder, folder / "run")
    too_long = len(os.fsencode(near.postgres_socket)) > LONGEST_SOCKET_PATH
    # As root the database runs as another user, who may not be able to enter the checkout.
    if too_long or os.geteuid() == 0:
        return Instance(name, folder, short_folder(checkout) / name)
    return near


def short_folder(checkout: Path) -> Path:
    """The folder for sockets of a checkout whose own path is too long or out of reach."""
    return Path("/tmp") / f"prm-{os.geteuid()}-{checkout_key(checkout)}"


def checkout_key(checkout: Path) -> str:
    return hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]


def make_folders(inst: Instance) -> None:
    """Make the instance's folders, closed to others (as root: passable, not readable)."""
    # Closing .local also closes what else lies there: sign-ins, files, logs.
    for folder in (inst.folder.parent, inst.folder, inst.logs):
        make_folder(folder, foreign_is_fine=os.geteuid() == 0)
    if inst.sockets.parent != inst.folder:
        make_folder(inst.sockets.parent)
    make_folder(inst.sockets)


def make_folder(folder: Path, *, foreign_is_fine: bool = False) -> None:
    """Make a folder of ours; refuse one that somebody else put in its place."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        found = folder.lstat()
        ours = found.st_uid == os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or not (ours or foreign_is_fine):
            raise OwnServersError(
                f"{folder} belongs to another user: remove it, or work as that user."
            )
        if ours:
            folder.chmod(mode)
    except OSError as error:
        raise OwnServersError(f"Cannot make {folder}: {error.strerror}.") from error
