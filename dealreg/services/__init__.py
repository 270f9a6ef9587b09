from dealreg.services.drafts import discard_draft, save_draft
from dealreg.services.evidence import attach_file
from dealreg.services.importing import (
    PastAccount,
    PastDeal,
    PastDecision,
    PastEvent,
    PastProtection,
    import_accounts,
    import_deals,
    import_product_lines,
)
from dealreg.services.registering import register_deal
from dealreg.services.reviewing import approve_deal, decline_deal
from dealreg.services.rulebooks import publish_book
from dealreg.services.stale import StaleEdit
from dealreg.services.withdrawing import withdraw_deal

__all__ = [
    "PastAccount",
    "PastDeal",
    "PastDecision",
    "PastEvent",
    "PastProtection",
    "StaleEdit",
    "approve_deal",
    "attach_file",
    "decline_deal",
    "discard_draft",
    "import_accounts",
    "import_deals",
    "import_product_lines",
    "publish_book",
    "register_deal",
    "save_draft",
    "withdraw_deal",
]
