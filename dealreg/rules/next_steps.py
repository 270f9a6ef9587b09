"""What the reader of a deal can do now, in one sentence."""

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dealreg.rules.states import DealStage, DealStatus


def next_step(
    status: str,
    *,
    protected_until: dt.datetime | None,
    now: dt.datetime,
    stage: str = DealStage.PROSPECTING,
) -> str | Promise:
    """The next step for the partner, by status and by how the sale ended."""
    if stage == DealStage.WON:
        return _("You have won it. There is nothing that you need to do here.")
    if stage == DealStage.LOST:
        return _("Register the deal again if the opportunity comes back.")
    match DealStatus(status):
        case DealStatus.DRAFT:
            return _("Complete the form and register the deal.")
        case DealStatus.IN_REVIEW:
            return _(
                "A channel manager decides, usually within two business days. You get an e-mail; "
                "there is nothing that you need to do now."
            )
        case DealStatus.NEEDS_INFO:
            return _("Add what is asked for and register again; you then get a decision.")
        case DealStatus.APPROVED if protected_until and protected_until > now:
            return _("Go and win it. The customer is kept for you until the protection ends.")
        case DealStatus.APPROVED:
            return _("The protection has ended. Register the deal again if you still work on it.")
        case DealStatus.LAPSED:
            return _(
                "The protection has lapsed and the customer is free. Register the deal again if "
                "you still work on it."
            )
        case DealStatus.DECLINED:
            return _("If something has changed, register the deal again with the new facts.")
        case _:
            return _("Register the deal again if the opportunity comes back.")
