"""A small checkout of its own for each test, and real processes that use its servers."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from prm.local.places import CHECKOUT, HOMES, Instance, checkout_key, instance, short_folder
from prm.local.processes import command_line, wait_until

USE_UNTIL_CLOSED = """
import sys
from prm.local.servers import own_servers
with own_servers(sys.argv[1]) as servers:
    print(servers.pid("postgres"), servers.pid("valkey"), flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Using:
    """A process that holds an instance's servers, and what it saw."""

    process: "subprocess.Popen[str]"
    postgres: int
    valkey: int

    def leave(self) -> None:
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0

    def servers_are_gone(self) -> bool:
        gone = wait_until(lambda: not command_line(self.postgres), 10)
        return gone and wait_until(lambda: not command_line(self.valkey), 10)


Begin = Callable[[Instance], "subprocess.Popen[str]"]
Use = Callable[[Instance], Using]


def make_checkout(folder: Path) -> Path:
    (folder / "prm").mkdir(parents=True)
    (folder / "prm/__init__.py").touch()
    shutil.copytree(CHECKOUT / "prm/local", folder / "prm/local")
    return folder


def forget(checkout: Path) -> None:
    for folder in (short_folder(checkout), *(home / checkout_key(checkout) for home in HOMES)):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    yield make_checkout(tmp_path / "one")
    forget(tmp_path / "one")


@pytest.fixture
def other_checkout(tmp_path: Path) -> Iterator[Path]:
    yield make_checkout(tmp_path / "two")
    forget(tmp_path / "two")


@pytest.fixture
def trial(checkout: Path) -> Instance:
    return instance("test-trial", checkout)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Start a process that uses an instance; nobody is left behind by a failing test."""
    begun: list[subprocess.Popen[str]] = []

    def begin(inst: Instance) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", USE_UNTIL_CLOSED, inst.name],
            cwd=inst.checkout,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def use(begin: Begin) -> Use:
    """Start such a process and wait until its servers are ready."""

    def use(inst: Instance) -> Using:
        return settle(begin(inst))

    return use


def settle(process: "subprocess.Popen[str]") -> Using:
    assert process.stdout is not None
    said = process.stdout.readline().split()
    if not said:
        pytest.fail(process.communicate()[1])
    return Using(process, int(said[0]), int(said[1]))
