"""What machines that watch the portal are told."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from core import health
from core.models import OutgoingMail

TOKEN = "a-metrics-token-of-some-length"


def test_livez_needs_neither_host_name_nor_database(client):
    response = client.get("/livez", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_tells_each_part(client, db):
    response = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "migrations": "ok", "redis": "ok"}


def test_readyz_stays_ready_without_redis(client, db, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["redis"]) == (200, "unavailable")


def test_readyz_is_503_without_the_database(client, db, monkeypatch):
    class Broken:
        def cursor(self):
            raise DatabaseError("secret host name")

    monkeypatch.setattr(health, "connection", Broken())
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "unavailable"
    assert "secret" not in response.content.decode()


def test_readyz_is_503_while_a_migration_is_missing(client, db, monkeypatch):
    monkeypatch.setattr(health, "migrated", lambda: False)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "missing")


@pytest.mark.parametrize(
    "header", ["", "Bearer ", "Bearer wrong", TOKEN, f"bearer {TOKEN}", "Bearer \xff"]
)
def test_metrics_are_not_there_without_the_token(db, settings, header):
    settings.METRICS_TOKEN = TOKEN
    assert Client().get("/metrics", HTTP_AUTHORIZATION=header).status_code == 404


def test_metrics_are_not_there_when_no_token_is_set(db, settings):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404


def test_metrics_count_what_waits(client, db, settings):
    settings.METRICS_TOKEN = TOKEN
    waiting = {"to_address": "a@b.example", "subject": "s", "text": "t"}
    OutgoingMail.objects.create(
        once="1", due_at=timezone.now() - dt.timedelta(seconds=90), **waiting
    )
    OutgoingMail.objects.create(once="2", state="parked", **waiting)
    client.get("/style/")  # requests are counted behind the one for /metrics
    text = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
    assert lines['prm_queue_waiting{queue="mail"}'] == "1.0"
    assert lines['prm_queue_parked{queue="mail"}'] == "1.0"
    assert 90 <= float(lines['prm_queue_oldest_seconds{queue="mail"}']) < 120
    assert lines['prm_queue_waiting{queue="events"}'] == "0.0"
    assert lines["prm_events_unsealed"] == "0.0"
    assert lines["prm_database_up"] == "1.0"
    assert any(name.startswith("django_http_requests_total_by_method") for name in lines)
