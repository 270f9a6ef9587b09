"""What the page's components are given, and how forms are drawn.

The components themselves are the tags of `core.templatetags.ui`; docs/ui.md shows each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.forms import BaseForm, BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise

Text = str | Promise


class Tone(StrEnum):
    """What a thing says about itself, shown as tint, dot and word."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    BRAND = "brand"


TONE_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.INFO: "info",
    Tone.GOOD: "approved",
    Tone.WARN: "alert",
    Tone.BAD: "cross",
    Tone.BRAND: "info",
}
"""The icon beside a message; the words beside it carry the meaning."""


class StepState(StrEnum):
    DONE = "done"
    CURRENT = "current"
    TODO = "todo"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a known path. `note` is a short second line, e.g. a date."""

    label: Text
    state: StepState = StepState.TODO
    note: Text = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several pages about the same thing."""

    label: Text
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: what, who, when, and what they wrote."""

    sentence: Text
    who: Text
    at: datetime
    tone: Tone = Tone.NEUTRAL
    note: Text = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One line of the error summary. `href` leads to the field; empty for the whole form."""

    message: str
    label: str = ""
    href: str = ""


def steps_at(labels: Sequence[Text], current: int) -> list[Step]:
    """The path `labels` with the step numbered `current` (from 0) being worked on.

    `current == len(labels)` means that all are done.
    """

    def state(index: int) -> StepState:
        if index == current:
            return StepState.CURRENT
        return StepState.DONE if index < current else StepState.TODO

    return [Step(label, state(index)) for index, label in enumerate(labels)]


def first_control(field: BoundField) -> str:
    """The id of the control that a link to `field` should lead to."""
    return field.id_for_label or f"{field.auto_id}_0"


def form_problems(form: BaseForm) -> Iterator[FieldProblem]:
    """What is wrong with a bound form, in the order of its fields, the whole form first."""
    for message in form.non_field_errors():
        yield FieldProblem(str(message))
    for field in form:
        for message in field.errors:
            href = "" if field.is_hidden else f"#{first_control(field)}"
            yield FieldProblem(str(message), str(field.label), href)


class PortalFormRenderer(TemplatesSetting):
    """Draws forms with the portal's field: label, control, error and hint together.

    Templates are found as everywhere else (so "django.forms" is an installed app), widgets
    keep Django's own.
    """

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
