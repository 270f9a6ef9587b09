"""What the page about a partner tells of what this app knows."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.actor import Actor
from partners.models import MeasureValue, Membership, Partner
from partners.queries import record
from partners.queries.ahead import ahead
from partners.queries.documents import newest_documents
from partners.queries.tier_page import tier_card_of
from partners.registries.cards import Card, Line
from partners.registries.features import label_of
from partners.rules import PartnerRole
from partners.rules.lifecycle import OffboardingState

LINES = 5
MOST_PEOPLE = 2_000


def own_cards(actor: Actor, partner: Partner) -> list[tuple[int, Card]]:
    """The cards with their positions. The partner was read by `overview`. Six
    queries, and one for each thing that it tries out (at most five)."""
    return [
        (10, where_it_stands(partner)),
        (20, its_tier(partner)),
        (30, its_people(partner.pk)),
        (60, its_training(partner.pk)),
        (70, what_lies_ahead(actor, partner.pk)),
        (75, its_profile(partner)),
        (80, its_papers(partner.pk)),
    ]


def day(moment: object) -> str:
    return date_format(moment, "SHORT_DATE_FORMAT") if moment else "–"  # type: ignore[arg-type]


def plain(value: Decimal) -> str:
    """Without places that say nothing."""
    whole = value.to_integral_value()
    return number_format(int(whole) if value == whole else value)


def where_it_stands(partner: Partner) -> Card:
    lines = [
        Line(_("Status"), partner.get_status_display()),
        Line(_("Type"), partner.get_type_display()),
        Line(_("Region"), partner.region.name),
        Line(_("Channel manager"), str(partner.manager or "–")),
        Line(_("Since"), day(localtime(partner.created_at))),
    ]
    read: Any = partner
    if read.leaving_id is not None:
        link = reverse("admin:partners_offboarding_change", args=[read.leaving_id])
        lines.append(Line(_("Offboarding"), str(OffboardingState(read.leaving_state).label), link))
    # What stayed with them is read there.
    for one in read.merged_in[:LINES]:
        link = reverse("admin:partners_partner_overview", args=[one["id"]])
        lines.append(Line(one["name"], _("was merged into this partner"), link))
    for one in read.trials[:LINES]:
        link = reverse("admin:partners_rollout_change", args=[one["id"]])
        until = _("tried out until %s") % day(dt.date.fromisoformat(one["until"]))
        lines.append(Line(label_of(one["what"]), until, link))
    page = reverse("admin:partners_partner_change", args=[partner.pk])
    return Card(_("Where it stands"), tuple(lines), page)


def its_tier(partner: Partner) -> Card:
    """As it was measured last."""
    card, since = tier_card_of(partner), partner.in_tier_since  # type: ignore[attr-defined]
    lines = [Line(_("Tier"), card.tier)]
    if since:
        lines.append(Line(_("Since"), day(localtime(since))))
    if card.grace_until:
        lines.append(Line(_("Grace until"), day(localtime(card.grace_until))))
    if card.next_tier:
        lines.append(Line(_("Next tier"), card.next_tier))
    lines += [Line(one.label, f"{one.shown} / {one.wanted}") for one in card.progress[:LINES]]
    link = reverse("admin:partners_tierassessment_changelist")
    return Card(_("Tier and programme"), tuple(lines), link, by_name=True)


def its_people(partner_id: int) -> Card:
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
    link = reverse("admin:partners_membership_changelist")
    return Card(_("People"), tuple(lines), link, by_name=True)


def its_training(partner_id: int) -> Card:
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


def what_lies_ahead(actor: Actor, partner_id: int) -> Card:
    """The plan that counts, the next review, and open tasks."""
    found = ahead(actor, partner_id)
    lines = []
    if found.plan is not None:
        link = reverse("admin:partners_jointplan_change", args=[found.plan.id])
        lines.append(Line(Truncator(found.plan.title).chars(60), found.plan.status, link))
    if found.review is not None:
        link = reverse("admin:partners_quarterlyreview_change", args=[found.review.id])
        lines.append(
            Line(
                Truncator(found.review.title).chars(60), day(localtime(found.review.meets_at)), link
            )
        )
    lines += [
        Line(
            Truncator(one.title).chars(60),
            f"{day(one.due_on)} · {_('Late')}" if one.late else day(one.due_on),
            reverse("admin:partners_todo_change", args=[one.id]),
        )
        for one in found.todos
    ]
    lines.append(Line(_("Open tasks"), number_format(found.todos_open)))
    return Card(
        _("Plan, review and tasks"),
        tuple(lines),
        reverse("admin:partners_todo_changelist"),
        by_name=True,
    )


def its_profile(partner: Partner) -> Card:
    """What the company says of itself, here and in the public directory."""
    profile, listing = getattr(partner, "profile", None), getattr(partner, "listing", None)
    lines = [
        Line(_("Website"), (profile.website if profile else "") or "–"),
        Line(_("Telephone"), (profile.phone if profile else "") or "–"),
        Line(_("Public directory"), _("Listed") if listing and listing.listed else _("Not listed")),
    ]
    if profile and profile.employees:
        lines.append(Line(_("Employees"), number_format(profile.employees)))
    if listing is None:
        return Card(_("Profile"), tuple(lines))
    if listing.closed_because:
        lines.append(Line(_("Taken out"), Truncator(listing.closed_because).chars(80)))
    link = reverse("admin:partners_directoryprofile_change", args=[listing.pk])
    return Card(_("Profile"), tuple(lines), link)


def its_papers(partner_id: int) -> Card:
    lines = [
        Line(one.title, day(one.expires_on) if one.expires_on else one.kind)
        for one in newest_documents(partner_id, LINES)
    ]
    lines += [
        Line(note.written_by, Truncator(note.text).chars(120))
        for note in record.newest_notes(partner_id, 3)
    ]
    link = reverse("admin:partners_partnerdocument_changelist")
    return Card(_("Documents and notes"), tuple(lines), link, by_name=True)
