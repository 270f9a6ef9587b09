"""What we answer to a mail, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.money import minor_units
from dealreg.models import Deal
from dealreg.own_fields import offered_to, stored_values
from dealreg.queries import answer_about, product_lines
from dealreg.rules.request import PERSON_MAY_ASK
from dealreg.services import MailedRegistration
from integrations.maildoor.fields import LABELS, written_amount
from integrations.maildoor.own_fields import in_mails
from integrations.maildoor.own_fields import written as written_own

Files = Sequence[tuple[str, str]]
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a title, paragraphs, what is missing as (field, what to do), the form to send
    back with what is known already, files that were not taken as (name, why), and a link."""

    title: str
    paragraphs: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    choices: str = ""
    refused: tuple[tuple[str, str], ...] = ()
    url: str = ""


def decision(deal: Deal, refused: Files) -> Reply:
    """What was decided, and where to read on."""
    answer = answer_about(deal)
    said = answer.decision.message if answer.decision else ""
    return Reply(
        title=_("%(reference)s for %(customer)s: %(status)s")
        % {
            "reference": deal.reference,
            "customer": deal.customer_name,
            "status": deal.get_status_display(),
        },
        paragraphs=(said,) if said else (),
        refused=tuple(refused),
        url=link(deal),
    )


def question(made: MailedRegistration, unread: Mapping[str, str], refused: Files) -> Reply:
    """What is missing, and the form with what is there."""
    missing = tuple((label_of(field), text) for field, text in made.problems.items())
    not_read = tuple(
        (label_of(field), _("“%(text)s” was not understood.") % {"text": text})
        for field, text in unread.items()
    )
    return Reply(
        title=_("Something is missing to register %(customer)s")
        % {"customer": made.deal.customer_name or _("the deal")},
        paragraphs=(_("What you sent is kept. Please answer this mail with what is missing:"),),
        missing=(*missing, *not_read),
        form=(*form_of(made.deal), *own_form_of(made.deal)),
        choices=choices(),
        refused=tuple(refused),
        url=link(made.deal),
    )


def blank(partner_id: int) -> Reply:
    return Reply(
        title=_("How to register a deal by mail"),
        paragraphs=(
            _("We found nothing to register in your mail. Please answer with these lines filled:"),
        ),
        form=(*form_of(Deal()), *own_form_of(Deal(partner_id=partner_id))),
        choices=choices(),
        url=urljoin(settings.SITE_URL, reverse("deal_new")),
    )


def refusal(why: str) -> Reply:
    return Reply(
        title=_("The deal was not registered"),
        paragraphs=(why, _("Ask your company's administrator or your channel manager.")),
        url=settings.SITE_URL,
    )


def unknown() -> Reply:
    """To whom we do not know: the same for everybody, with nothing of what they wrote."""
    return Reply(
        title=_("Your mail was not taken"),
        paragraphs=(
            _(
                "Deals can be registered by mail only from an address that a person at a partner "
                "has confirmed in the portal."
            ),
        ),
        url=settings.SITE_URL,
    )


def link(deal: Deal) -> str:
    return urljoin(settings.SITE_URL, reverse("deal_detail", args=[deal.pk]))


def label_of(field: str) -> str:
    known = {"product_line_id": "product_line"}
    name = known.get(field, field)
    return shown(name) if name in LABELS else str(PERSON_MAY_ASK.get(field, field))


def shown(field: str) -> str:
    """The field's name in the form, in the reader's language."""
    languages = LABELS[field]
    return languages.get((get_language() or "en").split("-")[0], languages["en"])[0]


def form_of(deal: Deal) -> tuple[tuple[str, str], ...]:
    """The lines of the form with what is known, written as we can read it again."""
    return tuple((shown(field), written(deal, field)) for field in LABELS)


def own_form_of(deal: Deal) -> tuple[tuple[str, str], ...]:
    """The lines of the vendor's own fields that are offered for the deal."""
    specs = in_mails(f.spec for f in offered_to(deal.partner_id, deal.product_line_id))
    known = stored_values(deal) if specs else {}
    return tuple((spec.label, written_own(spec, known.get(spec.code))) for spec in specs)


def written(deal: Deal, field: str) -> str:
    match field:
        case "product_line":
            return deal.product_line.name if deal.product_line else ""
        case "amount" if deal.amount is not None:
            return written_amount(deal.amount, minor_units(deal.currency) if deal.currency else 2)
        case "expected_close":
            return deal.expected_close.isoformat() if deal.expected_close else ""
        case "public_sector" | "customer_consent":
            return _("yes") if getattr(deal, field) else ""
        case _:
            return str(getattr(deal, field) or "")


def choices() -> str:
    """The product lines to choose from."""
    return ", ".join(line.name for line in product_lines().order_by("name")[:MOST_LINES])
