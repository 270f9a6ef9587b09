"""A side that was not given the customer asks for a second decision, by somebody else."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from dealreg.case_events import CaseAppealed
from dealreg.models import ConflictCase
from dealreg.rules import cases as rules
from dealreg.rules.cases import CaseVerb, SideOutcome
from dealreg.services.cases.stating import own_locked
from dealreg.services.cases.steering import begin_appeal


class AppealRefused(ValueError):
    """There is nothing to appeal against, or not any longer; the message says why."""


@transaction.atomic
def appeal_case(*, actor: Actor, case_id: int, text: str) -> ConflictCase:
    """A side that did not get the customer for itself appeals: once, in time, and somebody else
    decides.

    Raises AppealRefused, NotInThisCaseState, PermissionDenied, Http404; nothing changes then.
    """
    case, side = own_locked(actor, case_id, CaseVerb.APPEAL)
    if side.outcome not in {SideOutcome.LOSES, SideOutcome.SHARES}:
        raise AppealRefused(_("The decision is in your favour."))
    if not ConflictCase.objects.filter(pk=case.pk, appeal_until__gt=Now()).exists():
        raise AppealRefused(_("The time for an appeal is over."))
    text = text.strip()
    if not text:
        raise AppealRefused(_("Say in a few sentences what was not seen rightly."))
    if len(text) > rules.LONGEST_STATEMENT:
        raise AppealRefused(
            _("At most %(number)s characters.") % {"number": rules.LONGEST_STATEMENT}
        )
    case.appealed_by, case.appeal = side, text
    begin_appeal(case)
    fact = CaseAppealed(case.pk, side.deal.customer_name, text)
    record(fact, subject=side, actor=actor, partner_id=side.partner_id)
    return case
