"""What deal registration announces."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import in_readers_words, label_of
from dealreg.rules.protection import EvidenceKind
from dealreg.rules.states import DealStage


@event_kind(
    "dealreg.draft_saved",
    sentence=_("%(actor)s saved a draft"),
    public=["customer", "changes"],
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class DraftSaved:
    """`changes` is field → [old, new], as text."""

    customer: str
    changes: dict[str, list[str]]


@event_kind(
    "dealreg.draft_discarded",
    sentence=_("%(actor)s discarded the draft for %(customer)s"),
    public=["customer"],
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class DraftDiscarded:
    customer: str


@event_kind(
    "dealreg.deal_registered",
    sentence=_("%(actor)s registered the deal for %(customer)s"),
    public=["customer", "product_line", "amount", "currency"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class DealRegistered:
    customer: str
    product_line: str
    amount: str
    currency: str
    account_id: int


@event_kind(
    "dealreg.deal_sent_to_review",
    sentence=_("%(actor)s sent the registration of %(customer)s to review"),
    public=["customer", "note"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class DealSentToReview:
    customer: str
    note: str
    rule: str
    conflict_level: str


@event_kind(
    "dealreg.deal_approved",
    sentence=_("%(decided_by)s approved the registration of %(customer)s"),
    public=["customer", "note", "decided_by", "protected_until"],
    spoken={"decided_by": in_readers_words},
    tone="good",
)
@dataclass(frozen=True, slots=True)
class DealApproved:
    """`protected_until` is the moment at which the protection ends."""

    customer: str
    note: str
    decided_by: str
    rule: str
    protected_until: dt.datetime


@event_kind(
    "dealreg.deal_declined",
    sentence=_("%(decided_by)s declined the registration of %(customer)s"),
    public=["customer", "note", "decided_by"],
    spoken={"decided_by": in_readers_words},
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class DealDeclined:
    customer: str
    note: str
    decided_by: str
    rule: str
    reason: str


@event_kind(
    "dealreg.deal_sent_back",
    sentence=_("%(decided_by)s asked for more about %(customer)s"),
    public=["customer", "note", "decided_by", "asked_for"],
    spoken={"decided_by": in_readers_words},
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class DealSentBack:
    """`asked_for` names the fields that the partner is asked to complete."""

    customer: str
    note: str
    decided_by: str
    rule: str
    asked_for: list[str]


@event_kind(
    "dealreg.answer_reminded",
    sentence=_("%(customer)s waits for what was asked for"),
    public=["customer", "note", "until"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class AnswerReminded:
    """`until` is the moment at which the registration is withdrawn without an answer."""

    customer: str
    note: str
    until: dt.datetime


@event_kind(
    "dealreg.answer_missed",
    sentence=_("Nobody completed the registration of %(customer)s in %(days)s days"),
    public=["customer", "days"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class AnswerMissed:
    customer: str
    days: int


@event_kind(
    "dealreg.deal_withdrawn",
    sentence=_("%(actor)s withdrew the registration of %(customer)s"),
    public=["customer", "note"],
)
@dataclass(frozen=True, slots=True)
class DealWithdrawn:
    customer: str
    note: str
    old_status: str


@event_kind(
    "dealreg.file_attached",
    sentence=_("%(actor)s attached %(name)s"),
    public=["name"],
)
@dataclass(frozen=True, slots=True)
class FileAttached:
    name: str
    file_id: str


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


@event_kind(
    "dealreg.account_created",
    sentence=_("%(actor)s added the customer %(name)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class AccountCreated:
    name: str
    domain: str
    country: str


@event_kind(
    "dealreg.accounts_merged",
    sentence=_("%(actor)s merged the customer %(merged)s into %(kept)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class AccountsMerged:
    """`moved` counts what changed its customer, by kind of row; `merge_id` leads to all of it."""

    kept: str
    merged: str
    kept_id: int
    merged_id: int
    merge_id: int
    moved: dict[str, int]


@event_kind(
    "dealreg.merge_undone",
    sentence=_("%(actor)s took %(merged)s and %(kept)s apart again"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class MergeUndone:
    kept: str
    merged: str
    kept_id: int
    merged_id: int
    merge_id: int


@event_kind(
    "dealreg.duplicate_dismissed",
    sentence=_("%(actor)s found %(first)s and %(second)s to be two customers"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class DuplicateDismissed:
    first: str
    second: str
    other_id: int


@event_kind(
    "dealreg.rule_book_published",
    sentence=_("%(actor)s published the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookPublished:
    """`scope` is the region's path and the product line's code, empty for all;
    `effective_from` the moment from which it decides."""

    version: int
    title: str
    scope: tuple[str, ...] = ()
    effective_from: str = ""


@event_kind(
    "dealreg.rule_book_retired",
    sentence=_("%(actor)s retired the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookRetired:
    version: int
    title: str


@event_kind(
    "dealreg.rules_replayed",
    sentence=_("%(actor)s replayed past decisions with the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RulesReplayed:
    """`since` and `until` bound the period, as ISO dates; `until` is in it."""

    version: int
    since: str
    until: str


@event_kind(
    "dealreg.product_line_added",
    sentence=_("%(actor)s added the product line %(name)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class ProductLineAdded:
    code: str
    name: str


@event_kind(
    "dealreg.rule_book_drafted",
    sentence=_("%(actor)s began the rules of engagement v%(version)s from v%(copied_from)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookDrafted:
    version: int
    copied_from: int


@event_kind(
    "dealreg.rule_book_rewritten",
    sentence=_("%(actor)s rewrote the draft of the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookRewritten:
    """`old` and `new` are all rules of the draft, in order; the terms of protection by field."""

    version: int
    title: str
    old: tuple[dict[str, Any], ...]
    new: tuple[dict[str, Any], ...]
    old_terms: dict[str, Any] = field(default_factory=dict)
    new_terms: dict[str, Any] = field(default_factory=dict)


@event_kind(
    "dealreg.rule_book_discarded",
    sentence=_("%(actor)s discarded the draft of the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookDiscarded:
    version: int
    title: str


def amount_in_words(amount: str) -> str:
    return number_format(Decimal(amount), use_l10n=True, force_grouping=True) if amount else "—"


def day_in_words(day: str) -> str:
    return str(date_format(dt.date.fromisoformat(day), "DATE_FORMAT")) if day else "—"


def percent_in_words(percent: str) -> str:
    return gettext("%(number)s %%") % {"number": percent} if percent else gettext("by stage")


STAGE_IN_WORDS = label_of(DealStage.choices)
A_CHANGE = ["customer", "note", "old", "new"]


@event_kind(
    "dealreg.stage_changed",
    sentence=_("%(actor)s moved the sale from %(old_stage)s to %(new_stage)s"),
    public=["customer", "note", "old_stage", "new_stage"],
    spoken={"old_stage": STAGE_IN_WORDS, "new_stage": STAGE_IN_WORDS},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class StageChanged:
    """From one open stage to another; how a sale ends is DealWon, DealLost and DealReopened."""

    customer: str
    note: str
    old_stage: str
    new_stage: str


@event_kind(
    "dealreg.sale_amount_changed",
    sentence=_("%(actor)s changed the amount from %(old)s to %(new)s %(currency)s"),
    public=[*A_CHANGE, "currency"],
    spoken={"old": amount_in_words, "new": amount_in_words},
)
@dataclass(frozen=True, slots=True)
class SaleAmountChanged:
    customer: str
    note: str
    old: str
    new: str
    currency: str


@event_kind(
    "dealreg.sale_close_moved",
    sentence=_("%(actor)s moved the expected close from %(old)s to %(new)s"),
    public=A_CHANGE,
    spoken={"old": day_in_words, "new": day_in_words},
)
@dataclass(frozen=True, slots=True)
class SaleCloseMoved:
    customer: str
    note: str
    old: str
    new: str


@event_kind(
    "dealreg.sale_probability_changed",
    sentence=_("%(actor)s changed the probability from %(old)s to %(new)s"),
    public=A_CHANGE,
    spoken={"old": percent_in_words, "new": percent_in_words},
)
@dataclass(frozen=True, slots=True)
class SaleProbabilityChanged:
    """Empty: that of the stage."""

    customer: str
    note: str
    old: str
    new: str


@event_kind(
    "dealreg.sale_next_step_changed",
    sentence=_("%(actor)s changed the next step: %(new)s"),
    public=[*A_CHANGE, "field"],
)
@dataclass(frozen=True, slots=True)
class SaleNextStepChanged:
    """`field` says whether its words or its day changed."""

    customer: str
    note: str
    field: str
    old: str
    new: str


@event_kind(
    "dealreg.sale_confirmed",
    sentence=_("%(actor)s confirmed that the sale is up to date"),
    public=["customer", "note"],
)
@dataclass(frozen=True, slots=True)
class SaleConfirmed:
    customer: str
    note: str


@event_kind(
    "dealreg.sale_went_stale",
    sentence=_("%(customer)s: no update for %(days)s days"),
    public=["customer", "days"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class SaleWentStale:
    """Said once, until the sale is updated and goes quiet again."""

    customer: str
    days: int


@event_kind(
    "dealreg.deal_won",
    sentence=_("%(actor)s won %(customer)s: %(amount)s %(currency)s"),
    public=["customer", "note", "closed_on", "reasons", "amount", "currency"],
    spoken={"amount": amount_in_words},
    tone="good",
)
@dataclass(frozen=True, slots=True)
class DealWon:
    """`reasons` are codes; `amount` is what it was sold for. The protection ended with it."""

    customer: str
    note: str
    closed_on: dt.date
    reasons: list[str]
    amount: str
    currency: str


@event_kind(
    "dealreg.deal_lost",
    sentence=_("%(actor)s lost %(customer)s"),
    public=["customer", "note", "closed_on", "reasons", "competitor"],
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class DealLost:
    """`reasons` are codes. The protection ended with it."""

    customer: str
    note: str
    closed_on: dt.date
    reasons: list[str]
    competitor: str


@event_kind(
    "dealreg.deal_reopened",
    sentence=_("%(actor)s opened the sale of %(customer)s again: %(new_stage)s"),
    public=["customer", "note", "old_stage", "new_stage"],
    spoken={"new_stage": STAGE_IN_WORDS},
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class DealReopened:
    """What was left of the protection runs again."""

    customer: str
    note: str
    old_stage: str
    new_stage: str


@event_kind(
    "dealreg.own_field_added",
    sentence=_("%(actor)s added the own field “%(label)s”"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class OwnFieldAdded:
    """`values` are what it says, as text."""

    code: str
    label: str
    values: dict[str, str]


@event_kind(
    "dealreg.own_field_changed",
    sentence=_("%(actor)s changed the own field “%(label)s”"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class OwnFieldChanged:
    """`changes` is what → [old, new], as text."""

    code: str
    label: str
    changes: dict[str, list[str]]


@event_kind(
    "dealreg.own_field_retired",
    sentence=_("%(actor)s took the own field “%(label)s” out of use"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class OwnFieldRetired:
    code: str
    label: str


@event_kind(
    "dealreg.own_field_restored",
    sentence=_("%(actor)s put the own field “%(label)s” into use again"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class OwnFieldRestored:
    code: str
    label: str


@event_kind(
    "dealreg.own_field_removed",
    sentence=_("%(actor)s removed the own field “%(label)s”"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class OwnFieldRemoved:
    """`values` are what it said, as text."""

    code: str
    label: str
    values: dict[str, str]


# --- protection -----------------------------------------------------------------------------


def day_of(stored: str) -> str:
    """A stored moment or date as a day in the reader's words."""
    try:
        moment = dt.datetime.fromisoformat(stored)
    except ValueError:
        return stored
    return date_format(localtime(moment) if moment.tzinfo else moment, "DATE_FORMAT")


@event_kind(
    "dealreg.evidence_added",
    sentence=_("%(actor)s added evidence: %(kind)s, %(dated_on)s"),
    public=["kind", "dated_on", "note"],
    spoken={"kind": label_of(EvidenceKind.choices), "dated_on": day_of},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class EvidenceAdded:
    kind: str
    dated_on: dt.date
    note: str


@event_kind(
    "dealreg.extension_asked",
    sentence=_("%(actor)s asked to protect %(customer)s longer"),
    public=["customer", "note"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class ExtensionAsked:
    customer: str
    note: str


@event_kind(
    "dealreg.protection_extended",
    sentence=_("%(decided_by)s extended the protection of %(customer)s until %(protected_until)s"),
    public=["customer", "note", "decided_by", "days", "protected_until"],
    spoken={"decided_by": in_readers_words, "protected_until": day_of},
    tone="good",
)
@dataclass(frozen=True, slots=True)
class ProtectionExtended:
    """`protected_until` is the new end, `days` by how much later it is."""

    customer: str
    note: str
    decided_by: str
    days: int
    protected_until: dt.datetime


@event_kind(
    "dealreg.extension_declined",
    sentence=_("%(decided_by)s did not extend the protection of %(customer)s"),
    public=["customer", "note", "decided_by"],
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class ExtensionDeclined:
    customer: str
    note: str
    decided_by: str


@event_kind(
    "dealreg.protection_ends_soon",
    sentence=_("The protection of %(customer)s ends on %(until)s"),
    public=["customer", "days", "until"],
    spoken={"until": day_of},
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class ProtectionEndsSoon:
    """`days` are those that were left, begun ones counted."""

    customer: str
    days: int
    until: dt.datetime


@event_kind(
    "dealreg.deal_lapsed",
    sentence=_("The protection of %(customer)s lapsed"),
    public=["customer", "ended_at"],
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class DealLapsed:
    """The protection ended at `ended_at` while the sale was open; the customer is free."""

    customer: str
    ended_at: dt.datetime


@event_kind(
    "dealreg.deal_registered_again",
    sentence=_("%(actor)s began to register the deal again as %(reference)s"),
    public=["reference"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class DealRegisteredAgain:
    """`reference` is that of the new registration."""

    reference: str


@event_kind(
    "dealreg.customer_asked",
    sentence=_("%(actor)s asked the customer at %(address)s to confirm"),
    public=["address"],
    tone="info",
)
@dataclass(frozen=True, slots=True)
class CustomerAsked:
    address: str


@event_kind(
    "dealreg.customer_confirmed",
    sentence=_("The customer confirmed its partner from %(address)s"),
    public=["address"],
    tone="good",
)
@dataclass(frozen=True, slots=True)
class CustomerConfirmed:
    address: str


@event_kind(
    "dealreg.customer_denied",
    sentence=_("The customer said from %(address)s that this is not its partner"),
    staff_only=True,
    tone="bad",
)
@dataclass(frozen=True, slots=True)
class CustomerDenied:
    """For the channel manager: the partner is not told."""

    address: str
    customer: str
