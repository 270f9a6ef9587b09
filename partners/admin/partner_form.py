"""The form of a partner: what operations set, checked before any of it is done."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    ModelForm,
    MultipleChoiceField,
    TypedMultipleChoiceField,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from core import countries
from core.actor import Actor
from core.subdivisions import is_part, read_parts
from partners import services
from partners.models import (
    Partner,
)
from partners.queries import record
from partners.queries.organisations import taken_domains
from partners.registries.likeness import Company
from partners.services.duplicates import like_partners

MOST_LIKE_NAMED = 5
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


class PartnerForm(ModelForm):  # type: ignore[type-arg]
    domains_text = CharField(
        label=gettext_lazy("Internet domains"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("One in each line, for example example.com."),
    )
    note = CharField(
        label=gettext_lazy("Why the status or tier changes"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept in the record; the partner reads it."),
    )
    country = ChoiceField(
        label=gettext_lazy("Country"), required=False, widget=UnfoldAdminSelectWidget
    )

    not_a_double = BooleanField(
        label=gettext_lazy("It is another company"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=gettext_lazy("Needed only when a partner like this one is there already."),
    )
    focus = TypedMultipleChoiceField(
        label=gettext_lazy("Specialisations and verticals"),
        required=False,
        coerce=int,
        widget=UnfoldAdminSelectMultipleWidget,
    )
    territories = MultipleChoiceField(
        label=gettext_lazy("Territories"),
        required=False,
        widget=UnfoldAdminSelectMultipleWidget,
        help_text=gettext_lazy("The countries in which it sells. Rules can ask for them."),
    )
    parts = CharField(
        label=gettext_lazy("Parts of countries"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("By their ISO 3166-2 codes, such as DE-BY, CH-ZH."),
    )

    class Meta:
        model = Partner
        fields = ["name", "type", "status", "region", "tier", "manager", "country"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "country" in self.fields:
            self.fields["country"].choices = [("", _("Unknown")), *countries.choices()]  # type: ignore[attr-defined]
        if "domains_text" in self.fields and self.instance.pk:
            known = (row.domain for row in self.instance.domains.all())
            self.initial["domains_text"] = "\n".join(sorted(known))
        if "focus" in self.fields:
            kept = record.focus_ids_of(self.instance.pk) if self.instance.pk else []
            self.fields["focus"].choices = record.focus_choices(kept)  # type: ignore[attr-defined]
            self.fields["territories"].choices = countries.choices()  # type: ignore[attr-defined]
            self.initial["focus"] = kept
        if "territories" in self.fields and self.instance.pk:
            held = sorted(record.territories_of(self.instance.pk))
            self.initial["territories"] = [one for one in held if not is_part(one)]
            self.initial["parts"] = ", ".join(one for one in held if is_part(one))

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if self.instance.pk or data.get("not_a_double") or not data.get("name"):
            return data
        company = Company(
            data["name"], tuple(data.get("domains_text", ())), data.get("country", "")
        )
        like = like_partners(company)[:MOST_LIKE_NAMED]
        if like:
            names = ", ".join(one.partner.name for one in like)
            self.add_error("not_a_double", _("Is it one of these? %s") % names)
        return data

    def clean_parts(self) -> list[str]:
        parts, unknown = read_parts(self.cleaned_data["parts"])
        if unknown:
            raise ValidationError(_("“%s” is no part of a country by ISO 3166-2.") % unknown[0])
        return parts

    def clean_domains_text(self) -> list[str]:
        lines = self.cleaned_data["domains_text"].lower().split()
        wrong = [line for line in lines if not DOMAIN.fullmatch(line) or len(line) > 253]
        if wrong:
            raise ValidationError(_("“%s” is not an internet domain.") % wrong[0])
        taken = taken_domains(lines, but_for=self.instance.pk)
        if taken:
            raise ValidationError(_("%s belongs to another partner.") % taken[0])
        return sorted(set(lines))

    def details(self) -> services.PartnerDetails:
        data = self.cleaned_data
        return services.PartnerDetails(
            name=data["name"],
            type=data["type"],
            region_id=data["region"].pk,
            manager_id=data["manager"].pk if data["manager"] else None,
            country=data["country"],
        )


def keep_focus_and_territories(actor: Actor, partner_id: int, form: Any) -> None:
    data = form.cleaned_data
    services.set_focus(actor=actor, partner_id=partner_id, focus_ids=data["focus"])
    places = [*data["territories"], *data["parts"]]
    services.set_territories(actor=actor, partner_id=partner_id, places=places)
