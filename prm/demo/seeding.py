"""Brings the example into the portal: all of it or nothing, and nothing twice."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from core import money_rates
from core.actor import Actor, system
from core.models import Branding, ExchangeRate
from dealreg.books import current_book
from dealreg.services import (
    OwnOpportunity,
    PastPurchase,
    catch_up_clocks,
    import_accounts,
    import_deals,
    import_direct_opportunities,
    import_product_lines,
    import_purchases,
)
from partners.models import BenefitCatalogue, Tier
from partners.rules.benefits import Starts
from partners.services import (
    CatalogueDraft,
    NewPartner,
    NewPerson,
    NewStaff,
    add_calendars,
    add_partners,
    add_people,
    add_policies,
    add_regions,
    add_staff,
    add_tiers,
    draft_benefits,
    publish_benefits,
    write_benefits,
)
from prm.demo import programme, protections
from prm.demo.background import background
from prm.demo.cases import settle_conflicts
from prm.demo.cast import COMPANIES, EMPLOYEES
from prm.demo.companies import describe_companies
from prm.demo.contacts import keep_in_touch
from prm.demo.costs import state_costs
from prm.demo.customers import as_account, customers, reference
from prm.demo.directory import add_directory
from prm.demo.distribution import add_distribution
from prm.demo.fits import add_ideal_profile
from prm.demo.history import Historian
from prm.demo.keeping import keep_records
from prm.demo.news import hear_of_rows, tell_of_tiers, tell_recent_news
from prm.demo.own_fields import add_own_fields, answer_for
from prm.demo.own_sales import BOUGHT, DIRECT
from prm.demo.past import Ids, manager_of
from prm.demo.plans import plan_together
from prm.demo.sharing import share_deals, tell_of_splits
from prm.demo.stories import DRAFTS, STORIES
from prm.demo.tiers import add_tier_programme

ONE_SEEDING_AT_A_TIME = 7003
FOUNDED = dt.timedelta(days=2400)


class UnknownBaseCurrency(ValueError):
    """The example has no exchange rates for this base currency."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a run added."""

    partners: int
    people: int
    customers: int
    deals: int


def demo() -> Actor:
    return system("example data")


@transaction.atomic
def seed(now: dt.datetime | None = None) -> Seeded:
    """Adds what is missing of the example, dated back from `now`. A second run adds nothing.

    Raises UnknownBaseCurrency.
    """
    now = (now or timezone.now()).replace(microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_SEEDING_AT_A_TIME])
    _programme(now)
    users = _staff(now)
    partners = _partners(now, users)
    people = _people(now, partners)
    keep_records(actor=demo(), partners=partners)
    describe_companies(actor=demo(), partners=partners, today=now.date())
    known_customers = customers()
    accounts = import_accounts(
        actor=demo(), accounts=[as_account(one) for one in known_customers.values()]
    )
    ids = Ids(
        partners=partners,
        users=users | people,
        accounts={key: accounts.ids[reference(key)] for key in known_customers},
        lines=import_product_lines(actor=demo(), lines=programme.PRODUCT_LINES),
    )
    add_own_fields(actor=demo(), line_ids=dict(ids.lines))
    added = _deals(now, ids)
    protections.tell_of_work(now)
    if add_tier_programme(demo(), partners, now):
        tell_of_tiers(now)
    _own_sales(now, ids)
    add_directory(partners, dict(ids.lines), now)
    add_distribution(actor=demo(), partners=partners, users=users | people, now=now)
    keep_in_touch(partners, users | people, now)
    plan_together(partners, users | people, now)
    add_ideal_profile(actor=demo(), partners=partners)
    state_costs(now)
    hear_of_rows(now)
    return Seeded(len(partners), len(users | people), len(accounts.new), added)


def _programme(now: dt.datetime) -> None:
    base = money_rates.base_currency()
    if base not in programme.IN_EUROS:
        raise UnknownBaseCurrency(base)
    add_regions(actor=demo(), regions=programme.REGIONS)
    add_calendars(actor=demo(), calendars=programme.calendars(now.date()))
    add_policies(actor=demo(), policies=programme.policies(base))
    add_tiers(actor=demo(), tiers=programme.tiers(base))
    _benefits(base)
    rates = programme.rates(base, now.date())
    ExchangeRate.objects.bulk_create(
        (ExchangeRate(currency=r.currency, rate=r.rate, valid_from=r.valid_from) for r in rates),
        ignore_conflicts=True,
    )
    Branding.objects.get_or_create(
        pk=1,
        defaults={
            "name": programme.PORTAL_NAME,
            "support_email": f"partners@{programme.VENDOR_DOMAIN}",
        },
    )


def _benefits(base: str) -> None:
    """What each tier brings, unless somebody has written that down already."""
    if BenefitCatalogue.objects.exists():
        return
    tiers = dict(Tier.objects.values_list("name", "pk"))
    grants = {tiers[name]: brought for name, brought in programme.benefits(base).items()}
    row = draft_benefits(actor=demo())
    draft = CatalogueDraft("Partner benefits", grants, starts=Starts.MONTH.value)
    write_benefits(actor=demo(), catalogue_id=row.pk, draft=draft)
    publish_benefits(actor=demo(), catalogue_id=row.pk)


def _staff(now: dt.datetime) -> dict[str, int]:
    staff = [
        NewStaff(
            email=one.email,
            name=one.name,
            duties=tuple((one.role, path) for path in one.regions or (None,)),
            time_zone=one.time_zone,
            joined_at=now - FOUNDED,
        )
        for one in EMPLOYEES
    ]
    return add_staff(actor=demo(), staff=staff)


def _partners(now: dt.datetime, users: Mapping[str, int]) -> dict[str, int]:
    wanted = {
        one.key: NewPartner(
            name=one.name,
            region=one.region,
            tier=one.tier,
            type=one.type,
            status=one.status,
            manager_id=users[manager_of(one)[1]],
            country=one.country,
            domains=(one.domain,),
            since=now - dt.timedelta(days=one.since),
        )
        for one in COMPANIES
    }
    ids = add_partners(actor=demo(), partners=list(wanted.values()))
    return {key: ids[new.key] for key, new in wanted.items()}


def _people(now: dt.datetime, partners: Mapping[str, int]) -> dict[str, int]:
    people = [
        NewPerson(
            email=person.email_at(company.domain),
            name=person.name,
            partner_id=partners[company.key],
            roles=person.roles,
            language="en",  # whoever tries the example reads English, not their region's language
            time_zone=company.time_zone,
            joined_at=now - dt.timedelta(days=company.since),
        )
        for company in COMPANIES
        for person in company.people
    ]
    return dict(add_people(actor=demo(), people=people).ids)


def _own_sales(now: dt.datetime, ids: Ids) -> None:
    """What the vendor sold, and sells, without partners."""
    import_purchases(
        actor=demo(),
        purchases=[
            PastPurchase(
                ref=f"demo:purchase:{one.customer}:{one.line}",
                account_id=ids.accounts[one.customer],
                product_line_id=ids.lines[one.line],
                bought_on=(now - dt.timedelta(days=one.days_ago)).date(),
            )
            for one in BOUGHT
        ],
    )
    import_direct_opportunities(
        actor=demo(),
        opportunities=[
            OwnOpportunity(
                ref=f"demo:direct:{one.customer}:{one.line}",
                account_id=ids.accounts[one.customer],
                product_line_id=ids.lines[one.line],
                stage=one.stage,
                owner=one.owner,
                opened_on=(now - dt.timedelta(days=one.days_ago)).date(),
            )
            for one in DIRECT
        ],
    )


def _deals(now: dt.datetime, ids: Ids) -> int:
    known_customers = customers()
    historian = Historian(
        now=now,
        book=current_book(),
        limits={
            tier.name: tier.approval_limit for tier in programme.tiers(money_rates.base_currency())
        },
        companies={company.key: company for company in COMPANIES},
        customers=known_customers,
        ids=ids,
    )
    told = historian.deals([*STORIES, *background(known_customers)])
    imported = import_deals(actor=demo(), deals=[*told, *historian.drafts(DRAFTS)])
    answer_for([imported.ids[ref] for ref in imported.new])
    tell_recent_news([imported.ids[ref] for ref in imported.new], now)
    tell_of_splits(share_deals(ids.users), now)
    catch_up_clocks(actor=demo())
    settle_conflicts(now, ids)
    return len(imported.new)
