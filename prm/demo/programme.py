"""The invented vendor's programme: where it sells, what, and on which terms."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from partners.rules.benefits import UNLIMITED, Value
from partners.services import NewCalendar, NewPolicy, NewRegion, NewTier

VENDOR = "Kestrova"
VENDOR_DOMAIN = "kestrova.example"
PORTAL_NAME = "Kestrova Partner Hub"

REGIONS = [
    NewRegion("EMEA", "Europe, Middle East, Africa"),
    NewRegion("DACH", "Germany, Austria, Switzerland", "EMEA"),
    NewRegion("UKI", "United Kingdom and Ireland", "EMEA"),
    NewRegion("NORDICS", "Nordics", "EMEA"),
    NewRegion("BENELUX", "Benelux", "EMEA"),
    NewRegion("SOUTH", "Southern Europe", "EMEA"),
    NewRegion("MEA", "Middle East and Africa", "EMEA"),
    NewRegion("AMER", "Americas"),
    NewRegion("NA", "North America", "AMER"),
    NewRegion("LATAM", "Latin America", "AMER"),
    NewRegion("APAC", "Asia and Pacific"),
    NewRegion("JP", "Japan", "APAC"),
    NewRegion("ANZ", "Australia and New Zealand", "APAC"),
    NewRegion("SEA", "South-East Asia and India", "APAC"),
]

# Where each office's day begins and ends; the regions below work by the one above them.
OFFICES = {
    "EMEA": "Europe/Berlin",
    "EMEA.UKI": "Europe/London",
    "EMEA.MEA": "Asia/Dubai",
    "AMER": "America/New_York",
    "APAC": "Asia/Singapore",
    "APAC.JP": "Asia/Tokyo",
    "APAC.ANZ": "Australia/Sydney",
}
# Kept by every office. Operations enter each country's own.
HOLIDAYS = [(1, 1, "New Year’s Day"), (12, 25, "Christmas Day")]

# What regions lay down: currency, language, and up to how many euros channel managers approve.
POLICIES = [
    ("EMEA", "EUR", "", 250_000),
    ("EMEA.DACH", "", "de", None),
    ("EMEA.UKI", "GBP", "", 150_000),
    ("AMER", "USD", "", 300_000),
    ("APAC", "USD", "", 200_000),
    ("APAC.JP", "JPY", "", None),
]
TOP_REGIONS = ("EMEA", "AMER", "APAC")

# Name, rank, and up to how many euros rules approve without a person.
TIERS = [
    ("Registered", 10, 25_000),
    ("Silver", 20, 75_000),
    ("Gold", 30, 200_000),
    ("Platinum", 40, 500_000),
]

# What they bring: margin and funds in percent, content, leads, support, open registrations
# (None: without limit), and whether the forecast is included.
BRINGS = {
    "Registered": (10, 0, "basic", "last", "standard", 40, "yes"),
    "Silver": (15, 1, "sales", "normal", "standard", 80, "yes"),
    "Gold": (20, 2, "all", "normal", "priority", 200, "yes"),
    "Platinum": (25, 3, "all", "first", "named", None, "yes"),
}

PRODUCT_LINES = {
    "cloud-backup": "Cloud Backup",
    "data-platform": "Data Platform",
    "endpoint-security": "Endpoint Security",
    "identity": "Identity & Access",
    "network-insight": "Network Insight",
}

# What one unit is worth in euros; plausible, not anybody's quotation.
IN_EUROS = {
    "EUR": Decimal("1"),
    "AED": Decimal("0.2345"),
    "AUD": Decimal("0.5640"),
    "BRL": Decimal("0.1585"),
    "CAD": Decimal("0.6190"),
    "CHF": Decimal("1.0725"),
    "DKK": Decimal("0.1340"),
    "GBP": Decimal("1.1460"),
    "INR": Decimal("0.00975"),
    "JPY": Decimal("0.00568"),
    "KWD": Decimal("2.8050"),
    "MXN": Decimal("0.0468"),
    "NOK": Decimal("0.0852"),
    "PLN": Decimal("0.2358"),
    "SEK": Decimal("0.0912"),
    "SGD": Decimal("0.6680"),
    "USD": Decimal("0.8615"),
    "ZAR": Decimal("0.0498"),
}
# How far each quarter lay from these, newest first, in thousandths.
DRIFT = (0, 8, -11, 5, 14, -6)


def calendars(today: dt.date) -> list[NewCalendar]:
    """Nine to five in each office's own time; the holidays of this year and the next."""
    days = tuple(
        (dt.date(year, month, day), name)
        for year in (today.year, today.year + 1)
        for month, day, name in HOLIDAYS
    )
    return [
        NewCalendar(
            region, zone, dt.time(9), dt.time(17), holidays=days if region in TOP_REGIONS else ()
        )
        for region, zone in OFFICES.items()
    ]


def policies(base: str) -> list[NewPolicy]:
    """What the regions lay down, as a programme that reckons in `base` would set it."""
    worth = IN_EUROS[base]
    return [
        NewPolicy(region, currency, language, rounded(euros / worth) if euros else None)
        for region, currency, language, euros in POLICIES
    ]


def tiers(base: str) -> list[NewTier]:
    """The tiers with their limits as a programme that reckons in `base` would set them."""
    return [NewTier(name, rank, rounded(euros / IN_EUROS[base])) for name, rank, euros in TIERS]


def benefits(base: str) -> dict[str, dict[str, Value]]:
    """What each tier brings, by its name, with the limits of `tiers`."""
    limits = {tier.name: tier.approval_limit for tier in tiers(base)}
    brought = {}
    for name, (margin, fund, content, leads, support, open_at_once, forecast) in BRINGS.items():
        count = Value(word=UNLIMITED) if open_at_once is None else Value(Decimal(open_at_once))
        brought[name] = {
            "margin": Value(Decimal(margin)),
            "fund": Value(Decimal(fund)),
            "content": Value(word=content),
            "leads": Value(word=leads),
            "support": Value(word=support),
            "registrations": count,
            "approval": Value(limits[name]),
            "forecast": Value(word=forecast),
            "export": Value(word="yes"),
        }
    return brought


def rounded(amount: Decimal) -> Decimal:
    """To two digits, as people choose numbers: 1,163,000 gives 1,200,000."""
    step = Decimal(1).scaleb(amount.adjusted() - 1)
    return (amount / step).quantize(Decimal(1)) * step


@dataclass(frozen=True, slots=True)
class DatedRate:
    currency: str
    rate: Decimal
    valid_from: dt.date


def rates(base: str, today: dt.date) -> list[DatedRate]:
    """Rates for `base` on the first days of this quarter and the five before it.

    Raises KeyError for a base currency of which we know no worth.
    """
    worth = IN_EUROS[base]
    return [
        DatedRate(
            currency,
            (euros / worth * (1000 + drift) / 1000).quantize(Decimal("0.000000001")),
            quarter,
        )
        for currency, euros in IN_EUROS.items()
        if currency != base
        for drift, quarter in zip(DRIFT, quarters(today), strict=True)
    ]


def quarters(today: dt.date) -> list[dt.date]:
    """The first days of the last six quarters, newest first."""
    number = today.year * 4 + (today.month - 1) // 3
    return [dt.date(n // 4, n % 4 * 3 + 1, 1) for n in range(number, number - len(DRIFT), -1)]
