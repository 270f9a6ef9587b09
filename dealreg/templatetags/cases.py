"""How conflict cases and the vendor's clocks look."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.templatetags.ui import badge
from core.ui import Tone
from dealreg.models import ConflictCase
from dealreg.rules.cases import CaseStatus, SideOutcome
from dealreg.rules.clocks import tone_of
from dealreg.service_levels import Promptness, promptness

register = template.Library()

TONES = {
    CaseStatus.OPEN: Tone.INFO,
    CaseStatus.WAITING: Tone.WARN,
    CaseStatus.DECIDED: Tone.NEUTRAL,
    CaseStatus.APPEALED: Tone.WARN,
    CaseStatus.CLOSED: Tone.NEUTRAL,
    CaseStatus.WITHDRAWN: Tone.NEUTRAL,
}
OUTCOME_TONES = {
    SideOutcome.KEEPS: Tone.GOOD,
    SideOutcome.GETS: Tone.GOOD,
    SideOutcome.SHARES: Tone.INFO,
    SideOutcome.LOSES: Tone.BAD,
}
OFFICE_TONES = {
    Tone.NEUTRAL: "",
    Tone.INFO: "info",
    Tone.GOOD: "success",
    Tone.WARN: "warning",
    Tone.BAD: "danger",
}


@register.filter
def case_tone(status: str) -> str:
    return TONES[CaseStatus(status)]


@register.filter
def outcome_tone(outcome: str) -> str:
    return OUTCOME_TONES[SideOutcome(outcome)]


@register.simple_tag
def case_badge(case: ConflictCase) -> SafeString:
    return badge(CaseStatus(case.status).label, tone=TONES[CaseStatus(case.status)])


@register.simple_tag
def office_case_badge(case: ConflictCase) -> SafeString:
    """The same in the back office."""
    tone = OFFICE_TONES[TONES[CaseStatus(case.status)]]
    return format_html(
        '<span class="bo-badge" data-tone="{}">{}</span>', tone, CaseStatus(case.status).label
    )


@register.simple_tag
def office_due(due: dt.datetime | None, began: dt.datetime) -> str:
    """The back office's tone of something that is due."""
    return OFFICE_TONES[Tone(tone_of(timezone.now(), due, began))]


@register.simple_tag
def vendors_promptness(region_path: str) -> Promptness:
    """How fast the vendor decided lately, around a region."""
    return promptness(region_path)
