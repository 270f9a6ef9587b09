"""Mails to test with."""

from email.message import EmailMessage
from typing import Any

WHOLE = """Hello,

Customer: Nordwind Logistics GmbH
Country: Germany
Web domain: nordwind.de
Product line: Cloud
Expected amount: 12,800.00 EUR
Expected close: {close}
Description: A new warehouse.
They decide in May.

-- 
Jonas
Customer: Not This One
"""


def mail(text: str = "", **how: Any) -> EmailMessage:
    """A mail by Jonas that his server vouches for."""
    sender = how.pop("sender", "jonas@cast.example")
    message = EmailMessage()
    message["From"] = f"Somebody <{sender}>"
    message["To"] = how.pop("to", "deals@prm.example")
    message["Subject"] = how.pop("subject", "A new deal")
    message["Message-ID"] = how.pop("message_id", "<1@cast.example>")
    proof = how.pop("proof", f"mx.prm.example; dmarc=pass header.from={sender.partition('@')[2]}")
    if proof:
        message["Authentication-Results"] = proof
    for name, value in how.pop("headers", {}).items():
        message[name] = value
    message.set_content(text)
    for name, content in how.pop("files", {}).items():
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message
