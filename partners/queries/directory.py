"""Reads for the public directory: only what is listed, open and of partners in business, and of
these only what they show of themselves."""

import re
from dataclasses import dataclass

from babel import Locale
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language, to_locale

from core import countries, subdivisions
from partners.models import (
    DirectoryProfile,
    Focus,
    PartnerFocus,
    PartnerProfile,
    PartnerTerritory,
    Region,
    Tier,
    in_regions,
)
from partners.rules import IN_BUSINESS, PartnerType
from partners.rules.directory import LANGUAGES, address_of

MOST_SKILLS = 40
WORD = re.compile(r"[^\W_]+", re.UNICODE)
PROFILE_WORDS = SearchVector("name", "text", config="simple")

# What other apps may call a row of these queries.
ProfileRow = DirectoryProfile


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the directory somebody looks for; empty values are anything. `skill` and `tier`
    are row ids, `region` a path, `part` lies in `country`."""

    text: str = ""
    region: str = ""
    country: str = ""
    part: str = ""
    type: str = ""
    tier: int | None = None
    skill: int | None = None
    language: str = ""
    product_line: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A partner as everybody may see it. Nothing else of it leaves this module."""

    partner_id: int
    address: str
    name: str
    text: str
    website: str
    logo: str
    type: str
    tier: str
    region: str
    country: str
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    product_lines: tuple[str, ...]
    skills: tuple[str, ...]

    @property
    def website_said(self) -> str:
        """The website as people say it: without how it is fetched."""
        return self.website.removeprefix("https://").removeprefix("http://")


def public() -> QuerySet[DirectoryProfile]:
    """The profiles that everybody may see at this moment."""
    return DirectoryProfile.objects.filter(
        listed=True, closed_because="", partner__status__in=sorted(IN_BUSINESS)
    )


def search(wanted: Wanted) -> QuerySet[DirectoryProfile]:
    """The profiles that fit, to be paged by name."""
    rows = public().select_related("partner__tier", "partner__region")
    words = WORD.findall(wanted.text.replace("\x00", "")[:100])[:8]
    if words:
        raw = " & ".join(f"{word}:*" for word in words)
        query = SearchQuery(raw, config="simple", search_type="raw")
        rows = rows.annotate(words=PROFILE_WORDS).filter(words=query)
    if wanted.region:
        # Named one by one, the database knows from its statistics how many partners they have.
        below = Region.objects.filter(in_regions(frozenset({wanted.region}), "path"))
        rows = rows.filter(partner__region__in=list(below.values_list("pk", flat=True)))
    if wanted.country:
        rows = rows.filter(countries__overlap=serving(wanted.country, wanted.part))
    if wanted.type:
        rows = rows.filter(partner__type=wanted.type)
    if wanted.tier is not None:
        rows = rows.filter(partner__tier_id=wanted.tier)
    if wanted.skill is not None:
        has = PartnerFocus.objects.filter(partner=OuterRef("partner"), focus=wanted.skill)
        rows = rows.filter(Exists(has))
    if wanted.language:
        rows = rows.filter(languages__contains=[wanted.language])
    if wanted.product_line:
        rows = rows.filter(product_lines__contains=[wanted.product_line])
    return rows


def serving(country: str, part: str) -> list[str]:
    """Who serves a country, all of it or a part; or a part, for itself or with all of it."""
    if part:
        return [country, part]
    return [country, *(code for code, _name in subdivisions.parts_of(country))]


def listings(rows: "list[DirectoryProfile]") -> list[Listing]:
    """Rows of `search` as everybody may see them. One query."""
    skills: dict[int, list[str]] = {}
    held = PartnerFocus.objects.filter(partner__in=[row.partner_id for row in rows])
    names = held.order_by("focus__kind", "focus__name").values_list("partner_id", "focus__name")
    for partner_id, name in names:
        skills.setdefault(partner_id, []).append(name)
    return [_listing(row, skills.get(row.partner_id, [])) for row in rows]


def listing(partner_id: int) -> Listing | None:
    """One partner's, if it is public at this moment. Two queries."""
    rows = public().select_related("partner__tier", "partner__region")
    row = rows.filter(partner_id=partner_id).first()
    return listings([row])[0] if row else None


def _listing(row: DirectoryProfile, skills: list[str]) -> Listing:
    partner = row.partner
    return Listing(
        partner_id=partner.pk,
        address=address_of(partner.pk, row.name),
        name=row.name,
        text=row.text,
        website=row.website,
        logo=str(row.logo.name).rpartition("/")[2] if row.logo else "",
        type=str(partner.get_type_display()),
        tier=partner.tier.name,
        region=partner.region.name,
        country=countries.name(partner.country) if partner.country else "",
        countries=tuple(subdivisions.name(code) for code in row.countries),
        languages=tuple(language_name(code) for code in row.languages),
        product_lines=tuple(row.product_lines),
        skills=tuple(skills[:MOST_SKILLS]),
    )


def logo_of(partner_id: int, name: str) -> bytes | None:
    """The picture of a public profile; None for any other, and for an older name."""
    row = public().filter(partner_id=partner_id, logo=f"directory/{name}").first()
    if row is None or not row.logo:
        return None
    try:
        with row.logo.open("rb") as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content


def first_words(partner_id: int) -> dict[str, object]:
    """What the record says already, for a partner that has no profile yet: two queries."""
    known = PartnerProfile.objects.filter(partner_id=partner_id).first()
    places = PartnerTerritory.objects.filter(partner_id=partner_id)
    return {
        "text": known.about if known else "",
        "website": known.website if known else "",
        "countries": list(places.order_by("place").values_list("place", flat=True)[:40]),
    }


def own_profile(partner_id: int) -> DirectoryProfile | None:
    """A partner's profile for its own people, public or not."""
    return DirectoryProfile.objects.filter(partner_id=partner_id).first()


def public_name(partner_id: int) -> str:
    """What a partner that is in the directory is called there; "" for any other."""
    return public().filter(partner_id=partner_id).values_list("name", flat=True).first() or ""


def public_addresses(first: int, until: int) -> list[str]:
    """The addresses of public profiles whose partners' ids lie between two bounds (the first
    included), in order. One query."""
    rows = public().filter(partner_id__gte=first, partner_id__lt=until).order_by("partner_id")
    return [address_of(key, name) for key, name in rows.values_list("partner_id", "name")]


def largest_public_id() -> int:
    return public().order_by("-partner_id").values_list("partner_id", flat=True).first() or 0


# --- what may be chosen ---------------------------------------------------------------------


def language_name(code: str) -> str:
    """A language in the reader's words."""
    return str(Locale.parse(to_locale(get_language() or "en")).languages.get(code, code))


def language_choices() -> list[tuple[str, str]]:
    found = ((code, language_name(code)) for code in LANGUAGES)
    return sorted(found, key=lambda one: countries.in_dictionary_order(one[1]))


def region_filter() -> list[tuple[str, str]]:
    """(path, indented name) of all regions in the order of the tree. One query."""
    return [
        (path, "\u2003" * path.count(".") + name)
        for path, name in Region.objects.order_by("path").values_list("path", "name")
    ]


def tier_filter() -> list[tuple[str, str]]:
    return [(str(tier.pk), tier.name) for tier in Tier.objects.order_by("-rank")]


def skill_filter() -> list[tuple[str, str]]:
    """The specialisations and verticals that are offered. One query."""
    rows = Focus.objects.filter(active=True).order_by("kind", "name")
    return [(str(key), name) for key, name in rows.values_list("pk", "name")[:500]]


def type_filter() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in PartnerType.choices]
