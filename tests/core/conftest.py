import pytest

from core import events
from core.models import User
from tests.core import trial


@pytest.fixture
def olga(db) -> User:
    """Olga signed up and belongs to nobody."""
    return User.objects.create_user("olga@cast.example", name="Olga")


@pytest.fixture
def kinds(monkeypatch) -> trial.Ears:
    """A trial kind in a registry that lasts for this test."""
    for registry in ("_kinds_by_payload", "_kinds_by_name", "_subscriptions"):
        monkeypatch.setattr(events, registry, dict(getattr(events, registry)))
    names = {kind: list(found) for kind, found in events._names_by_kind.items()}
    monkeypatch.setattr(events, "_names_by_kind", names)
    return trial.declare()
