"""The customer says itself who its partner is, through a link that works once.

The question goes to an address at the customer's own domain, so nobody answers for a company
that they do not write from. What the link shows is what the customer knows anyway.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.actor import Actor, system
from core.clock import database_now
from core.events import record
from core.mail import queue_mail
from core.queries import branding
from core.system_names import declare_name
from dealreg import access
from dealreg.events import CustomerAsked, CustomerConfirmed, CustomerDenied
from dealreg.models import Confirmation, ConfirmationAnswer, Deal, EvidenceItem
from dealreg.rules import states
from dealreg.rules.names import NotADomain, registrable_domain
from dealreg.rules.protection import EvidenceKind
from dealreg.rules.states import DealStatus, Verb
from dealreg.services.stale import require_version

THE_CUSTOMER = declare_name(gettext_noop("The customer"))
LASTS = dt.timedelta(days=14)
# A customer is not to be pestered, nor the portal used to write to strangers.
MOST_OF_A_DEAL = 3
MOST_TO_AN_ADDRESS = 2
MOST_OF_A_PARTNER = 20
LATELY = dt.timedelta(days=30)
TODAY = dt.timedelta(days=1)


class CannotAsk(ValueError):
    """The customer cannot be asked now; the message says why."""


@transaction.atomic
def ask_customer(
    *, actor: Actor, deal_id: int, address: str, version: int | None = None
) -> Confirmation:
    """Mails the customer the question whether the partner is its own.

    `address` must be at the customer's domain. Raises CannotAsk with a sentence, StaleEdit,
    NotInThisState, PermissionDenied, Http404; nothing changes then.
    """
    deal = access.deal_for_changing(actor, deal_id, Verb.CONFIRM)
    states.require(Verb.CONFIRM, deal.status)
    require_version(deal, version)
    address = address.strip().lower()
    _require_address(deal, address)
    _require_seldom(actor, deal, address)
    token = secrets.token_urlsafe(32)
    confirmation = Confirmation.objects.create(
        deal=deal,
        address=address,
        token_hash=digest(token),
        asked_by_id=actor.user_id,
        asked_by_partner_id=actor.partner_id,
        expires_at=database_now() + LASTS,
    )
    _send(confirmation, deal, token)
    record(CustomerAsked(address=address), subject=deal, actor=actor, partner_id=deal.partner_id)
    return confirmation


def digest(token: str) -> str:
    """Plain SHA-256 is enough: the token has 256 random bits and cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _require_address(deal: Deal, address: str) -> None:
    domain = deal.account.domain if deal.account and deal.account.domain else deal.customer_domain
    if not domain:
        raise CannotAsk(_("The customer's web domain is not known, so nobody there can be asked."))
    try:
        validate_email(address)
        at = registrable_domain(address.rpartition("@")[2])
    except (ValidationError, NotADomain):
        at = ""
    if at not in {domain, deal.customer_domain} - {""}:
        raise CannotAsk(
            _("Enter an e-mail address at %(domain)s: only the customer itself can confirm.")
            % {"domain": domain}
        )


def _require_seldom(actor: Actor, deal: Deal, address: str) -> None:
    now = timezone.now()
    asked = Confirmation.objects.all()
    if asked.filter(deal=deal, asked_at__gt=now - LATELY).count() >= MOST_OF_A_DEAL:
        raise CannotAsk(_("The customer was asked about this deal already. Please wait."))
    lately = asked.filter(address=address, asked_at__gt=now - TODAY)
    # The same question once a day: a second click sends the customer no second mail.
    if lately.filter(deal=deal).exists() or lately.count() >= MOST_TO_AN_ADDRESS:
        raise CannotAsk(_("This address was asked lately. Please wait a day."))
    asker = (
        Q(asked_by_partner_id=actor.partner_id)
        if actor.partner_id
        else Q(asked_by_id=actor.user_id)
    )
    if asked.filter(asker, asked_at__gt=now - TODAY).count() >= MOST_OF_A_PARTNER:
        raise CannotAsk(_("Many customers were asked today. Please go on tomorrow."))


def _send(confirmation: Confirmation, deal: Deal, token: str) -> None:
    link = f"{settings.SITE_URL}{reverse('customer_confirm', args=[token])}"
    # Nothing is known of the customer's language but its country's; English is read everywhere.
    with translation.override(settings.LANGUAGE_CODE):
        queue_mail(
            once=f"confirmation:{confirmation.pk}",
            to_address=confirmation.address,
            subject=_("%(vendor)s: is %(partner)s your partner?")
            % {"vendor": branding().name, "partner": deal.partner.name},
            template="dealreg/mail/confirmation",
            context={
                "partner": deal.partner.name,
                "product_line": deal.product_line.name if deal.product_line else "",
                "link": link,
                "expires_at": confirmation.expires_at,
            },
            secret=True,
        )


@dataclass(frozen=True, slots=True)
class Question:
    """All that the customer is shown."""

    partner: str
    product_line: str


def question_of(token: str) -> Question | None:
    """What a link asks; None for one that is unknown, used, expired or of a deal that is over:
    these all look the same."""
    confirmation = _usable(token)
    if confirmation is None:
        return None
    deal = confirmation.deal
    return Question(deal.partner.name, deal.product_line.name if deal.product_line else "")


def _usable(token: str, *, locked: bool = False) -> Confirmation | None:
    rows = Confirmation.objects.select_related("deal__partner", "deal__product_line")
    if locked:
        rows = rows.select_for_update(of=("self",))
    return rows.filter(
        token_hash=digest(token),
        used_at__isnull=True,
        expires_at__gt=Now(),
        deal__status__in=[DealStatus.IN_REVIEW, DealStatus.APPROVED],
    ).first()


@transaction.atomic
def answer_question(*, token: str, yes: bool) -> bool:
    """Takes the customer's answer; False when the link cannot be used (any more).

    A yes becomes evidence, a no is told to the channel manager.
    """
    found = _usable(token)
    if found is None:
        return False
    deal = Deal.objects.select_for_update(of=("self",)).get(pk=found.deal_id)
    confirmation = _usable(token, locked=True)
    if confirmation is None:
        return False
    confirmation.used_at = timezone.now()
    confirmation.answer = ConfirmationAnswer.YES if yes else ConfirmationAnswer.NO
    confirmation.save(update_fields=["used_at", "answer"])
    actor = system(THE_CUSTOMER)
    fact: object
    if yes:
        fact = CustomerConfirmed(address=confirmation.address)
        EvidenceItem.objects.create(
            deal=deal,
            kind=EvidenceKind.CONFIRMATION,
            dated_on=timezone.localdate(),
            note=confirmation.address,
            added_by_label=actor.label,
        )
    else:
        fact = CustomerDenied(address=confirmation.address, customer=deal.customer_name)
    record(fact, subject=deal, actor=actor, partner_id=deal.partner_id)
    return True
