"""What the invented vendor sold directly, and what its own people work on: partners who register
these meet them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bought:
    """A customer, by the key of its story, that has a product line."""

    customer: str
    line: str
    days_ago: int


@dataclass(frozen=True, slots=True)
class Direct:
    customer: str
    line: str
    stage: str
    owner: str
    days_ago: int


BOUGHT = [
    Bought("wattkraft", "network-insight", 620),
    Bought("brackenrail", "cloud-backup", 480),
    Bought("ironridge", "identity", 350),
    Bought("deodarbank", "endpoint-security", 210),
]
DIRECT = [
    Direct("sundialair", "data-platform", "Proposal", "Hannah Osei", 75),
    Direct("falkenburg", "endpoint-security", "Discovery", "Jannis Holt", 28),
    Direct("zuidas-legal", "identity", "Negotiation", "Hannah Osei", 110),
]
