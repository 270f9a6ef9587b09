"""The people and companies of the example."""

import unicodedata
from dataclasses import dataclass

from core.actor import StaffRole
from partners.rules import PartnerRole, PartnerStatus, PartnerType
from prm.demo.programme import VENDOR_DOMAIN

A, S, T, M, F = (
    PartnerRole.ADMIN,
    PartnerRole.SALES,
    PartnerRole.TECHNICAL,
    PartnerRole.MARKETING,
    PartnerRole.FINANCE,
)


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody at the vendor; `regions` are paths, empty for everywhere."""

    email: str
    name: str
    role: StaffRole
    regions: tuple[str, ...] = ()
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    roles: tuple[PartnerRole, ...]

    @property
    def first_name(self) -> str:
        """In plain letters, as addresses and stories have it."""
        plain = unicodedata.normalize("NFKD", self.name.split()[0]).encode("ascii", "ignore")
        return plain.decode().lower()

    def email_at(self, domain: str) -> str:
        return f"{self.first_name}@{domain}"


@dataclass(frozen=True, slots=True)
class Company:
    """A partner. `key` is how stories call it, `since` its age in days, `currency` what it
    mostly sells in."""

    key: str
    name: str
    type: PartnerType
    status: PartnerStatus
    tier: str
    region: str
    country: str
    currency: str
    since: int
    people: tuple[Person, ...]
    time_zone: str

    @property
    def domain(self) -> str:
        return f"{self.key}.example"


EMPLOYEES = [
    Employee(
        f"mara@{VENDOR_DOMAIN}", "Mara Lindqvist", StaffRole.CHANNEL_MANAGER, ("EMEA",),
        "Europe/Stockholm",
    ),
    Employee(
        f"diego@{VENDOR_DOMAIN}", "Diego Fuentes", StaffRole.CHANNEL_MANAGER, ("AMER",),
        "America/New_York",
    ),
    Employee(
        f"hana@{VENDOR_DOMAIN}", "Hana Morikawa", StaffRole.CHANNEL_MANAGER, ("APAC",),
        "Asia/Tokyo",
    ),
    Employee(f"tomasz@{VENDOR_DOMAIN}", "Tomasz Wilk", StaffRole.OPS, (), "Europe/Warsaw"),
]  # fmt: skip
MANAGER_OF = {"EMEA": "Mara Lindqvist", "AMER": "Diego Fuentes", "APAC": "Hana Morikawa"}


def _company(
    key: str, name: str, type_: PartnerType, tier: str, place: tuple[str, str, str, str],
    since: int, people: str, status: PartnerStatus = PartnerStatus.ACTIVE,
) -> Company:  # fmt: skip
    region, country, currency, time_zone = place
    return Company(
        key, name, type_, status, tier, region, country, currency, since, _people(people), time_zone
    )


ROLES = {"a": A, "s": S, "t": T, "m": M, "f": F}


def _people(text: str) -> tuple[Person, ...]:
    """ "Katrin Vogel as, Emil Sauer t": names with the first letters of their roles."""
    named = (entry.strip().rsplit(" ", 1) for entry in text.split(","))
    return tuple(Person(name, tuple(ROLES[letter] for letter in roles)) for name, roles in named)


DE = ("EMEA.DACH", "DE", "EUR", "Europe/Berlin")
AT = ("EMEA.DACH", "AT", "EUR", "Europe/Vienna")
CH = ("EMEA.DACH", "CH", "CHF", "Europe/Zurich")
GB = ("EMEA.UKI", "GB", "GBP", "Europe/London")
IE = ("EMEA.UKI", "IE", "EUR", "Europe/Dublin")
SE = ("EMEA.NORDICS", "SE", "SEK", "Europe/Stockholm")
NO = ("EMEA.NORDICS", "NO", "NOK", "Europe/Oslo")
DK = ("EMEA.NORDICS", "DK", "DKK", "Europe/Copenhagen")
FI = ("EMEA.NORDICS", "FI", "EUR", "Europe/Helsinki")
NL = ("EMEA.BENELUX", "NL", "EUR", "Europe/Amsterdam")
BE = ("EMEA.BENELUX", "BE", "EUR", "Europe/Brussels")
ES = ("EMEA.SOUTH", "ES", "EUR", "Europe/Madrid")
IT = ("EMEA.SOUTH", "IT", "EUR", "Europe/Rome")
KW = ("EMEA.MEA", "KW", "KWD", "Asia/Kuwait")
AE = ("EMEA.MEA", "AE", "AED", "Asia/Dubai")
ZA = ("EMEA.MEA", "ZA", "ZAR", "Africa/Johannesburg")
US = ("AMER.NA", "US", "USD", "America/New_York")
CA = ("AMER.NA", "CA", "CAD", "America/Toronto")
BR = ("AMER.LATAM", "BR", "BRL", "America/Sao_Paulo")
MX = ("AMER.LATAM", "MX", "MXN", "America/Mexico_City")
JP = ("APAC.JP", "JP", "JPY", "Asia/Tokyo")
AU = ("APAC.ANZ", "AU", "AUD", "Australia/Sydney")
SG = ("APAC.SEA", "SG", "SGD", "Asia/Singapore")
IN = ("APAC.SEA", "IN", "INR", "Asia/Kolkata")

RESELLER, SI, MSP = PartnerType.RESELLER, PartnerType.SI, PartnerType.MSP
DISTRIBUTOR, ISV = PartnerType.DISTRIBUTOR, PartnerType.ISV
REFERRAL, INFLUENCER = PartnerType.REFERRAL, PartnerType.INFLUENCER

COMPANIES = [
    _company("nordlicht", "Nordlicht Systemhaus", RESELLER, "Gold", DE, 1460,
             "Jonas Brandt s, Katrin Vogel as, Emil Sauer t, Nele Harms sm"),
    _company("liffeycloud", "Liffey Cloud Partners", MSP, "Silver", IE, 890,
             "Aoife Brannigan as, Conor Tully s, Niamh Sheridan f"),
    _company("albwerk", "Albwerk IT-Integration", SI, "Gold", DE, 1210,
             "Yusuf Aydemir s, Greta Lohmann a, Bastian Kerl st"),
    _company("steinadler", "Steinadler Distribution", DISTRIBUTOR, "Platinum", AT, 2010,
             "Veronika Hofer as, Lukas Traxler s"),
    _company("uetlinet", "Uetlinet Informatik", MSP, "Silver", CH, 640,
             "Reto Zangger s, Chiara Bonetti a"),
    _company("thornbury", "Thornbury Digital", RESELLER, "Gold", GB, 1105,
             "Oliver Ashdown s, Meera Sandhu as, Tom Wickens t"),
    _company("penrose", "Penrose & Vale Consulting", SI, "Platinum", GB, 1780,
             "Harriet Vale as, Samuel Okoro s"),
    _company("norrsken", "Norrsken Data", RESELLER, "Silver", SE, 720,
             "Elsa Nyberg s, Viktor Stenmark a"),
    _company("fjordpartner", "Fjordpartner", MSP, "Gold", NO, 980,
             "Ingrid Solbakken as, Magnus Tveit s"),
    _company("havnegade", "Havnegade Software", ISV, "Registered", DK, 310,
             "Mikkel Thorup as"),
    _company("kaleva", "Kaleva Verkot", RESELLER, "Registered", FI, 205,
             "Aino Rautio s, Juhani Kekki a", PartnerStatus.AT_RISK),
    _company("polderlink", "Polderlink Automatisering", RESELLER, "Gold", NL, 1330,
             "Sanne de Wit s, Bram Hoekstra a"),
    _company("scheldt", "Scheldt Advisory", REFERRAL, "Registered", BE, 150,
             "Lien Verstraete s"),
    _company("meseta", "Meseta Integradores", SI, "Silver", ES, 560,
             "Lucía Ferrándiz s, Pablo Arnal a"),
    _company("lagoblu", "Lago Blu Informatica", RESELLER, "Silver", IT, 830,
             "Giulia Marchetti s, Davide Riva a"),
    _company("gulfspan", "Gulfspan Technologies", SI, "Gold", KW, 690,
             "Noura Almutawa as, Faisal Qasem s"),
    _company("dunegate", "Dunegate Networks", RESELLER, "Registered", AE, 95,
             "Rania Haddad s", PartnerStatus.ONBOARDING),
    _company("karooline", "Karooline Managed Services", MSP, "Silver", ZA, 515,
             "Thandi Maseko as, Pieter Lourens s"),
    _company("lakeshore", "Lakeshore Systems Group", RESELLER, "Platinum", US, 2240,
             "Rachel Denning s, Marcus Bell as, Joy Abara f"),
    _company("redmesa", "Red Mesa Security", MSP, "Gold", US, 1015,
             "Elena Cordova s, Wade Hollis a"),
    _company("maplecrest", "Maplecrest Solutions", RESELLER, "Silver", CA, 470,
             "Étienne Gagnon s, Priya Nair a"),
    _company("serraverde", "Serra Verde Tecnologia", SI, "Silver", BR, 605,
             "Camila Teixeira s, Rafael Motta a"),
    _company("sierralta", "Sierra Alta Sistemas", RESELLER, "Registered", MX, 130,
             "Ximena Robles s", PartnerStatus.SUSPENDED),
    _company("hoshikawa", "Hoshikawa Solutions", DISTRIBUTOR, "Gold", JP, 1515,
             "Kenji Aramaki s, Yui Hoshikawa a"),
    _company("bluegum", "Bluegum Technology", MSP, "Gold", AU, 925,
             "Lachlan Pryor s, Mia Tran as"),
    _company("straitworks", "Straitworks Digital", SI, "Silver", SG, 430,
             "Wei Jie Lau s, Farah Iskandar a"),
    _company("deccan", "Deccan Infotech Services", SI, "Gold", IN, 1120,
             "Ananya Kulkarni s, Vikram Setty as"),
    _company("cobaltforge", "Cobalt Forge Labs", ISV, "Registered", US, 60,
             "Dana Whitlock as", PartnerStatus.APPLICANT),
    _company("stackletter", "The Stack Letter", INFLUENCER, "Registered", GB, 240,
             "Imogen Fairley m"),
    _company("oldquay", "Old Quay Computers", RESELLER, "Registered", GB, 1900,
             "Derek Mossley s", PartnerStatus.OFFBOARDED),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignIn:
    """A named account for looking around, and what it shows."""

    email: str
    shows: str


SIGN_INS = [
    SignIn("jonas@nordlicht.example", "partner, sales: registers deals for Nordlicht Systemhaus"),
    SignIn("katrin@nordlicht.example", "partner, administrator of Nordlicht Systemhaus"),
    SignIn("emil@nordlicht.example", "partner, technical: reads deals, registers none"),
    SignIn("aoife@liffeycloud.example", "another partner (Liffey Cloud): sees none of the above"),
    SignIn(
        f"mara@{VENDOR_DOMAIN}", "vendor, channel manager for EMEA: decides what needs a person"
    ),
    SignIn(f"tomasz@{VENDOR_DOMAIN}", "vendor, partner operations: rules, settings, all regions"),
]
