"""Deals to test with."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import User
from dealreg.models import ConflictCase, Deal, RuleBook
from dealreg.rules.request import RegistrationRequest
from dealreg.services import cases, register_deal
from tests.cast import Cast


@pytest.fixture
def asking(cast: Cast, rules: RuleBook) -> Callable[..., RegistrationRequest]:
    """A whole request for a customer nobody knows; keywords change it."""

    def ask(**changes: Any) -> RegistrationRequest:
        fields: dict[str, Any] = {
            "customer_name": "Nordwind Logistics GmbH",
            "customer_domain": "nordwind.example.com",
            "customer_country": "DE",
            "product_line_id": cast.product.pk,
            "amount": Decimal("12800.00"),
            "currency": "EUR",
            "expected_close": timezone.localdate() + dt.timedelta(days=40),
        }
        return RegistrationRequest(**{**fields, **changes})

    return ask


@pytest.fixture
def registered(cast: Cast, asking: Callable[..., RegistrationRequest]) -> Callable[..., Deal]:
    """Registers a deal as `by` (default Jonas)."""

    def register(by: User | None = None, **changes: Any) -> Deal:
        return register_deal(actor=cast.actor(by or cast.jonas), request=asking(**changes))

    return register


@pytest.fixture
def deal(registered: Callable[..., Deal]) -> Deal:
    """Jonas's registration, approved by rule."""
    made: Deal = registered()
    return made


@pytest.fixture
def case(cast: Cast, registered: Callable[..., Deal]) -> ConflictCase:
    """Mara's case between Alpha and Beta about one customer."""
    registered()
    beta = registered(cast.bo, customer_name="Nordwind Logistics AG")
    return cases.open_case(actor=cast.actor(cast.mara), deal_id=beta.pk, why="Both were there.")


@pytest.fixture
def jonas(client: Client, cast: Cast) -> Client:
    """Jonas's browser."""
    client.force_login(cast.jonas)
    return client


@pytest.fixture
def mara(client: Client, cast: Cast) -> Client:
    """Mara's browser."""
    client.force_login(cast.mara)
    return client
