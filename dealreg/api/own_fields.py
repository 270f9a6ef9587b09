"""An operator's own fields and their answers, as programs read and send them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.own_fields.fields import FieldType, Needed
from dealreg.rules.own_fields import OwnField


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
