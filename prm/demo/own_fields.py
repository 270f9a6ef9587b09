"""The fields that the invented vendor added to its registrations, and what its partners
answered."""

import datetime as dt
from collections.abc import Collection, Iterator
from decimal import Decimal
from random import Random

from core.actor import Actor
from core.own_fields.fields import FieldType, Needed
from core.own_fields.models import columns_for
from core.own_fields.values import OwnValue
from dealreg.models import Deal, DealAnswer, DealField, RuleBook
from dealreg.services import (
    ChoiceDraft,
    FieldDraft,
    RuleDraft,
    Scope,
    add_field,
    draft_book,
    drafting,
    write_draft,
)

ENDPOINTS, HOSTING, GO_LIVE, CONTRACT = "endpoints", "hosting", "go_live", "framework_contract"
HOSTED_AT = ("own", "partner", "cloud")
TITLE = "Endpoint Security: large roll-outs to a person"


def drafts(line_ids: dict[str, int]) -> list[FieldDraft]:
    return [
        endpoints(line_ids["endpoint-security"]),
        hosting(line_ids["data-platform"]),
        go_live(),
        contract(),
    ]


def endpoints(line_id: int) -> FieldDraft:
    return FieldDraft(
        ENDPOINTS,
        FieldType.NUMBER,
        {"en": "Endpoints", "de": "Endgeräte", "ar": "الأجهزة الطرفية"},
        {
            "en": "Laptops, servers and phones to protect.",
            "de": "Laptops, Server und Telefone, die geschützt werden sollen.",
            "ar": "الحواسيب المحمولة والخوادم والهواتف المطلوب حمايتها.",
        },
        least=Decimal(1),
        most=Decimal(5_000_000),
        product_line_id=line_id,
        needed=Needed.ALWAYS,
        in_list=True,
        in_filter=True,
        position=10,
    )


def hosting(line_id: int) -> FieldDraft:
    return FieldDraft(
        HOSTING,
        FieldType.CHOICE,
        {"en": "Where it will run", "de": "Wo es laufen wird", "ar": "مكان التشغيل"},
        choices=(
            ChoiceDraft(
                "own",
                {
                    "en": "Customer’s data centre",
                    "de": "Rechenzentrum des Kunden",
                    "ar": "مركز بيانات العميل",
                },
            ),
            ChoiceDraft(
                "partner",
                {
                    "en": "Partner’s data centre",
                    "de": "Rechenzentrum des Partners",
                    "ar": "مركز بيانات الشريك",
                },
            ),
            ChoiceDraft("cloud", {"en": "Public cloud", "de": "Public Cloud", "ar": "سحابة عامة"}),
        ),
        product_line_id=line_id,
        in_filter=True,
        position=20,
    )


def go_live() -> FieldDraft:
    return FieldDraft(
        GO_LIVE,
        FieldType.DATE,
        {"en": "Planned go-live", "de": "Geplanter Start", "ar": "موعد التشغيل المخطط"},
        position=30,
    )


def contract() -> FieldDraft:
    return FieldDraft(
        CONTRACT,
        FieldType.TEXT,
        {
            "en": "Framework contract",
            "de": "Rahmenvertrag",
            "ar": "العقد الإطاري",
        },
        {
            "en": "Its number in the tender’s papers.",
            "de": "Seine Nummer in den Ausschreibungsunterlagen.",
            "ar": "رقمه في وثائق المناقصة.",
        },
        most=Decimal(60),
        needed=Needed.WHEN,
        conditions={"all": [{"fact": "deal.public_sector", "is": True}]},
        position=40,
    )


def add_own_fields(*, actor: Actor, line_ids: dict[str, int]) -> None:
    """The fields, and a draft of rules that asks one of them; once."""
    if DealField.objects.exists():
        return
    for draft in drafts(line_ids):
        add_field(actor=actor, draft=draft)
    source = RuleBook.objects.exclude(effective_from=None).earliest("version")
    book = draft_book(actor=actor, from_book_id=source.pk)
    large = RuleDraft(
        code="many-endpoints",
        outcome="review",
        conditions={"all": [{"fact": f"own.{ENDPOINTS}", "above": 10_000}]},
        message="Roll-outs of more than 10,000 endpoints are planned together with us.",
    )
    *before, closing = drafting.rules_of(book)
    write_draft(
        actor=actor,
        book_id=book.pk,
        title=TITLE,
        rules=[*before, large, closing],
        scope=Scope(None, line_ids["endpoint-security"]),
    )


def answer_for(deal_ids: Collection[int]) -> int:
    """Answers for deals that were just told; returns how many. One insert."""
    fields = {field.code: field for field in DealField.objects.all()}
    told = Deal.objects.filter(pk__in=deal_ids).order_by("pk")
    rows = [
        DealAnswer(
            deal=deal,
            field=fields[code],
            type=fields[code].type,
            **columns_for(value, FieldType(fields[code].type)),
        )
        for deal in told
        for code, value in _answers(deal)
        if fields[code].product_line_id in (None, deal.product_line_id)
    ]
    DealAnswer.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def _answers(deal: Deal) -> Iterator[tuple[str, OwnValue]]:
    random = Random(f"own fields of {deal.external_ref}")  # noqa: S311 - the same every time
    yield ENDPOINTS, Decimal(random.choice([40, 120, 250, 600, 1500, 4000, 12_000]))
    yield HOSTING, random.choice(HOSTED_AT)
    if deal.expected_close and random.random() < 0.7:
        yield GO_LIVE, deal.expected_close + dt.timedelta(days=random.randrange(20, 120))
    if deal.public_sector:
        yield CONTRACT, f"RV-{random.randrange(1000, 9999)}/{deal.created_at:%y}"
