"""How gunicorn runs the web process, in the demo and in production alike.

WEB_CONCURRENCY sets the number of worker processes.
"""

import gc
import os
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

wsgi_app = "prm.wsgi:application"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 8
# Its default place is in the home folder, where two portals of one account would meet.
control_socket_disable = True
# Requests are logged by the application, with their id and without their secrets.
accesslog = None

COUNTERS = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")


def on_starting(_server: object) -> None:
    """Counters of processes that are gone would be added up with the new ones."""
    if COUNTERS:
        Path(COUNTERS).mkdir(parents=True, exist_ok=True)
        for old in Path(COUNTERS).glob("*.db"):
            old.unlink()


def post_worker_init(_worker: object) -> None:
    """What was loaded stays: it is not searched for garbage again, and the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def child_exit(_server: object, worker: Any) -> None:
    if COUNTERS:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
