"""The registration form. It parses; what a registration needs stands in rules/request.py."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from core import countries, money_rates
from core.money import in_its_unit
from core.number_fields import NumberField, require_its_unit
from core.own_fields.fields import Needed
from core.own_fields.forms import form_field, initial_of, value_from_form
from core.own_fields.values import OwnValue
from dealreg.distribution_forms import way_stored
from dealreg.models import Deal, ProductLine
from dealreg.own_fields import answers_of, kept_files
from dealreg.queries import product_lines
from dealreg.rules.names import NotADomain, name_key, registrable_domain
from dealreg.rules.own_fields import OwnField
from dealreg.rules.request import LONGEST_DESCRIPTION, Problems, RegistrationRequest

# Where the form names a field otherwise than the request does.
FORM_FIELDS = {"product_line_id": "product_line"}


class DealForm(forms.Form):
    """Every field may be empty: a draft keeps whatever there is, the rules say what a
    registration still needs."""

    # A draft is sent by the same form, so the browser must not insist on anything.
    use_required_attribute = False

    customer_name = forms.CharField(label=_("Customer"), max_length=200, required=False)
    customer_country = forms.ChoiceField(label=_("Country"), required=False)
    customer_domain = forms.CharField(
        label=_("Customer’s web domain"),
        max_length=253,
        required=False,
        help_text=_("For example example.com. It helps to recognise the customer."),
    )
    product_line = forms.ModelChoiceField[ProductLine](
        label=_("Product line"),
        queryset=ProductLine.objects.none(),
        required=False,
        empty_label=_("Choose…"),
    )
    amount = NumberField(label=_("Expected amount"), required=False, help_text=_("Excluding tax."))
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    expected_close = forms.DateField(
        label=_("Expected close"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    description = forms.CharField(
        label=_("What is the opportunity?"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Need, timing, who decides. It helps whoever reviews the registration."),
    )
    public_sector = forms.BooleanField(label=_("This is a public-sector tender"), required=False)
    customer_consent = forms.BooleanField(
        label=_("The customer agreed to be registered"), required=False
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    # What the rules will ask for; the mark beside the label.
    needed_to_register = (
        "customer_name",
        "customer_country",
        "product_line",
        "amount",
        "currency",
        "expected_close",
    )

    def __init__(
        self,
        *args: Any,
        own: Sequence[OwnField] = (),
        ways: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own = tuple(own)
        self.ways = tuple(ways)
        if self.ways:
            self.fields["distributor"] = forms.ChoiceField(
                label=_("Which way"), required=False, choices=self.ways
            )
            self.initial["distributor"] = self.initial.get("distributor") or self.ways[0][0]
        self.fields["customer_country"].choices = [("", _("Choose…")), *countries.choices()]  # type: ignore[attr-defined]
        self.fields["product_line"].queryset = product_lines()  # type: ignore[attr-defined]
        currencies = sorted(money_rates.accepted_currencies())
        self.fields["currency"].choices = [(code, code) for code in currencies]  # type: ignore[attr-defined]
        first = money_rates.base_currency()
        for field in self.own:
            shown = form_field(field.spec, [first, *(one for one in currencies if one != first)])
            if field.needed == Needed.WHEN:
                shown.help_text = with_need(field)
            self.fields[field.form_name] = shown

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The vendor's own fields that are offered."""
        return [self[field.form_name] for field in self.own]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            require_its_unit(data.get("amount"), data.get("currency", ""))
        except ValidationError as finer:
            self.add_error("amount", finer)
        return data

    def mark_needed(self) -> "DealForm":
        """Marks what a registration needs; called for display only, after validation."""
        own = (field.form_name for field in self.own if field.needed == Needed.ALWAYS)
        for name in (*self.needed_to_register, *own):
            self.fields[name].required = True
        return self

    def asked_anew(self) -> "DealForm":
        """The same form with what was typed and nothing said about it yet."""
        initial = {**self.initial}
        for name, field in self.fields.items():
            if not isinstance(field, forms.FileField):
                initial[name] = field.widget.value_from_datadict(self.data, self.files, name)
        return DealForm(initial=initial, own=self.own, ways=self.ways)

    def request(self) -> RegistrationRequest:
        """The cleaned fields as a request; fields with errors are left empty."""
        data = self.cleaned_data
        line = data.get("product_line")
        return RegistrationRequest(
            customer_name=data.get("customer_name", ""),
            customer_domain=data.get("customer_domain", ""),
            customer_country=data.get("customer_country", ""),
            product_line_id=line.pk if line else None,
            amount=data.get("amount"),
            currency=data.get("currency", ""),
            expected_close=data.get("expected_close"),
            description=data.get("description", ""),
            public_sector=data.get("public_sector", False),
            customer_consent=data.get("customer_consent", False),
            distributor=data.get("distributor", "") if self.ways else None,
            own_values=self._own_values(),
        )

    def _own_values(self) -> dict[str, OwnValue]:
        read = (
            (field.code, value_from_form(field.spec, self.cleaned_data.get(field.form_name)))
            for field in self.own
        )
        return {code: value for code, value in read if value is not None}

    def open_only(self, fields: Collection[str]) -> "DealForm":
        """Leaves only some fields of the request to be filled; the others keep what is stored,
        whatever is sent. Called before the form is validated."""
        names = {FORM_FIELDS.get(field, field) for field in fields}
        names |= {field.form_name for field in self.own if field.fact in fields}
        for field in self.visible_fields():
            field.field.disabled = field.name not in names
        return self

    def add_problems(self, problems: Problems) -> None:
        """Puts the rules' sentences beside their fields; what could not be read keeps its own."""
        names = {field.fact: field.form_name for field in self.own}
        names["product_line_id"] = "product_line"
        unread = set(self.errors)
        for field, text in problems.items():
            name = names.get(field, field)
            if name not in unread:
                self.add_error(name if name in self.fields else None, str(text))


def with_need(field: OwnField) -> str:
    """The help text and when the field is needed."""
    need = _("Needed if %(conditions)s.") % {"conditions": field.needed_in_words}
    return conditional_escape(f"{field.spec.hint} {need}".strip())


def blank_form(
    own: Sequence[OwnField] = (),
    currency: str = "",
    ways: Sequence[tuple[str, str]] = (),
    country: str = "",
) -> DealForm:
    """A new form that suggests a currency and the partner's own country, where most customers
    are; its key makes a double submit one registration."""
    first = currency or money_rates.base_currency()
    initial = {"submission_key": uuid.uuid4(), "currency": first, "customer_country": country}
    return DealForm(initial=initial, own=own, ways=ways)


def form_of(
    deal: Deal,
    data: QueryDict | None = None,
    files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
    *,
    own: Sequence[OwnField] = (),
    ways: Sequence[tuple[str, str]] = (),
) -> DealForm:
    """The form with a deal's values and version, and what was sent."""
    return DealForm(
        data,
        files,
        initial={
            **own_initial(deal, own),
            "customer_name": deal.customer_name,
            "customer_domain": deal.customer_domain,
            "customer_country": deal.customer_country,
            "product_line": deal.product_line_id,
            "amount": in_its_unit(deal.amount, deal.currency),
            "currency": deal.currency or money_rates.base_currency(),
            "expected_close": deal.expected_close,
            "description": deal.description,
            "public_sector": deal.public_sector,
            "customer_consent": deal.customer_consent,
            "submission_key": deal.submission_key,
            "version": deal.version,
            "distributor": way_stored(deal) if ways else "",
        },
        own=own,
        ways=ways,
    )


def own_initial(deal: Deal, own: Sequence[OwnField]) -> dict[str, Any]:
    """What the deal says in own fields, as the form shows it."""
    if not own:
        return {}
    answers = answers_of(deal)
    stored = {answer.field.code: answer.value for answer in answers}
    files = kept_files(answers)
    return {
        field.form_name: files.get(field.code) or initial_of(stored[field.code])
        for field in own
        if field.code in stored
    }


class CheckForm(forms.Form):
    """The part of a registration that says who the customer is, while it is being typed."""

    customer_name = forms.CharField(max_length=200, required=False)
    customer_domain = forms.CharField(max_length=253, required=False)
    customer_country = forms.CharField(max_length=2, required=False)
    product_line = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)

    def clean_customer_domain(self) -> str:
        """A domain that is half typed is none yet."""
        try:
            return registrable_domain(self.cleaned_data["customer_domain"])
        except NotADomain:
            return ""

    def says_enough(self) -> bool:
        """Whether there is a name of three letters or more, or a domain."""
        letters = name_key(self.cleaned_data["customer_name"])
        return len(letters) > 2 or bool(self.cleaned_data["customer_domain"])

    def asked(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "name": data["customer_name"],
            "domain": data["customer_domain"],
            "country": data["customer_country"].upper(),
            "product_line_id": data["product_line"],
        }


class WithdrawForm(forms.Form):
    note = forms.CharField(
        label=_("Why do you give it up?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class AttachForm(forms.Form):
    upload = forms.FileField(
        label=_("File"),
        help_text=_("PDF, Office document, image, text or CSV, at most 20 MB."),
    )
