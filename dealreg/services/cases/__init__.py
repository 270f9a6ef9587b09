from dealreg.services.cases.appealing import AppealRefused, appeal_case
from dealreg.services.cases.deciding import SideDecision, StaleCase, claims_of, decide_case
from dealreg.services.cases.opening import CaseRefused, contest_deal, open_case, open_case_by_rule
from dealreg.services.cases.reminding import (
    remind_owner_of_decision,
    remind_side_of_evidence,
)
from dealreg.services.cases.stating import (
    StatementRefused,
    add_statement,
    evidence_of,
    take_back_case,
)
from dealreg.services.cases.steering import (
    ask_for_evidence,
    assign_case,
    escalate_case,
    possible_owners,
)

__all__ = [
    "AppealRefused",
    "CaseRefused",
    "SideDecision",
    "StaleCase",
    "StatementRefused",
    "add_statement",
    "appeal_case",
    "ask_for_evidence",
    "assign_case",
    "claims_of",
    "contest_deal",
    "decide_case",
    "escalate_case",
    "evidence_of",
    "open_case",
    "open_case_by_rule",
    "possible_owners",
    "remind_owner_of_decision",
    "remind_side_of_evidence",
    "take_back_case",
]
