"""The launcher's handling of processes: real servers, small stand-ins for web, worker, beat."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prm.local.places import instance
from prm.local.processes import command_line, wait_until
from prm.local.servers import running

MANAGE = """
import pathlib, sys
if sys.argv[1] == "seed_demo":
    pathlib.Path(".local/test-demo/sign-ins.txt").write_text("Mara  mara@lumen.example\\n")
sys.exit(pathlib.Path("fail-" + sys.argv[1]).exists() and print("no such table: deals") is None)
"""
GUNICORN = """
import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
host, port = sys.argv[sys.argv.index("--bind") + 1].split(":")
http.server.HTTPServer((host, int(port)), Page).serve_forever()
"""
CELERY = """
import pathlib, sys, time
if pathlib.Path("broken-worker").exists() and "worker" in sys.argv:
    sys.exit("cannot reach the broker")
time.sleep(600)
"""
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/cwd").exists(), reason="finds processes in /proc"
)
Launch = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def project(checkout: Path) -> Path:
    (checkout / "manage.py").write_text(MANAGE)
    (checkout / "gunicorn.py").write_text(GUNICORN)
    (checkout / "celery.py").write_text(CELERY)
    return checkout


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def launch(project: Path, port: int) -> Iterator[Launch]:
    launched: list[subprocess.Popen[str]] = []

    def launch() -> "subprocess.Popen[str]":
        known = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
        process = subprocess.Popen(
            [sys.executable, "-m", "prm.local.demo", "--port", str(port)],
            cwd=project,
            env={**known, "PRM_LOCAL_INSTANCE": "test-demo"},
            stdout=subprocess.PIPE,
            text=True,
        )
        launched.append(process)
        return process

    yield launch
    for process in launched:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
    assert wait_until(lambda: not children_of(project), 30)


def children_of(project: Path) -> list[int]:
    """Every process that works in that folder (the launcher, its children, the servers' keeper)."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            here = Path(f"/proc/{name}/cwd").readlink() == project
        except OSError:
            continue
        if here and command_line(int(name)):
            found.append(int(name))
    return found


def read_until(process: "subprocess.Popen[str]", start: str) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith(start):
            return said
    pytest.fail(f"ended before {start!r}:\n{said}")


def find_child(project: Path, words: str) -> int:
    return next((pid for pid in children_of(project) if words in command_line(pid)), 0)


def test_the_demo_says_who_can_sign_in_and_where(launch: Launch, port: int) -> None:
    said = read_until(launch(), "Ready").splitlines()
    assert said[-1] == f"Ready: http://127.0.0.1:{port}"
    assert "Mara  mara@lumen.example" in said


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_ends_all_it_started(
    launch: Launch, project: Path, sign: signal.Signals
) -> None:
    demo = launch()
    read_until(demo, "Ready")
    demo.send_signal(sign)
    assert demo.wait(20) == 0
    assert wait_until(lambda: not children_of(project), 2)
    assert not running(instance("test-demo", project))


def test_killed_it_still_takes_everything_with_it(launch: Launch, project: Path) -> None:
    demo = launch()
    read_until(demo, "Ready")
    demo.kill()
    demo.wait()
    assert wait_until(lambda: not children_of(project), 20)
    assert not running(instance("test-demo", project))


def test_a_killed_worker_is_started_again(launch: Launch, project: Path) -> None:
    demo = launch()
    read_until(demo, "Ready")
    before = find_child(project, "celery -A prm worker")
    os.kill(before, signal.SIGKILL)
    said = read_until(demo, "worker")
    assert said == "worker ended with -9; starting it again in 0.2 s.\n"
    assert wait_until(lambda: find_child(project, "celery -A prm worker") not in (0, before), 10)


def test_a_worker_that_keeps_dying_stops_the_demo_with_its_last_words(
    launch: Launch, project: Path
) -> None:
    (project / "broken-worker").touch()
    demo = launch()
    said = read_until(demo, "Stopped") + str(demo.communicate()[0])
    assert demo.returncode == 1
    assert "worker keeps ending." in said
    assert "cannot reach the broker" in said


def test_a_failed_set_up_shows_its_last_words(launch: Launch, project: Path) -> None:
    (project / "fail-migrate").touch()
    demo = launch()
    said = demo.communicate(timeout=60)[0]
    assert demo.returncode == 1
    assert "no such table: deals" in said
    assert "Ready" not in said


def test_a_taken_port_is_said_before_anything_starts(
    launch: Launch, project: Path, port: int
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        said = launch().communicate(timeout=20)[0]
    assert said == f"\nStopped: port {port} is taken; try `make demo PORT={port + 1}`.\n"
    assert not (project / ".local/test-demo/lock").exists()


def test_a_second_demo_of_the_checkout_is_refused(launch: Launch) -> None:
    read_until(launch(), "Ready")
    second = launch()
    assert second.communicate(timeout=20)[0].endswith("already runs.\n")
    assert second.returncode == 1
