"""Ordinary deals around the written stories, so that lists and figures look like a real year."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from dealreg.rules.states import DealStage, DeclineReason
from partners.rules import IN_BUSINESS, MAY_REGISTER_DEALS
from prm.demo.cast import COMPANIES, Company
from prm.demo.customers import Customer
from prm.demo.programme import IN_EUROS, PRODUCT_LINES, TIERS
from prm.demo.stories import DRAFTS, STORIES, Approval, Refusal, Step, Story, Withdrawal

NUMBER = 190
SEED = 2026

NEEDS = {
    "cloud-backup": [
        "Backup of file servers and mail, {n} TB.",
        "Second copy outside the building, {n} TB, retention of ten years.",
        "Replaces the backup server whose support ends this year.",
        "Recovery within four hours for the ordering system.",
    ],
    "data-platform": [
        "Figures from {n} systems in one place for the management board.",
        "Sensor data from {n} machines; forecast of maintenance.",
        "Replaces a data warehouse that nobody can change any more.",
        "Daily sales from {n} branches by six in the morning.",
    ],
    "endpoint-security": [
        "{n} notebooks and {n} tablets; the present product is not renewed.",
        "After an incident in spring the insurer asks for it; {n} seats.",
        "New devices for {n} field workers.",
        "Two sites first, then the group.",
    ],
    "identity": [
        "Single sign-on for {n} applications.",
        "Joiners and leavers by rule instead of by ticket.",
        "Second factor for {n} people in accounts.",
        "Supplier portal with {n} outside companies.",
    ],
    "network-insight": [
        "Monitoring of {n} branches.",
        "Faults are found by users first; that has to end.",
        "Capacity planning before the move to the new building.",
        "Wireless network in {n} warehouses.",
    ],
}
APPROVALS = [
    "Approved. Good preparation, thank you.",
    "Approved; please keep me posted on the competitor.",
    "Approved after a call with the customer's buyer.",
    "Approved. Ask for a reference visit if it helps.",
]
REFUSALS = [
    (DeclineReason.NOT_QUALIFIED, "Please come back when there is a named buyer and a budget."),
    (DeclineReason.DIRECT, "Our own team signed a framework contract with them in January."),
    (DeclineReason.EXISTING_CUSTOMER, "They renewed this product with us last quarter."),
    (DeclineReason.OUTSIDE_TERRITORY, "Their headquarters buy centrally, outside your region."),
]
GIVEN_UP = [
    "The customer stopped the project.",
    "Bought from stock of the parent company.",
    "We do not get to the decision makers.",
]


def background(customers: dict[str, Customer]) -> list[Story]:
    """Stories that never meet: each customer and product line is asked for once at most."""
    rng = Random(SEED)  # noqa: S311 (example data, not a secret)
    taken = {(told.customer, told.line) for told in STORIES}
    taken |= {(draft.customer, draft.line) for draft in DRAFTS}
    free = [(key, line) for key in customers for line in PRODUCT_LINES if (key, line) not in taken]
    rng.shuffle(free)
    told = (_story(rng, customers[key], line) for key, line in free)
    return [story for story in told if story is not None][:NUMBER]


def _story(rng: Random, customer: Customer, line: str) -> Story | None:
    sellers = list(_sellers(customer.country))
    if not sellers:
        return None
    company = rng.choice(sellers)
    age = round(rng.triangular(2, 330, 60), 1)
    amount, over = _amount(rng, company)
    review = _review(rng) if over else None
    declined = isinstance(review, Refusal)
    withdrawn = not declined and age > 25 and rng.random() < 0.07
    return Story(
        company=company.key,
        person=rng.choice(_registrants(company)),
        customer=customer.key,
        line=line,
        amount=amount,
        days_ago=age,
        close_in=rng.randrange(30, 160, 5),
        description=rng.choice(NEEDS[line]).format(n=rng.randrange(4, 60)),
        review=review,
        withdrawal=Withdrawal(rng.uniform(5, 20), rng.choice(GIVEN_UP)) if withdrawn else None,
        sale=() if declined or withdrawn else _sale(rng, age, amount),
    )


def _sellers(country: str) -> Iterator[Company]:
    regions = {company.region for company in COMPANIES if company.country == country}
    for company in COMPANIES:
        sells = company.status in IN_BUSINESS and bool(_registrants(company))
        if sells and company.region in regions:
            yield company


def _registrants(company: Company) -> list[str]:
    return [
        person.first_name
        for person in company.people
        if MAY_REGISTER_DEALS.intersection(person.roles)
    ]


def _amount(rng: Random, company: Company) -> tuple[int, bool]:
    """An amount in the company's currency, and whether it is over its tier's limit."""
    limit = next(euros for name, _rank, euros in TIERS if name == company.tier)
    over = rng.random() < 0.14
    euros = limit * (rng.uniform(1.1, 1.8) if over else min(rng.lognormvariate(-1.6, 0.8), 0.85))
    amount = euros / float(IN_EUROS[company.currency])
    step = 10 ** max(len(str(int(amount))) - 3, 1)
    return max(round(amount / step) * step, step), over


def _review(rng: Random) -> Approval | Refusal:
    after = round(rng.uniform(0.2, 3.5), 2)
    if rng.random() < 0.7:
        return Approval(after, rng.choice(APPROVALS))
    return Refusal(after, *rng.choice(REFUSALS))


def _sale(rng: Random, age: float, amount: int) -> tuple[Step, ...]:
    """How far a sale has come at that age: most are decided after four months."""
    engaging = rng.uniform(4, 20)
    if age < engaging + 1:
        return ()
    steps = [Step(engaging, DealStage.ENGAGING)]
    closing = engaging + rng.uniform(20, 110)
    on_the_way = ((0.35, DealStage.PROPOSAL), (0.75, DealStage.NEGOTIATION))
    for share, stage in on_the_way:
        after = engaging + (closing - engaging) * share
        if age > after + 1:
            steps.append(Step(after, stage))
    if age > closing + 1 and rng.random() < 0.85:
        if rng.random() < 0.63:
            closed_at = round(amount * rng.uniform(0.85, 1.05))
            steps.append(Step(closing, DealStage.WON, Decimal(closed_at)))
        else:
            steps.append(Step(closing, DealStage.LOST))
    return tuple(steps)
