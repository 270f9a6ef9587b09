"""What the stories are told about: who was there, which rules held, and when people work."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from core.actor import Actor, ActorKind
from dealreg.books import CurrentBook
from partners.rules import MAY_REGISTER_DEALS
from prm.demo.cast import EMPLOYEES, MANAGER_OF, Company
from prm.demo.customers import Customer

SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Ids:
    """The rows that stories are about: users by address, the rest by the stories' keys."""

    partners: Mapping[str, int]
    users: Mapping[str, int]
    accounts: Mapping[str, int]
    lines: Mapping[str, int]


@dataclass
class Past:
    """What holds for all stories, seen from `now`."""

    now: dt.datetime
    book: CurrentBook
    limits: Mapping[str, Decimal | None]
    companies: Mapping[str, Company]
    customers: Mapping[str, Customer]
    ids: Ids

    def person(self, company: Company, first_name: str) -> Actor:
        person = next(one for one in company.people if one.first_name == first_name)
        return Actor(
            kind=ActorKind.USER,
            label=person.name,
            user_id=self.ids.users[person.email_at(company.domain)],
            partner_id=self.ids.partners[company.key],
            partner_roles=frozenset(role.value for role in person.roles) & MAY_REGISTER_DEALS,
        )

    def manager(self, company: Company) -> Actor:
        name, email = manager_of(company)
        return Actor(kind=ActorKind.USER, label=name, user_id=self.ids.users[email])

    def at_work(self, days_ago: float, company: Company, seed: str) -> dt.datetime:
        """The moment that many days ago, moved into office hours unless it is today's."""
        moment = self.now - dt.timedelta(days=days_ago)
        return moment if days_ago < 1 else in_office_hours(moment, company.time_zone, seed)

    def after(self, start: dt.datetime, days: float, zone: str, seed: str) -> dt.datetime:
        """A moment of work some days later, never before `start` and never to come."""
        moment = in_office_hours(start + dt.timedelta(days=days), zone, seed)
        if start < moment < self.now:
            return moment
        return min(start + dt.timedelta(days=days), self.now - 60 * SECOND)


def manager_of(company: Company) -> tuple[str, str]:
    """The name and address of the channel manager of the company's part of the world."""
    name = MANAGER_OF[company.region.split(".")[0]]
    return name, next(one.email for one in EMPLOYEES if one.name == name)


def in_office_hours(moment: dt.datetime, zone: str, seed: str) -> dt.datetime:
    """The same day between eight and half past five there; a weekend's Friday instead."""
    rng = Random(seed)  # noqa: S311 (example data, not a secret)
    local = moment.astimezone(ZoneInfo(zone))
    local -= dt.timedelta(days=max(local.weekday() - 4, 0))
    return local.replace(
        hour=rng.randrange(8, 17), minute=rng.randrange(0, 60), second=rng.randrange(0, 60)
    ).astimezone(dt.UTC)
