"""A3: an id that is somebody else's is answered exactly like one that does not exist."""

import re
from itertools import product
from urllib.parse import quote

import pytest

from core.models import User
from dealreg.models import Deal
from tests.access.bodies import body_of
from tests.access.routes import MISSING, addresses, path_of
from tests.access.walking import Asked, ask, client_for, told
from tests.access.world import World

# What belongs to one partner in the back office; regions, tiers and rules are everybody's.
OF_A_PARTNER = (
    "/admin/dealreg/split/",
    "/admin/dealreg/deal/",
    "/admin/dealreg/conflictcase/",
    "/admin/partners/partner/",
    "/admin/partners/membership/",
    "/admin/partners/todo/",
    "/admin/partners/jointplan/",
    "/admin/partners/swotpoint/",
    "/admin/partners/quarterlyreview/",
    "/admin/partners/reviewpack/",
)
# What differs from answer to answer whatever is asked.
CHANGING = [
    rb'name="csrfmiddlewaretoken" value="\w+"',
    rb'"X-CSRFToken": "\w+"',
    rb'name="submission_key" value="[\w-]+"',
]


def about_something(role: str) -> list[str]:
    named = [address for address in addresses() if "<" in address]
    if role == "rita":
        return [address for address in named if address.startswith(OF_A_PARTNER)]
    # The keys of links in mails are secrets of their own; whoever has one is its owner. What a
    # partner has put into the public directory is everybody's.
    return [
        address
        for address in named
        if not re.match(r"/admin/|/branding/|/directory/|.*<(?:key|token)>", address)
    ]


def answer_of(asked: Asked, path: str) -> tuple[str, bytes]:
    """The answer without the address that was asked for and without what always changes."""
    body = asked.body
    for pattern in CHANGING:
        body = re.sub(pattern, b"", body)
    for shown in (path, quote(path, safe="/"), quote(path, safe="")):
        body = body.replace(shown.encode(), b"#")
    return told(asked.answer), body


@pytest.mark.parametrize(
    ("role", "foreign"), [("jonas", "beta"), ("bo", "alpha"), ("rita", "alpha")]
)
def test_a3_foreign_ids_are_answered_like_missing_ones(world: World, role: str, foreign: str):
    client, wrong = client_for(world.user(role)), []
    for address, method in product(about_something(role), ("GET", "POST")):
        answers = []
        for whose in (foreign, "missing"):
            path = path_of(address, world, whose)
            body = body_of(address, world) if method == "POST" else None
            answers.append(answer_of(ask(client, method, path, body), path))
        if answers[0] != answers[1]:
            wrong.append(f"{method} {address}: {answers[0][0]} and {answers[1][0]}")

    assert not wrong, "\n".join(["", *wrong])


def test_a3_the_api_answers_foreign_deals_like_missing_ones(world: World):
    client, headers = client_for(None), {"Authorization": f"Bearer {world.alpha.secrets['writer']}"}
    answers = [
        ask(client, "GET", f"/api/v1/deals/{key}/", headers=headers)
        for key in (world.beta.approved.pk, world.beta.draft.pk, MISSING)
    ]

    assert [told(asked.answer) for asked in answers] == ["404"] * 3
    assert len({asked.body for asked in answers}) == 1


def test_a3_betas_submission_key_in_alphas_form_is_a_key_like_any_other(client, world: World):
    client.force_login(world.cast.jonas)
    body = {**body_of("/deals/new/", world), "submission_key": world.beta.submission_key}
    client.post("/deals/new/", body)

    registered = Deal.objects.latest("id")
    assert (registered.partner, registered.customer_name) == (world.cast.alpha, "Halcyon Retail")


def test_a3_betas_idempotency_key_in_alphas_call_is_a_key_like_any_other(client, world: World):
    answer = client.post(
        "/api/v1/deals/",
        body_of("/api/v1/deals/", world),
        content_type="application/json",
        headers={
            "Authorization": f"Bearer {world.alpha.secrets['writer']}",
            "Idempotency-Key": str(world.beta.submission_key),
        },
    )

    assert answer.status_code == 201
    assert Deal.objects.get(pk=answer.json()["id"]).partner == world.cast.alpha


@pytest.mark.parametrize("field", ["product_line", "version"])
def test_a3_missing_ids_in_a_form_are_refused_and_nothing_happens(client, world: World, field: str):
    client.force_login(world.cast.jonas)
    before = Deal.objects.count()
    address = "/deals/<deal_id>/edit/" if field == "version" else "/deals/new/"
    body = {**body_of(address, world), field: MISSING}
    answer = client.post(path_of(address, world), body)

    assert answer.status_code in {409, 422}
    assert Deal.objects.count() == before


def test_the_cast_is_who_the_table_says(world: World):
    people: list[User] = [world.cast.mara, world.rita, world.cast.otto]

    assert [world.cast.actor(user).region_paths for user in people] == [
        frozenset(), frozenset({"APAC"}), frozenset()
    ]  # fmt: skip
