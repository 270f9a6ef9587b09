"""What is sent to each address: what a form or a call needs to be accepted from whoever may."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.access import profile, together
from tests.access.world import World

Bodies = dict[str, dict[str, Any]]


def body_of(address: str, world: World) -> dict[str, Any]:
    """What a POST to the address carries; nothing where nothing is needed."""
    if not world.bodies:
        # Asked of the database once, since whatever a request did is undone.
        world.alpha.case.refresh_from_db()
        for noun in NOUNS:
            world.bodies |= noun(world)
    body = world.bodies.get(address, {})
    for value in body.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    return body


def in_days(number: int) -> str:
    return (timezone.localdate() + dt.timedelta(days=number)).isoformat()


def registrations(world: World) -> Bodies:
    deal = {
        "customer_name": "Halcyon Retail",
        "customer_country": "DE",
        "customer_domain": "halcyon.example",
        "product_line": world.cast.product.pk,
        "amount": "900",
        "currency": "EUR",
        "expected_close": in_days(30),
        "act": "register",
    }
    customer = {"name": "Halcyon Retail", "domain": "halcyon.example", "country": "DE"}
    asked = {"customer": customer, "product_line": "cloud"}
    money = {"amount": "900.00", "currency": "EUR", "expected_close": in_days(30)}
    return {
        "/deals/new/": deal,
        "/deals/<deal_id>/edit/": {**deal, "version": world.alpha.draft.version},
        "/deals/<deal_id>/files/": {"upload": SimpleUploadedFile("a.csv", b"a;b\n")},
        "/deals/filters/": {"name": "Mine"},
        "/deals/filters/<filter_id>/rename/": {"name": "Renamed"},
        "/api/v1/deals/check/": asked,
        "/api/v1/deals/": {**asked, **money},
    }


def sales(world: World) -> Bodies:
    seen = {"version": world.alpha.approved.version}
    closed = {**seen, "closed_on": in_days(0)}
    sale = {**seen, "stage": "proposal", "amount": "900", "expected_close": in_days(30)}
    return {
        "/deals/<deal_id>/sale/": sale,
        "/admin/dealreg/deal/<deal_id>/sale/": sale,
        "/deals/<deal_id>/won/": {**closed, "amount": "900", "reasons": ["price"]},
        "/deals/<deal_id>/lost/": {**closed, "reasons": ["no-budget"]},
        "/deals/<deal_id>/reopen/": {**seen, "why": "Mistake"},
        "/deals/<deal_id>/withdraw/": seen,
    }


def protections(world: World) -> Bodies:
    version = world.alpha.approved.version
    return {
        "/deals/<deal_id>/extensions/": {"reason": "x", "version": version},
        "/admin/dealreg/extension/<extension_id>/approve/": {
            "extend-days": 5,
            "extend-version": version,
        },
        "/admin/dealreg/extension/<extension_id>/decline/": {
            "refuse-message": "Not now.",
            "refuse-version": version,
        },
        "/api/v1/deals/<deal_id>/extensions/": {"reason": "x"},
        "/api/v1/extensions/<extension_id>/approve/": {"days": 5},
        "/api/v1/extensions/<extension_id>/decline/": {"message": "Not now."},
    }


def proof(world: World) -> Bodies:
    quote = {"kind": "quote", "dated_on": in_days(0)}
    ben = {"address": "ben@nordwind.example"}
    return {
        "/deals/<deal_id>/evidence/add/": quote,
        "/deals/<deal_id>/confirmations/": ben,
        "/confirm/<token>/": {"answer": "yes"},
        "/admin/dealreg/deal/<deal_id>/proof/evidence/": {
            f"evidence-{name}": value for name, value in quote.items()
        },
        "/admin/dealreg/deal/<deal_id>/proof/customer/": {
            "confirm-address": f"anna@{world.alpha.review.customer_domain}"
        },
        "/api/v1/deals/<deal_id>/evidence/": quote,
        "/api/v1/deals/<deal_id>/confirmations/": ben,
    }


def reviews(world: World) -> Bodies:
    version = world.alpha.review.version
    return {
        "/admin/dealreg/deal/<deal_id>/approve/": {"approve-version": version},
        "/admin/dealreg/deal/<deal_id>/decline/": {
            "decline-version": version,
            "decline-reason": "other",
            "decline-message": "Not this one.",
        },
        "/admin/dealreg/deal/<deal_id>/send-back/": {
            "back-version": version,
            "back-asks_for": ["amount"],
            "back-message": "Is it this much?",
        },
    }


def splits(world: World) -> Bodies:
    asked = {"version": world.alpha.split.version}
    refusal = {**asked, "reason": "No."}
    own = {"role": "sell", "percent": "60.00"}
    row = {
        "parts-TOTAL_FORMS": 1,
        "parts-INITIAL_FORMS": 1,
        "parts-0-kind": "own",
        "parts-0-role": "sell",
        "parts-0-percent": "60",
    }
    decided = {
        **row,
        "parts-0-partner": "Alpha Systems",
        "parts-0-percent": "100",
        "reason": "As agreed by telephone.",
        "act": "decide",
    }
    return {
        "/deals/shared/<split_id>/accept/": asked,
        "/deals/shared/<split_id>/decline/": refusal,
        "/deals/shared/<split_id>/counter/": {**asked, **row},
        "/deals/shared/<split_id>/withdraw/": asked,
        "/admin/dealreg/split/<split_id>/withdraw/": asked,
        "/admin/dealreg/split/deal/<deal_id>/": decided,
        "/api/v1/deals/<deal_id>/splits/": {"parts": [{"role": "sell", "percent": "100.00"}]},
        "/api/v1/splits/<split_id>/accept/": asked,
        "/api/v1/splits/<split_id>/decline/": refusal,
        "/api/v1/splits/<split_id>/counter/": {**asked, "parts": [own]},
        "/api/v1/splits/<split_id>/withdraw/": asked,
    }


def cases(world: World) -> Bodies:
    side = world.alpha.case.sides.get().pk
    plea = {"text": "We were first."}
    desk = "/admin/dealreg/conflictcase/"
    return {
        "/deals/<deal_id>/contest/": plea,
        "/cases/<case_id>/statement/": plea,
        "/cases/<case_id>/appeal/": plea,
        "/api/v1/cases/<case_id>/statements/": plea,
        "/api/v1/cases/<case_id>/appeal/": plea,
        f"{desk}for-deal/<deal_id>/": {"why": "Two were there."},
        f"{desk}<case_id>/assign/": {"assign-owner": world.cast.otto.pk},
        f"{desk}<case_id>/escalate/": {"escalate-who": "ops", "escalate-why": "Stuck."},
        f"{desk}<case_id>/ask/": {"ask-sides": [side], "ask-text": "Show us."},
        f"{desk}<case_id>/decide/": {
            "decide-version": world.alpha.case.version,
            "decide-reason": "other",
            "decide-grounds": "Seen.",
            f"side-{side}-outcome": "gets",
            f"side-{side}-message": "It is yours.",
        },
    }


def leads(world: World) -> Bodies:
    decline, close = {"reason": "No time."}, {"outcome": "no_need"}
    return {
        "/directory/<address>/contact/": {
            "person": "Anna",
            "company": "Halcyon",
            "email": "anna@halcyon.example",
            "message": "Please call.",
            "consent": "on",
        },
        "/company/directory/": {"name": "Alpha", "text": "What we do.", "listed": "on"},
        "/leads/<lead_id>/decline/": decline,
        "/leads/<lead_id>/close/": close,
        "/api/v1/leads/<lead_id>/decline/": decline,
        "/api/v1/leads/<lead_id>/close/": close,
    }


def distribution(world: World) -> Bodies:
    proposal, end = {"domain": "nobody.example"}, {"reason": "Over"}
    return {
        "/distribution/": proposal,
        "/distribution/<link_id>/end/": end,
        "/api/v1/distribution/": proposal,
        "/api/v1/distribution/<link_id>/end/": end,
    }


def programme(world: World) -> Bodies:
    value = {
        "partner": world.cast.alpha.pk,
        "measure": "psat",
        "day": "2026-02-01",
        "value": "80",
        "source": "Survey",
    }
    return {
        "/admin/dealreg/rulebook/<book_id>/replay/": {"since": in_days(0), "until": in_days(0)},
        "/admin/partners/tierproposal/<proposal_id>/decide/": {"answer": "approve"},
        "/api/v1/measures/values/": {"values": [value]},
    }


def people(world: World) -> Bodies:
    return {
        "/admin/partners/membership/<place_id>/act/": {"reason": "Helps with the form"},
        "/accounts/2fa/webauthn/keys/<pk>/edit/": {"name": "Another name"},
        "/profile/": {"name": "New Name", "language": "en", "time_zone": "UTC", "theme": "dark"},
    }


def imports(world: World) -> Bodies:
    file = SimpleUploadedFile("a.csv", b"Customer,Partner\nNordwind,Alpha\n")
    return {"/admin/core/importrun/new/": {"importer": "deals", "upload": file}}


def planning(world: World) -> Bodies:
    return together.bodies(world.cast.alpha.pk) | profile.bodies()


NOUNS = (
    registrations,
    sales,
    protections,
    proof,
    reviews,
    splits,
    cases,
    leads,
    distribution,
    programme,
    people,
    imports,
    planning,
)
