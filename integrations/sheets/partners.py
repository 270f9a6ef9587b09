"""Partners from a spreadsheet. A partner is known by its name and region, so the same file twice
adds nothing; what is there already stays as it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import countries
from core.actor import Actor
from core.events import record
from core.importing.contract import ImportColumn, RowOutcome, RowResult, SheetRow, Text
from core.models import Event, User
from integrations.maildoor import fields as reading
from integrations.sheets.cells import Wrong, cell, code_of, reading_names
from partners.events.company import ImportedPartnerTakenBack
from partners.models import Partner, PartnerDomain, Region, Tier
from partners.rules import PartnerStatus, PartnerType
from partners.services import NewPartner, add_partners
from partners.services.merging import would_move
from partners.services.setting_up import partner_ids

DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
LONGEST_NAME = 160
# The others are reached by a way of their own.
TAKEN = (
    PartnerStatus.PROSPECT,
    PartnerStatus.APPLICANT,
    PartnerStatus.ONBOARDING,
    PartnerStatus.ACTIVE,
    PartnerStatus.AT_RISK,
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows of a batch refer to."""

    ids: Mapping[tuple[str, str], int]
    regions: Mapping[str, str]
    tiers: Mapping[str, str]
    entry_tier: str
    managers: Mapping[str, int]
    domains: frozenset[str]


class PartnerImporter:
    name = "partners"
    subject = "partners.partner"
    label: Text = gettext_lazy("Partners")

    def columns(self) -> Sequence[ImportColumn]:
        label = gettext_lazy
        return (
            ImportColumn(
                "name", label("Name"), True, ("partner", "company", "Firma", "Partnername")
            ),
            ImportColumn("type", label("Type"), True, ("partner type", "Art")),
            ImportColumn("region", label("Region"), True, ("territory", "Gebiet")),
            ImportColumn("status", label("Status")),
            ImportColumn("tier", label("Tier"), names=("level", "Stufe")),
            ImportColumn("country", label("Country"), names=reading_names("customer_country")),
            ImportColumn("domains", label("Domains"), names=("domain", "website", "Internetseite")),
            ImportColumn("manager", label("Channel manager"), names=("manager", "owner")),
        )

    def may(self, actor: Actor) -> bool:
        return actor.is_ops and not actor.region_paths

    def take(self, actor: Actor, rows: Sequence[SheetRow], *, dry: bool) -> list[RowResult]:
        known = known_for(rows)
        results: dict[int, RowResult] = {}
        wanted: dict[tuple[str, str], tuple[SheetRow, NewPartner]] = {}
        claimed = set(known.domains)
        for row in rows:
            try:
                new = new_partner(row, known)
                there = known.ids.get(new.key)
                if there is not None or new.key in wanted:
                    results[row.number] = RowResult(RowOutcome.KNOWN, subject_id=there)
                    continue
                claim(new, claimed)
            except Wrong as wrong:
                results[row.number] = RowResult(RowOutcome.WRONG, str(wrong))
                continue
            wanted[new.key] = (row, new)
        ids = (
            {}
            if dry
            else add_partners(actor=actor, partners=[new for _row, new in wanted.values()])
        )
        for key, (row, _new) in wanted.items():
            results[row.number] = RowResult(RowOutcome.ADDED, subject_id=ids.get(key))
        return [results[row.number] for row in rows]

    def take_back(self, actor: Actor, subject_ids: Sequence[int]) -> set[int]:
        rows = Partner.objects.select_for_update(of=("self",)).filter(pk__in=subject_ids)
        there = {partner.pk: partner for partner in rows.order_by("pk")}
        return {key for key, partner in there.items() if taken_back(actor, partner)}


def known_for(rows: Sequence[SheetRow]) -> Known:
    """Five queries for all rows together."""
    regions = Region.objects.values_list("path", "name", "code")
    tiers = list(Tier.objects.order_by("rank").values_list("name", flat=True))
    emails = {cell(row, "manager").lower() for row in rows}
    managers = User.objects.filter(email__in=emails, is_staff=True, is_active=True)
    domains = {domain for row in rows for domain in domains_in(row)}
    taken = PartnerDomain.objects.filter(domain__in=domains)
    by_word: dict[str, list[str]] = {}
    for path, name, code in regions:
        for word in {path.casefold(), name.casefold(), code.casefold()}:
            by_word.setdefault(word, []).append(path)
    return Known(
        ids=partner_ids(),
        regions={word: paths[0] for word, paths in by_word.items() if len(paths) == 1},
        tiers={name.casefold(): name for name in tiers},
        entry_tier=tiers[0] if tiers else "",
        managers=dict(managers.values_list("email", "pk")),
        domains=frozenset(taken.values_list("domain", flat=True)),
    )


def new_partner(row: SheetRow, known: Known) -> NewPartner:
    """The partner that a row tells of. Raises Wrong with what to mend."""
    name, tier = cell(row, "name"), cell(row, "tier")
    if not name:
        raise Wrong(_("A partner needs a name."))
    if len(name) > LONGEST_NAME:
        raise Wrong(_("The name is longer than %(most)s letters.") % {"most": LONGEST_NAME})
    region = known.regions.get(cell(row, "region").casefold())
    if region is None:
        text = cell(row, "region")[:80]
        raise Wrong(_("No region is called “%(name)s”.") % {"name": text})
    tier_name = known.tiers.get(tier.casefold()) if tier else known.entry_tier
    if not tier_name:
        raise Wrong(_("No tier is called “%(name)s”.") % {"name": tier[:80]})
    status = PartnerStatus(code_of(row, "status", PartnerStatus, PartnerStatus.PROSPECT))
    if status not in TAKEN:
        text = str(status.label)
        raise Wrong(_("Partners with the status “%(status)s” are not taken.") % {"status": text})
    return NewPartner(
        name=name,
        region=region,
        tier=tier_name,
        type=PartnerType(code_of(row, "type", PartnerType)),
        status=status,
        manager_id=manager_of(row, known),
        country=country_of(row),
        domains=domains_in(row),
        since=timezone.now(),
    )


def claim(new: NewPartner, claimed: set[str]) -> None:
    """Each domain belongs to one partner. Raises Wrong."""
    for domain in new.domains:
        if not DOMAIN.fullmatch(domain) or len(domain) > 253:
            raise Wrong(_("“%s” is not an internet domain.") % domain[:80])
        if domain in claimed:
            raise Wrong(_("%s belongs to another partner.") % domain)
    claimed.update(new.domains)


def manager_of(row: SheetRow, known: Known) -> int | None:
    email = cell(row, "manager").lower()
    if email and email not in known.managers:
        raise Wrong(_("Nobody at the vendor has the address %(email)s.") % {"email": email[:80]})
    return known.managers.get(email)


def country_of(row: SheetRow) -> str:
    text = cell(row, "country")
    code = (reading.country(text) or text.upper()) if text else ""
    if code and code not in countries.codes():
        raise Wrong(_("“%(text)s” is not known here.") % {"text": text[:80]})
    return code


def domains_in(row: SheetRow) -> tuple[str, ...]:
    words = re.split(r"[\s,;]+", cell(row, "domains").lower())
    bare = (re.sub(r"^(?:https?://)?(?:www\.)?", "", word).rstrip("/") for word in words)
    return tuple(dict.fromkeys(word for word in bare if word))


def taken_back(actor: Actor, partner: Partner) -> bool:
    """Removes a partner that nobody has touched since it was imported; whether it is gone."""
    happened = Event.objects.filter(partner_id=partner.pk).exclude(kind="partners.partner_added")
    has = would_move(partner, but_for=(PartnerDomain,))
    if happened.exists() or has:
        return False
    try:
        with transaction.atomic():
            fact = ImportedPartnerTakenBack(partner.name, partner.region.path)
            record(fact, subject=partner, actor=actor, partner_id=partner.pk)
            partner.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True
