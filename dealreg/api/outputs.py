"""What programs receive about deals."""

from typing import Any

from rest_framework import serializers

from core.api.listing import ListOutput
from core.api.shapes import Shape
from core.money import in_its_unit
from dealreg import own_fields
from dealreg.api.inputs import API_FIELDS
from dealreg.api.own_fields import OwnAnswers
from dealreg.books import hint_in_words
from dealreg.models import Deal, Decision
from dealreg.queries import DealAnswer
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.states import DealStage, DealStatus, Outcome


class CustomerOutput(Shape):
    name = serializers.CharField()
    domain = serializers.CharField()
    country = serializers.CharField()


class HintOutput(Shape):
    fact = serializers.CharField(help_text="Which fact of the registration.")
    direction = serializers.ChoiceField(
        choices=["more", "less"],
        help_text="more: at least the value, or yes; less: at most, or no.",
    )
    value = serializers.CharField(help_text="A number in the base currency or of days, yes or no.")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    message = serializers.CharField(help_text="The same as a sentence.")


class DecisionOutput(Shape):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    rule = serializers.CharField(help_text="The rule that decided; empty when a person did.")
    message = serializers.CharField(help_text="The reason, in words for the partner.")
    asked_for = serializers.ListField(
        child=serializers.CharField(),
        help_text="What to complete when the outcome is ask: fields of the deal, and files.",
    )
    hint = HintOutput(
        allow_null=True,
        help_text="The nearest change that would have been decided better, if there is one.",
    )


class ConflictOutput(Shape):
    level = serializers.ChoiceField(choices=[(level.value, level.value) for level in ConflictLevel])


class CheckOutput(Shape):
    conflict = serializers.BooleanField(
        help_text="Somebody may already be working with this customer: a person would look."
    )
    own_open = serializers.ListField(
        child=serializers.CharField(), help_text="References of your company's open registrations."
    )


class ProtectionOutput(Shape):
    until = serializers.DateTimeField(allow_null=True)


class DealSummary(Shape):
    id = serializers.IntegerField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=DealStatus.choices)
    stage = serializers.ChoiceField(choices=DealStage.choices)
    customer = CustomerOutput()
    product_line = serializers.CharField(allow_null=True)
    amount = serializers.DecimalField(max_digits=18, decimal_places=None, allow_null=True)
    currency = serializers.CharField()
    expected_close = serializers.DateField(allow_null=True)
    description = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    own_fields = OwnAnswers()
    probability = serializers.IntegerField(
        allow_null=True, help_text="The seller's own figure in percent; null for the stage's."
    )
    next_step = serializers.CharField()
    next_step_on = serializers.DateField(allow_null=True)
    sale_updated_at = serializers.DateTimeField(
        allow_null=True, help_text="When the sale was last said to be up to date."
    )
    closed_on = serializers.DateField(allow_null=True)
    closed_amount = serializers.DecimalField(max_digits=18, decimal_places=None, allow_null=True)
    version = serializers.IntegerField(help_text="The ETag says the same.")


class DealListOutput(ListOutput):
    results = DealSummary(many=True)


class DealOutput(DealSummary):
    decision = DecisionOutput(allow_null=True)
    conflict = ConflictOutput()
    protection = ProtectionOutput()


def deal_output(answer: DealAnswer, own: dict[str, Any] | None = None) -> dict[str, Any]:
    """One deal as the API shows it; `own` are its answers in own fields where they are known."""
    deal, decision = answer.deal, answer.decision
    in_force = answer.protection is not None and answer.protection.in_force
    return {
        **deal_summary(deal, own),
        "decision": {
            "outcome": decision.outcome,
            "rule": decision.rule,
            "message": decision.message,
            "asked_for": [API_FIELDS.get(field, field) for field in decision.asked_for],
            "hint": hint_output(decision),
        }
        if decision
        else None,
        "conflict": {"level": decision.conflict_level if decision else "none"},
        "protection": {
            "until": answer.protection.until if answer.protection and in_force else None
        },
    }


def hint_output(decision: Decision) -> dict[str, Any] | None:
    hint = decision.hint
    if not hint:
        return None
    value = hint["value"]
    words = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return {**hint, "value": words, "message": hint_in_words(hint)}


def deal_summary(deal: Deal, own: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "id": deal.pk,
        "reference": deal.reference,
        "status": deal.status,
        "stage": deal.stage,
        "customer": {
            "name": deal.customer_name,
            "domain": deal.customer_domain,
            "country": deal.customer_country,
        },
        "product_line": deal.product_line.code if deal.product_line else None,
        "amount": in_its_unit(deal.amount, deal.currency),
        "currency": deal.currency,
        "expected_close": deal.expected_close,
        "description": deal.description,
        "submitted_at": deal.submitted_at,
        "probability": deal.probability,
        "next_step": deal.next_step,
        "next_step_on": deal.next_step_on,
        "sale_updated_at": deal.sale_updated_at,
        "closed_on": deal.closed_on,
        "closed_amount": in_its_unit(deal.closed_amount, deal.currency),
        "own_fields": own_fields.as_json(deal) if own is None else own,
        "version": deal.version,
    }
