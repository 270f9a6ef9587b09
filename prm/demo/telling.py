"""One story on its way to a deal: what the rules and people decided, and what became of it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from core import money_rates
from core.actor import system
from core.money import Money, format_money
from dealreg.books import facts_to_json, trace_to_json
from dealreg.events import (
    DealApproved,
    DealDeclined,
    DealRegistered,
    DealSentToReview,
    DealWithdrawn,
    StageImported,
)
from dealreg.models.deals import DealSource
from dealreg.rules.engagement import Verdict, decide
from dealreg.rules.facts import ConflictLevel, FactValue
from dealreg.rules.sale import SaleField
from dealreg.rules.states import DealStage, DealStatus, DecisionOrigin, Outcome
from dealreg.services import PastChange, PastDeal, PastDecision, PastEvent, PastProtection
from partners.rules import IN_BUSINESS
from prm.demo.cast import Company
from prm.demo.claims import Claim
from prm.demo.customers import Customer
from prm.demo.past import SECOND, Past
from prm.demo.programme import BRINGS, PRODUCT_LINES
from prm.demo.stories import Approval, Refusal, Step, Story

SALES_SYSTEM = system("sales system")


@dataclass
class Telling:
    """One story on its way to a deal."""

    past: Past
    story: Story
    company: Company
    customer: Customer
    registered: dt.datetime
    ref: str
    conflict: tuple[ConflictLevel, bool]
    verdict: Verdict = field(init=False)
    facts: dict[str, FactValue] = field(init=False)

    def __post_init__(self) -> None:
        self.seller = self.past.person(self.company, self.story.person)
        self.facts = self._facts()
        self.verdict = decide(self.facts, self.past.book.book, self._words())
        self.manager = self.past.manager(self.company)

    @property
    def judged_by(self) -> Approval | Refusal | None:
        """What the person decided, if the rules asked for one and one has decided."""
        return self.story.review if self.verdict.outcome == Outcome.REVIEW else None

    @property
    def decided(self) -> dt.datetime | None:
        if self.verdict.outcome != Outcome.REVIEW:
            return self.registered
        return self._later(self.judged_by.after) if self.judged_by else None

    @property
    def approved(self) -> bool:
        return self.verdict.outcome == Outcome.APPROVE or isinstance(self.judged_by, Approval)

    @property
    def withdrawn(self) -> dt.datetime | None:
        gone = self.story.withdrawal
        return self._later(gone.after) if gone and self.approved else None

    @property
    def sale(self) -> tuple[Step, ...]:
        return self.story.sale if self.approved and not self.withdrawn else ()

    @property
    def closed(self) -> dt.datetime | None:
        last = self.sale[-1] if self.sale else None
        ended = last is not None and last.stage in {DealStage.WON, DealStage.LOST}
        return self._later(last.after) if last and ended else None

    @property
    def status(self) -> DealStatus:
        if self.withdrawn:
            return DealStatus.WITHDRAWN
        if self.decided is None:
            return DealStatus.IN_REVIEW
        return DealStatus.APPROVED if self.approved else DealStatus.DECLINED

    def claim(self) -> Claim:
        protection = self._protection()
        return Claim(
            customer=self.story.customer,
            line=self.story.line,
            company=self.story.company,
            registered=self.registered,
            decided=self.decided,
            approved=self.approved,
            ended=self.withdrawn or self.closed,
            protected_until=(protection.released_at or protection.until) if protection else None,
        )

    def deal(self) -> PastDeal:
        story, ids = self.story, self.past.ids
        events = self._events()
        last = self.sale[-1] if self.sale else None
        return PastDeal(
            ref=self.ref,
            partner_id=ids.partners[self.company.key],
            created_by_id=self.seller.user_id,
            status=self.status,
            stage=last.stage if last else DealStage.PROSPECTING,
            account_id=ids.accounts[self.customer.key],
            product_line_id=ids.lines[story.line],
            customer_name=self.customer.name,
            customer_domain=self.customer.domain,
            customer_country=self.customer.country,
            amount=Decimal(story.amount),
            currency=self.company.currency,
            expected_close=self.registered.date() + dt.timedelta(days=story.close_in),
            description=story.description,
            public_sector=story.public_sector,
            customer_consent=story.consent,
            closed_on=self.closed.date() if self.closed else None,
            closed_amount=(last.amount or Decimal(0)) if last and self.closed else None,
            submitted_at=self.registered,
            decided_at=self.decided,
            decided_by=self._decided_by() if self.decided else "",
            created_at=self.registered - 240 * SECOND,
            updated_at=max(event.at for event in events),
            source=DealSource.PORTAL,
            decisions=tuple(self._decisions()),
            protection=self._protection(),
            events=tuple(events),
            changes=tuple(self._changes()),
            probability=None if self.closed else self.story.probability,
            next_step="" if self.closed else self._next_step(),
            next_step_on=self._next_step_on(),
        )

    def _next_step(self) -> str:
        return self.story.next_step if self.status == DealStatus.APPROVED else ""

    def _next_step_on(self) -> dt.date | None:
        """Some working day soon."""
        if self.closed or not self._next_step():
            return None
        day = self.past.now.date() + dt.timedelta(days=6)
        return day - dt.timedelta(days=max(day.weekday() - 4, 0))

    def _changes(self) -> list[PastChange]:
        changes, old = [], DealStage.PROSPECTING
        for step in self.sale:
            at, who = self._later(step.after), self.seller
            changes.append(
                PastChange(
                    field=SaleField.STAGE,
                    old=old.value,
                    new=step.stage.value,
                    at=at,
                    who=who.label,
                    changed_by_id=who.user_id,
                )
            )
            old = step.stage
        return changes

    def _facts(self) -> dict[str, FactValue]:
        story, company = self.story, self.company
        limit = self.past.limits[company.tier]
        in_base = money_rates.to_base(
            Decimal(story.amount), company.currency, self.registered.date()
        )
        level, own = self.conflict
        return {
            "partner.in_business": company.status in IN_BUSINESS,
            "partner.status": company.status.value,
            "partner.type": company.type.value,
            "partner.tier": company.tier,
            "partner.region": company.region,
            "deal.amount": in_base,
            "deal.over_tier_limit": limit is not None and (in_base is None or in_base > limit),
            "partner.over_registration_limit": False,
            "deal.product_line": story.line,
            "deal.public_sector": story.public_sector,
            "deal.customer_consent": story.consent,
            "customer.country": self.customer.country,
            "conflict.level": level.value,
            "conflict.customer_level": "none",
            "conflict.direct_level": "none",
            "conflict.own_level": "same" if own else "none",
            "conflict.own_open": own,
        }

    def _words(self) -> dict[str, str]:
        limit = self.past.limits[self.company.tier]
        base = money_rates.base_currency()
        return {
            "customer": self.customer.name,
            "product_line": PRODUCT_LINES[self.story.line],
            "tier": self.company.tier,
            "days": str(self.past.book.terms.days),
            "limit": format_money(Money(limit, base)) if limit is not None else "",
        }

    def _decided_by(self) -> str:
        return self.manager.label if self.judged_by else self.past.book.label

    def _decisions(self) -> list[PastDecision]:
        verdict, level = self.verdict, self.conflict[0].value
        found = [
            PastDecision(
                outcome=verdict.outcome,
                message=verdict.message,
                at=self.registered,
                origin=DecisionOrigin.RULE,
                book_id=self.past.book.id,
                rule=verdict.rule,
                reason=verdict.reason,
                conflict_level=level,
                facts=facts_to_json(self.facts),
                trace=trace_to_json(verdict.trace),
            )
        ]
        if self.judged_by and self.decided:
            found.append(
                PastDecision(
                    outcome=Outcome.APPROVE if self.approved else Outcome.DECLINE,
                    message=self._persons_words(),
                    at=self.decided,
                    origin=DecisionOrigin.PERSON,
                    reason=self._persons_reason(),
                    conflict_level=level,
                    decided_by_id=self.manager.user_id,
                )
            )
        return found

    def _persons_words(self) -> str:
        said = self.judged_by
        if isinstance(said, Refusal):
            return f"{said.reason.label}. {said.message}"
        return said.note if said else ""

    def _persons_reason(self) -> str:
        return self.judged_by.reason.value if isinstance(self.judged_by, Refusal) else ""

    def _protection(self) -> PastProtection | None:
        if not self.approved or self.decided is None:
            return None
        until = self.decided + dt.timedelta(days=self.past.book.terms.days)
        margin = Decimal(BRINGS[self.company.tier][0])
        return PastProtection(self.decided, until, self.withdrawn or self.closed, margin=margin)

    def _events(self) -> list[PastEvent]:
        story = self.story
        registered = DealRegistered(
            customer=self.customer.name,
            product_line=PRODUCT_LINES[story.line],
            amount=str(story.amount),
            currency=self.company.currency,
            account_id=self.past.ids.accounts[self.customer.key],
        )
        events = [PastEvent(registered, self.registered, self.seller), *self._rules_event()]
        if self.judged_by and self.decided:
            events.append(PastEvent(self._persons_event(self.decided), self.decided, self.manager))
        if self.withdrawn and story.withdrawal:
            gone = DealWithdrawn(
                customer=self.customer.name,
                note=story.withdrawal.note,
                old_status=DealStatus.APPROVED.value,
            )
            events.append(PastEvent(gone, self.withdrawn, self.seller))
        return events + self._stage_events()

    def _rules_event(self) -> list[PastEvent]:
        verdict, by = self.verdict, self.past.book.label
        words = {"customer": self.customer.name, "note": verdict.message, "rule": verdict.rule}
        fact: object
        match verdict.outcome:
            case Outcome.APPROVE:
                until = self.registered + dt.timedelta(days=self.past.book.terms.days)
                fact = DealApproved(**words, decided_by=by, protected_until=until)
            case Outcome.DECLINE:
                fact = DealDeclined(**words, decided_by=by, reason=verdict.reason)
            case _:
                fact = DealSentToReview(**words, conflict_level=self.conflict[0].value)
        return [PastEvent(fact, self.registered + SECOND / 20, system(by))]

    def _persons_event(self, at: dt.datetime) -> object:
        words = {"customer": self.customer.name, "note": self._persons_words(), "rule": ""}
        by = self.manager.label
        if self.approved:
            until = at + dt.timedelta(days=self.past.book.terms.days)
            return DealApproved(**words, decided_by=by, protected_until=until)
        return DealDeclined(**words, decided_by=by, reason=self._persons_reason())

    def _stage_events(self) -> list[PastEvent]:
        events, old = [], DealStage.PROSPECTING
        for step in self.sale:
            amount = str(step.amount if step.amount is not None else self.story.amount)
            moved = StageImported(old.value, step.stage.value, amount, self.company.currency)
            events.append(PastEvent(moved, self._later(step.after), SALES_SYSTEM))
            old = step.stage
        return events

    def _later(self, days: float) -> dt.datetime:
        zone = self.company.time_zone
        return self.past.after(self.registered, days, zone, f"{self.ref}:{days}")
