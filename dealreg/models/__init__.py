from dealreg.models.accounts import Account, ProductLine
from dealreg.models.deals import Deal, Decision, Protection
from dealreg.models.rulebooks import Rule, RuleBook

__all__ = ["Account", "Deal", "Decision", "ProductLine", "Protection", "Rule", "RuleBook"]
