"""How leads look in lists and on their pages."""

from django import template
from django.utils.safestring import SafeString

from core.templatetags.ui import badge
from core.ui import Tone
from dealreg.models import Lead
from dealreg.rules.leads import LeadState

register = template.Library()

TONES = {
    LeadState.NEW: Tone.WARN,
    LeadState.ACCEPTED: Tone.GOOD,
    LeadState.DECLINED: Tone.BAD,
    LeadState.EXPIRED: Tone.WARN,
    LeadState.CLOSED: Tone.NEUTRAL,
}


@register.filter
def lead_tone(state: str) -> str:
    return TONES[LeadState(state)]


@register.simple_tag
def lead_badge(lead: Lead) -> SafeString:
    """Where the lead stands."""
    return badge(LeadState(lead.state).label, tone=TONES[LeadState(lead.state)])
