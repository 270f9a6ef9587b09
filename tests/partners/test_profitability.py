"""What a partner earned against what it cost, for its own eyes alone."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.models import Event, ExchangeRate
from dealreg.models import Protection
from partners.models import Partner, PartnerCost
from partners.queries import profitability
from partners.rules import PartnerRole
from partners.rules.profit import Booked, Cost, CostKind, lines, quarters_of, year_of
from partners.services import costs
from tests.cast import bearer, member
from tests.partners.programme import TEST

TODAY = timezone.localdate()
YEAR = TODAY.year


def stated(amount: object = 1000, **changes: Any) -> Cost:
    day = dt.date(YEAR, 1, 15)
    cost = Cost(CostKind.CERTIFICATION, day, Decimal(str(amount)), "EUR", "Exams")
    return replace(cost, **changes)


@pytest.fixture
def ada(cast):
    return cast.actor(cast.ada)


@pytest.fixture
def sold(cast, won):
    """A deal that Alpha won today, with so many percent guaranteed."""

    def sell(amount: float, margin: str | None, currency: str = "EUR", **fields):
        deal = won(amount, currency, days_ago=0, **fields)
        since = timezone.now() - dt.timedelta(days=9)
        Protection.objects.create(
            deal=deal,
            partner=deal.partner,
            account=deal.account,
            product_line=deal.product_line,
            period=DateTimeTZRange(since, timezone.now()),
            margin=margin and Decimal(margin),
        )
        return deal

    return sell


# --- rules ----------------------------------------------------------------------------------

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
BOOKED = st.lists(
    st.builds(Booked, st.sampled_from("ab"), DAYS, st.decimals(0, 10**6, places=2)), max_size=20
)


@given(BOOKED, BOOKED)
def test_quarters_add_up_to_the_year(earned, spent):
    quarters = lines(quarters_of(2026), earned, spent)
    (year,) = lines([year_of(2026)], earned, spent)
    assert sum(line.earned for line in quarters) == year.earned == sum(e.amount for e in earned)
    assert sum(line.cost for line in quarters) == year.cost
    assert year.result == year.earned - year.cost


def test_the_return_is_what_came_back_for_each_unit():
    (line,) = lines([year_of(2026)], [booked(500)], [booked(200)])
    assert (line.result, line.ratio) == (Decimal(300), Decimal("2.50"))
    assert lines([year_of(2026)], [booked(500)], [])[0].ratio is None


def booked(amount: int) -> Booked:
    return Booked("a", dt.date(2026, 5, 1), Decimal(amount))


# --- what was earned ------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


def test_margin_is_what_was_won_times_what_was_guaranteed(ada, sold):
    sold(10_000, "15")
    sold(4_000, "10")
    sold(7_000, None)
    page = profitability.profitability(ada)
    assert page.total.earned_by == {"margin": Decimal("1900.00")}
    assert page.unknown == {"margin": 1}
    assert [str(kind) for kind in page.uncounted] == ["funds", "commissions"]


def test_other_currencies_count_at_the_rate_of_their_day(ada, sold):
    ExchangeRate.objects.create(currency="USD", valid_from=TODAY, rate=Decimal("0.5"))
    ExchangeRate.objects.create(
        currency="GBP", valid_from=TODAY + dt.timedelta(days=1), rate=Decimal(2)
    )
    sold(1_000, "10", "USD")
    sold(1_000, "10", "GBP")
    costs.add_cost(actor=ada, cost=stated(30, day=TODAY, currency="USD"))
    page = profitability.profitability(ada)
    assert (page.total.earned, page.total.cost) == (Decimal("50.00"), Decimal("15.00"))
    assert (page.unpriced, page.total.ratio) == (("GBP",), Decimal("3.33"))


def test_nothing_of_another_partner_counts(cast, ada, sold, won):
    sold(10_000, "15", partner=cast.beta)
    page = profitability.profitability(ada)
    assert page.total.earned == 0
    assert page.unknown == {}


def test_the_figures_cost_the_same_number_of_queries_however_much_there_is(
    ada, sold, django_assert_max_num_queries
):
    for number in range(4):
        sold(1_000, "15")
        costs.add_cost(actor=ada, cost=stated(number + 1))
    with django_assert_max_num_queries(6):
        profitability.profitability(ada)


# --- costs ----------------------------------------------------------------------------------


def test_administrators_and_finance_state_costs(cast, ada):
    row = costs.add_cost(actor=ada, cost=stated())
    fin = cast.actor(member("Fin", cast.alpha, PartnerRole.FINANCE))
    costs.change_cost(actor=fin, cost_id=row.pk, cost=stated(900), version=1)
    assert PartnerCost.objects.get().amount == 900
    costs.remove_cost(actor=fin, cost_id=row.pk)
    assert not PartnerCost.objects.exists()


def test_nobody_else_reads_or_states_them(cast, ada):
    row = costs.add_cost(actor=ada, cost=stated())
    visiting = replace(ada, visitor_id=cast.mara.pk)
    others = [cast.actor(user) for user in (cast.jonas, cast.chiara, cast.mara, cast.otto)]
    for actor in [*others, visiting, TEST]:
        for act in (
            lambda actor=actor: costs.add_cost(actor=actor, cost=stated()),
            lambda actor=actor: costs.change_cost(
                actor=actor, cost_id=row.pk, cost=stated(1), version=1
            ),
            lambda actor=actor: costs.remove_cost(actor=actor, cost_id=row.pk),
            lambda actor=actor: profitability.profitability(actor),
            lambda actor=actor: profitability.costs_of(actor, YEAR),
        ):
            with pytest.raises(PermissionDenied):
                act()
    boss = cast.actor(member("Boss", cast.beta, PartnerRole.ADMIN))
    with pytest.raises(Http404):
        costs.remove_cost(actor=boss, cost_id=row.pk)
    assert list(PartnerCost.objects.values_list("amount", "version")) == [(Decimal(1000), 1)]


def test_a_stale_change_is_told_the_newer_values(ada):
    row = costs.add_cost(actor=ada, cost=stated())
    costs.change_cost(actor=ada, cost_id=row.pk, cost=stated(2), version=1)
    with pytest.raises(costs.StaleCost) as stale:
        costs.change_cost(actor=ada, cost_id=row.pk, cost=stated(3), version=1)
    assert stale.value.row.amount == 2
    assert PartnerCost.objects.get().amount == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal(0)},
        {"amount": Decimal(-1)},
        {"amount": Decimal("NaN")},
        {"amount": Decimal("1.005")},
        {"currency": "XXX"},
        {"currency": "CHF"},
        {"day": dt.date(1999, 1, 1)},
        {"day": dt.date(YEAR + 2, 1, 1)},
    ],
)
def test_what_is_no_cost_is_refused(ada, changes):
    with pytest.raises(costs.InvalidCost):
        costs.add_cost(actor=ada, cost=stated(**changes))
    assert not PartnerCost.objects.exists()


def test_a_suspended_partner_reads_and_writes_nothing(cast, ada):
    Partner.objects.filter(pk=cast.alpha.pk).update(status="suspended")
    with pytest.raises(PermissionDenied):
        costs.add_cost(actor=ada, cost=stated())
    assert profitability.profitability(ada).total.cost == 0


def test_the_record_says_that_costs_changed_and_not_what(ada):
    row = costs.add_cost(actor=ada, cost=stated(48_271, note="Canary"))
    costs.change_cost(actor=ada, cost_id=row.pk, cost=stated(48_272, note="Canary"), version=1)
    told = list(Event.objects.filter(kind="partners.costs_changed").order_by("pk"))
    assert [one.payload for one in told] == [{"act": "added"}, {"act": "changed"}]


# --- pages ----------------------------------------------------------------------------------


def test_the_page_shows_earned_cost_result_and_return(
    client, cast, ada, sold, django_assert_max_num_queries
):
    sold(10_000, "15")
    sold(500, None)
    client.force_login(cast.ada)
    form = {"kind": "people", "day": f"{YEAR}-01-05", "amount": "600", "currency": "EUR"}
    answer = client.post(reverse("cost_add"), {**form, "note": "Hours", "version": 0})
    assert answer.status_code == 302
    with django_assert_max_num_queries(15):
        text = client.get(reverse("profitability")).content.decode()
    for said in ("€1,500.00", "€600.00", "€900.00", "2.50", "Hours"):
        assert said in text
    assert "does not count these earnings yet" in text
    assert "Marketing funds and Commissions" in text
    assert "Margin: 1 amount is not known" in text
    refused = client.post(reverse("cost_add"), {**form, "amount": "0", "version": 0})
    assert (refused.status_code, PartnerCost.objects.count()) == (422, 1)


def test_sellers_and_visitors_do_not_even_find_the_way(client, cast):
    client.force_login(cast.jonas)
    assert client.get(reverse("profitability")).status_code == 403
    assert reverse("profitability") not in client.get(reverse("home")).content.decode()
    client.force_login(cast.ada)
    assert reverse("profitability") in client.get(reverse("home")).content.decode()


def test_a_colleague_s_change_is_shown_before_it_is_replaced(client, cast, ada):
    row = costs.add_cost(actor=ada, cost=stated())
    client.force_login(cast.ada)
    page = reverse("cost", args=[row.pk])
    form = client.get(page).context["form"].initial
    costs.change_cost(actor=ada, cost_id=row.pk, cost=stated(777), version=1)
    mine = {**form, "day": str(form["day"]), "amount": "555"}
    answer = client.post(page, mine)
    assert (answer.status_code, "€777.00" in answer.content.decode()) == (409, True)
    assert client.post(page, {**mine, "version": 2}).status_code == 302
    assert client.post(reverse("cost_remove", args=[row.pk])).status_code == 302


def test_files_hold_no_formula(client, cast, ada, sold):
    sold(10_000, "15")
    costs.add_cost(actor=ada, cost=stated(note='=HYPERLINK("x")'))
    client.force_login(cast.ada)
    told = b"".join(client.get(reverse("costs_export")).streaming_content).decode()
    assert "'=HYPERLINK" in told
    figures = b"".join(client.get(reverse("profitability_export")).streaming_content).decode()
    rows = [row for row in figures.splitlines() if row.startswith(f"Q1 {YEAR},")]
    assert len(figures.splitlines()) == 1 + 4 * profitability.YEARS
    assert rows[0].split(",")[4] == "1000.000"


# --- API ------------------------------------------------------------------------------------


def caller(client, user):
    return bearer(user, "profitability:read", "profitability:write")


def test_programs_state_and_read_costs(client, cast):
    heads = caller(client, cast.ada)
    said = {"kind": "events", "day": f"{YEAR}-02-01", "amount": "250.00", "currency": "EUR"}
    post = {"content_type": "application/json", "headers": heads}
    made = client.post(reverse("api_costs"), said, **post)
    assert (made.status_code, made.json()["version"]) == (201, 1)
    one = reverse("api_cost", args=[made.json()["id"]])
    without = client.put(one, said, **post)
    assert without.status_code == 428
    fresh = {**heads, "If-Match": made.headers["ETag"]}
    changed = {**said, "amount": "300.00"}
    put = {"content_type": "application/json", "headers": fresh}
    assert client.put(one, changed, **put).json()["amount"] == "300.000"
    assert client.put(one, said, **put).status_code == 412
    figures = client.get(reverse("api_profitability"), headers=heads).json()
    assert (figures["total"]["cost"], figures["uncounted"]) == ("300.000", ["funds", "commissions"])
    assert client.delete(one, headers=heads).status_code == 204


def test_programs_of_others_are_refused(client, cast, ada):
    row = costs.add_cost(actor=ada, cost=stated())
    for user, one in ((cast.jonas, 403), (cast.mara, 403), (cast.otto, 403)):
        heads = caller(client, user)
        for name in ("api_profitability", "api_costs"):
            assert client.get(reverse(name), headers=heads).status_code == 403
        assert client.get(reverse("api_cost", args=[row.pk]), headers=heads).status_code == one
