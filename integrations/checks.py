"""What fsck checks of the connections."""

from collections.abc import Iterator

from core.checks import queue_state
from core.fsck import Finding, check
from integrations.models import InboundMessage


@check("integrations.mail", "Every mail that came in is worked in time; none is parked.")
def inbound_mail() -> Iterator[Finding]:
    yield from queue_state("integrations.mail", InboundMessage)
