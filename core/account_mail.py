"""What the portal writes to people about their accounts.

allauth asks for a mail by the name of its template; here each name has its words. The mail
itself goes through the queue like any other.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import queries
from core.mail import queue_mail, reading_as
from core.models import User

Words = str | Promise


@dataclass(frozen=True, slots=True)
class AccountMail:
    """`lines` are paragraphs; `link` names the value in allauth's context that the button
    leads to. Placeholders: %(portal)s, %(email)s and what allauth gives."""

    subject: Words
    lines: tuple[Words, ...]
    link: str = ""
    button: Words = ""


IGNORE = _("If this was not you, you need not do anything.")
ALARM = _("If this was not you, reset your password now and tell us.")
OPEN = _("Security settings")


def notice(subject: Words) -> AccountMail:
    """A mail that says that something about signing in has changed."""
    return AccountMail(subject, (_("%(subject)s. Account: %(email)s"), ALARM), "security_url", OPEN)


CONFIRM = AccountMail(
    _("Confirm your e-mail address"),
    (_("Please confirm that %(email)s is your address for %(portal)s."), IGNORE),
    "activate_url",
    _("Confirm the address"),
)

MAILS: dict[str, AccountMail] = {
    "account/email/email_confirmation": CONFIRM,
    "account/email/email_confirmation_signup": CONFIRM,
    "account/email/account_already_exists": AccountMail(
        _("You already have an account"),
        (
            _("Somebody wanted to open an account at %(portal)s for %(email)s, which has one."),
            _("If you have forgotten your password, choose a new one. Otherwise just sign in."),
        ),
        "password_reset_url",
        _("Choose a new password"),
    ),
    "account/email/unknown_account": AccountMail(
        _("There is no account for this address"),
        (
            _("Somebody asked %(portal)s for a new password for %(email)s. It has no account."),
            _("If this was you, you may have used another address."),
        ),
    ),
    "account/email/password_reset_key": AccountMail(
        _("Choose a new password"),
        (_("Somebody, probably you, asked for a new password for %(email)s."), IGNORE),
        "password_reset_url",
        _("Choose a new password"),
    ),
    "account/email/email_changed": AccountMail(
        _("Your e-mail address was changed"),
        (_("You now sign in to %(portal)s with %(to_email)s instead of %(from_email)s."), ALARM),
    ),
    "account/email/email_confirm": notice(_("Your e-mail address was confirmed")),
    "account/email/email_deleted": notice(_("An e-mail address was removed")),
    "account/email/password_changed": notice(_("Your password was changed")),
    "account/email/password_reset": notice(_("Your password was changed")),
    "account/email/password_set": notice(_("A password was set")),
    "mfa/email/recovery_codes_generated": notice(_("New recovery codes were made")),
    "mfa/email/totp_activated": notice(_("An authenticator app was added")),
    "mfa/email/totp_deactivated": notice(_("The authenticator app was removed")),
    "mfa/email/webauthn_added": notice(_("A passkey was added")),
    "mfa/email/webauthn_removed": notice(_("A passkey was removed")),
}


def queue_account_mail(name: str, address: str, given: Mapping[str, Any]) -> None:
    """Queues the mail `name` to `address`. Raises LookupError for a name without words."""
    mail = MAILS[name]
    user = given.get("user")
    reader = user if isinstance(user, User) and user.email == address else None
    portal = queries.branding().name
    with reading_as(reader):
        values = {**given, "portal": portal, "email": address, "subject": str(mail.subject)}
        values["security_url"] = settings.SITE_URL + "/security/"
        queue_mail(
            once=f"account:{uuid.uuid4()}",
            to_user=reader,
            to_address=address,
            subject=f"{mail.subject} · {portal}",
            template="core/mail/account",
            secret=bool(mail.link),
            context={
                "title": str(mail.subject),
                "lines": [str(line) % values for line in mail.lines],
                "url": on_our_site(str(values[mail.link])) if mail.link else "",
                "button": str(mail.button),
            },
        )


def on_our_site(url: str) -> str:
    """`url` under the portal's own address, whatever host name the request came with."""
    return urljoin(settings.SITE_URL, urlsplit(url)._replace(scheme="", netloc="").geturl())
