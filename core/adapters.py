"""Where allauth meets the portal: mail, addresses, what is written down, who may do what."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import queries
from core.account_facts import AccountSecurityChanged, SignedIn
from core.account_mail import on_our_site, queue_account_mail
from core.accounts import is_needed_factor, own_actor
from core.client import client_ip
from core.events import record
from core.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in and up, passwords and addresses."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and password do not belong together."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGN_UP_OPEN)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the queue, not out: a mail server that is away loses nothing."""
        queue_account_mail(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Every change of how a person signs in passes here: written down, and mailed."""
        what = template_prefix.rpartition("/")[2]
        with transaction.atomic():
            record(AccountSecurityChanged(what), subject=user, actor=own_actor(user))
            queue_account_mail(
                template_prefix, email or user.email, {**(context or {}), "user": user}
            )

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponseBase:
        methods = tuple(one["method"] for one in get_authentication_records(request, user))
        with transaction.atomic():
            record(SignedIn(methods), subject=user, actor=own_actor(user))
        response: HttpResponseBase = super().post_login(request, user, **details)
        return response

    def get_reset_password_from_key_url(self, key: str) -> str:
        return on_our_site(super().get_reset_password_from_key_url(key))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("security")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth's key contains the Host header, whose port anybody may vary: each port would
        # have attempts of its own.
        login: str = credentials.get("email") or credentials.get("username") or ""
        return login.lower()

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> Any:
        """Refused like any other taken address when a user without a confirmed address has it."""
        others = User.objects.filter(email=email_address.email)
        if others.exclude(pk=email_address.user_id).exists():
            return False
        return super().confirm_email(request, email_address)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: authenticator apps, passkeys, recovery codes."""

    def get_totp_issuer(self) -> str:
        return queries.branding().name

    def _get_site_name(self) -> str:
        return queries.branding().name

    def generate_authenticator_name(self, user: User, type: str) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey") if number == 1 else gettext("Passkey %d") % number

    def encrypt(self, text: str) -> str:
        """Authenticator secrets, so that a copy of the database alone is no second factor."""
        return vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return vault().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Staff who need a second factor keep their last one until they have another."""
        return not is_needed_factor(authenticator.user, authenticator.pk)


def vault() -> MultiFernet:
    """Encrypts with the key derived from SECRET_KEY, decrypts with the fallbacks' too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = (
        hashlib.sha256(b"prm.authenticator-secrets:" + key.encode()).digest() for key in keys
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
