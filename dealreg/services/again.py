"""Registering a customer again after a registration came to nothing."""

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.actor import Actor
from core.clock import database_now
from core.events import record
from core.own_fields.models import COLUMNS
from core.prepared import Prepared
from dealreg import access
from dealreg.books import current_book
from dealreg.events import DealRegisteredAgain
from dealreg.models import Deal, DealAnswer, ProductLine
from dealreg.rules import states
from dealreg.rules.protection import may_register_from
from dealreg.rules.request import InvalidRegistration
from dealreg.rules.states import DealStatus, Verb
from dealreg.services.drafts import REQUEST_FIELDS
from partners.rules import RegistrationRights


@transaction.atomic
def register_again(*, actor: Actor, deal_id: int) -> Deal:
    """A draft with the values of a registration that lapsed, was declined or withdrawn, linked
    to it: the old one keeps its story, the new one is decided by the rules of its day.

    There is one such draft at a time; asked again, it is that one. Raises NotInThisState,
    PermissionDenied, Http404.
    """
    old = access.deal_for_changing(actor, deal_id, Verb.REGISTER_AGAIN)
    states.require(Verb.REGISTER_AGAIN, old.status)
    there = Deal.objects.filter(previous=old, status=DealStatus.DRAFT).first()
    if there is not None:
        return there
    draft = Deal(partner_id=old.partner_id, created_by_id=actor.user_id, previous=old)
    for field in REQUEST_FIELDS:
        setattr(draft, field, getattr(old, field))
    # The customer has to agree anew, and the order is expected at another time.
    draft.customer_consent, draft.expected_close = False, None
    draft.save()
    _copy_answers(old, draft)
    record(
        DealRegisteredAgain(reference=draft.reference),
        subject=old,
        actor=actor,
        partner_id=old.partner_id,
    )
    return draft


def _copy_answers(old: Deal, draft: Deal) -> None:
    """What was answered in own fields that are still in use. A file stays the old deal's, whose
    readers are the new one's."""
    answers = DealAnswer.objects.filter(deal=old, field__active=True).select_related("file")
    DealAnswer.objects.bulk_create(
        DealAnswer(
            deal=draft,
            field_id=one.field_id,
            type=one.type,
            **{name: getattr(one, name) for name in COLUMNS},
        )
        for one in answers.order_by("pk")
    )


LAPSED_AT = Prepared("""
SELECT max(upper(kept.period))
FROM dealreg_protection AS kept JOIN dealreg_deal AS deal ON deal.id = kept.deal_id
WHERE kept.partner_id = %s AND kept.account_id = %s AND kept.product_line_id = %s
  AND deal.status = %s
""")


def require_waited(
    partner_id: int, rights: RegistrationRights, account_id: int, product_line: ProductLine
) -> None:
    """Raises InvalidRegistration while the partner has to wait because its protection of this
    customer lapsed; whether the registration continues the lapsed one or not. One query, two
    more when one lapsed."""
    with connection.cursor() as cursor:
        lapsed = DealStatus.LAPSED.value
        LAPSED_AT.run(cursor, [partner_id, account_id, product_line.pk, lapsed])
        (ended,) = cursor.fetchone()
    if ended is None:
        return
    terms = current_book(rights.region_path, product_line.pk, partner_id=partner_id).terms
    opens = may_register_from(ended, terms)
    if database_now() < opens:
        sentence = _(
            "Your protection of this customer lapsed. By the rules of engagement you can register "
            "it again from %(day)s on."
        ) % {"day": date_format(localtime(opens), "DATETIME_FORMAT")}
        raise InvalidRegistration({"customer_name": sentence})
