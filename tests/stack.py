"""The tests' real stack: loaded by pytest before Django is, so that settings find it.

The controller starts PostgreSQL and Valkey once; pytest-xdist's workers inherit the
environment and only connect. Each worker has a database of its own.
"""

import gc
import os
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

os.environ.setdefault("PRM_ENV", "test")
os.environ.setdefault("PRM_LOCAL_INSTANCE", "test")

_running: list[AbstractContextManager[object]] = []


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    # WhiteNoise looks for what was collected, though tests take files from where they lie.
    (Path(__file__).parents[1] / ".local" / "static").mkdir(parents=True, exist_ok=True)
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    if is_worker or (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        return
    from prm.local.servers import own_servers

    servers = own_servers(os.environ["PRM_LOCAL_INSTANCE"])
    servers.__enter__()
    _running.append(servers)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported stays to the end: it need not be looked through for garbage again and
    again. And a test has not much of that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure(config: pytest.Config) -> None:
    while _running:
        _running.pop().__exit__(None, None, None)
