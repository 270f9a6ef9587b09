from dealreg.models.accounts import Account, AccountAlias, AccountKey, ProductLine
from dealreg.models.deals import Deal, Decision, Protection
from dealreg.models.own_fields import DealAnswer, DealField
from dealreg.models.replays import ReplayChange, ReplayRun
from dealreg.models.rulebooks import Rule, RuleBook

__all__ = [
    "Account",
    "AccountAlias",
    "AccountKey",
    "Deal",
    "DealAnswer",
    "DealField",
    "Decision",
    "ProductLine",
    "Protection",
    "ReplayChange",
    "ReplayRun",
    "Rule",
    "RuleBook",
]
