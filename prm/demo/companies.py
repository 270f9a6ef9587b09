"""What the example's companies say of themselves, their papers, and what their types are for."""

import datetime as dt
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from core.actor import Actor
from core.rows import add_row
from partners.models import PartnerDocument, TypePlaybook
from partners.queries.profiles import profile_row
from partners.rules import CompanyProfile, DocumentKind, PartnerType
from partners.services.documents import NewDocument, add_document
from partners.services.profiles import change_profile
from prm.demo.cast import COMPANIES

DUTIES = {
    PartnerType.RESELLER: "Register each opportunity before you quote.\nKeep the sale up to date.\n"
    "Have two certified sellers.",
    PartnerType.REFERRAL: "Introduce us to the customer.\nStay in the conversation until we meet.",
    PartnerType.SI: "Name an architect for each project.\nHand over with a written acceptance.",
    PartnerType.ISV: "Keep your integration working with each release.\nList it in the directory.",
    PartnerType.MSP: "Answer your customers' first calls.\nReport the seats you run each month.",
    PartnerType.DISTRIBUTOR: "Recruit and train resellers.\nAnswer their quotes in a working day.",
    PartnerType.INFLUENCER: "Say openly that we work together.\nTell us what you hear.",
}
STEPS = (
    "Read the rules of engagement.\nCheck whether the customer is taken.\nRegister the deal.\n"
    "Call your channel manager if anything is unclear."
)


def write_playbooks(*, actor: Actor) -> None:
    for kind, duties in DUTIES.items():
        if not TypePlaybook.objects.filter(type=kind).exists():
            add_row(actor=actor, row=TypePlaybook(type=kind, duties=duties, playbook=STEPS))


def describe_companies(*, actor: Actor, partners: Mapping[str, int], today: dt.date) -> None:
    """Adds what is missing; a second run changes nothing."""
    write_playbooks(actor=actor)
    for number, company in enumerate(COMPANIES):
        partner_id = partners[company.key]
        if profile_row(partner_id).version == 0:
            profile = CompanyProfile(
                about=f"{company.name} helps its customers to move their work to the cloud.",
                website=f"https://www.{company.domain}",
                employees=20 + 35 * number,
                founded=1988 + number,
            )
            change_profile(actor=actor, partner_id=partner_id, profile=profile, version=0)
        if number < 4 and not PartnerDocument.objects.filter(partner_id=partner_id).exists():
            add_papers(actor, partner_id, today + dt.timedelta(days=25 + 60 * number))


def add_papers(actor: Actor, partner_id: int, ends: dt.date) -> None:
    papers = (
        NewDocument(DocumentKind.CONTRACT, "Partner agreement", ends),
        NewDocument(DocumentKind.CONFIDENTIALITY, "Confidentiality agreement"),
    )
    for paper in papers:
        text = f"{paper.title}\n\nThis is an example.\n".encode()
        upload = SimpleUploadedFile(f"{paper.title}.txt", text)
        add_document(actor=actor, partner_id=partner_id, new=paper, upload=upload)
