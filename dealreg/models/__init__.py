from dealreg.models.accounts import Account, ProductLine
from dealreg.models.deals import Deal, Decision, Protection
from dealreg.models.replays import ReplayChange, ReplayRun
from dealreg.models.rulebooks import Rule, RuleBook

__all__ = [
    "Account",
    "Deal",
    "Decision",
    "ProductLine",
    "Protection",
    "ReplayChange",
    "ReplayRun",
    "Rule",
    "RuleBook",
]
