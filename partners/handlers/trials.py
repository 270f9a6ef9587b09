"""Partners are looked at again when they begin to try something out, and when that has ended."""

from django.utils.translation import gettext_noop

from core.actor import system
from core.appointments import DueAppointment, falls_due
from core.system_names import declare_name
from partners.models import RollOut
from partners.registries.features import label_of
from partners.rules.rollouts import IDEALS, PROGRAMMES
from partners.runs import recalculation, scoring
from partners.services.assessing import assess_partner
from partners.services.fit import score_partner
from partners.services.rollouts import TURN

ROLL_OUTS = declare_name(gettext_noop("The roll-outs"))


@falls_due(TURN)
def trial_turns(due: DueAppointment) -> None:
    """The one partner at once, all of a region as far as work allows."""
    row = RollOut.objects.filter(pk=due.subject_id).first()
    if row is None:
        return
    actor, cause = system(ROLL_OUTS), label_of(row.feature)
    if row.feature.startswith(PROGRAMMES):
        if row.partner_id is not None:
            assess_partner(row.partner_id, cause=cause)
        else:
            recalculation.ask_recalculation(actor=actor, cause=cause)
    elif row.feature.startswith(IDEALS):
        if row.partner_id is not None:
            score_partner(row.partner_id)
        else:
            scoring.ask_scoring(actor=actor, cause=cause)
