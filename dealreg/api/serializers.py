"""What programs send and receive about deals."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.shapes import Shape
from core.own_fields.fields import FieldType, Needed
from core.own_fields.values import OwnValue
from dealreg import own_fields
from dealreg.books import hint_in_words
from dealreg.models import Deal, Decision, ProductLine
from dealreg.product_lines import open_line_called
from dealreg.queries import DealAnswer
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.own_fields import OwnField
from dealreg.rules.request import LONGEST_DESCRIPTION, RegistrationRequest
from dealreg.rules.sale import (
    LONGEST_COMPETITOR,
    LONGEST_NOTE,
    LONGEST_STEP,
    MOST_REASONS,
    Closing,
    Sale,
)
from dealreg.rules.states import CLOSED_STAGES, DealStage, DealStatus, Outcome


@extend_schema_field({"type": "string"})
class ProductLineField(serializers.Field[ProductLine, str, str, Any]):
    """A product line that is open for registration, by its code."""

    default_error_messages = serializers.SlugRelatedField.default_error_messages

    def to_internal_value(self, data: Any) -> ProductLine:
        line = open_line_called(data) if isinstance(data, str) else None
        if line is None:
            self.fail("does_not_exist", slug_name="code", value=str(data))
        return line

    def to_representation(self, value: ProductLine) -> str:
        return value.code


class CustomerInput(Shape):
    name = serializers.CharField(max_length=200)
    domain = serializers.CharField(max_length=253, required=False, allow_blank=True, default="")
    country = serializers.CharField(
        min_length=2, max_length=2, help_text="ISO 3166-1 alpha-2, for example DE."
    )


@extend_schema_field(
    {
        "description": "By type: text, date (YYYY-MM-DD) and choice (its code) as string, "
        "number as decimal string, yes_no as boolean, money as {amount, currency}, a file as "
        "{name, content in base64}.",
        "oneOf": [
            {"type": "string"},
            {"type": "number"},
            {"type": "boolean"},
            {"type": "null"},
            {
                "type": "object",
                "required": ["amount", "currency"],
                "properties": {"amount": {"type": "string"}, "currency": {"type": "string"}},
            },
            {
                "type": "object",
                "required": ["name", "content"],
                "properties": {
                    "name": {"type": "string"},
                    "content": {"type": "string", "format": "byte"},
                },
            },
        ],
    }
)
class AnyValue(serializers.JSONField):
    """What a program sends in an own field; own_fields.from_json reads it."""


@extend_schema_field(
    {
        "type": "object",
        "description": "By code. A file is {id, name, size}; /files/{id}/ is the file.",
        "additionalProperties": {},
    }
)
class OwnAnswers(serializers.DictField):
    """The answers in the vendor's own fields."""


class OwnChoice(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class OwnFieldOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField(help_text="In the reader's language.")  # type: ignore[assignment]
    type = serializers.ChoiceField(choices=FieldType.choices)
    help = serializers.CharField()
    needed = serializers.ChoiceField(choices=Needed.choices)
    needed_when = serializers.CharField(help_text="In words, when needed is when.")
    choices = OwnChoice(many=True)
    least = serializers.DecimalField(
        max_digits=18,
        decimal_places=6,
        allow_null=True,
        help_text="Of a number or amount; the characters of a text; days from today of a date.",
    )
    most = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    digits = serializers.IntegerField(help_text="Decimal places of a number.")


def own_field_output(field: OwnField) -> dict[str, Any]:
    """A field as the API describes it, in the reader's language."""
    spec = field.spec
    return {
        "code": spec.code,
        "label": spec.label,
        "type": spec.type,
        "help": spec.hint,
        "needed": field.needed,
        "needed_when": field.needed_in_words,
        "choices": [{"code": one.code, "label": one.label} for one in spec.choices if one.offered],
        "least": spec.least,
        "most": spec.most,
        "digits": spec.digits,
    }


class DealInput(Shape):
    customer = CustomerInput()
    product_line = ProductLineField(
        help_text="The product line's code.",
    )
    amount = serializers.DecimalField(max_digits=18, decimal_places=3)
    currency = serializers.CharField(min_length=3, max_length=3, help_text="ISO 4217.")
    expected_close = serializers.DateField()
    description = serializers.CharField(
        max_length=LONGEST_DESCRIPTION, required=False, allow_blank=True, default=""
    )
    public_sector = serializers.BooleanField(required=False, default=False)
    customer_consent = serializers.BooleanField(required=False, default=False)
    own_fields = serializers.DictField(
        child=AnyValue(allow_null=True),
        required=False,
        allow_null=True,
        default=dict,
        help_text="The vendor's own fields by code; deals/fields/ says which are offered.",
    )

    distribution = serializers.CharField(
        max_length=20,
        required=False,
        allow_blank=True,
        default="",
        help_text="The id of the relation with the distributor it runs through, or “keep” where "
        "the programme allows that; empty for the first one you have.",
    )

    def request(self, own_values: Mapping[str, OwnValue]) -> RegistrationRequest:
        """The validated body as the service takes it."""
        data = self.validated_data
        customer = data["customer"]
        return RegistrationRequest(
            customer_name=customer["name"],
            customer_domain=customer["domain"],
            customer_country=customer["country"].upper(),
            product_line_id=data["product_line"].pk,
            amount=data["amount"],
            currency=data["currency"].upper(),
            expected_close=data["expected_close"],
            description=data["description"],
            public_sector=data["public_sector"],
            customer_consent=data["customer_consent"],
            distributor=data["distribution"],
            own_values=own_values,
        )


class CustomerChanges(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False)
    domain = serializers.CharField(max_length=253, required=False, allow_blank=True)
    country = serializers.CharField(min_length=2, max_length=2, required=False)


class CompleteInput(serializers.Serializer[Any]):
    """What is left out stays as it is; `decision.asked_for` names what may be sent."""

    customer = CustomerChanges(required=False)
    product_line = ProductLineField(required=False)
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, required=False)
    currency = serializers.CharField(min_length=3, max_length=3, required=False)
    expected_close = serializers.DateField(required=False)
    description = serializers.CharField(
        max_length=LONGEST_DESCRIPTION, required=False, allow_blank=True
    )
    public_sector = serializers.BooleanField(required=False)
    customer_consent = serializers.BooleanField(required=False)
    own_fields = serializers.DictField(
        child=AnyValue(allow_null=True),
        required=False,
        help_text="The vendor's own fields that were asked for, by code.",
    )
    version = serializers.IntegerField(
        min_value=1,
        required=False,
        help_text="The deal's version that was read; refused with 409 when it has changed since.",
    )

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, as the service names them."""
        apart = {"version", "own_fields"}
        sent = {name: value for name, value in self.validated_data.items() if name not in apart}
        customer = sent.pop("customer", {})
        line = sent.pop("product_line", None)
        named = {f"customer_{name}": value for name, value in customer.items()}
        if line is not None:
            named["product_line_id"] = line.pk
        found = {**sent, **named}
        upper = {
            name: found[name].upper() for name in ("customer_country", "currency") & found.keys()
        }
        return {**found, **upper}


class SaleInput(serializers.Serializer[Any]):
    """What of a sale changes; what is left out stays. `stage` won or lost closes the sale, an
    open stage reopens a closed one (with `note`). An empty body confirms the sale as it is."""

    stage = serializers.ChoiceField(choices=DealStage.choices, required=False)
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, required=False)
    expected_close = serializers.DateField(required=False)
    probability = serializers.IntegerField(
        min_value=0,
        max_value=100,
        required=False,
        allow_null=True,
        help_text="In percent; null for the stage's. A new stage without it takes the stage's.",
    )
    next_step = serializers.CharField(max_length=LONGEST_STEP, required=False, allow_blank=True)
    next_step_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True, default=""
    )
    closed_on = serializers.DateField(required=False, help_text="Today when left out.")
    closed_amount = serializers.DecimalField(
        max_digits=18, decimal_places=3, required=False, help_text="What it was sold for."
    )
    reasons = serializers.ListField(
        child=serializers.CharField(max_length=40),
        max_length=MOST_REASONS,
        required=False,
        help_text="Codes of reasons for winning or losing.",
    )
    competitor = serializers.CharField(
        max_length=LONGEST_COMPETITOR, required=False, allow_blank=True
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Fields of an open sale and of its end do not go together."""
        closes = attrs.get("stage") in CLOSED_STAGES
        others = sorted(attrs.keys() & (set(OPEN_ONLY) if closes else set(CLOSING_ONLY)))
        if others:
            text = _("Not together with an end.") if closes else _("Only with the end of a sale.")
            raise serializers.ValidationError({name: [text] for name in others})
        return attrs

    def sale(self, old: Sale) -> Sale:
        """`old` with what was sent."""
        sent = {
            name: self.validated_data[name] for name in OPEN_FIELDS & self.validated_data.keys()
        }
        if sent.get("stage", old.stage) != old.stage:
            sent.setdefault("probability", None)
        if sent.get("next_step") == "":
            sent.setdefault("next_step_on", None)
        return replace(old, **sent)

    def closing(self, today: dt.date) -> Closing:
        data = self.validated_data
        return Closing(
            outcome=DealStage(data["stage"]),
            closed_on=data.get("closed_on", today),
            reasons=tuple(data.get("reasons", ())),
            amount=data.get("closed_amount"),
            competitor=data.get("competitor", ""),
            note=data["note"],
        )


OPEN_ONLY = ("amount", "expected_close", "probability", "next_step", "next_step_on")
OPEN_FIELDS = {"stage", *OPEN_ONLY}
CLOSING_ONLY = ("closed_on", "closed_amount", "reasons", "competitor")


class CheckInput(Shape):
    customer = CustomerInput()
    product_line = ProductLineField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The product line's code; all product lines when left out.",
    )


# Where the service names a field otherwise than the API does.
API_FIELDS = {
    "customer_name": "customer.name",
    "customer_domain": "customer.domain",
    "customer_country": "customer.country",
    "product_line_id": "product_line",
    "distributor": "distribution",
}


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
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, allow_null=True)
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
    closed_amount = serializers.DecimalField(max_digits=18, decimal_places=3, allow_null=True)
    version = serializers.IntegerField(help_text="The ETag says the same.")


class DealListOutput(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")
    previous = serializers.URLField(allow_null=True)
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
        "amount": deal.amount,
        "currency": deal.currency,
        "expected_close": deal.expected_close,
        "description": deal.description,
        "submitted_at": deal.submitted_at,
        "probability": deal.probability,
        "next_step": deal.next_step,
        "next_step_on": deal.next_step_on,
        "sale_updated_at": deal.sale_updated_at,
        "closed_on": deal.closed_on,
        "closed_amount": deal.closed_amount,
        "own_fields": own_fields.as_json(deal) if own is None else own,
        "version": deal.version,
    }
