"""How deals look in lists and on their pages."""

import datetime as dt
from decimal import Decimal

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.system_names import in_readers_words
from core.templatetags.ui import badge
from core.ui import Step, StepState, Tone
from dealreg import own_fields
from dealreg.models import Deal, Extension
from dealreg.queries import DealHead, DealPage, protection_of
from dealreg.rules.own_fields import OwnField
from dealreg.rules.protection import ExtensionStatus, Freshness, spoken
from dealreg.rules.states import DealStage, DealStatus, Outcome
from dealreg.tabs import tabs_of

register = template.Library()

STATUS_TONES = {
    DealStatus.DRAFT: Tone.NEUTRAL,
    DealStatus.IN_REVIEW: Tone.INFO,
    DealStatus.NEEDS_INFO: Tone.WARN,
    DealStatus.APPROVED: Tone.GOOD,
    DealStatus.DECLINED: Tone.BAD,
    DealStatus.WITHDRAWN: Tone.NEUTRAL,
    DealStatus.LAPSED: Tone.NEUTRAL,
}
STAGE_TONES = {
    DealStage.PROSPECTING: Tone.NEUTRAL,
    DealStage.ENGAGING: Tone.INFO,
    DealStage.PROPOSAL: Tone.INFO,
    DealStage.NEGOTIATION: Tone.BRAND,
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


@register.inclusion_tag("ui/tabs.html")
def deal_tabs(page: DealHead, current: str) -> dict[str, object]:
    """The pages about one deal."""
    return {"tabs": tabs_of(page, current), "label": _("About this deal")}


@register.inclusion_tag("ui/steps.html")
def registration_steps(page: DealPage) -> dict[str, object]:
    """The registration's way: sent, checked, decided, protected."""
    return {"steps": steps_of(page), "label": _("Where the registration stands")}


def steps_of(page: DealPage) -> list[Step]:
    deal, protection = page.deal, page.protection
    decided = deal.decided_at is not None
    failed = deal.status in {DealStatus.DECLINED, DealStatus.WITHDRAWN, DealStatus.LAPSED}
    running = protection is not None and protection.in_force
    done, todo = StepState.DONE, StepState.TODO
    return [
        Step(_("Registered"), done, day(deal.submitted_at)),
        Step(_("Checked by the rules"), done, day(deal.submitted_at)),
        Step(
            deal.get_status_display() if decided or failed else _("Decision"),
            StepState.FAILED if failed else done if decided else StepState.CURRENT,
            day(deal.decided_at),
        ),
        Step(
            _("Protected until") if running else _("Protection"),
            StepState.CURRENT if running else todo,
            day(protection.until) if protection and running else "",
        ),
    ]


def day(at: dt.datetime | None) -> str:
    return date_format(localtime(at), "DATE_FORMAT") if at else ""


EXTENSION_TONES = {
    ExtensionStatus.WAITING: Tone.INFO,
    ExtensionStatus.APPROVED: Tone.GOOD,
    ExtensionStatus.DECLINED: Tone.BAD,
    ExtensionStatus.VOID: Tone.NEUTRAL,
}


@register.simple_tag
def extension_badge(extension: Extension) -> SafeString:
    """What became of a request for an extension."""
    status = ExtensionStatus(extension.status)
    return badge(status.label, tone=EXTENSION_TONES[status])


@register.simple_tag
def freshness_badge(freshness: Freshness) -> SafeString:
    """When the partner last showed work, and whether it still counts."""
    if freshness.last is None:
        return badge(_("no evidence yet"), tone=Tone.NEUTRAL)
    day = date_format(freshness.last, "DATE_FORMAT")
    if freshness.fresh:
        return badge(_("fresh, %(day)s") % {"day": day}, tone=Tone.GOOD)
    return badge(_("stale, %(day)s") % {"day": day}, tone=Tone.WARN)


@register.filter
def percentage(percent: Decimal) -> str:
    return _("%(percent)s %%") % {"percent": spoken(percent)}


@register.filter
def readers_words(name: str) -> str:
    """Who acted: a person's name as it is, the system's in the reader's language."""
    return in_readers_words(name)


@register.filter
def status_tone(status: str) -> str:
    return STATUS_TONES[DealStatus(status)]


@register.inclusion_tag("ui/moment.html")
def protected_until(deal: Deal) -> dict[str, object]:
    """The day on which the deal's protection ends, if it runs."""
    shown = protection_of(deal)
    return {"at": shown.until if shown and shown.in_force else None, "dated": True}


@register.simple_tag
def own_answers(deal: Deal) -> tuple[own_fields.AnswerShown, ...]:
    """What the deal says in the vendor's own fields."""
    return own_fields.answers_shown(deal)


@register.inclusion_tag("dealreg/own_answer.html")
def own_answer(deal: Deal, field: OwnField) -> dict[str, object]:
    """What a deal of a list says in one own field; nothing when it does not."""
    return {"answer": own_fields.answer_in(deal, field)}


OUTCOME_TONES = {
    Outcome.APPROVE: Tone.GOOD,
    Outcome.REVIEW: Tone.INFO,
    Outcome.DECLINE: Tone.BAD,
    Outcome.ASK: Tone.WARN,
}


@register.simple_tag
def outcome_badge(outcome: Outcome) -> SafeString:
    """What a rule decides."""
    return badge(outcome.label, tone=OUTCOME_TONES[outcome])
