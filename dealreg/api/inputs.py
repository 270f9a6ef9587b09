"""What programs send about deals."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.shapes import Shape
from core.own_fields.values import OwnValue
from dealreg.api.own_fields import AnyValue
from dealreg.models import ProductLine
from dealreg.product_lines import open_line_called
from dealreg.rules.request import LONGEST_DESCRIPTION, RegistrationRequest
from dealreg.rules.sale import (
    LONGEST_COMPETITOR,
    LONGEST_NOTE,
    LONGEST_STEP,
    MOST_REASONS,
    Closing,
    Sale,
)
from dealreg.rules.states import CLOSED_STAGES, DealStage


@extend_schema_field({"type": "string"})
class ProductLineField(serializers.Field[ProductLine, str, str, Any]):
    """A product line that is open for registration, by its code."""

    default_error_messages = {
        "unknown": gettext_lazy("There is no product line “{code}” that is open for registration.")
    }

    def to_internal_value(self, data: Any) -> ProductLine:
        line = open_line_called(data) if isinstance(data, str) else None
        if line is None:
            self.fail("unknown", code=str(data)[:80])
        return line

    def to_representation(self, value: ProductLine) -> str:
        return value.code


class CustomerInput(Shape):
    name = serializers.CharField(max_length=200)
    domain = serializers.CharField(max_length=253, required=False, allow_blank=True, default="")
    country = serializers.CharField(
        min_length=2, max_length=2, help_text="ISO 3166-1 alpha-2, for example DE."
    )


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


class CustomerChanges(Shape):
    name = serializers.CharField(max_length=200, required=False)
    domain = serializers.CharField(max_length=253, required=False, allow_blank=True)
    country = serializers.CharField(min_length=2, max_length=2, required=False)


class CompleteInput(Shape):
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


class SaleInput(Shape):
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
