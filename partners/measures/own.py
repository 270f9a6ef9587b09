"""What this app itself can count: people and profiles, and the values that operations enter
for what no app of the portal knows yet."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.account_facts import SignedIn
from core.sql import Sql
from partners.events.company import ProfileChanged
from partners.events.organisations import DomainsChanged, PartnerChanged
from partners.events.people import PersonJoined, PersonLeft, RolesChanged
from partners.events.tiers import MeasureValueEntered
from partners.measures.registry import Among, Measure, Unit, register
from partners.rules.periods import Period


def active_users(period: Period, among: Among) -> Sql:
    text = f"""
        SELECT m.partner_id, count(*)::numeric AS value
        FROM partners_membership m
        WHERE m.left_at IS NULL AND {among.where("m.partner_id")} AND EXISTS (
            SELECT 1 FROM core_event e
            WHERE e.subject_type = 'core.user' AND e.subject_id = m.user_id
              AND e.kind = 'core.signed_in'
              AND e.occurred_at >= %(period_first)s AND e.occurred_at < %(period_last)s + 1)
        GROUP BY m.partner_id"""  # noqa: S608
    return Sql(text, {**days_of(period), **among.values})


def profile_completeness(_period: Period, among: Among) -> Sql:
    text = f"""
        SELECT p.id AS partner_id, round(100.0 / 6 * (
            (p.country <> '')::int
            + EXISTS (SELECT 1 FROM partners_partnerdomain d WHERE d.partner_id = p.id)::int
            + EXISTS (SELECT 1 FROM partners_partnerprofile f
                      WHERE f.partner_id = p.id AND f.about <> '' AND f.website <> '')::int
            + coalesce(bool_or('admin' = ANY(m.roles)), false)::int
            + coalesce(bool_or('sales' = ANY(m.roles)), false)::int
            + coalesce(bool_or('technical' = ANY(m.roles)), false)::int)) AS value
        FROM partners_partner p
        LEFT JOIN partners_membership m ON m.partner_id = p.id AND m.left_at IS NULL
        WHERE {among.where("p.id")}
        GROUP BY p.id"""  # noqa: S608
    return Sql(text, among.values)


def newest_entered(measure: str) -> Callable[[Period, Among], Sql]:
    """The newest entered value up to the end of the period: for what lasts until it is entered
    anew, such as certifications."""

    def query(period: Period, among: Among) -> Sql:
        text = f"""
            SELECT DISTINCT ON (v.partner_id) v.partner_id, v.value
            FROM partners_measurevalue v
            WHERE v.measure = '{measure}' AND v.day <= %(period_last)s
              AND {among.where("v.partner_id")}
            ORDER BY v.partner_id, v.day DESC"""  # noqa: S608
        return Sql(text, {"period_last": period.last, **among.values})

    return query


def entered_in_period(measure: str) -> Callable[[Period, Among], Sql]:
    """The sum of the values entered for days of the period: for what happens and is over."""

    def query(period: Period, among: Among) -> Sql:
        text = f"""
            SELECT v.partner_id, sum(v.value) AS value FROM partners_measurevalue v
            WHERE v.measure = '{measure}' AND {among.where("v.partner_id")}
              AND v.day >= %(period_first)s AND v.day <= %(period_last)s
            GROUP BY v.partner_id"""  # noqa: S608
        return Sql(text, {**days_of(period), **among.values})

    return query


def days_of(period: Period) -> dict[str, object]:
    return {"period_first": period.first, "period_last": period.last}


register(
    Measure(
        "active_users",
        Unit.COUNT,
        _("Active users"),
        _("People of the partner who signed in to the portal in the period."),
        query=active_users,
        moved_by=(SignedIn, PersonJoined, PersonLeft),
        effort=Decimal("0.5"),
    )
)
register(
    Measure(
        "profile_completeness",
        Unit.PERCENT,
        _("Company profile"),
        _(
            "Country, an internet domain, a profile with a text and a website, and people for "
            "administration, sales and technology, each a sixth; as of now."
        ),
        query=profile_completeness,
        moved_by=(
            PartnerChanged,
            DomainsChanged,
            ProfileChanged,
            PersonJoined,
            PersonLeft,
            RolesChanged,
        ),
        effort=Decimal("0.02"),
    )
)
register(
    Measure(
        "active_certifications",
        Unit.COUNT,
        _("Active certifications"),
        _("Certificates of the partner's people that are valid; the newest entered number."),
        query=newest_entered("active_certifications"),
        moved_by=(MeasureValueEntered,),
        effort=Decimal(6),
        stored=True,
    )
)
register(
    Measure(
        "psat",
        Unit.SCORE,
        _("Partner satisfaction"),
        _("The newest entered result of the satisfaction survey, from 0 to 100."),
        query=newest_entered("psat"),
        moved_by=(MeasureValueEntered,),
        effort=Decimal(2),
        stored=True,
    )
)
