"""Whether this process can serve. Liveness is the process; readiness its database."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from redis.backoff import NoBackoff
from redis.retry import Retry

REDIS_SECONDS = 0.5


class _Known:
    migrated = False


def readiness() -> JsonResponse:
    """200 when the database answers and has this code's tables, else 503.

    Redis is told but does not count: without it the portal still serves and loses nothing.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrations = "ok" if migrated() else "missing"
        database = "ok"
    except DatabaseError:
        database = migrations = "unavailable"
    ready = database == migrations == "ok"
    parts = {"database": database, "migrations": migrations, "redis": redis_state()}
    return JsonResponse(parts, status=200 if ready else 503)


def migrated() -> bool:
    """Whether every migration of this code is applied. Asked until the first yes."""
    if not _Known.migrated:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        _Known.migrated = not plan
    return _Known.migrated


def redis_state() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return "unavailable"
    finally:
        client.close()
    return "ok"
