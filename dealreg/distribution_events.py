"""What deal registration announces about deals that run through a distributor."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.events import event_kind
from core.system_names import declare_name, label_of
from dealreg.rules.distribution import Endorsement

THE_DISTRIBUTOR = declare_name(gettext_noop("Distributor %(name)s"))
AFTER_ENDORSEMENT = declare_name(gettext_noop("The way after the endorsement"))


@event_kind(
    "dealreg.deal_routed",
    sentence=_("The registration runs through %(distributor)s"),
    public=["customer", "distributor"],
)
@dataclass(frozen=True, slots=True)
class DealRouted:
    customer: str
    distributor: str


@event_kind(
    "dealreg.deal_kept",
    sentence=_("%(actor)s kept the registration from the company’s distributors"),
    public=["customer"],
)
@dataclass(frozen=True, slots=True)
class DealKept:
    customer: str


@event_kind(
    "dealreg.endorsement_asked",
    sentence=_("%(distributor)s is asked to endorse the registration"),
    public=["customer", "distributor", "answer_until"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class EndorsementAsked:
    customer: str
    distributor: str
    answer_until: dt.datetime


@event_kind(
    "dealreg.endorsement_heard",
    sentence=_("%(actor)s: endorsement by %(distributor)s: %(answer)s"),
    public=["customer", "distributor", "answer", "note"],
    spoken={"answer": label_of(Endorsement.choices)},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class EndorsementHeard:
    """For the reseller and the vendor: endorsed, refused, not answered, passed over."""

    customer: str
    distributor: str
    answer: str
    note: str


@event_kind(
    "dealreg.endorsement_given",
    sentence=_("%(actor)s answered for %(reference)s: %(answer)s"),
    public=["reference", "answer", "note"],
    spoken={"answer": label_of(Endorsement.choices)},
)
@dataclass(frozen=True, slots=True)
class EndorsementGiven:
    """For the distributor's own record, with the person's name; the subject is the route."""

    reference: str
    answer: str
    note: str
