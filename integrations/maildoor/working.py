"""What is made of the mails that came in: a registration, a question, or a polite no.

Each is one transaction: the draft, its files, the decision, the answer as a row of outgoing
mail, and the end of the message's own row. A worker that dies leaves the message waiting.
"""

import datetime as dt
import hashlib
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from core import queue
from core.delivery import limit_handlers, told
from core.mail import queue_mail, reading_as
from core.models import OutgoingMail, User
from core.own_fields.fields import FieldSpec
from core.tokens import count_call
from dealreg.models import Deal
from dealreg.own_fields import seen_by
from dealreg.services import MailedRegistration, register_by_mail
from integrations.maildoor import answering
from integrations.maildoor.fields import Found, read, written_in
from integrations.maildoor.own_fields import labels_of, read_own
from integrations.maildoor.proof import is_proven
from integrations.maildoor.reading import Mail, read_mail
from integrations.models import InboundMessage, MailOutcome
from partners.queries import actor_for, registration_rights
from partners.rules import MAY_REGISTER_DEALS

log = structlog.get_logger(__name__)

PACE = queue.Pace(lease=dt.timedelta(seconds=120), pauses=queue.seconds(5, 30, 120, 600))
UNCHECKED = "unchecked"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# No person writes more; what writes more waits its turn and is answered no more.
MAILS_AN_HOUR = 60
ANSWERS_AN_HOUR = 20
# To people whom we do not know: one each a day, and so many altogether.
ANSWERS_TO_STRANGERS_A_DAY = 200
TOKEN = re.compile(r"\+(\d{1,18})-([0-9a-f]{20})@")


@dataclass(frozen=True, slots=True)
class Disposal:
    """What became of a message, for its row."""

    outcome: MailOutcome
    reason: str
    user: User | None = None
    deal: Deal | None = None


class NotNow(Exception):
    """Too much at once from one sender: the rest waits."""


class ClaimLost(RuntimeError):
    """Another worker has the message meanwhile."""


def work_due(*, seconds: float = 20.0) -> int:
    """Works until nothing is due or the time is up; returns how many messages were done."""
    stop = time.monotonic() + seconds
    done = 0
    queue.park_spent(InboundMessage, PACE)
    while time.monotonic() < stop:
        rows = queue.claim_new(InboundMessage, 1, PACE)
        again = None if rows else queue.claim_again(InboundMessage, PACE)
        if again:
            rows = [again]
        if not rows:
            break
        done += work_one(rows[0])
    return done


def work_one(row: InboundMessage) -> bool:
    """One message in a transaction of its own; whether it is done."""
    try:
        with transaction.atomic(durable=True):
            if not queue.hold(InboundMessage, [row]):
                raise ClaimLost
            limit_handlers()
            became = disposed(row)
            last: dict[str, Any] = {
                "outcome": became.outcome,
                "reason": became.reason[:500],
                "user": became.user,
                "deal": became.deal,
            }
            if not queue.finish([row], **last):
                raise ClaimLost
    except ClaimLost:
        log.info("inbound_mail_not_done", mail=row.pk)
        return False
    except NotNow:
        queue.give_back([row], after=HOUR, error=f"More than {MAILS_AN_HOUR} mails in an hour.")
        return False
    except Exception as error:
        queue.fail(row, told(error), PACE)
        log.warning("inbound_mail_failed", mail=row.pk, attempt=row.attempts, exc_info=error)
        return False
    log.info("inbound_mail_done", mail=row.pk, outcome=became.outcome, reason=became.reason)
    return True


def disposed(row: InboundMessage) -> Disposal:
    """Who wrote, whether that is sure, and what they want. Raises NotNow."""
    if not row.raw:
        return Disposal(MailOutcome.REFUSED, row.reason or "The message is empty.")
    mail = read_mail(bytes(row.raw))
    if mail.automatic:
        return Disposal(MailOutcome.IGNORED, f"No person wrote this ({mail.automatic}).")
    if mail.sender in own_addresses():
        return Disposal(MailOutcome.IGNORED, "It is from ourselves.")
    if count(f"in:{mail.sender}", HOUR) > MAILS_AN_HOUR:
        raise NotNow
    trusted = settings.INBOUND_AUTHSERV_ID
    proven = (
        bool(trusted) and trusted != UNCHECKED and is_proven(mail.sender, mail.results, trusted)
    )
    if not proven and trusted != UNCHECKED:
        # Whoever stands in From may never have heard of this: no answer.
        return Disposal(MailOutcome.REFUSED, "The sender is not proven by DMARC, DKIM or SPF.")
    person = person_at(mail.sender)
    if person is None:
        return stranger(row, mail)
    with reading_as(person):
        return from_person(row, mail, person)


def own_addresses() -> set[str]:
    return {settings.INBOUND_MAIL_ADDRESS.lower(), settings.SERVER_EMAIL.lower()} - {""}


def person_at(address: str) -> User | None:
    """Who has confirmed that this address is theirs."""
    found = EmailAddress.objects.filter(
        email__iexact=address, verified=True, user__is_active=True
    ).select_related("user")[:2]
    users: set[User] = {each.user for each in found}
    return users.pop() if len(users) == 1 else None


def from_person(row: InboundMessage, mail: Mail, person: User) -> Disposal:
    actor = actor_for(person)
    if actor.partner_id is None or not actor.partner_roles & MAY_REGISTER_DEALS:
        return refused(row, mail, person, _("Your role does not include registering deals."))
    if not registration_rights(actor.partner_id).in_business:
        return refused(row, mail, person, _("Your company cannot register deals at present."))
    thread = thread_of(mail, actor.partner_id)
    found = fields_of(mail, [field.spec for field in seen_by(actor)])
    if thread is None and not found.values and not found.unread:
        answer(row, mail, person, answering.blank(actor.partner_id))
        return Disposal(MailOutcome.ASKED, "No field was recognised.", person)
    try:
        made = register_by_mail(
            actor=actor,
            values=found.values,
            uploads=uploads_of(mail),
            deal_id=thread.pk if thread else None,
        )
    except PermissionDenied as denied:
        return refused(row, mail, person, str(denied))
    return answered(row, mail, person, made, found)


def fields_of(mail: Mail, specs: Sequence[FieldSpec]) -> Found:
    """The registration's fields and the vendor's own."""
    lines = written_in(mail.subject, mail.text, labels_of(specs))
    found, (values, unread) = read(lines), read_own(lines, specs)
    return Found({**found.values, **values}, {**found.unread, **unread})


def answered(
    row: InboundMessage, mail: Mail, person: User, made: MailedRegistration, found: Found
) -> Disposal:
    left_out = (("…", _("At most 10 files are taken from one mail.")),) if mail.left_out else ()
    refused_files = (*made.refused, *left_out)
    if made.problems:
        answer(row, mail, person, answering.question(made, found.unread, refused_files))
        missing = ", ".join(made.problems)
        return Disposal(MailOutcome.ASKED, f"Missing or wrong: {missing}", person, made.deal)
    answer(row, mail, person, answering.decision(made.deal, refused_files))
    return Disposal(MailOutcome.REGISTERED, f"Now {made.deal.status}.", person, made.deal)


def refused(row: InboundMessage, mail: Mail, person: User, why: str) -> Disposal:
    answer(row, mail, person, answering.refusal(why))
    return Disposal(MailOutcome.REFUSED, "The sender may not register deals.", person)


def stranger(row: InboundMessage, mail: Mail) -> Disposal:
    """Nobody we know: no registration, and one short answer a day at most."""
    known = Disposal(MailOutcome.REFUSED, "Nobody with this confirmed address.")
    today = row.received_at.date().isoformat()
    if count("strangers", DAY) <= ANSWERS_TO_STRANGERS_A_DAY:
        write(
            row,
            mail,
            once=f"maildoor:stranger:{digest(mail.sender)}:{today}",
            reply=answering.unknown(),
        )
    return known


def uploads_of(mail: Mail) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(each.name, each.content) for each in mail.attachments]


# --- which registration a mail goes on with -------------------------------------------------


def thread_of(mail: Mail, partner_id: int) -> Deal | None:
    """The sender's own registration that the mail answers: by the address it was sent to, or
    by the mail of ours that it replies to."""
    key = key_in(mail.recipients) or key_of_answered(mail.answers)
    if key is None:
        return None
    first = InboundMessage.objects.filter(pk=key).select_related("deal").first()
    deal = first.deal if first else None
    return deal if deal is not None and deal.partner_id == partner_id else None


def key_in(recipients: Sequence[str]) -> int | None:
    for address in recipients:
        found = TOKEN.search(address)
        if found and constant_time_compare(found[2], proof_of(int(found[1]))):
            return int(found[1])
    return None


def key_of_answered(answers: Sequence[str]) -> int | None:
    """The message to which one of our mails was the answer."""
    ours = [key for key in map(uuid_in, answers) if key is not None]
    sent = OutgoingMail.objects.filter(pk__in=ours, once__startswith="maildoor:answer:")
    once = sent.order_by("-created_at").values_list("once", flat=True).first()
    return int(once.rpartition(":")[2]) if once else None


def uuid_in(message_id: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(message_id.strip("<>").partition("@")[0])
    except ValueError:
        return None


def proof_of(key: int) -> str:
    return salted_hmac("integrations.maildoor", str(key)).hexdigest()[:20]


def reply_address(key: int) -> str:
    """Where an answer to our answer goes, so that it finds its registration."""
    local, _at, domain = settings.INBOUND_MAIL_ADDRESS.rpartition("@")
    return f"{local}+{key}-{proof_of(key)}@{domain}"


# --- answers --------------------------------------------------------------------------------


def answer(row: InboundMessage, mail: Mail, person: User, reply: answering.Reply) -> None:
    """Answers, unless that sender was answered often in this hour: two machines may be talking."""
    if count(f"out:{mail.sender}", HOUR) <= ANSWERS_AN_HOUR:
        write(row, mail, once=f"maildoor:answer:{row.pk}", reply=reply, person=person)


def write(
    row: InboundMessage,
    mail: Mail,
    *,
    once: str,
    reply: answering.Reply,
    person: User | None = None,
) -> None:
    headers: dict[str, str] = {"Auto-Submitted": "auto-replied"}
    if settings.INBOUND_MAIL_ADDRESS and person is not None:
        headers["Reply-To"] = reply_address(row.pk)
    if mail.message_id:
        headers |= {"In-Reply-To": mail.message_id, "References": mail.message_id}
    subject = re.sub(r"^((re|aw|رد)\s*:\s*)+", "", mail.subject, flags=re.I)
    to: Mapping[str, Any] = {"to_user": person} if person else {"to_address": mail.sender}
    queue_mail(
        once=once,
        subject=f"Re: {subject}" if subject and person else reply.title,
        template="integrations/mail/answer",
        context={"reply": reply},
        headers=headers,
        **to,
    )


def count(what: str, window: dt.timedelta) -> int:
    return count_call(f"mail:{digest(what)}", window)[0]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
