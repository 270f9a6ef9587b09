"""A partner's life in the programme, and how it is let go."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.actor import StaffRole
from partners.rules.organisations import PartnerStatus

OPS = frozenset({StaffRole.OPS})
BOTH = frozenset({StaffRole.OPS, StaffRole.CHANNEL_MANAGER})

# from → to and who may say so. A partner is offboarded by its checklist alone.
STATUS_TRANSITIONS: dict[PartnerStatus, dict[PartnerStatus, frozenset[StaffRole]]] = {
    PartnerStatus.PROSPECT: {
        PartnerStatus.APPLICANT: BOTH,
        PartnerStatus.ONBOARDING: OPS,
        PartnerStatus.ACTIVE: OPS,
    },
    PartnerStatus.APPLICANT: {
        PartnerStatus.PROSPECT: BOTH,
        PartnerStatus.ONBOARDING: OPS,
        PartnerStatus.ACTIVE: OPS,
    },
    PartnerStatus.ONBOARDING: {
        PartnerStatus.APPLICANT: OPS,
        PartnerStatus.ACTIVE: OPS,
        PartnerStatus.SUSPENDED: OPS,
    },
    PartnerStatus.ACTIVE: {
        PartnerStatus.AT_RISK: BOTH,
        PartnerStatus.SUSPENDED: OPS,
    },
    PartnerStatus.AT_RISK: {
        PartnerStatus.ACTIVE: BOTH,
        PartnerStatus.SUSPENDED: OPS,
    },
    PartnerStatus.SUSPENDED: {
        PartnerStatus.ONBOARDING: OPS,
        PartnerStatus.ACTIVE: OPS,
        PartnerStatus.AT_RISK: OPS,
    },
    PartnerStatus.OFFBOARDED: {
        PartnerStatus.APPLICANT: OPS,
        PartnerStatus.ONBOARDING: OPS,
    },
}

# What a partner has to be told the reason of.
NEEDS_A_REASON = frozenset({PartnerStatus.AT_RISK, PartnerStatus.SUSPENDED})
RETURNS_FROM = frozenset({PartnerStatus.SUSPENDED, PartnerStatus.OFFBOARDED})

# Their people still read what is theirs, and write nothing.
CLOSED_TO_WRITING = frozenset({PartnerStatus.SUSPENDED, PartnerStatus.OFFBOARDED})


def who_may_move(old: str, new: str) -> frozenset[StaffRole]:
    """Who may move a partner from one status to another; nobody where there is no way."""
    return STATUS_TRANSITIONS[PartnerStatus(old)].get(PartnerStatus(new), frozenset())


def needs_reason(old: str, new: str) -> bool:
    return new in NEEDS_A_REASON or old in RETURNS_FROM


class OffboardingState(TextChoices):
    RUNNING = "running", _("Running")
    HALTED = "halted", _("Halted")
    READY = "ready", _("Ready for the last step")
    FINISHED = "finished", _("Finished")
    TAKEN_BACK = "taken_back", _("Taken back")


class OffboardingVerb(TextChoices):
    HALT = "halt", _("Halt")
    GO_ON = "go_on", _("Go on")
    TAKE_BACK = "take_back", _("Take back")
    FINISH = "finish", _("Finish")


class StepState(TextChoices):
    WAITING = "waiting", _("To do")
    DONE = "done", _("Done")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


OPEN_OFFBOARDING = frozenset(
    {OffboardingState.RUNNING, OffboardingState.HALTED, OffboardingState.READY}
)
OFFBOARDING_TRANSITIONS: dict[tuple[OffboardingState, OffboardingVerb], OffboardingState] = {
    (OffboardingState.RUNNING, OffboardingVerb.HALT): OffboardingState.HALTED,
    (OffboardingState.HALTED, OffboardingVerb.GO_ON): OffboardingState.RUNNING,
    (OffboardingState.RUNNING, OffboardingVerb.TAKE_BACK): OffboardingState.TAKEN_BACK,
    (OffboardingState.HALTED, OffboardingVerb.TAKE_BACK): OffboardingState.TAKEN_BACK,
    (OffboardingState.READY, OffboardingVerb.TAKE_BACK): OffboardingState.TAKEN_BACK,
    (OffboardingState.READY, OffboardingVerb.FINISH): OffboardingState.FINISHED,
}


def offboarding_after(state: str, verb: OffboardingVerb) -> OffboardingState | None:
    """Where `verb` leads an offboarding from `state`; None where it leads nowhere."""
    return OFFBOARDING_TRANSITIONS.get((OffboardingState(state), verb))
