"""S7: how fast events reach their handlers, beside empty Celery tasks on the same worker.

The handler does the least that a handler does: it writes one row. The limit is the rate at
which the same worker (two processes, as in production) runs tasks that do nothing.
"""

import os
import subprocess
import sys

from bench import worker_of_s7 as load
from bench.harness import Result, Scale, at_least
from prm.local.places import CHECKOUT

COUNTS = {"small": 500, "full": 10_000}
ROUNDS = {"small": 3, "full": 3}


def measure(scale: Scale) -> list[Result]:
    """Events committed beforehand against messages queued beforehand, in turn, the worker
    warmed up; the median of the rounds' ratios decides."""
    load.make_table()
    count, rounds = COUNTS[scale], ROUNDS[scale]
    worker = start_worker()
    try:
        load.run_events(200)
        load.run_empty_tasks(200)
        pairs = [(load.run_events(count), load.run_empty_tasks(count)) for _ in range(rounds)]
    finally:
        worker.terminate()
        worker.wait(30)
        load.drop_table()
    value, limit = sorted(pairs, key=lambda pair: pair[0] / pair[1])[rounds // 2]
    return [Result("event delivery", value, "events/s", limit, at_least(0.5))]


def start_worker() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "prm", "worker", "-I", "bench.worker_of_s7"),
            *("--concurrency", "2", "-l", "WARNING", "--without-gossip", "--without-mingle"),
        ],
        cwd=CHECKOUT,
        env={**os.environ, "LOG_LEVEL": "WARNING"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
