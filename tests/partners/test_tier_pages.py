"""The tier page, its admin and its API."""

import csv
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import TierException, TierProgramme, TierProposal, TierRun
from partners.runs import recalculation
from tests.cast import bearer
from tests.partners.programme import asked, draft, published

pytestmark = pytest.mark.django_db


def page(client, user, name, *args, status=200) -> str:
    client.force_login(user)
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status
    return str(answer.content.decode())


def test_a_partner_sees_where_it_stands_and_the_way_up(client, cast, won, looked_at):
    published()
    for _deal in range(2):
        won(10_000)
    looked_at()
    text = page(client, cast.jonas, "tier")

    assert "To reach Gold" in text
    assert "€20,000.00 of €50,000.00" in text
    assert "2 of 3" in text
    assert "Win 3 deals more, at €10,000.00 on average." in text
    assert "1 of 2" not in text
    assert "0 of 2 requirements of Gold are met" in page(client, cast.jonas, "home")


def test_the_page_says_when_the_grace_ends_and_what_follows(client, cast, looked_at):
    published()
    looked_at()
    text = page(client, cast.ada, "tier")

    assert "Silver is kept until" in text
    assert "Registered follows" in text
    assert "To keep Silver" in text


def test_without_a_programme_the_page_says_so(client, cast):
    assert "no programme counts towards it" in page(client, cast.jonas, "tier")


def test_the_page_costs_few_queries_whatever_the_history(
    client, cast, won, looked_at, django_assert_max_num_queries
):
    published()
    for _deal in range(6):
        won(2_000)
    looked_at()
    client.force_login(cast.jonas)
    with django_assert_max_num_queries(15):
        client.get(reverse("tier"))


def test_the_page_costs_no_more_for_who_has_won_nothing_and_is_kept(
    client, cast, won, looked_at, django_assert_max_num_queries
):
    """Then its way is made of what is typical of partners like it."""
    published()
    won(2_000, partner=cast.beta)
    looked_at()
    TierException.objects.create(
        partner=cast.alpha, reason="New owner", by="Otto", last_day=timezone.localdate()
    )
    client.force_login(cast.jonas)
    client.get(reverse("tier"))
    with django_assert_max_num_queries(15):
        text = client.get(reverse("tier")).content.decode()
    assert "keeps this tier for you until" in text


def test_operations_write_a_programme_in_a_table(client, cast):
    row, levels = draft(), asked()
    client.force_login(cast.otto)
    address = reverse("admin:partners_tierprogramme_change", args=[row.pk])
    text = client.get(address).content.decode()
    assert "Sourced revenue of at least €50,000.00" in text
    fields = {f"in-{level.tier_id}": "on" for level in levels} | {
        "title": "By points",
        "period": "year",
        "months": "12",
        "grace_days": "30",
        "warn_days": "7",
        "approval": "up",
        f"points-{levels[1].tier_id}": "20",
        f"points-{levels[2].tier_id}": "60",
        "per-sourced_revenue": "1000",
        "score-sourced_revenue": "10",
    }
    answer = client.post(address, fields)
    assert answer.status_code == 422
    answer = client.post(
        address, {**fields, "seen": client.get(address).context["form"]["seen"].value()}
    )
    assert answer.status_code == 302

    text = client.get(address).content.decode()
    assert "10 points for each €1,000.00: Sourced revenue" in text
    assert "at least 60 points" in text


def test_an_unsound_programme_is_not_saved(client, cast):
    row, levels = draft(), asked()
    client.force_login(cast.otto)
    address = reverse("admin:partners_tierprogramme_change", args=[row.pk])
    fields = {f"in-{level.tier_id}": "on" for level in levels} | {
        "title": "Odd",
        "period": "year",
        "months": "12",
        "grace_days": "30",
        "warn_days": "7",
        "approval": "none",
        "seen": client.get(address).context["form"]["seen"].value(),
        f"need-sourced_revenue-{levels[1].tier_id}": "5000",
        f"need-sourced_revenue-{levels[2].tier_id}": "4000",
    }
    answer = client.post(address, fields)

    assert answer.status_code == 422
    assert "Gold asks for less than Silver" in answer.content.decode()
    assert TierProgramme.objects.get(pk=row.pk).title == "Test"


def test_a_simulation_counts_lists_and_exports(client, cast, won):
    row = draft()
    for _deal in range(3):
        won(20_000)
    client.force_login(cast.otto)
    client.post(reverse("admin:partners_tierprogramme_simulate", args=[row.pk]))
    assert recalculation.work_due() == 1
    run = TierRun.objects.get()
    shown = client.get(reverse("admin:partners_tierrun_change", args=[run.pk]))
    assert "1 rise and 1 fall, of 2 partners" in shown.content.decode()
    lines = b"".join(
        client.get(reverse("admin:partners_tierrun_export", args=[run.pk])).streaming_content
    ).decode()
    rows = list(csv.reader(lines.lstrip("\ufeff").splitlines()))

    assert sorted(row[0] for row in rows[1:]) == ["Alpha Systems", "Beta Networks"]
    cast.alpha.refresh_from_db()
    assert cast.alpha.tier.name == "Silver"


def test_a_channel_manager_decides_a_proposal(client, cast, won, looked_at):
    published(approval="up")
    for _deal in range(3):
        won(20_000)
    looked_at()
    proposal = TierProposal.objects.get()
    assert "Alpha Systems" in page(client, cast.mara, "admin:index")
    assert "Sourced revenue" in page(
        client, cast.mara, "admin:partners_tierproposal_change", proposal.pk
    )
    client.post(
        reverse("admin:partners_tierproposal_decide", args=[proposal.pk]),
        {"answer": "approve", "note": "Great year"},
    )

    cast.alpha.refresh_from_db()
    assert cast.alpha.tier.name == "Gold"
    assert "Great year" in page(client, cast.jonas, "tier")


def test_programs_read_their_tier(client, cast, won, looked_at):
    published()
    won(10_000)
    looked_at()
    headers = bearer(cast.jonas, "programme:read")
    told = client.get(reverse("api_tier"), headers=headers).json()
    assert (told["tier"], told["next_tier"], told["programme_version"]) == ("Silver", "Gold", 1)
    assert told["requirements"][0]["value"] == "10000.000"

    other = client.get(reverse("api_tier"), {"partner": cast.beta.pk}, headers=headers).json()
    assert other == told
    assert client.get(reverse("api_tier_history"), headers=headers).json() == []
    staff = bearer(cast.mara, "programme:read")
    assert client.get(reverse("api_tier"), headers=staff).status_code == 404
    shown = client.get(reverse("api_tier"), {"partner": cast.beta.pk}, headers=staff)
    assert shown.json()["requirements"][0]["value"] == "0.000"


def test_operations_recalculate_and_enter_values_through_the_api(client, cast):
    published()
    ops = bearer(cast.otto, "programme:write")
    run = client.post(reverse("api_recalculations"), headers=ops)
    assert (run.status_code, run.json()["total"]) == (202, 2)
    value = {
        "partner": cast.alpha.pk,
        "measure": "psat",
        "day": "2026-01-01",
        "value": "81.5",
        "source": "Survey",
    }

    def enter(**changes):
        body = {"values": [{**value, **changes}]}
        address = reverse("api_measure_values")
        return client.post(address, body, content_type="application/json", headers=ops)

    assert enter().json() == {"entered": 1}
    assert enter().json() == {"entered": 0}
    assert enter(measure="sourced_revenue").status_code == 400
    assert enter(partner=987654321).status_code == 400
    assert (
        client.post(
            reverse("api_recalculations"), headers=bearer(cast.mara, "programme:write")
        ).status_code
        == 403
    )
    assert Decimal(cast.alpha.measure_values.get().value) == Decimal("81.5")
