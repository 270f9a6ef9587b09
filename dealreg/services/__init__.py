from dealreg.running_cases import CaseRuns
from dealreg.services.again import register_again
from dealreg.services.aliases import add_alias, change_alias, remove_alias
from dealreg.services.clocks import catch_up_clocks, keep_clocks
from dealreg.services.completing import complete_deal
from dealreg.services.confirming import CannotAsk, answer_question, ask_customer, question_of
from dealreg.services.customers import CustomerDetails, OwnParent, add_customer, change_customer
from dealreg.services.drafting import (
    DraftChanged,
    RuleDraft,
    Scope,
    discard_draft_book,
    draft_book,
    write_draft,
)
from dealreg.services.drafts import discard_draft, save_draft
from dealreg.services.endorsing import (
    EndorsementIsOver,
    endorse_deal,
    go_on_without_distributor,
    refuse_endorsement,
)
from dealreg.services.endorsing import ReasonMissing as EndorsementReasonMissing
from dealreg.services.evidence import InvalidEvidence, add_evidence, attach_file
from dealreg.services.extending import (
    ExtensionRefused,
    NewEvidence,
    approve_extension,
    ask_extension,
    decline_extension,
)
from dealreg.services.importing import (
    PastAccount,
    PastChange,
    PastDeal,
    PastDecision,
    PastEvent,
    PastProtection,
    import_accounts,
    import_deals,
    import_product_lines,
)
from dealreg.services.indexing import index_missing, reindex_all
from dealreg.services.mailed import MailedRegistration, register_by_mail
from dealreg.services.merge_obstacles import MergeRefused
from dealreg.services.merging import dismiss_duplicate, merge_accounts, plan_merge, undo_merge
from dealreg.services.own_field_drafts import ChoiceDraft, FieldDraft
from dealreg.services.own_fields import (
    InvalidField,
    add_field,
    change_field,
    remove_field,
    restore_field,
    retire_field,
)
from dealreg.services.own_sales import (
    OwnOpportunity,
    PastPurchase,
    import_direct_opportunities,
    import_purchases,
)
from dealreg.services.protecting import follow_protection
from dealreg.services.registering import problems_of, register_deal
from dealreg.services.replaying import replay_book
from dealreg.services.reviewing import (
    AwaitsEndorsement,
    CustomerIsProtected,
    NothingAskedFor,
    OverApprovalLimit,
    ReasonMissing,
    approve_deal,
    decline_deal,
    send_back_deal,
)
from dealreg.services.rulebooks import publish_book, retire_book
from dealreg.services.selling import TooLateToReopen, close_deal, reopen_deal, update_sale
from dealreg.services.split_answers import (
    accept_split,
    apply_default_split,
    decline_split,
    end_talks,
    withdraw_split,
)
from dealreg.services.split_circle import PartAsked
from dealreg.services.split_terms import NotShareable, OwnPart, SplitChanged, SplitIsOpen
from dealreg.services.splitting import (
    TooManyInvitations,
    ask_for_own_part,
    change_split,
    counter_split,
    decide_split,
    propose_split,
)
from dealreg.services.stale import StaleEdit
from dealreg.services.together import Answer, Chosen, TooManyTogether, approve_together
from dealreg.services.withdrawing import withdraw_deal

__all__ = [
    "Answer",
    "AwaitsEndorsement",
    "CannotAsk",
    "CaseRuns",
    "ChoiceDraft",
    "Chosen",
    "CustomerDetails",
    "CustomerIsProtected",
    "DraftChanged",
    "EndorsementIsOver",
    "EndorsementReasonMissing",
    "ExtensionRefused",
    "FieldDraft",
    "InvalidEvidence",
    "InvalidField",
    "MailedRegistration",
    "MergeRefused",
    "NewEvidence",
    "NotShareable",
    "NothingAskedFor",
    "OverApprovalLimit",
    "OwnOpportunity",
    "OwnParent",
    "OwnPart",
    "PartAsked",
    "PastAccount",
    "PastChange",
    "PastDeal",
    "PastDecision",
    "PastEvent",
    "PastProtection",
    "PastPurchase",
    "ReasonMissing",
    "RuleDraft",
    "Scope",
    "SplitChanged",
    "SplitIsOpen",
    "StaleEdit",
    "TooLateToReopen",
    "TooManyInvitations",
    "TooManyTogether",
    "accept_split",
    "add_alias",
    "add_customer",
    "add_evidence",
    "add_field",
    "answer_question",
    "apply_default_split",
    "approve_deal",
    "approve_extension",
    "approve_together",
    "ask_customer",
    "ask_extension",
    "ask_for_own_part",
    "attach_file",
    "catch_up_clocks",
    "change_alias",
    "change_customer",
    "change_field",
    "change_split",
    "close_deal",
    "complete_deal",
    "counter_split",
    "decide_split",
    "decline_deal",
    "decline_extension",
    "decline_split",
    "discard_draft",
    "discard_draft_book",
    "dismiss_duplicate",
    "draft_book",
    "end_talks",
    "endorse_deal",
    "follow_protection",
    "go_on_without_distributor",
    "import_accounts",
    "import_deals",
    "import_direct_opportunities",
    "import_product_lines",
    "import_purchases",
    "index_missing",
    "keep_clocks",
    "merge_accounts",
    "plan_merge",
    "problems_of",
    "propose_split",
    "publish_book",
    "question_of",
    "refuse_endorsement",
    "register_again",
    "register_by_mail",
    "register_deal",
    "reindex_all",
    "remove_alias",
    "remove_field",
    "reopen_deal",
    "replay_book",
    "restore_field",
    "retire_book",
    "retire_field",
    "save_draft",
    "send_back_deal",
    "undo_merge",
    "update_sale",
    "withdraw_deal",
    "withdraw_split",
    "write_draft",
]
