"""Distributors and their resellers: who works with whom, from when until when."""

from partners.services.distribution.arranging import change_distribution, set_distribution
from partners.services.distribution.ending import end_all_distribution
from partners.services.distribution.proposing import (
    TooManyProposals,
    accept_distribution,
    decline_distribution,
    end_distribution,
    propose_distribution,
    withdraw_distribution,
)
from partners.services.distribution.relations import DistributionRefused

__all__ = [
    "DistributionRefused",
    "TooManyProposals",
    "accept_distribution",
    "change_distribution",
    "decline_distribution",
    "end_all_distribution",
    "end_distribution",
    "propose_distribution",
    "set_distribution",
    "withdraw_distribution",
]
