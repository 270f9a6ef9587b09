"""What this app announces about letting partners go."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind
from core.system_names import label_of
from partners.rules.lifecycle import OffboardingState


@event_kind(
    "partners.offboarding_started",
    sentence=_("%(actor)s began to end the partnership: %(reason)s"),
    public=["reason", "begins_on"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class OffboardingStarted:
    reason: str
    begins_on: dt.date


@event_kind(
    "partners.offboarding_step_done",
    sentence=_("Offboarding: %(step)s (%(note)s)"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class OffboardingStepDone:
    """`step` is the step's name."""

    step: str
    note: str


@event_kind(
    "partners.offboarding_moved",
    sentence=_("%(actor)s changed the offboarding: %(state)s"),
    public=["state"],
    spoken={"state": label_of(OffboardingState.choices)},
    tone="info",
)
@dataclass(frozen=True, slots=True)
class OffboardingMoved:
    """`state` is halted, running (again), taken_back or finished."""

    state: str
