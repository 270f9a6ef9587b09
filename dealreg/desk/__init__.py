"""Reads for the vendor's side: the queue, the page on which a deal is decided, search."""

from dealreg.desk.deciding import (
    CheckShown,
    Known,
    ReviewPage,
    Rival,
    RuleShown,
    RuleStory,
    Similar,
    days_if_approved,
    review_page,
)
from dealreg.desk.queue import (
    PAGE,
    QueueFilter,
    QueuePage,
    chosen_deals,
    may_go_together,
    next_waiting,
    review_queue,
    waiting,
    waiting_shown,
)
from dealreg.desk.replaying import (
    ChangesPage,
    replay_changes,
)
from dealreg.desk.searching import (
    beginning_with,
    domain_query,
    listed,
    search_accounts,
    search_by_customer,
    search_deals,
)
from dealreg.desk.start import (
    Desk,
    desk,
    waiting_count,
)
from dealreg.queries import REFERENCE

__all__ = [
    "PAGE",
    "REFERENCE",
    "ChangesPage",
    "CheckShown",
    "Desk",
    "Known",
    "QueueFilter",
    "QueuePage",
    "ReviewPage",
    "Rival",
    "RuleShown",
    "RuleStory",
    "Similar",
    "beginning_with",
    "chosen_deals",
    "days_if_approved",
    "desk",
    "domain_query",
    "listed",
    "may_go_together",
    "next_waiting",
    "replay_changes",
    "review_page",
    "review_queue",
    "search_accounts",
    "search_by_customer",
    "search_deals",
    "waiting",
    "waiting_count",
    "waiting_shown",
]
