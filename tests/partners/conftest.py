"""Won deals and programmes to test tiers with."""

from collections.abc import Callable
from typing import Any

import pytest

from dealreg.models import Deal
from tests.cast import Cast
from tests.partners import programme


@pytest.fixture
def won(cast: Cast) -> Callable[..., Deal]:
    """A deal that Alpha (or `partner`) won, so much and so long ago."""

    def win(amount: float, currency: str = "EUR", **fields: Any) -> Deal:
        partner = fields.pop("partner", cast.alpha)
        return programme.won(partner, amount, currency, line_id=cast.product.pk, **fields)

    return win


@pytest.fixture
def looked_at(cast: Cast) -> Callable[..., str]:
    """Assesses Alpha and answers with the name of its tier afterwards."""
    from partners.services.assessing import assess_partner

    def look(partner: Any = None, **when: Any) -> str:
        partner = partner or cast.alpha
        assess_partner(partner.pk, cause="test", **when)
        partner.refresh_from_db()
        return str(partner.tier.name)

    return look
