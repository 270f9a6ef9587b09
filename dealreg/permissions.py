"""Who may see and change deal registration in the back office. Deciding deals is not among
these: access.py says who may, deal by deal."""

import rules

from core.permissions import grant, on_duty, operations

rules.add_perm("dealreg", on_duty)
grant("dealreg", ["deal", "account", "productline", "rulebook", "rule"], ["view"], on_duty)
grant("dealreg", ["account", "productline"], ["add", "change", "delete"], operations)
grant("dealreg", ["rulebook", "rule"], ["add", "change", "delete"], operations)
