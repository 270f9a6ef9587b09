from dealreg.models.accounts import Account, AccountAlias, AccountKey, ProductLine
from dealreg.models.cases import CaseEscalation, CaseSide, CaseStatement, ConflictCase
from dealreg.models.clocks import EscalationStep, ReviewClock, ServiceLevel
from dealreg.models.deals import Deal
from dealreg.models.decisions import Decision
from dealreg.models.distribution import DealRoute
from dealreg.models.leads import Lead, LeadOffer
from dealreg.models.merging import AccountMerge, DuplicateAudit, DuplicatePair
from dealreg.models.own_fields import DealAnswer, DealField
from dealreg.models.own_sales import DirectOpportunity, Purchase
from dealreg.models.protection import (
    Confirmation,
    ConfirmationAnswer,
    EvidenceItem,
    Extension,
    Protection,
)
from dealreg.models.replays import ReplayChange, ReplayRun
from dealreg.models.rulebooks import Rule, RuleBook
from dealreg.models.sales import CloseReason, SaleChange, SaleClosing, SalesStage
from dealreg.models.splits import Split, SplitPart, SplitParty, SplitPolicy, SplitTerms

__all__ = [
    "Account",
    "AccountAlias",
    "AccountKey",
    "AccountMerge",
    "CaseEscalation",
    "CaseSide",
    "CaseStatement",
    "CloseReason",
    "Confirmation",
    "ConfirmationAnswer",
    "ConflictCase",
    "Deal",
    "DealAnswer",
    "DealField",
    "DealRoute",
    "Decision",
    "DirectOpportunity",
    "DuplicateAudit",
    "DuplicatePair",
    "EscalationStep",
    "EvidenceItem",
    "Extension",
    "Lead",
    "LeadOffer",
    "ProductLine",
    "Protection",
    "Purchase",
    "ReplayChange",
    "ReplayRun",
    "ReviewClock",
    "Rule",
    "RuleBook",
    "SaleChange",
    "SaleClosing",
    "SalesStage",
    "ServiceLevel",
    "Split",
    "SplitPart",
    "SplitParty",
    "SplitPolicy",
    "SplitTerms",
]
