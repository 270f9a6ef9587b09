"""The forms of the public directory: looking for a partner, asking one, and a partner's profile."""

import uuid
from typing import Any, Self

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import countries, subdivisions
from dealreg.queries import product_lines
from dealreg.rules.request import unreadable
from dealreg.services.leads import Inquiry
from partners.queries import directory
from partners.queries.directory import ProfileRow, Wanted
from partners.rules.directory import LONGEST_TEXT
from partners.services.directory import ProfileDraft

ANYTHING = ("", _("Any"))
LARGEST_ID = 2**31 - 1


class DirectoryFilter(forms.Form):
    """What is asked for; what is no choice counts as not asked."""

    q = forms.CharField(
        label=_("Name or words"),
        max_length=100,
        required=False,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    part = forms.ChoiceField(label=_("Part of the country"), required=False)
    skill = forms.ChoiceField(label=_("Speciality"), required=False)
    product = forms.ChoiceField(label=_("Product line"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    type = forms.ChoiceField(label=_("Kind of partner"), required=False)
    speaks = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = product_lines().order_by("name").values_list("code", "name")
        for name, choices in (
            ("region", directory.region_filter()),
            ("country", countries.choices()),
            ("skill", directory.skill_filter()),
            ("product", list(lines)),
            ("tier", directory.tier_filter()),
            ("type", directory.type_filter()),
            ("speaks", directory.language_choices()),
        ):
            self.fields[name].choices = [ANYTHING, *choices]  # type: ignore[attr-defined]
        # Parts are offered of the country that was chosen.
        parts = subdivisions.parts_of(str(self.data.get("country", "")))
        if parts:
            self.fields["part"].choices = [ANYTHING, *parts]  # type: ignore[attr-defined]
        else:
            del self.fields["part"]

    @property
    def narrowed(self) -> bool:
        """Whether something is chosen of what stands folded away."""
        return any(self.cleaned_data.get(name) for name in ("country", "tier", "type", "speaks"))

    def wanted(self) -> Wanted:
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            text=data.get("q", ""),
            region=data.get("region", ""),
            country=data.get("country", ""),
            part=data.get("part", ""),
            type=data.get("type", ""),
            tier=int(data["tier"]) if data.get("tier") else None,
            skill=int(data["skill"]) if data.get("skill") else None,
            language=data.get("speaks", ""),
            product_line=data.get("product", ""),
        )


class ContactForm(forms.Form):
    """What a visitor writes to a partner. `homepage` is shown to nobody: who fills it in is a
    machine."""

    person = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    company = forms.CharField(
        label=_("Your company"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    country = forms.ChoiceField(label=_("Your country"), required=False)
    product = forms.ChoiceField(label=_("What it is about"), required=False)
    message = forms.CharField(
        label=_("What are you looking for?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    consent = forms.BooleanField(
        label=_("My details may be passed on to this partner, to answer my question."),
        error_messages={"required": _("Without your consent nothing can be passed on.")},
    )
    homepage = forms.CharField(required=False, max_length=500)
    submission_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose…")), *countries.choices()]  # type: ignore[attr-defined]
        lines = product_lines().order_by("name").values_list("pk", "name")
        about = [("", _("Choose…")), *((str(key), name) for key, name in lines)]
        self.fields["product"].choices = about  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("person", "company", "phone", "message"):
            besides = "\n\r\t" if name == "message" else ""
            if unreadable(data.get(name, ""), besides=besides):
                self.add_error(name, _("Take the control characters out."))
        return data

    @property
    def by_machine(self) -> bool:
        return bool(self.cleaned_data.get("homepage"))

    def inquiry(self) -> Inquiry:
        data = self.cleaned_data
        return Inquiry(
            person=data["person"],
            company=data["company"],
            email=data["email"],
            message=data["message"],
            phone=data["phone"],
            country=data["country"],
            product_line_id=int(data["product"]) if data["product"] else None,
            language=get_language() or "",
            submission_key=data["submission_key"],
        )


def blank_contact() -> ContactForm:
    """A new form; its key makes a double submit one lead."""
    return ContactForm(initial={"submission_key": uuid.uuid4()})


class ProfileForm(forms.Form):
    """A partner's own profile."""

    listed = forms.BooleanField(label=_("Show our company in the public directory"), required=False)
    name = forms.CharField(label=_("Name"), max_length=160)
    text = forms.CharField(
        label=_("What your company does"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("For customers who look for a partner. At most 2,000 characters."),
    )
    website = forms.URLField(
        label=_("Website"), max_length=200, required=False, assume_scheme="https"
    )
    logo = forms.FileField(
        label=_("Logo"), required=False, help_text=_("PNG, JPEG or WebP, at most 1 MB.")
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    product_lines = forms.MultipleChoiceField(
        label=_("Product lines"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you speak with customers"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries you serve"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "many"}),
        help_text=_("Your own is always among them."),
    )
    parts = forms.CharField(
        label=_("Parts of countries you serve"),
        max_length=400,
        required=False,
        help_text=_("By their ISO 3166-2 codes, such as DE-BY, CH-ZH."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = product_lines().order_by("name").values_list("code", "name")
        self.fields["product_lines"].choices = list(lines)  # type: ignore[attr-defined]
        self._offer("languages", directory.language_choices())
        self._offer("countries", countries.choices())

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What is chosen stands first."""
        chosen = set(self.initial.get(name) or ())
        ordered = sorted(choices, key=lambda choice: choice[0] not in chosen)
        self.fields[name].choices = ordered  # type: ignore[attr-defined]

    def without_logo(self) -> Self:
        """For a company that has none to remove."""
        del self.fields["remove_logo"]
        return self

    def clean_parts(self) -> list[str]:
        parts, unknown = subdivisions.read_parts(self.cleaned_data["parts"])
        if unknown:
            text = _("“%s” is no part of a country by ISO 3166-2.")
            raise forms.ValidationError(text % unknown[0])
        return parts

    def draft(self) -> ProfileDraft:
        data = self.cleaned_data
        logo = data["logo"]
        return ProfileDraft(
            name=data["name"],
            text=data["text"],
            website=data["website"],
            languages=tuple(data["languages"]),
            countries=(*data["countries"], *data["parts"]),
            product_lines=tuple(data["product_lines"]),
            listed=data["listed"],
            logo=logo.read(LARGEST_READ) if logo else None,
            remove_logo=data.get("remove_logo", False),
        )


LARGEST_READ = 1024 * 1024 + 1


def profile_initial(
    profile: ProfileRow | None, name: str, languages: list[str], known: dict[str, object]
) -> dict[str, Any]:
    """What the form shows at first."""
    if profile is None:
        served: Any = known.get("countries", [])
        return {"name": name, "languages": languages, **known, **in_fields(served)}
    fields = ("listed", "name", "text", "website", "product_lines", "languages", "countries")
    told = {field: getattr(profile, field) for field in fields}
    return {**told, **in_fields(profile.countries)}


def in_fields(places: list[str]) -> dict[str, Any]:
    """Countries as they are chosen, parts of them as they are typed."""
    parts = [place for place in places if subdivisions.is_part(place)]
    whole = [place for place in places if not subdivisions.is_part(place)]
    return {"countries": whole, "parts": ", ".join(parts)}


class AnswerForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you not take it?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The vendor reads it. Needed to decline."),
    )
