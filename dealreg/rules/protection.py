"""How a protection is earned and kept: the terms of a rule book, and what follows from them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

REMINDER_DAYS = (30, 14, 3)
LONGEST_DAYS = 730
MOST_EXTENSIONS = 20


class EvidenceKind(TextChoices):
    """What shows that the partner is at work with the customer."""

    MEETING = "meeting", gettext_lazy("Meeting")
    PROOF = "proof", gettext_lazy("Proof of concept")
    QUOTE = "quote", gettext_lazy("Quote")
    CONFIRMATION = "confirmation", gettext_lazy("Customer’s confirmation")


# The customer's confirmation comes from the customer alone (services/confirming.py).
ADDED_BY_PEOPLE = (EvidenceKind.MEETING, EvidenceKind.PROOF, EvidenceKind.QUOTE)


class ExtensionStatus(TextChoices):
    """`void`: the protection ended while the request waited."""

    WAITING = "waiting", gettext_lazy("Waiting")
    APPROVED = "approved", gettext_lazy("Approved")
    DECLINED = "declined", gettext_lazy("Declined")
    VOID = "void", gettext_lazy("No longer needed")


class ExtensionVerb(TextChoices):
    APPROVE = "approve", gettext_lazy("Approve")
    DECLINE = "decline", gettext_lazy("Decline")


# verb → the states it may start from. Staff say both; who asks is said in rules/states.py.
EXTENSION_TRANSITIONS: dict[ExtensionVerb, frozenset[ExtensionStatus]] = {
    ExtensionVerb.APPROVE: frozenset({ExtensionStatus.WAITING}),
    ExtensionVerb.DECLINE: frozenset({ExtensionStatus.WAITING}),
}


@dataclass(frozen=True, slots=True)
class ProtectionTerms:
    """What a rule book says about protections; all spans in days.

    `margin` is the guaranteed margin in percent, None when nothing is guaranteed. An extension
    may be asked for in the last `ask_within_days`, up to `most_extensions` times; with fresh
    evidence of a `sufficient` kind it is granted at once for `extension_days`, any other goes
    to a person. A customer whose protection lapsed can be registered again by the same partner
    after `again_after_days`. Evidence older than `freshness_days` is stale.
    """

    days: int = 90
    margin: Decimal | None = None
    extension_days: int = 30
    most_extensions: int = 2
    ask_within_days: int = 30
    sufficient: tuple[str, ...] = ()
    again_after_days: int = 0
    freshness_days: int = 30


def problems_of_terms(terms: ProtectionTerms) -> list[str]:
    """What keeps terms from being saved, a sentence each."""
    problems = []
    if not 1 <= terms.days <= LONGEST_DAYS or not 1 <= terms.extension_days <= LONGEST_DAYS:
        problems.append(
            _("A protection or extension lasts from 1 to %(most)s days.") % {"most": LONGEST_DAYS}
        )
    if not 1 <= terms.ask_within_days <= LONGEST_DAYS:
        problems.append(_("Say within how many days before the end an extension may be asked for."))
    if not 0 <= terms.most_extensions <= MOST_EXTENSIONS:
        problems.append(
            _("A protection is extended at most %(most)s times.") % {"most": MOST_EXTENSIONS}
        )
    if terms.margin is not None and not 0 <= terms.margin <= 100:
        problems.append(_("The guaranteed margin is a percentage from 0 to 100."))
    if not 0 <= terms.again_after_days <= LONGEST_DAYS:
        problems.append(_("The waiting time is at most %(most)s days.") % {"most": LONGEST_DAYS})
    if not 1 <= terms.freshness_days <= LONGEST_DAYS:
        problems.append(_("Say after how many days evidence is stale."))
    if set(terms.sufficient) - set(EvidenceKind.values):
        problems.append(_("There is no such kind of evidence."))
    return problems


def terms_in_words(terms: ProtectionTerms) -> list[str]:
    """The terms as sentences for the reader's page."""
    sentences = [
        ngettext(
            "An approved registration is protected for %(days)s day.",
            "An approved registration is protected for %(days)s days.",
            terms.days,
        )
        % {"days": terms.days}
    ]
    if terms.margin is not None:
        sentences.append(
            _("The margin guaranteed for it is %(percent)s %%.") % {"percent": spoken(terms.margin)}
        )
    sentences += [_extensions_in_words(terms), *_evidence_in_words(terms)]
    if terms.again_after_days:
        sentences.append(
            ngettext(
                "A customer whose protection lapsed can be registered again after %(days)s day.",
                "A customer whose protection lapsed can be registered again after %(days)s days.",
                terms.again_after_days,
            )
            % {"days": terms.again_after_days}
        )
    else:
        sentences.append(_("A customer whose protection lapsed can be registered again at once."))
    return sentences


def _extensions_in_words(terms: ProtectionTerms) -> str:
    if not terms.most_extensions:
        return _("A protection is not extended.")
    return ngettext(
        "A protection can be extended %(times)s time, by %(by)s days, when that is asked for in "
        "its last %(within)s days with evidence that the work goes on.",
        "A protection can be extended %(times)s times, by %(by)s days each, when that is asked "
        "for in its last %(within)s days with evidence that the work goes on.",
        terms.most_extensions,
    ) % {
        "times": terms.most_extensions,
        "by": terms.extension_days,
        "within": terms.ask_within_days,
    }


def _evidence_in_words(terms: ProtectionTerms) -> list[str]:
    stale = ngettext(
        "Evidence is stale after %(days)s day.",
        "Evidence is stale after %(days)s days.",
        terms.freshness_days,
    ) % {"days": terms.freshness_days}
    if not terms.most_extensions:
        return [stale]
    if not terms.sufficient:
        return [_("A channel manager decides about each extension."), stale]
    kinds = ", ".join(
        str(kind.label) for kind in EvidenceKind if kind.value in set(terms.sufficient)
    )
    return [
        _("Fresh evidence of this kind extends at once: %(kinds)s. Others go to a channel manager.")
        % {"kinds": kinds},
        stale,
    ]


def spoken(percent: Decimal) -> str:
    """A percentage without needless zeros, as the reader writes numbers."""
    short = percent.normalize()
    exponent = short.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return number_format(percent, decimal_pos=places)


# --- evidence -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """One piece of evidence: of what kind, and on which day it happened."""

    kind: str
    dated_on: dt.date


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the partner last showed work, and whether that still counts as fresh."""

    last: dt.date | None
    age_days: int | None
    fresh: bool


def freshness_of(last: dt.date | None, terms: ProtectionTerms, today: dt.date) -> Freshness:
    if last is None:
        return Freshness(None, None, fresh=False)
    age = max((today - last).days, 0)
    return Freshness(last, age, fresh=age <= terms.freshness_days)


def what_suffices(
    evidence: Iterable[Seen], terms: ProtectionTerms, *, since: dt.date, today: dt.date
) -> str:
    """The kind of evidence that extends at once: fresh, and of after the last grant, so that
    nothing counts twice; "" when a person has to look."""
    for one in sorted(evidence, key=lambda seen: seen.dated_on, reverse=True):
        counts = one.kind in terms.sufficient and one.dated_on >= since
        if counts and freshness_of(one.dated_on, terms, today).fresh:
            return one.kind
    return ""


# --- extensions -----------------------------------------------------------------------------


def why_not_extend(
    terms: ProtectionTerms,
    *,
    until: dt.datetime,
    extensions: int,
    waiting: bool,
    now: dt.datetime,
) -> str:
    """Why an extension cannot be asked for now, as a sentence; "" when it can."""
    if until <= now:
        return _("The protection has ended, so it cannot be extended.")
    if waiting:
        return _("A request for an extension is waiting already.")
    if not terms.most_extensions:
        return _("By its rules this protection is not extended.")
    if extensions >= terms.most_extensions:
        return _("The protection has been extended as often as its rules allow.")
    opens = until - dt.timedelta(days=terms.ask_within_days)
    if now < opens:
        return _("An extension can be asked for from %(day)s on.") % {
            "day": date_format(localtime(opens), "DATE_FORMAT")
        }
    return ""


def reminders_ahead(until: dt.datetime, now: dt.datetime) -> Sequence[tuple[int, dt.datetime]]:
    """The reminders that still lie ahead: (days before the end, moment)."""
    moments = [(days, until - dt.timedelta(days=days)) for days in REMINDER_DAYS]
    return [(days, at) for days, at in moments if at > now]


def may_register_from(lapsed_at: dt.datetime, terms: ProtectionTerms) -> dt.datetime:
    """From when on the partner whose protection lapsed may register the customer again."""
    return lapsed_at + dt.timedelta(days=terms.again_after_days)
