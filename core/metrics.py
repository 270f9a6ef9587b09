"""/metrics for Prometheus: counters of this process, and how long the queues are."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from core.models import (
    Appointment,
    Event,
    EventDelivery,
    OutgoingMail,
    QueuedRow,
    QueueState,
    SealedEvent,
)

QUEUES: dict[str, type[QueuedRow]] = {
    "events": EventDelivery,
    "mail": OutgoingMail,
    "appointments": Appointment,
}


def may_read(request: HttpRequest) -> bool:
    """Whether the request carries METRICS_TOKEN. Without a token set, nobody may."""
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    given = request.headers.get("Authorization", "").encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given, expected)


def exposition() -> HttpResponse:
    queues = CollectorRegistry()
    queues.register(QueueCollector())
    body = generate_latest(processes()) + generate_latest(queues)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


def processes() -> CollectorRegistry:
    """Counters of all web processes of this machine where they share a folder, else of this one."""
    if not settings.METRICS_FOLDER:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=settings.METRICS_FOLDER)  # type: ignore[no-untyped-call]
    return registry


class QueueCollector(Collector):
    """What waits in PostgreSQL, asked when Prometheus asks."""

    def collect(self) -> Iterator[Metric]:
        try:
            yield from queue_gauges()
            up = 1
        except DatabaseError:
            up = 0
        yield GaugeMetricFamily("prm_database_up", "1 when the database answered.", value=up)


def queue_gauges() -> list[Metric]:
    waiting = GaugeMetricFamily("prm_queue_waiting", "Rows due or running.", labels=["queue"])
    oldest = GaugeMetricFamily(
        "prm_queue_oldest_seconds", "How long the oldest due row has waited.", labels=["queue"]
    )
    parked = GaugeMetricFamily(
        "prm_queue_parked", "Rows given up, for a person to look at.", labels=["queue"]
    )
    for name, model in QUEUES.items():
        depth = depth_of(model)
        waiting.add_metric([name], depth.open)
        oldest.add_metric([name], depth.oldest_seconds)
        parked.add_metric([name], depth.parked)
    unsealed = GaugeMetricFamily(
        "prm_events_unsealed", "Events newer than the last sealed one.", value=unsealed_events()
    )
    return [waiting, oldest, parked, unsealed]


@dataclass(frozen=True, slots=True)
class Depth:
    open: int
    parked: int
    oldest_seconds: float


def depth_of(model: type[QueuedRow]) -> Depth:
    """Counted over unfinished rows only: one query for each partial index."""
    rows = model._default_manager
    now = timezone.now()
    waiting = rows.filter(state=QueueState.WAITING, due_at__lte=now)
    since = waiting.aggregate(since=Min("due_at"))["since"]
    return Depth(
        open=waiting.count() + rows.filter(state=QueueState.RUNNING).count(),
        parked=rows.filter(state=QueueState.PARKED).count(),
        oldest_seconds=(now - since).total_seconds() if since else 0.0,
    )


def unsealed_events() -> int:
    last = SealedEvent.objects.aggregate(last=Max("event_id"))["last"] or 0
    return Event.objects.filter(pk__gt=last).count()
