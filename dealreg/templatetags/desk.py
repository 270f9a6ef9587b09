"""How the vendor's pages say what a deal is like."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dealreg import desk
from dealreg.look import CONFLICT_LABELS, CONFLICT_TONES, STATUS_TONES, waited
from dealreg.models import Deal
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.states import DealStatus

register = template.Library()


def label(text: object, tone: str) -> SafeString:
    return format_html('<span class="bo-badge" data-tone="{}">{}</span>', tone, text)


@register.simple_tag
def deal_status(deal: Deal) -> SafeString:
    return label(deal.get_status_display(), STATUS_TONES[DealStatus(deal.status)])


@register.simple_tag
def conflict(level: str | None) -> SafeString:
    """The conflict level as a badge; nothing when there is none."""
    known = ConflictLevel(level or ConflictLevel.NONE)
    if known == ConflictLevel.NONE:
        return SafeString("")
    return label(CONFLICT_LABELS[known], CONFLICT_TONES[known])


@register.filter
def may_go_together(deal: Deal) -> bool:
    """Whether the deal may be chosen to be approved with others."""
    return desk.may_go_together(deal)


@register.filter
def age(deal: Deal) -> str:
    """How long the deal has been waiting, in whole days."""
    if deal.submitted_at is None:
        return ""
    return waited((timezone.now() - deal.submitted_at).days)
