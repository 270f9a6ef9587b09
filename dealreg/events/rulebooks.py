"""What the rules of engagement announce, and the product lines they are for."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "dealreg.rule_book_published",
    sentence=_("%(actor)s published the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookPublished:
    """`scope` is the region's path and the product line's code, empty for all;
    `effective_from` the moment from which it decides."""

    version: int
    title: str
    scope: tuple[str, ...] = ()
    effective_from: str = ""


@event_kind(
    "dealreg.rule_book_retired",
    sentence=_("%(actor)s retired the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookRetired:
    version: int
    title: str


@event_kind(
    "dealreg.rules_replayed",
    sentence=_("%(actor)s replayed past decisions with the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RulesReplayed:
    """`since` and `until` bound the period, as ISO dates; `until` is in it."""

    version: int
    since: str
    until: str


@event_kind(
    "dealreg.product_line_added",
    sentence=_("%(actor)s added the product line %(name)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class ProductLineAdded:
    code: str
    name: str


@event_kind(
    "dealreg.rule_book_drafted",
    sentence=_("%(actor)s began the rules of engagement v%(version)s from v%(copied_from)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookDrafted:
    version: int
    copied_from: int


@event_kind(
    "dealreg.rule_book_rewritten",
    sentence=_("%(actor)s rewrote the draft of the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookRewritten:
    """`old` and `new` are all rules of the draft, in order; the terms of protection by field."""

    version: int
    title: str
    old: tuple[dict[str, Any], ...]
    new: tuple[dict[str, Any], ...]
    old_terms: dict[str, Any] = field(default_factory=dict)
    new_terms: dict[str, Any] = field(default_factory=dict)


@event_kind(
    "dealreg.rule_book_discarded",
    sentence=_("%(actor)s discarded the draft of the rules of engagement v%(version)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class RuleBookDiscarded:
    version: int
    title: str
