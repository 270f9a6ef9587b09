"""Who asks for an own field: answers, rules and other fields."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.own_fields.fields import Needed, in_language
from dealreg.models import DealAnswer, DealField, Rule
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.facts import OWN


def is_used(row: DealField) -> bool:
    """Whether there are answers, or rules of whatever age or another field ask for it."""
    answered = DealAnswer.objects.filter(field=row).exists()
    return answered or next(asked_by(row), None) is not None


def asked_by(row: DealField, *, living: bool = False) -> Iterator[str]:
    """Who asks for the field, in words; `living`: only rules that are in force or being written,
    and fields in use. Two queries."""
    name = f"{OWN}{row.code}"
    rules = Rule.objects.select_related("book").order_by("book__version", "position")
    if living:
        rules = rules.exclude(book__status=BookStatus.RETIRED)
    for rule in rules:
        if name in rule.asks_for or mentions(rule.conditions, name):
            yield _("rule “%(rule)s” of v%(version)s") % {
                "rule": rule.code,
                "version": rule.book.version,
            }
    others = DealField.objects.exclude(pk=row.pk).filter(needed=Needed.WHEN)
    for other in others.filter(active=True) if living else others:
        if mentions(other.conditions, name):
            yield _("the field “%s”") % label_of(other)


def mentions(conditions: Any, name: str) -> bool:
    """Whether a condition, or one inside its groups, is about a fact."""
    return f'"{name}"' in json.dumps(conditions)


def label_of(row: DealField) -> str:
    return in_language(row.labels, settings.LANGUAGE_CODE) or row.code
