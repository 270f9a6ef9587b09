"""What there is when the addresses are walked: the cast, and at both partners the same things —
a draft, a registration in review, an approved one with a file, a notification, tokens, a
passkey. Beta's words occur nowhere else, so that one of them on a page of Alpha's is a leak.
"""

import datetime as dt
import json
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from core import delivery, seal
from core.actor import StaffRole, system
from core.importing import runs
from core.models import (
    ApiToken,
    Appointment,
    Branding,
    ExchangeRate,
    ImportRun,
    Notification,
    SavedFilter,
    StoredFile,
    User,
)
from core.own_fields.fields import FieldType
from core.tokens import issue_token, revoke_token
from dealreg.models import (
    AccountAlias,
    AccountMerge,
    Confirmation,
    ConflictCase,
    Deal,
    DirectOpportunity,
    DuplicatePair,
    Extension,
    Lead,
    LeadOffer,
    Purchase,
    ReplayRun,
    RuleBook,
    Split,
    SplitPolicy,
)
from dealreg.rules.request import RegistrationRequest
from dealreg.rules.splits import SplitRole
from dealreg.services import (
    CustomerDetails,
    FieldDraft,
    PartAsked,
    add_customer,
    add_field,
    attach_file,
    cases,
    confirming,
    merge_accounts,
    propose_split,
    register_deal,
    replay_book,
    save_draft,
)
from dealreg.services.protecting import end_of
from integrations.models import InboundMessage, MailWay
from partners import services as partner_services
from partners.models import (
    BenefitCatalogue,
    DirectoryProfile,
    DistributionLink,
    DistributionPolicy,
    Focus,
    Invitation,
    Membership,
    Offboarding,
    Partner,
    PartnerContact,
    PartnerDomain,
    PartnerMerge,
    PartnerPair,
    Region,
    RollOut,
    StaffDuty,
    Tier,
    TierProgramme,
    TierRun,
    TierSchedule,
    TriedDistributionPolicy,
    TriedRegionPolicy,
    TypePlaybook,
    Visit,
)
from partners.rules import (
    CompanyProfile,
    ContactRole,
    DocumentKind,
    FocusKind,
    PartnerStatus,
    PartnerType,
)
from partners.rules.benefits import Value
from partners.runs import recalculation
from partners.services.documents import NewDocument, add_document
from partners.services.invitations import SIGNER, digest
from partners.services.profiles import change_profile
from tests.access import profile, together
from tests.cast import Cast, person

# Whoever reads one of these at Alpha has read what is Beta's. (Alpha's people type parts of
# them into search fields, which pages repeat; so a leak is the whole word.)
BETAS_WORDS = (
    "Ichneumon",
    "Quastenflosser Networks",
    "quastenflosser.example",
    "Borogrove",
    "borogrove@cast.example",
    "Vexillology Works",
    "vexillology.example",
    "Krypteia plan",
    "Xylograph draft",
    "Orrery Holdings of Beta",
    "zweitakter-price-list",
    "Ombudsfrau script",
    "73819.25",
    "73,819.25",
    "Gnomon plea",
    "Obelus Foundry",
    "palimpsest-letter",
    "Marzipan errand",
    "Plan of Marzipan",
    "Review of Marzipan",
    "Strong at Marzipan",
    "Sarcophagus memo",
    "Thaumatrope",
)


EVERY_SCOPE = [
    "deals:read",
    "deals:write",
    "cases:read",
    "cases:write",
    "splits:read",
    "splits:write",
    "plans:read",
    "plans:write",
    "tasks:read",
    "tasks:write",
    "people:read",
    "people:write",
    "partners:read",
    "partners:write",
]


@dataclass
class Things:
    """What one partner has. `secrets` are the tokens as their programs send them."""

    user: User
    draft: Deal
    review: Deal
    approved: Deal
    file: StoredFile
    notification: Notification
    token: ApiToken
    passkey: Authenticator
    case: ConflictCase
    submission_key: uuid.UUID
    extension: Extension
    question: str
    split: Split
    saved_filter: SavedFilter
    secrets: dict[str, str] = field(default_factory=dict)
    # What the addresses name, once it was asked for (tests/access/routes.py).
    ids: dict[str, object] = field(default_factory=dict)
    rows: dict[str, object] = field(default_factory=dict)


@dataclass
class Tiers:
    """A programme that proposes more to both partners, and a run of it."""

    programme: TierProgramme
    run: TierRun
    catalogue: BenefitCatalogue


@dataclass
class Tidied:
    """Customers that are one, or may be."""

    merge: AccountMerge
    pair: DuplicatePair


@dataclass
class World:
    cast: Cast
    rita: User
    root: User
    alpha: Things
    beta: Things
    replay: ReplayRun
    import_run: ImportRun
    shared_case: ConflictCase
    tiers: Tiers
    tidied: Tidied
    # What is sent to each address, once it was asked for (tests/access/bodies.py).
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def user(self, role: str) -> User | None:
        """The person who plays a role of the table; nobody for "nobody"."""
        if role == "nobody":
            return None
        user: User = getattr(self, role, None) or getattr(self.cast, role)
        return user


def make_world(cast: Cast) -> World:
    rename_beta(cast)
    # Beta comes first, so that Alpha meets what Beta has: the same customer, spelled otherwise.
    beta, alpha = betas_things(cast), alphas_things(cast)
    another_name_of(alpha.approved)
    own_sales_of(alpha.approved)
    record_of(cast)
    shared_case = shared(cast, alpha, beta)
    delivery.deliver_due()
    seal.seal_events()
    Branding.objects.get_or_create(pk=1)
    distributed(cast)
    listed(cast)
    SplitPolicy.objects.create()
    an_appointment(alpha.approved)
    people_of(cast.alpha, cast.jonas, cast.mara, "nora@alpha.example", LINK)
    people_of(cast.beta, cast.bo, cast.mara, "ned@quastenflosser.example", SIGNER.sign("other"))
    a_mail_that_came_in(alpha)
    together.add_for(cast, cast.jonas, errand="Own errand")
    together.add_for(cast, cast.bo, errand="Marzipan errand")
    a_rate_and_a_field(cast)
    profile.add_for(cast)
    for things in (alpha, beta):
        things.notification = Notification.objects.filter(user=things.user).latest("id")
    return World(
        cast=cast,
        rita=regional_manager(),
        root=superuser(),
        alpha=alpha,
        beta=beta,
        replay=replayed_today(cast),
        import_run=an_import(cast),
        shared_case=shared_case,
        tiers=tiers_of(cast),
        tidied=tidied_customers(cast),
    )


def rename_beta(cast: Cast) -> None:
    """Beta gets the names by which it is found wherever it must not stand."""
    cast.beta.name = "Quastenflosser Networks"
    cast.beta.save(update_fields=["name"])
    PartnerDomain.objects.create(partner=cast.beta, domain="quastenflosser.example")
    cast.bo.name, cast.bo.email = "Borogrove", "borogrove@cast.example"
    cast.bo.save(update_fields=["name", "email"])
    EmailAddress.objects.filter(user=cast.bo).update(email=cast.bo.email)


def betas_things(cast: Cast) -> Things:
    return things_of(
        cast,
        cast.bo,
        customer="Vexillology Works",
        domain="vexillology.example",
        shared=("Orrery Holdings of Beta", "orrery.example"),
        texts=("Krypteia plan", "Xylograph draft"),
        amount="73819.25",
        names=("zweitakter-price-list", "Ombudsfrau script"),
        contested=("Obelus Foundry", "Gnomon plea", "palimpsest-letter"),
    )


def alphas_things(cast: Cast) -> Things:
    return things_of(
        cast,
        cast.jonas,
        customer="Nordwind Logistics",
        domain="nordwind.example",
        shared=("Orrery Hold.", "orrery.example"),
        texts=("New warehouse", "Second warehouse"),
        amount="61000",
        names=("floor-plan", "Own script"),
        contested=("Tamarisk Mills", "Our plea", "our-letter"),
    )


def another_name_of(deal: Deal) -> None:
    name = "Nordwind Spedition"
    AccountAlias.objects.create(account_id=deal.account_id or 0, name=name, name_key=name.lower())


def a_rate_and_a_field(cast: Cast) -> None:
    """The dollar in euros, and a field of the vendor's own on each deal."""
    today = timezone.localdate()
    ExchangeRate.objects.create(currency="USD", valid_from=today, rate=Decimal("0.9"))
    own = FieldDraft("seats", FieldType.NUMBER, {"en": "Seats"}, in_list=True, in_filter=True)
    add_field(actor=cast.actor(cast.otto), draft=own)


def listed(cast: Cast) -> None:
    """Both partners are in the directory, and somebody has asked each of them."""
    for partner, word in ((cast.alpha, "Alpha"), (cast.beta, "Ichneumon")):
        DirectoryProfile.objects.create(
            partner=partner,
            listed=partner == cast.alpha,
            name=f"{word} in public",
            text="What we do.",
            countries=["DE"],
        )
        lead = Lead.objects.create(
            source="directory",
            partner=partner,
            region=partner.region,
            person=f"{word} asker",
            company=f"{word} Customer",
            email=f"asker@{word.lower()}.example",
            message="Please call.",
            consent_at=timezone.now(),
            answer_until=timezone.now() + dt.timedelta(days=9),
        )
        until = timezone.now() + dt.timedelta(days=9)
        LeadOffer.objects.create(lead=lead, partner=partner, answer_until=until)


def distributed(cast: Cast) -> None:
    """Both partners sell through one distributor."""
    gamma = Partner.objects.create(
        name="Gamma Distribution",
        type="distributor",
        status="active",
        region=cast.alpha.region,
        tier=cast.alpha.tier,
    )
    DistributionPolicy.objects.create()
    for partner in (cast.alpha, cast.beta):
        DistributionLink.objects.create(
            distributor=gamma,
            reseller=partner,
            state="active",
            proposed_by="vendor",
            starts_on=timezone.now().date() - dt.timedelta(days=9),
        )


LINK = SIGNER.sign("the link in the walk")


def people_of(partner: Partner, seller: User, staff: User, address: str, link: str) -> None:
    """An invitation that is open, and a visit that is over."""
    later = timezone.now() + dt.timedelta(days=14)
    Invitation.objects.create(
        partner=partner,
        email=address,
        roles=["sales"],
        state="sent",
        token_hash=digest(link),
        expires_at=later,
    )
    Offboarding.objects.create(
        partner=partner,
        reason="Taken back",
        begins_on=later.date(),
        state="taken_back",
        ended_at=later,
    )
    Visit.objects.create(
        staff=staff,
        place=Membership.objects.get(user=seller),
        reason="Helped",
        began_at=later - dt.timedelta(days=30),
        ends_at=later - dt.timedelta(days=29),
        ended_at=later - dt.timedelta(days=29),
    )


def an_appointment(deal: Deal) -> None:
    """Something that will happen to a deal long after the walk."""
    due = timezone.now() + dt.timedelta(days=30)
    about = {"subject_type": deal._meta.label_lower, "subject_id": deal.pk}
    Appointment.objects.create(kind="test.nothing", due_at=due, **about)


def record_of(cast: Cast) -> None:
    """A contact and a shared note of each partner, something to be good at, and a roll-out of
    what no page asks for."""
    mara = cast.actor(cast.mara)
    today = timezone.localdate()
    TriedRegionPolicy.objects.create(title="Another language", language="de")
    TriedDistributionPolicy.objects.create(title="With amounts", amounts_shown=True)
    RollOut.objects.create(feature="tried", partner=cast.beta, first_day=today, last_day=today)
    Focus.objects.create(kind=FocusKind.VERTICAL, name="Retail")
    for partner, name, text in (
        (cast.alpha, "Anselm", "Our memo"),
        (cast.beta, "Thaumatrope", "Sarcophagus memo"),
    ):
        PartnerContact.objects.create(partner=partner, name=name, role=ContactRole.LEGAL)
        partner_services.write_note(actor=mara, partner_id=partner.pk, text=text, shared=True)
        upload = SimpleUploadedFile(f"{name}.csv", f"{name};1\n".encode())
        document = NewDocument(DocumentKind.CONTRACT, f"Contract with {name}")
        add_document(actor=mara, partner_id=partner.pk, new=document, upload=upload)
        about = CompanyProfile(about=f"{name} founded us")
        otto = cast.actor(cast.otto)
        change_profile(actor=otto, partner_id=partner.pk, profile=about, version=0)
    gone = Partner.objects.create(
        name="Alphaville",
        type=PartnerType.RESELLER,
        status=PartnerStatus.OFFBOARDED,
        region=cast.alpha.region,
        tier=cast.alpha.tier,
    )
    PartnerMerge.objects.create(survivor=cast.alpha, loser=gone, old_status="active")
    PartnerPair.objects.create(first=cast.alpha, second=cast.beta)
    TypePlaybook.objects.create(type=PartnerType.RESELLER, duties="Sell")


def own_sales_of(deal: Deal) -> None:
    """What the vendor itself knows of the deal's customer, long before the partner did."""
    customer = {"account_id": deal.account_id or 0, "product_line_id": deal.product_line_id or 0}
    before = timezone.localdate() - dt.timedelta(days=900)
    closed = before + dt.timedelta(days=90)
    Purchase.objects.create(**customer, bought_on=before, ends_on=closed)
    DirectOpportunity.objects.create(**customer, opened_on=before, closed_on=closed)


def shared(cast: Cast, alpha: Things, beta: Things) -> ConflictCase:
    """A case in which Alpha and Beta are the sides, and both have spoken."""
    mara = cast.actor(cast.mara)
    case = cases.open_case(actor=mara, deal_id=alpha.review.pk, why="Both met Borogrove.")
    for things, words, name in (
        (alpha, "Our plea", "our-letter"),
        (beta, "Gnomon plea", "palimpsest-letter"),
    ):
        plead(cast, things.user, case, words, name)
    return case


def plead(cast: Cast, user: User, case: ConflictCase, words: str, name: str) -> None:
    upload = SimpleUploadedFile(f"{name}.csv", b"signed;1\n")
    cases.add_statement(actor=cast.actor(user), case_id=case.pk, text=words, uploads=[upload])


def tidied_customers(cast: Cast) -> Tidied:
    """Otto has merged two customers; two others may be one."""
    otto = cast.actor(cast.otto)
    names = ("Sextant Freight", "Sextant Fracht", "Gnomon Tools", "Gnomon Tool")
    one, other, first, second = (
        add_customer(actor=otto, details=CustomerDetails(name=name)) for name in names
    )
    return Tidied(
        merge=merge_accounts(actor=otto, survivor_id=one.pk, loser_id=other.pk),
        pair=DuplicatePair.objects.create(first=first, second=second, level="likely", score=95),
    )


def a_mail_that_came_in(things: Things) -> None:
    raw = b"From: jonas@cast.example\r\nSubject: A deal\r\n\r\nHello"
    InboundMessage.objects.create(
        identity="0" * 64, via=MailWay.IMAP, sender=things.user.email, size=len(raw), raw=raw
    )


def an_import(cast: Cast) -> ImportRun:
    """A file that Otto has sent and whose columns nobody has named yet."""
    upload = SimpleUploadedFile("deals.csv", b"Customer,Partner\nNordwind,Alpha\n")
    return runs.begin(actor=cast.actor(cast.otto), importer="deals", upload=upload)


def replayed_today(cast: Cast) -> ReplayRun:
    """Otto tries the oldest version of the rules on today's decisions."""
    today, book = timezone.localdate(), RuleBook.objects.order_by("version")[0]
    return replay_book(actor=cast.actor(cast.otto), book_id=book.pk, since=today, until=today)


def tiers_of(cast: Cast) -> Tiers:
    """Otto excepted both partners once, entered a value, and publishes a programme whose moves
    a person approves."""
    otto, today = cast.actor(cast.otto), timezone.localdate()
    for partner in (cast.alpha, cast.beta):
        partner_services.make_exception(
            actor=otto, partner_id=partner.pk, tier_id=None, reason="Merger", last_day=today
        )
        partner_services.end_exception(actor=otto, partner_id=partner.pk)
        value = partner_services.NewValue(partner.pk, "psat", today, Decimal(81), "Survey")
        partner_services.enter_values(actor=otto, values=[value])
    gold = Tier.objects.create(name="Gold", rank=20)
    draft = partner_services.draft_programme(actor=otto)
    levels = [
        partner_services.LevelDraft(cast.alpha.tier_id),
        partner_services.LevelDraft(gold.pk, {"deals_registered": Decimal(1)}),
    ]
    written = partner_services.ProgrammeDraft("Programme", levels, approval="up")
    partner_services.write_programme(actor=otto, programme_id=draft.pk, draft=written)
    programme = partner_services.publish_programme(actor=otto, programme_id=draft.pk)
    schedule = TierSchedule(rhythm="daily", at=dt.time(3), time_zone="Europe/Berlin")
    partner_services.set_schedule(actor=otto, schedule=schedule)
    run = recalculation.ask_recalculation(actor=otto, cause="test")
    recalculation.work_due()
    return Tiers(programme, run, benefits_of(cast))


def benefits_of(cast: Cast) -> BenefitCatalogue:
    """Otto published what Alpha's and Beta's tier brings, and the one above."""
    otto = cast.actor(cast.otto)
    draft = partner_services.draft_benefits(actor=otto)
    gold = Tier.objects.get(name="Gold")
    grants = {
        cast.alpha.tier_id: {"margin": Value(Decimal(10))},
        gold.pk: {"margin": Value(Decimal(15))},
    }
    written = partner_services.CatalogueDraft("Benefits", grants)
    partner_services.write_benefits(actor=otto, catalogue_id=draft.pk, draft=written)
    return partner_services.publish_benefits(actor=otto, catalogue_id=draft.pk)


def regional_manager() -> User:
    """Rita, channel manager of another region: Alpha and Beta are not hers."""
    rita = person("Rita", staff=True)
    apac = Region.objects.create(code="APAC", name="APAC", path="APAC")
    StaffDuty.objects.create(user=rita, role=StaffRole.CHANNEL_MANAGER.value, region=apac)
    return rita


def superuser() -> User:
    root = person("Root", staff=True)
    root.is_superuser = True
    root.save(update_fields=["is_superuser"])
    return root


def things_of(
    cast: Cast,
    user: User,
    *,
    customer: str,
    domain: str,
    shared: tuple[str, str],
    texts: tuple[str, str],
    amount: str,
    names: tuple[str, str],
    contested: tuple[str, str, str],
) -> Things:
    actor = cast.actor(user)

    def ask(name: str, address: str, money: str, text: str) -> RegistrationRequest:
        return RegistrationRequest(
            customer_name=name,
            customer_domain=address,
            customer_country="DE",
            product_line_id=cast.product.pk,
            amount=Decimal(money),
            currency="EUR",
            expected_close=timezone.localdate() + dt.timedelta(days=30),
            description=text,
        )

    key = uuid.uuid4()
    disputed = register_deal(actor=actor, request=ask(contested[0], "", "61000", texts[0]))
    case = cases.contest_deal(actor=actor, deal_id=disputed.pk, text=contested[1])
    plead(cast, user, case, *contested[1:])
    approved = register_deal(
        actor=actor, request=ask(customer, domain, "12000", texts[0]), submission_key=key
    )
    things = Things(
        user=user,
        approved=approved,
        review=register_deal(actor=actor, request=ask(*shared, amount, texts[0])),
        draft=save_draft(actor=actor, request=ask(f"{customer} two", "", "100", texts[1])),
        file=attach_file(
            actor=actor,
            deal_id=approved.pk,
            upload=SimpleUploadedFile(f"{names[0]}.csv", f"{names[0]};1\n".encode()),
        ),
        notification=Notification(),
        token=ApiToken(),
        passkey=add_passkey(user, names[1]),
        case=case,
        submission_key=key,
        extension=waiting_extension(approved),
        question=asked_of_the_customer(approved),
        split=shared_with_gamma(cast, approved, names[0]),
        saved_filter=SavedFilter.objects.create(
            user=user, list_name="deals", name=f"{names[1]} view", query="sale=open"
        ),
    )
    add_tokens(things, names[1])
    return things


def waiting_extension(deal: Deal) -> Extension:
    until = end_of(deal.protection)
    return Extension.objects.create(deal=deal, reason="The board meets late.", until_before=until)


def asked_of_the_customer(deal: Deal) -> str:
    """The secret of a link that the deal's customer was sent."""
    secret = f"question-about-{deal.pk}"
    Confirmation.objects.create(
        deal=deal,
        address=f"anna@{deal.customer_domain}",
        token_hash=confirming.digest(secret),
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    return secret


def shared_with_gamma(cast: Cast, deal: Deal, note: str) -> Split:
    """Mara asks the deal's partner and a third one, Gamma, to share it."""
    gamma, _new = Partner.objects.get_or_create(
        name="Gamma Consult",
        region=cast.alpha.region,
        defaults={"type": cast.alpha.type, "status": "active", "tier": cast.alpha.tier},
    )
    return propose_split(
        actor=cast.actor(cast.mara),
        deal_id=deal.pk,
        parts=[
            PartAsked(SplitRole.SELL, Decimal(70), partner_id=deal.partner_id),
            PartAsked(SplitRole.IMPLEMENT, Decimal(30), partner_id=gamma.pk),
        ],
        note=note,
    )


def add_passkey(user: User, name: str) -> Authenticator:
    """A passkey as a browser would have registered it, and recovery codes beside it."""
    RecoveryCodes.activate(user)
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    identity = name.encode()
    key = AttestedCredentialData.create(
        Aaguid(bytes(16)), identity, ES256.from_cryptography_key(public)
    )
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    made = AuthenticatorData.create(sha256(b"testserver").digest(), flags, 0, key)
    client = {"type": "webauthn.create", "challenge": "AAAA", "origin": "https://testserver"}
    credential = {
        "type": "public-key",
        "id": websafe_encode(identity),
        "rawId": websafe_encode(identity),
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
        },
    }
    return WebAuthn.add(user, name, credential).instance


def add_tokens(things: Things, label: str) -> None:
    """Three programs: one with every scope, one that reads only, one revoked."""
    for role, scopes in [
        ("writer", EVERY_SCOPE),
        ("reader", [scope for scope in EVERY_SCOPE if scope.endswith(":read")]),
        ("revoked", EVERY_SCOPE),
    ]:
        issued = issue_token(
            actor=system("test"), user=things.user, label=label, scopes=scopes, expires_at=None
        )
        things.secrets[role] = issued.secret
        if role == "writer":
            things.token = issued.token
        if role == "revoked":
            revoke_token(actor=system("test"), token_id=issued.token.pk)
