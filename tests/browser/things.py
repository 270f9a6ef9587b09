"""A portal with something on every page."""

import datetime as dt
from decimal import Decimal

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import User
from dealreg.models import Deal, RuleBook
from dealreg.rules.request import RegistrationRequest
from dealreg.rules.states import DeclineReason
from dealreg.services import attach_file, decline_deal, register_deal, save_draft
from tests.cast import Cast


def registration(cast: Cast, customer: str, amount: int) -> RegistrationRequest:
    return RegistrationRequest(
        customer_name=customer,
        customer_domain=f"{customer.split()[0].lower()}.example",
        customer_country="DE",
        product_line_id=cast.product.pk,
        amount=Decimal(amount),
        currency="EUR",
        expected_close=timezone.localdate() + dt.timedelta(days=30),
        description="New warehouse, decided in spring.",
    )


def furnish(people: Cast, rules: RuleBook) -> dict[str, object]:
    """Deals in every state and what belongs to them; what stands in the addresses."""
    jonas = people.actor(people.jonas)

    def deal(customer: str, amount: int) -> Deal:
        return register_deal(actor=jonas, request=registration(people, customer, amount))

    approved, review, declined = (
        deal("Nordwind Logistics", 900),
        deal("Halcyon Retail", 61_000),
        deal("Quince Foods", 72_000),
    )
    decline_deal(
        actor=people.actor(people.mara),
        deal_id=declined.pk,
        reason=DeclineReason.OUTSIDE_TERRITORY,
        message="This one belongs to Iberia.",
    )
    upload = SimpleUploadedFile("floor-plan.csv", b"hall;size\n1;900\n")
    attach_file(actor=jonas, deal_id=approved.pk, upload=upload)
    draft = save_draft(actor=jonas, request=registration(people, "Juniper Energy", 100))
    return {
        "approved": approved.pk,
        "review": review.pk,
        "declined": declined.pk,
        "draft": draft.pk,
        "partner": people.alpha.pk,
        "book": rules.pk,
        "confirmation": unconfirmed(people.olga),
    }


def unconfirmed(user: User) -> str:
    address = EmailAddress.objects.create(user=user, email="new@cast.example", verified=False)
    return str(EmailConfirmationHMAC(address).key)
