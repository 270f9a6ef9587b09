"""Every address of the portal, found in the URLconf, and how each is asked for."""

import re
from collections.abc import Iterator
from functools import cache

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver

from dealreg.models import Deal, DealField, Lead, RuleBook
from partners.models import (
    DistributionLink,
    Invitation,
    Membership,
    PartnerMerge,
    PartnerPair,
    StaffDuty,
    TierProposal,
)
from tests.access import profile, together
from tests.access.world import LINK, Things, World

MISSING = 987654321


def addresses() -> list[str]:
    """Every address as the table spells it, each once: "/deals/<deal_id>/"."""
    return list(dict.fromkeys(found_below(get_resolver(), "/")))


@cache
def found_below(resolver: URLResolver, prefix: str) -> tuple[str, ...]:
    return tuple(_found_below(resolver, prefix))


def _found_below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = prefix + plain(str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from found_below(entry, here)
        elif isinstance(entry, URLPattern):
            yield here


def plain(pattern: str) -> str:
    """A pattern without its types and regular expressions: "keys/<int:pk>/" → "keys/<pk>/"."""
    while True:
        named = re.search(r"\(\?P<(\w+)>", pattern)
        if named is None:
            break
        end = closing(pattern, named.start())
        pattern = f"{pattern[: named.start()]}<{named[1]}>{pattern[end + 1 :]}"
    return re.sub(r"<\w+:(\w+)>", r"<\1>", pattern).strip("^$").replace("/^", "/")


def closing(text: str, start: int) -> int:
    """Where the bracket that opens at `start` closes."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    raise ValueError(text)


# --- what stands in the addresses -----------------------------------------------------------

DRAFTS = {"/deals/<deal_id>/edit/", "/deals/<deal_id>/discard/"}
IN_REVIEW = "/admin/dealreg/deal/<deal_id>/"


def path_of(address: str, world: World, whose: str = "alpha") -> str:
    """The address about something that is Alpha's, Beta's, or not there ("missing")."""
    things = {"alpha": world.alpha, "beta": world.beta, "missing": None}[whose]
    return re.sub(r"<(\w+)>", lambda name: value(name[1], address, world, things), address)


def value(name: str, address: str, world: World, things: Things | None) -> str:
    known = {
        "part": "0",
        "name": "none.png",
        "colours": "24508c0f766e",
        "content_type_id": str(ContentType.objects.get_for_model(Deal).pk),
        "app_label": "dealreg",
        "url": "nothing-here/",
    }
    if address.startswith("/join/"):
        return LINK
    if name in known:
        return known[name]
    if things is None:
        return "00000000-0000-4000-8000-000000000000" if name == "file_id" else str(MISSING)
    if name == "address":
        return str(things.approved.partner.pk) + "-alpha-in-public"
    if name == "object_id":
        return row_of(address, world, things)
    if name == "key" and "reset" in address:
        return str(default_token_generator.make_token(things.user))
    if name in {"deal_id", "run_id"}:
        return str(deal_of(address, things).pk if name == "deal_id" else run_of(address, world))
    return str(ids_of(world, things)[name])


def ids_of(world: World, things: Things) -> dict[str, object]:
    """What stands in an address by its name there; asked of the database once, since whatever a
    request did is undone."""
    if not things.ids:
        things.ids = {
            **together.ids_of(things.approved.partner_id),
            **profile.ids_of(),
            "lead_id": Lead.objects.get(partner=things.approved.partner).pk,
            "link_id": DistributionLink.objects.get(reseller=things.approved.partner).pk,
            "filter_id": things.saved_filter.pk,
            "place_id": Membership.objects.get(user=things.user).pk,
            "invitation_id": Invitation.objects.get(partner=things.approved.partner).pk,
            "split_id": things.split.pk,
            "token_id": things.token.pk,
            "notification_id": things.notification.pk,
            "file_id": things.file.pk,
            "pk": things.passkey.pk,
            "uidb36": user_pk_to_url_str(things.user),
            "key": EmailConfirmationHMAC(EmailAddress.objects.get(user=things.user)).key,
            "account_id": world.tidied.pair.first_id,
            "other_id": world.tidied.pair.second_id,
            "partner_id": things.approved.partner_id,
            "partner_pair_id": PartnerPair.objects.earliest("pk").pk,
            "partner_merge_id": PartnerMerge.objects.earliest("pk").pk,
            "pair_id": world.tidied.pair.pk,
            "merge_id": world.tidied.merge.pk,
            "book_id": RuleBook.objects.order_by("version")[0].pk,
            "extension_id": things.extension.pk,
            "token": things.question,
            "verb": "go-ahead",
            "case_id": things.case.pk,
            "programme_id": world.tiers.programme.pk,
            "catalogue_id": world.tiers.catalogue.pk,
            "proposal_id": proposal_of(things).pk,
            "field_id": DealField.objects.earliest("pk").pk,
        }
    return things.ids


def run_of(address: str, world: World) -> int:
    if "importrun" in address:
        return world.import_run.pk
    if "fitrun" in address:
        return profile.trial()
    return world.tiers.run.pk if "tierrun" in address else world.replay.pk


def proposal_of(things: Things) -> TierProposal:
    return TierProposal.objects.get(partner=things.approved.partner_id)


def deal_of(address: str, things: Things) -> Deal:
    if address in DRAFTS:
        return things.draft
    return things.review if address.startswith(IN_REVIEW) else things.approved


def row_of(address: str, world: World, things: Things) -> str:
    """The id of a row of the model that an address of the back office is about, as near to
    the partner as there is one."""
    if address.startswith("/admin/r/"):
        return str(things.approved.pk)
    app_label, model = address.split("/")[2:4]
    near = rows_near(world, things)
    if model in near:
        return str(near[model])
    table = f"{app_label}.{model}"
    if table not in near:
        first = apps.get_model(table)._default_manager.order_by("pk").first()
        near[table] = first.pk if first else MISSING
    return str(near[table])


def rows_near(world: World, things: Things) -> dict[str, object]:
    """The row of each model that is the partner's own; asked for once, as above."""
    if things.rows:
        return things.rows
    partner = things.approved.partner
    things.rows = {
        **together.rows_of(things.approved.partner_id),
        **profile.rows_of(things.approved.partner_id),
        "user": things.user.pk,
        "apitoken": things.token.pk,
        "storedfile": things.file.pk,
        "authenticator": things.passkey.pk,
        "emailaddress": EmailAddress.objects.get(user=things.user).pk,
        "partner": partner.pk,
        "membership": Membership.objects.get(user=things.user).pk,
        "partnercontact": partner.contacts.earliest("pk").pk,
        "partnerdocument": partner.documents.earliest("pk").pk,
        "partnernote": partner.notes.earliest("pk").pk,
        "tierproposal": proposal_of(things).pk,
        "staffduty": StaffDuty.objects.get(user=world.cast.mara).pk,
        "region": partner.region_id,
        "tier": partner.tier_id,
        "deal": things.review.pk,
        "split": things.split.pk,
        "conflictcase": things.case.pk,
        "account": things.approved.account_id,
        "productline": things.approved.product_line_id,
        "extension": things.extension.pk,
    }
    return things.rows
