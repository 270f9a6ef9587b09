from dealreg.models.accounts import Account, AccountAlias, AccountKey, ProductLine
from dealreg.models.deals import Deal, Decision, Protection
from dealreg.models.merging import AccountMerge, DuplicateAudit, DuplicatePair
from dealreg.models.own_fields import DealAnswer, DealField
from dealreg.models.own_sales import DirectOpportunity, Purchase
from dealreg.models.replays import ReplayChange, ReplayRun
from dealreg.models.rulebooks import Rule, RuleBook
from dealreg.models.sales import CloseReason, SaleChange, SaleClosing, SalesStage

__all__ = [
    "Account",
    "AccountAlias",
    "AccountKey",
    "AccountMerge",
    "CloseReason",
    "Deal",
    "DealAnswer",
    "DealField",
    "Decision",
    "DirectOpportunity",
    "DuplicateAudit",
    "DuplicatePair",
    "ProductLine",
    "Protection",
    "Purchase",
    "ReplayChange",
    "ReplayRun",
    "Rule",
    "RuleBook",
    "SaleChange",
    "SaleClosing",
    "SalesStage",
]
