"""Who may see and change deal registration in the back office. Deciding deals is not among
these: access.py says who may, deal by deal."""

from core.permissions import grant, grant_one, on_duty, operations

grant_one("dealreg", on_duty)
DATA = ["account", "accountalias", "dealfield", "productline", "purchase", "directopportunity"]
grant(
    "dealreg",
    ["deal", "accountmerge", *DATA, "extension", "rulebook", "rule"],
    ["view"],
    on_duty,
)
grant("dealreg", DATA, ["add", "change", "delete"], operations)
grant("dealreg", ["salesstage", "closereason"], ["view"], on_duty)
grant("dealreg", ["salesstage"], ["change"], operations)
grant("dealreg", ["closereason"], ["add", "change", "delete"], operations)
grant("dealreg", ["rulebook", "rule"], ["add", "change", "delete"], operations)

grant("dealreg", ["lead"], ["view", "change"], on_duty)
grant("dealreg", ["split", "splitpolicy"], ["view"], on_duty)
grant("dealreg", ["splitpolicy"], ["add", "change", "delete"], operations)
grant("dealreg", ["conflictcase", "servicelevel", "escalationstep"], ["view"], on_duty)
grant("dealreg", ["servicelevel", "escalationstep"], ["add", "change", "delete"], operations)
