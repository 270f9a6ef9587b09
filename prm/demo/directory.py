"""Partners of the example in the public directory, and somebody who asked one of them."""

import datetime as dt
from collections.abc import Mapping

from core.models import Event
from dealreg.models import Lead
from dealreg.services.leads import Inquiry, receive_inquiry
from partners.models import DirectoryProfile, Membership, Partner
from partners.queries import actor_for
from partners.rules import IN_BUSINESS
from partners.services.directory import WRITERS, ProfileDraft, write_profile
from prm.demo.news import tell

WORDS = {
    "nordlicht": "Archives and backup for mid-sized companies in the north of Germany. We plan, "
    "install and look after them, day and night.",
    "penrose": "We advise boards on how to move to the cloud, and stay until it works.",
    "lakeshore": "Systems for hospitals and universities around the Great Lakes since 1998.",
    "gulfspan": "مراكز بيانات وشبكات وأمن للمؤسسات في الخليج، من التصميم إلى التشغيل.",
    "meseta": "Integración de sistemas para la industria y la administración pública.",
    "bluegum": "Managed services for retail chains in Australia and New Zealand.",
    "deccan": "Engineers in Hyderabad and Pune for migrations of any size.",
    "fjordpartner": "Drift og rådgivning for shipping og energi langs hele kysten.",
}
SPOKEN = {"DE": "de", "KW": "ar", "ES": "es", "NO": "nb", "IN": "hi"}


def add_directory(partners: Mapping[str, int], lines: Mapping[str, int], now: dt.datetime) -> None:
    """Adds it once."""
    if DirectoryProfile.objects.exists():
        return
    for key, text in WORDS.items():
        partner = Partner.objects.get(pk=partners[key])
        places = Membership.objects.filter(
            partner=partner, left_at__isnull=True, roles__overlap=sorted(WRITERS)
        )
        place = places.select_related("user").order_by("pk").first()
        if place is None or partner.status not in IN_BUSINESS:
            continue
        draft = ProfileDraft(
            name=partner.name,
            text=text,
            website=f"https://www.{partner.domains.order_by('domain')[0].domain}/",
            languages=sorted({"en", SPOKEN.get(partner.country, "en")}),
            product_lines=sorted(lines)[: 1 + partner.pk % 3],
            listed=True,
        )
        write_profile(actor=actor_for(place.user), draft=draft)
    receive_inquiry(
        visitor="192.0.2.1",
        partner_id=partners["nordlicht"],
        inquiry=Inquiry(
            person="Wiebke Harmsen",
            company="Klinikum Elbmarsch",
            email="w.harmsen@klinikum-elbmarsch.example",
            message="We look for somebody who moves our picture archive to a new site in spring.",
            country="DE",
            language="de",
        ),
    )
    tell(Event.objects.filter(subject_type=Lead._meta.label_lower), now)
    tell(Event.objects.filter(subject_type=DirectoryProfile._meta.label_lower), now)
