"""The forms of accounts: allauth's with our words and without surprises, and the profile."""

from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as account
from allauth.account.utils import filter_users_by_email
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.account_facts import AccountOpened, AccountOpenedAgain
from core.accounts import Profile, own_actor
from core.actor import ANONYMOUS
from core.events import record
from core.models import User
from core.models.users import Theme

LONGEST_ADDRESS = 254
ADDRESS = _("E-mail address")
CODE = {"code": _("Code")}


class Plain:
    """Labels instead of placeholders, which vanish as soon as somebody types."""

    fields: dict[str, forms.Field]
    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if isinstance(field, forms.EmailField):
                field.validators.append(MaxLengthValidator(LONGEST_ADDRESS))
                field.widget.attrs["maxlength"] = LONGEST_ADDRESS


class LoginForm(Plain, account.LoginForm):  # type: ignore[misc]
    labels = {"login": ADDRESS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The browser offers passkeys together with saved addresses.
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"
        self.fields["password"].help_text = ""


class SignUpForm(Plain, account.SignupForm):  # type: ignore[misc]
    """Answers alike, and takes as long, whether or not the address has an account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    labels = {"email": ADDRESS}
    field_order = ["name", "email", "password1"]
    account_already_exists: bool

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            note_repeated_sign_up(self.cleaned_data["email"])
            return self.saved(request)
        try:
            with transaction.atomic():
                return self.saved(request)
        except IntegrityError:
            # The same address signed up at this very moment, e.g. by a double click.
            self.account_already_exists = True
            return self.saved(request)

    def saved(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        user, response = super().try_save(request)
        return user, response

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        record(AccountOpened(user.email), subject=user, actor=own_actor(user))


def note_repeated_sign_up(email: str) -> None:
    with transaction.atomic():
        for owner in filter_users_by_email(email)[:1]:
            record(AccountOpenedAgain(), subject=owner, actor=ANONYMOUS)


class ChangeEmailForm(Plain, account.AddEmailForm):  # type: ignore[misc]
    labels = {"email": _("New e-mail address")}


class ChangePasswordForm(Plain, account.ChangePasswordForm):  # type: ignore[misc]
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }


class SetPasswordForm(Plain, account.SetPasswordForm):  # type: ignore[misc]
    labels = {"password1": _("New password"), "password2": _("New password again")}


class ResetPasswordForm(Plain, account.ResetPasswordForm):  # type: ignore[misc]
    labels = {"email": ADDRESS}


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):  # type: ignore[misc]
    labels = {"password1": _("New password"), "password2": _("New password again")}


class ReauthenticateForm(Plain, account.ReauthenticateForm):  # type: ignore[misc]
    labels = {"password": _("Password")}


class AuthenticateForm(Plain, mfa.AuthenticateForm):  # type: ignore[misc]
    labels = CODE


class ReauthenticateCodeForm(Plain, mfa.ReauthenticateForm):  # type: ignore[misc]
    labels = CODE


class ActivateTOTPForm(Plain, AllauthActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": _("Code from the app")}


class Guarded:
    """Answers an unreadable passkey with the usual refusal: what browsers send is nested and
    binary, and the parser below raises whatever it stumbles over."""

    broken = (TypeError, ValueError, LookupError, AttributeError, OverflowError)

    def guarded(self, clean: Any) -> Any:
        try:
            return clean()
        except self.broken as error:
            raise ValidationError(_("This passkey was not accepted."), code="passkey") from error


class AddPasskeyForm(Guarded, Plain, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    labels = {"name": _("Name"), "passwordless": _("Sign in with it alone, without a password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(100))
        self.fields["name"].widget.attrs["maxlength"] = 100
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _("Needs a device that checks finger, face or PIN.")

    def clean(self) -> Any:
        return self.guarded(super().clean)


class EditPasskeyForm(Plain, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Name"), max_length=100)


class AuthenticatePasskeyForm(Guarded, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        return self.guarded(super().clean_credential)


class LoginPasskeyForm(Guarded, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        return self.guarded(super().clean_credential)


class ReauthenticatePasskeyForm(Guarded, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Any:
        return self.guarded(super().clean_credential)


def time_zones() -> list[tuple[str, str]]:
    """The zones that are places, by name; old aliases such as "GB" are left out."""
    places = sorted(zone for zone in available_timezones() if "/" in zone and zone[:4] != "Etc/")
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Times are shown in it.")
    )
    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices)
    mail_notifications = forms.BooleanField(
        label=_("Send me notifications by e-mail too"), required=False
    )

    def profile(self) -> Profile:
        return Profile(**self.cleaned_data)
