"""Turns stories into deals as the portal would have left them, had it been used all along.

The published rules judge each registration on the facts of its day; who else was working on
the customer then follows from the stories told before.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from dealreg.events import DraftSaved
from dealreg.models.deals import DealSource
from dealreg.rules.states import DealStatus
from dealreg.services import PastDeal, PastEvent
from prm.demo.claims import Claim, conflict_of
from prm.demo.past import Past
from prm.demo.stories import Draft, Story
from prm.demo.telling import Telling


@dataclass
class Historian(Past):
    """Tells stories in the order in which they happened, as seen from `now`."""

    claims: list[Claim] = field(default_factory=list)

    def deals(self, stories: Sequence[Story]) -> list[PastDeal]:
        """Deals by age, oldest first. A reference names company, customer and line, and
        counts what one company registered more than once."""
        oldest_first = sorted(stories, key=lambda story: -story.days_ago)
        seen: dict[str, int] = {}
        told = []
        for story in oldest_first:
            name = f"demo:{story.company}:{story.customer}:{story.line}"
            seen[name] = seen.get(name, 0) + 1
            told.append(self._deal(story, f"{name}:{seen[name]}"))
        return told

    def drafts(self, drafts: Sequence[Draft]) -> list[PastDeal]:
        return [self._draft(draft) for draft in drafts]

    def _draft(self, draft: Draft) -> PastDeal:
        company, customer = self.companies[draft.company], self.customers[draft.customer]
        writer = self.person(company, draft.person)
        saved = self.at_work(draft.days_ago, company, draft.customer)
        typed = {"customer_name": ["", customer.name], "customer_country": ["", customer.country]}
        return PastDeal(
            ref=f"demo:{draft.company}:{draft.customer}:draft",
            partner_id=self.ids.partners[company.key],
            created_by_id=writer.user_id,
            status=DealStatus.DRAFT,
            created_at=saved,
            updated_at=saved,
            source=DealSource.PORTAL,
            customer_name=customer.name,
            customer_domain=customer.domain,
            customer_country=customer.country,
            product_line_id=self.ids.lines[draft.line] if draft.line else None,
            amount=Decimal(draft.amount) or None,
            currency=company.currency if draft.amount else "",
            expected_close=saved.date() + dt.timedelta(days=draft.close_in)
            if draft.close_in
            else None,
            description=draft.description,
            events=(PastEvent(DraftSaved(customer.name, typed), saved, writer),),
        )

    def _deal(self, story: Story, ref: str) -> PastDeal:
        company, customer = self.companies[story.company], self.customers[story.customer]
        registered = self.at_work(story.days_ago, company, ref)
        conflict = conflict_of(story, registered, self.claims, self.customers)
        told = Telling(self, story, company, customer, registered, ref, conflict)
        deal = told.deal()
        self.claims.append(told.claim())
        return deal
