"""The steps by which a partner is let go. Apps say what they do; nobody lists them all.

A step does its part in one transaction with its row: all of it, or so much that the next call
goes on. What only some installations have is declared without an act, and shown as not
applicable.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise

from core.actor import Actor
from partners.models import Offboarding, Partner
from partners.rules.lifecycle import OPEN_OFFBOARDING
from partners.rules.organisations import PartnerStatus


@dataclass(frozen=True, slots=True)
class Done:
    """What a step did. Not `whole`: it is to be called again. `undo` is what taking it back
    needs."""

    note: str = ""
    whole: bool = True
    undo: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """`act(actor, partner_id, reason)` does the step; `take_back(actor, undo)` undoes it."""

    name: str
    label: Promise | str
    position: int
    act: Callable[[Actor, int, str], Done] | None = None
    take_back: Callable[[Actor, list[int]], None] | None = None


_steps: dict[str, Step] = {}


def declare_step(step: Step) -> None:
    """Adds a step to every checklist that is begun from now on."""
    if step.name in _steps:
        raise ValueError(f"The step {step.name} is declared twice.")
    _steps[step.name] = step


def is_being_let_go(partner_id: int) -> bool:
    """Whether a checklist of the partner has begun and may still be taken back."""
    rows = Offboarding.objects.filter(partner_id=partner_id, state__in=sorted(OPEN_OFFBOARDING))
    return rows.filter(begins_on__lte=timezone.localdate()).exists()


def heir_of(partner_id: int) -> Partner | None:
    """The active partner that takes over the registrations of one that is being let go, if
    operations named one and it still is in business."""
    rows = Offboarding.objects.filter(partner_id=partner_id, state__in=sorted(OPEN_OFFBOARDING))
    row = rows.filter(deals_go_to__status=PartnerStatus.ACTIVE).select_related("deals_go_to")
    return found.deals_go_to if (found := row.first()) else None


def all_steps() -> list[Step]:
    return sorted(_steps.values(), key=lambda step: (step.position, step.name))


def step_named(name: str) -> Step | None:
    return _steps.get(name)
