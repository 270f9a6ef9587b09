"""What selling adds to a partner's figures, at its own rates.

To win one deal takes 1 / win rate registrations, and brings the partner's average won amount.
The days of work are rules of thumb, written down here and in docs/tiers.md: four for a deal
that is worked on to its end, one for a registration.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import money_rates
from core.money import Money, format_money
from partners.rules.path import Move

DAYS_A_DEAL = Decimal(4)
DAYS_A_REGISTRATION = Decimal(1)
# For a partner that has closed too little to have a rate.
USUAL_WIN_RATE = Decimal("0.25")
LEAST_WIN_RATE = Decimal("0.05")

WIN, REGISTER = "win", "register"
Rates = Mapping[str, Decimal | None]


def moves(own: Rates, typical: Rates) -> list[Move]:
    """Registering and winning a deal, from the partner's last twelve months; from those of
    partners like it (`typical`) where it has none. None of both: winning is no way yet."""
    found = [
        Move(REGISTER, {"deals_registered": Decimal(1)}, DAYS_A_REGISTRATION),
    ]
    rates = own if own.get("deals_won") else typical
    won, revenue = rates.get("deals_won"), rates.get("sourced_revenue")
    if won and revenue:
        tries = 1 / win_rate(own, typical)
        adds = {
            "sourced_revenue": (revenue / won).quantize(Decimal("0.01")),
            "deals_won": Decimal(1),
            "deals_registered": Decimal(max(int(tries), 1)),
        }
        days = (DAYS_A_DEAL * tries).quantize(Decimal("0.1"), ROUND_HALF_UP)
        found.insert(0, Move(WIN, adds, days))
    return found


def win_rate(own: Rates, typical: Rates) -> Decimal:
    """From LEAST_WIN_RATE to 1."""
    percent = own.get("win_rate") or typical.get("win_rate")
    rate = percent / 100 if percent else USUAL_WIN_RATE
    return max(rate, LEAST_WIN_RATE)


def words_of(move: Move, times: int) -> str:
    """How often, and what it is reckoned from."""
    if move.name == REGISTER:
        return ngettext(
            "Register %(times)s deal more.", "Register %(times)s deals more.", times
        ) % {"times": times}
    amount = format_money(Money(move.adds["sourced_revenue"], money_rates.base_currency()))
    tries = int(move.adds["deals_registered"])
    text = ngettext(
        "Win %(times)s deal more, at %(amount)s on average.",
        "Win %(times)s deals more, at %(amount)s on average.",
        times,
    ) % {"times": times, "amount": amount}
    rate = ngettext(
        "About every registration is won.",
        "About one in %(tries)s registrations is won.",
        tries,
    ) % {"tries": tries}
    return _("%(win)s %(rate)s") % {"win": text, "rate": rate}
