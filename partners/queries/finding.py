"""Finding partners by what somebody outside knows of them. Callers must not let on whether anybody
was found: partners are not to be listed by trying."""

from collections.abc import Collection

from allauth.account.models import EmailAddress

from partners.models import Membership, Partner
from partners.queries.organisations import partner_at
from partners.rules import IN_BUSINESS


def partner_of_person(address: str) -> int | None:
    """The partner in business at which an active person has confirmed this e-mail address. None
    for any other address. Two queries."""
    users = EmailAddress.objects.filter(
        email__iexact=address, verified=True, user__is_active=True
    ).values_list("user_id", flat=True)
    places = Membership.objects.filter(
        user_id__in=list(users[:2]),
        left_at__isnull=True,
        partner__status__in=sorted(IN_BUSINESS),
    )
    return places.order_by("pk").values_list("partner_id", flat=True).first()


def partner_reached_at(address: str, domain: str) -> int | None:
    """The partner of the person with this address, else the one that its `domain` belongs to
    ("" for one that says nothing of a company). Three queries, whatever is found."""
    person, company = partner_of_person(address), partner_at(domain or "-")
    return company if person is None else person


def region_paths_of(partner_ids: Collection[int]) -> dict[int, str]:
    """The path of each partner's region. One query."""
    rows = Partner.objects.filter(pk__in=partner_ids)
    return dict(rows.values_list("pk", "region__path"))
