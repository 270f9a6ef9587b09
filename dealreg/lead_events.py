"""What deal registration announces about leads. Who asked stands in the lead alone, which can be
erased; the record has its number."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.events import event_kind
from core.system_names import declare_name, label_of
from dealreg.rules.leads import LeadState

THE_DIRECTORY = declare_name(gettext_noop("Partner directory"))
LEAD_CLOCK = declare_name(gettext_noop("The deadline of a lead"))


@event_kind(
    "dealreg.lead_offered",
    sentence=_("The lead %(reference)s came in for your company"),
    public=["reference", "answer_until"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class LeadOffered:
    reference: str
    answer_until: dt.datetime


@event_kind(
    "dealreg.lead_moved",
    sentence=_("%(actor)s: the lead %(reference)s is now “%(state)s”"),
    public=["reference", "state", "note"],
    spoken={"state": label_of(LeadState.choices)},
)
@dataclass(frozen=True, slots=True)
class LeadMoved:
    reference: str
    state: str
    note: str


@event_kind(
    "dealreg.lead_erased",
    sentence=_("%(actor)s erased who asked in the lead %(reference)s"),
    public=["reference"],
)
@dataclass(frozen=True, slots=True)
class LeadErased:
    reference: str
