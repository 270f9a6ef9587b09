from dealreg.models.accounts import Account, AccountAlias, AccountKey, ProductLine
from dealreg.models.deals import Deal, Decision, Protection
from dealreg.models.protection import (
    Confirmation,
    ConfirmationAnswer,
    EvidenceItem,
    Extension,
)
from dealreg.models.replays import ReplayChange, ReplayRun
from dealreg.models.rulebooks import Rule, RuleBook

__all__ = [
    "Account",
    "AccountAlias",
    "AccountKey",
    "Confirmation",
    "ConfirmationAnswer",
    "Deal",
    "Decision",
    "EvidenceItem",
    "Extension",
    "ProductLine",
    "Protection",
    "ReplayChange",
    "ReplayRun",
    "Rule",
    "RuleBook",
]
