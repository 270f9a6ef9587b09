"""All about one partner on one page, for the vendor's people. Apps above declare their cards
(`declare_card`), so that this floor need not know what a deal is."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import queries as core_queries
from core.actor import Actor
from core.ui import TimelineEntry
from partners import record
from partners.documents import newest_documents
from partners.models import MeasureValue, Membership, Offboarding, Partner, Todo
from partners.rules import PartnerRole
from partners.rules.lifecycle import OPEN_OFFBOARDING
from partners.tier_page import tier_page
from partners.todos import in_scope

Text = str | Promise
LINES = 5
MOST_PEOPLE = 2_000
MOST_EVENTS = 15


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what it is; `href` leads to what it is made of."""

    label: Text
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """`href` leads to all of it."""

    title: Text
    lines: tuple[Line, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class CardKind:
    """`build` answers with the card of a partner (by id) that the actor may see; it costs the
    same number of queries however much there is."""

    name: str
    position: int
    build: Callable[[Actor, int], Card]


@dataclass(frozen=True, slots=True)
class Overview:
    partner: Partner
    cards: tuple[Card, ...]
    events: tuple[TimelineEntry, ...]


_cards: dict[str, CardKind] = {}


def declare_card(card: CardKind) -> None:
    """Called while apps start."""
    if card.name in _cards:
        raise ValueError(f"The card {card.name} is declared twice.")
    _cards[card.name] = card


def overview(actor: Actor, partner_id: int) -> Overview:
    """Raises Http404 for a partner that the actor may not see, and for who is not staff."""
    rows = Partner.objects.select_related("tier", "region", "manager")
    partner = rows.filter(pk=partner_id, pk__in=Partner.objects.visible_to(actor)).first()
    if partner is None or not actor.is_staff:
        raise Http404
    kinds = sorted(_cards.values(), key=lambda kind: kind.position)
    return Overview(
        partner=partner,
        cards=tuple(kind.build(actor, partner_id) for kind in kinds),
        events=tuple(core_queries.timeline(partner, actor)[:MOST_EVENTS]),
    )


def day(moment: object) -> str:
    return date_format(moment, "SHORT_DATE_FORMAT") if moment else "–"  # type: ignore[arg-type]


def plain(value: Decimal) -> str:
    """Without places that say nothing."""
    whole = value.to_integral_value()
    return number_format(int(whole) if value == whole else value)


def where_it_stands(actor: Actor, partner_id: int) -> Card:
    partner = Partner.objects.select_related("region", "manager").get(pk=partner_id)
    leaving = Offboarding.objects.filter(partner=partner, state__in=sorted(OPEN_OFFBOARDING))
    lines = [
        Line(_("Status"), partner.get_status_display()),
        Line(_("Type"), partner.get_type_display()),
        Line(_("Region"), partner.region.name),
        Line(_("Channel manager"), str(partner.manager or "–")),
        Line(_("Since"), day(localtime(partner.created_at))),
    ]
    for row in leaving[:1]:
        link = reverse("admin:partners_offboarding_change", args=[row.pk])
        lines.append(Line(_("Offboarding"), row.get_state_display(), link))
    page = reverse("admin:partners_partner_change", args=[partner_id])
    return Card(_("Where it stands"), tuple(lines), page)


def its_tier(actor: Actor, partner_id: int) -> Card:
    page = tier_page(actor, partner_id)
    lines = [Line(_("Tier"), page.tier)]
    if page.since:
        lines.append(Line(_("Since"), day(localtime(page.since))))
    if page.grace_until:
        lines.append(Line(_("Grace until"), day(localtime(page.grace_until))))
    if page.next_tier:
        lines.append(Line(_("Next tier"), page.next_tier))
    lines += [Line(one.label, f"{one.shown} / {one.wanted}") for one in page.progress[:LINES]]
    link = f"{reverse('admin:partners_tierassessment_changelist')}?q="
    return Card(_("Tier and programme"), tuple(lines), link + words(partner_id))


def its_people(actor: Actor, partner_id: int) -> Card:
    places = Membership.objects.filter(
        partner_id=partner_id, left_at__isnull=True, user__is_active=True
    )
    rows = list(places.values_list("roles", "user__last_login")[:MOST_PEOPLE])
    lines = [Line(_("People"), number_format(len(rows)))]
    for role in PartnerRole:
        number = sum(role in roles for roles, _seen in rows)
        if number:
            lines.append(Line(role.label, number_format(number)))
    seen = max((seen for _roles, seen in rows if seen), default=None)
    lines.append(Line(_("Last sign-in"), day(localtime(seen)) if seen else "–"))
    link = f"{reverse('admin:partners_membership_changelist')}?q="
    return Card(_("People"), tuple(lines), link + words(partner_id))


def its_training(actor: Actor, partner_id: int) -> Card:
    rows = MeasureValue.objects.filter(
        partner_id=partner_id, measure__in=["active_certifications", "psat"]
    )
    newest = {row.measure: row for row in rows.order_by("-day")[:50][::-1]}
    labels = {
        "active_certifications": _("Active certifications"),
        "psat": _("Partner satisfaction"),
    }
    lines = tuple(
        Line(labels[name], f"{plain(row.value)} ({day(row.day)})")
        for name, row in sorted(newest.items())
    )
    return Card(_("Training and satisfaction"), lines)


def its_tasks(actor: Actor, partner_id: int) -> Card:
    rows = in_scope(actor, Todo.objects.filter(partner_id=partner_id, state="open"))
    lines = tuple(
        Line(
            Truncator(row.title).chars(60),
            day(row.due_on),
            reverse("admin:partners_todo_change", args=[row.pk]),
        )
        for row in rows.order_by("due_on", "pk")[:LINES]
    )
    return Card(_("Tasks and plan"), lines, reverse("admin:partners_todo_changelist"))


def its_papers(actor: Actor, partner_id: int) -> Card:
    lines = [
        Line(one.title, day(one.expires_on) if one.expires_on else one.kind)
        for one in newest_documents(partner_id, LINES)
    ]
    lines += [
        Line(note.written_by, Truncator(note.text).chars(120))
        for note in record.newest_notes(partner_id, 3)
    ]
    link = f"{reverse('admin:partners_partnerdocument_changelist')}?q="
    return Card(_("Documents and notes"), tuple(lines), link + words(partner_id))


def words(partner_id: int) -> str:
    """The partner's name, to search a list for."""
    return quote(Partner.objects.values_list("name", flat=True).get(pk=partner_id))


declare_card(CardKind("standing", 10, where_it_stands))
declare_card(CardKind("tier", 20, its_tier))
declare_card(CardKind("people", 30, its_people))
declare_card(CardKind("training", 60, its_training))
declare_card(CardKind("tasks", 70, its_tasks))
declare_card(CardKind("papers", 80, its_papers))
