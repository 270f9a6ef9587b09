"""History from elsewhere: customers and deals with what happened to them, many at once.

What was imported before (by its reference) is left as it is, so that an import can be run
again, also after it was cut short. Nothing is judged anew, and imported facts that have no
listeners tell nobody.
"""

from dealreg.services.importing.customers import import_accounts, import_product_lines
from dealreg.services.importing.deals import import_deals
from dealreg.services.importing.past import (
    Imported,
    PastAccount,
    PastChange,
    PastDeal,
    PastDecision,
    PastEvent,
    PastProtection,
)
from dealreg.services.importing.turns import BATCH, wait_for_other_imports

__all__ = [
    "BATCH",
    "Imported",
    "PastAccount",
    "PastChange",
    "PastDeal",
    "PastDecision",
    "PastEvent",
    "PastProtection",
    "import_accounts",
    "import_deals",
    "import_product_lines",
    "wait_for_other_imports",
]
