"""What deals brought in from elsewhere announce."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from dealreg.rules.states import DealStage


@event_kind(
    "dealreg.deal_imported",
    sentence=_("Imported from %(source)s as %(external_ref)s"),
    public=["source", "external_ref"],
)
@dataclass(frozen=True, slots=True)
class DealImported:
    """History brought in from another system. Nobody is told: it is old news."""

    source: str
    external_ref: str
    customer: str
    amount: str
    currency: str


@event_kind(
    "dealreg.imported_deal_taken_back",
    sentence=_("%(actor)s took back the import of the deal for %(customer)s"),
    public=["customer"],
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class ImportedDealTakenBack:
    customer: str
    external_ref: str


@event_kind(
    "dealreg.stage_imported",
    sentence=_("Sales stage: %(new_stage)s"),
    public=["old_stage", "new_stage", "amount", "currency"],
    spoken={"new_stage": label_of(DealStage.choices)},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class StageImported:
    old_stage: str
    new_stage: str
    amount: str
    currency: str
