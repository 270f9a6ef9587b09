"""What a mail says, taken from its bytes. Pure and patient: whatever is broken in a mail, what
can be read of it is."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser

LONGEST_TEXT = 200_000  # characters
MOST_PARTS = 200
MOST_ATTACHMENTS = 10
ID = re.compile(r"<[^<>\s]{3,250}>")
# Senders that are nobody.
NOBODIES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b", re.I)


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender` is the address in From, "" unless there is exactly one. `automatic` says why no
    person wrote this, "" when one may have. `answers` are the ids of the mails it answers,
    `recipients` the addresses it was sent to."""

    message_id: str
    sender: str
    subject: str
    text: str
    recipients: tuple[str, ...]
    answers: tuple[str, ...]
    automatic: str
    results: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    left_out: int = 0


def read_mail(raw: bytes) -> Mail:
    """Never raises for what somebody sends; what cannot be read is empty."""
    message = parsed(raw)
    attachments, left_out = attachments_of(message)
    sender = sender_of(message)
    return Mail(
        message_id=message_id_of(message),
        sender=sender,
        subject=header(message, "Subject")[:500],
        text=text_of(message)[:LONGEST_TEXT],
        recipients=recipients_of(message),
        answers=tuple(
            ID.findall(header(message, "In-Reply-To") + header(message, "References"))[:50]
        ),
        automatic=why_automatic(message, sender),
        results=tuple(all_headers(message, "Authentication-Results")),
        attachments=attachments,
        left_out=left_out,
    )


def parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def header(message: EmailMessage, name: str) -> str:
    """A header as one line of text; "" when there is none or it cannot be read."""
    values = all_headers(message, name)
    return values[0] if values else ""


def all_headers(message: EmailMessage, name: str) -> list[str]:
    try:
        found = message.get_all(name, [])
    except Exception:  # the library's parser stumbles over some broken headers
        found = [value for key, value in message.raw_items() if key.lower() == name.lower()]
    return [" ".join(str(value).replace("\x00", "").split()) for value in found]


def message_id_of(message: EmailMessage) -> str:
    found = ID.search(header(message, "Message-ID"))
    return found[0] if found else ""


def sender_of(message: EmailMessage) -> str:
    """The address in From. Two of them may be a trick on whoever looks at one, so none counts."""
    values = all_headers(message, "From")
    addresses = [address for _name, address in getaddresses(values) if "@" in address]
    if len(values) != 1 or len(addresses) != 1 or len(addresses[0]) > 254:
        return ""
    return addresses[0].lower()


def recipients_of(message: EmailMessage) -> tuple[str, ...]:
    names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
    values = [value for name in names for value in all_headers(message, name)]
    return tuple(address.lower() for _name, address in getaddresses(values) if address)[:50]


def why_automatic(message: EmailMessage, sender: str) -> str:
    """Why nobody is to be answered (RFC 3834 and what is usual), "" when somebody may be."""
    submitted = header(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return "Auto-Submitted"
    if header(message, "Precedence").lower() in {"bulk", "list", "junk", "auto_reply"}:
        return "Precedence"
    for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Loop"):
        if header(message, name):
            return name
    if header(message, "Return-Path") == "<>":
        return "Return-Path"
    if message.get_content_type() in {"multipart/report", "message/delivery-status"}:
        return "report"
    return "nobody" if not sender or NOBODIES.match(sender) else ""


# --- the text -------------------------------------------------------------------------------


def text_of(message: EmailMessage) -> str:
    """The mail's text; of a mail in HTML alone, what a reader would see of it."""
    plain: list[str] = []
    html: list[str] = []
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            break
        if part.is_multipart() or part.get_filename() or is_attachment(part):
            continue
        kind = part.get_content_type()
        if kind in {"text/plain", "text/html"}:
            (plain if kind == "text/plain" else html).append(decoded(part))
    said = "\n".join(plain)
    return said if said.strip() else seen_in("\n".join(html))


def is_attachment(part: EmailMessage) -> bool:
    return header(part, "Content-Disposition").lower().startswith("attachment")


def decoded(part: EmailMessage) -> str:
    """A part's text in whatever it says it is written in; unreadable characters are marked."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        text = content.decode(part.get_content_charset("utf-8") or "utf-8", errors="replace")
    except LookupError:
        text = content.decode("utf-8", errors="replace")
    return text.replace("\x00", "")[:LONGEST_TEXT]


class Seen(HTMLParser):
    """The text of a page, a line for each block, quotations marked with ">"."""

    hidden = frozenset({"script", "style", "head", "title", "template"})
    blocks = frozenset(
        {"p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "hr", "blockquote"}
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.out_of_sight = 0
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.hidden:
            self.out_of_sight += 1
        if tag in self.blocks:
            self.new_line()
        if tag == "blockquote":
            self.quoted += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in self.hidden:
            self.out_of_sight = max(self.out_of_sight - 1, 0)
        if tag == "blockquote":
            self.quoted = max(self.quoted - 1, 0)
        if tag in self.blocks:
            self.new_line()
        elif tag in {"td", "th"}:
            self.lines[-1] += " "

    def handle_data(self, data: str) -> None:
        if not self.out_of_sight:
            if not self.lines[-1] and self.quoted:
                self.lines[-1] = "> "
            self.lines[-1] += " ".join(data.split()) + (" " if data[-1:].isspace() else "")

    def new_line(self) -> None:
        if self.lines[-1].strip("> "):
            self.lines.append("")
        else:
            self.lines[-1] = ""


def seen_in(html: str) -> str:
    """What a reader sees of a page, as text. Nothing of it is run or fetched."""
    page = Seen()
    page.feed(html[:LONGEST_TEXT])
    page.close()
    return "\n".join(page.lines)


# --- what hangs on it -----------------------------------------------------------------------


def attachments_of(message: EmailMessage) -> tuple[tuple[Attachment, ...], int]:
    """(the files, how many more there are). Pictures that belong to the text are none."""
    found: list[Attachment] = []
    left_out = 0
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            break
        name = name_of(part)
        if part.is_multipart() or not name or belongs_to_text(part):
            continue
        if len(found) == MOST_ATTACHMENTS:
            left_out += 1
            continue
        payload = part.get_payload(decode=True)
        found.append(Attachment(name, payload if isinstance(payload, bytes) else b""))
    return tuple(found), left_out


def name_of(part: EmailMessage) -> str:
    try:
        name = part.get_filename() or ""
    except Exception:  # the library's parser stumbles over some broken headers
        name = "file"
    return str(name).replace("\x00", "")[:200] or ("file" if is_attachment(part) else "")


def belongs_to_text(part: EmailMessage) -> bool:
    inline = header(part, "Content-Disposition").lower().startswith("inline")
    return part.get_content_maintype() == "image" and (inline or bool(header(part, "Content-ID")))
