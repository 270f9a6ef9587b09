"""A partner's profile in the public directory: the partner writes and lists it, the vendor may
take it out."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.branding import redrawn
from core.events import NewEvent, record, record_many
from core.subdivisions import is_place
from partners.events.directory import (
    ProfileListed,
    ProfileReopened,
    ProfileUnlisted,
    ProfileWritten,
)
from partners.models import DirectoryProfile, Partner
from partners.rules import PartnerRole
from partners.rules.directory import LANGUAGES, LONGEST_TEXT, MOST_CHOSEN, usable_website
from partners.services.authority import require_operations
from partners.services.lifecycle import locked_partner

WRITERS = frozenset({PartnerRole.ADMIN, PartnerRole.MARKETING})
FIELDS = ("name", "text", "website", "languages", "countries", "product_lines", "listed")


class InvalidProfile(ValueError):
    """The profile cannot be like that; `problems` says per field why."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """A profile as it was written. `logo` is a file as it was uploaded, None keeps the old."""

    name: str
    text: str = ""
    website: str = ""
    languages: Sequence[str] = ()
    countries: Sequence[str] = ()
    product_lines: Sequence[str] = ()
    listed: bool = False
    logo: bytes | None = field(default=None, repr=False)
    remove_logo: bool = False


def may_write_profile(actor: Actor) -> bool:
    """Whether the actor's work at its partner includes what the company says in public."""
    return (
        actor.partner_id is not None
        and bool(actor.partner_roles & WRITERS)
        and actor.may("directory:write")
    )


def require_may_write(actor: Actor) -> int:
    """The partner for which the actor writes. Raises PermissionDenied."""
    if actor.partner_id is None or not may_write_profile(actor):
        raise PermissionDenied(_("This needs the role Marketing or Administrator at the partner."))
    return actor.partner_id


@transaction.atomic
def write_profile(*, actor: Actor, draft: ProfileDraft) -> DirectoryProfile:
    """Writes the actor's company's profile, and lists or unlists it. Raises InvalidProfile,
    core.branding.UnusableLogo, PermissionDenied; nothing changes then."""
    partner = locked_partner(require_may_write(actor))
    rows = DirectoryProfile.objects.select_for_update(of=("self",)).filter(partner=partner)
    profile = rows.first() or DirectoryProfile(partner=partner)
    _require_sound(draft, profile)
    was_listed = profile.listed
    values = {**{name: getattr(draft, name) for name in FIELDS}, **_lists(draft, partner)}
    changed = [name for name in FIELDS if getattr(profile, name) != values[name]]
    for name in changed:
        setattr(profile, name, values[name])
    if draft.remove_logo and profile.logo:
        profile.logo = ""
        changed.append("logo")
    if draft.logo is not None:
        # A new name each time: the old picture may be cached for ever.
        picture = ContentFile(redrawn(draft.logo))
        profile.logo.save(f"{uuid.uuid4().hex}.png", picture, save=False)
        changed.append("logo")
    if not changed:
        return profile
    profile.changed_at = timezone.now()
    profile.save()
    news: list[object] = [ProfileWritten(changed)]
    if profile.listed and not was_listed:
        news.append(ProfileListed(profile.name))
    elif was_listed and not profile.listed:
        news.append(ProfileUnlisted(""))
    record_many([NewEvent(fact, profile, partner.pk) for fact in news], actor=actor)
    return profile


def _lists(draft: ProfileDraft, partner: Partner) -> dict[str, list[str]]:
    """The chosen values, each once and in order; the own country is always served."""
    own = {partner.country} if partner.country else set()
    return {
        "languages": sorted(set(draft.languages)),
        "countries": sorted(set(draft.countries) | own),
        "product_lines": sorted(set(draft.product_lines)),
    }


def _require_sound(draft: ProfileDraft, profile: DirectoryProfile) -> None:
    """Raises InvalidProfile."""
    problems: dict[str, str] = {}
    if not draft.name.strip():
        problems["name"] = _("Enter the name under which customers know you.")
    if draft.listed and not draft.text.strip():
        problems["text"] = _("Say what you do before you list your company.")
    if len(draft.text) > LONGEST_TEXT:
        problems["text"] = _("Use at most 2,000 characters.")
    if draft.website and not usable_website(draft.website):
        problems["website"] = _("Enter an address such as https://www.example.com/.")
    if not set(draft.languages) <= set(LANGUAGES) or not all(map(is_place, draft.countries)):
        problems["languages"] = _("Choose from the lists.")
    if max(map(len, (draft.languages, draft.countries, draft.product_lines))) > MOST_CHOSEN:
        problems["countries"] = _("Choose at most 40 of each.")
    if draft.listed and profile.closed_because:
        problems["listed"] = _("The vendor has taken your company out: %s") % profile.closed_because
    if problems:
        raise InvalidProfile(problems)


@transaction.atomic
def take_out_of_directory(*, actor: Actor, profile_id: int, reason: str) -> None:
    """The vendor takes a company out at once; the partner reads why, and cannot list itself until
    it is reopened. Raises InvalidProfile, PermissionDenied."""
    require_operations(actor)
    if not reason.strip():
        raise InvalidProfile({"closed_because": _("Say why; the partner reads it.")})
    profile = DirectoryProfile.objects.select_for_update(of=("self",)).get(pk=profile_id)
    profile.listed, profile.closed_because = False, reason.strip()[:300]
    profile.save(update_fields=["listed", "closed_because"])
    fact = ProfileUnlisted(profile.closed_because)
    record(fact, subject=profile, actor=actor, partner_id=profile.partner_id)


@transaction.atomic
def reopen_directory(*, actor: Actor, profile_id: int) -> None:
    """The partner may list itself again. Raises PermissionDenied."""
    require_operations(actor)
    profile = DirectoryProfile.objects.select_for_update(of=("self",)).get(pk=profile_id)
    if not profile.closed_because:
        return
    profile.closed_because = ""
    profile.save(update_fields=["closed_because"])
    fact = ProfileReopened(profile.name)
    record(fact, subject=profile, actor=actor, partner_id=profile.partner_id)
