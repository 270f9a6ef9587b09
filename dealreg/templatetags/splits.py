"""How splits look in lists and on their pages."""

from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from core.templatetags.ui import badge
from core.ui import Tone
from dealreg.models import Split
from dealreg.rules.splits import SplitRole, SplitStatus
from dealreg.split_events import percent_in_words

register = template.Library()

TONES = {
    SplitStatus.PROPOSED: Tone.INFO,
    SplitStatus.COUNTERED: Tone.WARN,
    SplitStatus.IN_FORCE: Tone.GOOD,
    SplitStatus.DECLINED: Tone.BAD,
    SplitStatus.WITHDRAWN: Tone.NEUTRAL,
    SplitStatus.EXPIRED: Tone.WARN,
    SplitStatus.SUPERSEDED: Tone.NEUTRAL,
}


@register.simple_tag
def split_badge(split: Split) -> SafeString:
    """Where the split stands."""
    return badge(SplitStatus(split.status).label, tone=TONES[SplitStatus(split.status)])


@register.filter
def split_tone(status: str) -> str:
    return TONES[SplitStatus(status)]


@register.filter
def share(value: Decimal | None) -> str:
    """A percentage in the reader's way of writing; "" for one that is not the reader's to know."""
    return "" if value is None else percent_in_words(value)


@register.filter
def role_label(role: str) -> str:
    return str(SplitRole(role).label)
