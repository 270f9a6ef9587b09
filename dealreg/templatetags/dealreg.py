"""How deals look in lists and on their pages."""

from django import template
from django.utils.safestring import SafeString

from core.templatetags.ui import badge
from core.ui import Tone
from dealreg.models import Deal
from dealreg.queries import protection_of
from dealreg.rules.states import DealStage, DealStatus

register = template.Library()

STATUS_TONES = {
    DealStatus.DRAFT: Tone.NEUTRAL,
    DealStatus.IN_REVIEW: Tone.INFO,
    DealStatus.APPROVED: Tone.GOOD,
    DealStatus.DECLINED: Tone.BAD,
    DealStatus.WITHDRAWN: Tone.NEUTRAL,
}
STAGE_TONES = {
    DealStage.PROSPECTING: Tone.NEUTRAL,
    DealStage.ENGAGING: Tone.INFO,
    DealStage.WON: Tone.GOOD,
    DealStage.LOST: Tone.BAD,
}


@register.simple_tag
def status_badge(deal: Deal) -> SafeString:
    """Where the registration stands."""
    return badge(DealStatus(deal.status).label, tone=STATUS_TONES[DealStatus(deal.status)])


@register.simple_tag
def stage_badge(deal: Deal) -> SafeString:
    """Where the sale stands."""
    return badge(DealStage(deal.stage).label, tone=STAGE_TONES[DealStage(deal.stage)])


@register.filter
def status_tone(status: str) -> str:
    return STATUS_TONES[DealStatus(status)]


@register.inclusion_tag("ui/moment.html")
def protected_until(deal: Deal) -> dict[str, object]:
    """The day on which the deal's protection ends, if it runs."""
    shown = protection_of(deal)
    return {"at": shown.until if shown and shown.in_force else None, "dated": True}
