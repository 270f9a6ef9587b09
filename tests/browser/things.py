"""A portal with something on every page."""

import datetime as dt
from decimal import Decimal

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import User
from dealreg.models import Deal, Lead, RuleBook
from dealreg.rules.request import RegistrationRequest
from dealreg.rules.states import DeclineReason
from dealreg.services import attach_file, cases, decline_deal, register_deal, save_draft
from partners.models import DistributionLink, JointPlan, Membership, QuarterlyReview, Todo
from tests.access import together
from tests.access.world import (
    distributed,
    listed,
    replayed_today,
    shared_with_gamma,
    tidied_customers,
    tiers_of,
)
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
        **programme_and_customers(people, approved),
        **plans_and_leads(people),
        "approved": approved.pk,
        "review": review.pk,
        "declined": declined.pk,
        "draft": draft.pk,
        "partner": people.alpha.pk,
        "book": rules.pk,
        "confirmation": unconfirmed(people.olga),
    }


def programme_and_customers(people: Cast, deal: Deal) -> dict[str, object]:
    """A case and a split of one deal, a tier programme, customers to merge, rules tried out."""
    mara, tidied = people.actor(people.mara), tidied_customers(people)
    tiers = tiers_of(people)
    return {
        "case": cases.open_case(actor=mara, deal_id=deal.pk, why="Both met the buyer.").pk,
        "split": shared_with_gamma(people, deal, "You both worked on it.").pk,
        "programme": tiers.programme.pk,
        "run": tiers.run.pk,
        "first": tidied.pair.first_id,
        "second": tidied.pair.second_id,
        "replay": replayed_today(people).pk,
    }


def plans_and_leads(people: Cast) -> dict[str, object]:
    """A plan, a review, a task and a point of the SWOT with Alpha, its place in the directory and
    in the distribution, and a lead."""
    together.add_for(people, people.jonas, errand="Call the buyer")
    listed(people)
    distributed(people)
    alpha = people.alpha.pk
    return {
        "plan_id": JointPlan.objects.get(partner=alpha).pk,
        "review_id": QuarterlyReview.objects.get(partner=alpha).pk,
        "todo_id": Todo.objects.get(partner=alpha).pk,
        "address": f"{alpha}-alpha-in-public",
        "lead": Lead.objects.get(partner=alpha).pk,
        "link": DistributionLink.objects.get(reseller=alpha).pk,
        "place": Membership.objects.get(user=people.jonas).pk,
    }


def unconfirmed(user: User) -> str:
    address = EmailAddress.objects.create(user=user, email="new@cast.example", verified=False)
    return str(EmailConfirmationHMAC(address).key)
