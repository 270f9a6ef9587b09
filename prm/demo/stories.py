"""The deals of the example whose story somebody wrote; prm/demo/background.py makes the rest."""

from dataclasses import dataclass
from decimal import Decimal

from dealreg.rules.states import DealStage, DeclineReason

BACKUP, DATA, ENDPOINT = "cloud-backup", "data-platform", "endpoint-security"
IDENTITY, NETWORK = "identity", "network-insight"


@dataclass(frozen=True, slots=True)
class Approval:
    """A channel manager approves, that many days after the registration."""

    after: float
    note: str


@dataclass(frozen=True, slots=True)
class Refusal:
    after: float
    reason: DeclineReason
    message: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    after: float
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """The sale moved on; `amount` is what a won deal closed at."""

    after: float
    stage: DealStage
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What one person registered and what became of it.

    `days_ago` is the registration's age, `close_in` the expected order's distance from it, in
    days. Whether rules approve, decline or ask a person is not said here: the rules say it.
    """

    company: str
    person: str
    customer: str
    line: str
    amount: int
    days_ago: float
    close_in: int
    description: str
    public_sector: bool = False
    consent: bool = False
    review: Approval | Refusal | None = None
    withdrawal: Withdrawal | None = None
    sale: tuple[Step, ...] = ()
    next_step: str = ""
    probability: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far; empty fields are still empty."""

    company: str
    person: str
    customer: str
    days_ago: float
    line: str = ""
    amount: int = 0
    close_in: int = 0
    description: str = ""


def _engaging(after: float) -> Step:
    return Step(after, DealStage.ENGAGING)


def _proposal(after: float) -> Step:
    return Step(after, DealStage.PROPOSAL)


def _negotiation(after: float) -> Step:
    return Step(after, DealStage.NEGOTIATION)


def _won(after: float, amount: int) -> Step:
    return Step(after, DealStage.WON, Decimal(amount))


def _lost(after: float) -> Step:
    return Step(after, DealStage.LOST)


WAITING = [
    Story(
        "nordlicht", "jonas", "weserstahl", ENDPOINT, 348_000, 0.09, 75,
        "Rollout to three mills, 4,100 seats. The CISO wants an offer before the works council "
        "meets; proof of concept ran in Bremen for four weeks.",
    ),
    Story(
        "nordlicht", "nele", "brocken", IDENTITY, 64_500, 0.3, 60,
        "Second opportunity at Brocken: the claims subsidiary buys on its own budget.",
    ),
    Story(
        "hoshikawa", "kenji", "minatoprecision", DATA, 48_000_000, 0.8, 110,
        "Plant data from six sites into one platform. Budget approved for this fiscal year.",
    ),
    Story(
        "albwerk", "yusuf", "hansaport", BACKUP, 92_000, 1.2, 45,
        "We run Hansaport's data centre and were asked to replace the tape library.",
    ),
    Story(
        "gulfspan", "noura", "failakabank", DATA, 92_500, 2.1, 90,
        "Regulatory reporting on one platform; the central bank's deadline is in two quarters.",
    ),
    Story(
        "thornbury", "oliver", "quaymutual", IDENTITY, 118_000, 3.2, 50,
        "The broker portal needs single sign-on. We met the new head of IT last week, who says "
        "nobody has been in touch since spring.",
    ),
    Story(
        "havnegade", "mikkel", "fjordline-dk", DATA, 155_000, 5.4, 80,
        "Freight documents from our own application into Data Platform. The Danish company buys "
        "for itself.",
    ),
    Story(
        "lakeshore", "rachel", "harborlight", ENDPOINT, 780_000, 8.3, 100,
        "Nine hospitals, 11,500 devices. Replacement of the present product, whose support ends "
        "in spring. Steering committee on our side already meets weekly.",
    ),
]  # fmt: skip

NORDLICHT = [
    Story(
        "nordlicht", "jonas", "landkreis-osterau", BACKUP, 41_200, 3.4, 70,
        "Tender for the district's offices; the buyer asked us to register.",
        public_sector=True, consent=True,
    ),
    Story(
        "nordlicht", "jonas", "hansaport", BACKUP, 87_900, 19.5, 60,
        "Replacement of tape backup in Hamburg and Bremerhaven, 140 TB.",
        sale=(_engaging(5), _proposal(14)),
        next_step="Walk through the offer with the head of IT",
    ),
    Story(
        "nordlicht", "katrin", "brocken", IDENTITY, 132_000, 41, 120,
        "Single sign-on for 3,000 employees and the agents' portal.",
        sale=(_engaging(9), _proposal(21), _negotiation(35)), probability=60,
        next_step="Purchasing sends its comments on the contract",
    ),
    Story(
        "nordlicht", "jonas", "bahnhofsapotheken", NETWORK, 18_600, 52, 40,
        "Monitoring of 61 branches.", sale=(_engaging(3), _won(38, 17_950)),
    ),
    Story(
        "nordlicht", "jonas", "stadtwerke-elmsund", DATA, 96_000, 61, 150,
        "The same tender, now with the municipal utility's written consent.",
        public_sector=True, consent=True, sale=(_engaging(14), _proposal(40)),
    ),
    Story(
        "nordlicht", "jonas", "stadtwerke-elmsund", DATA, 96_000, 66, 150,
        "Meter data platform, public tender expected in autumn.", public_sector=True,
    ),
    Story(
        "nordlicht", "nele", "wattkraft", IDENTITY, 54_000, 71, 60,
        "Access for technicians on 80 turbines.",
        review=Refusal(
            0.9, DeclineReason.PROTECTED,
            "Another partner has been preparing this with Wattkraft since last month. Tell me if "
            "the customer asks for you by name.",
        ),
    ),
    Story(
        "nordlicht", "katrin", "rheinfaden", NETWORK, 215_000, 79.5, 90,
        "Network insight for two weaving mills, with managed operation for three years.",
        review=Approval(
            1.3, "Approved. Please bring our solution architect in before the second workshop."
        ),
        sale=(_engaging(11), _proposal(30), _negotiation(58)),
        next_step="Sign in Wuppertal",
    ),
    Story(
        "nordlicht", "jonas", "morgentau", BACKUP, 12_400, 104, 60,
        "Cooperative wants backup outside its own building.",
    ),
    Story(
        "nordlicht", "nele", "kornblume", DATA, 149_000, 121, 90,
        "Till data from 212 shops.",
        withdrawal=Withdrawal(12, "Kornblume moved the project to next year."),
    ),
    Story(
        "nordlicht", "katrin", "lindenau", ENDPOINT, 91_000, 152, 80,
        "1,900 devices in three buildings; data protection officer involved.",
        sale=(_engaging(8), _won(67, 86_400)),
    ),
    Story(
        "nordlicht", "jonas", "optikwerk", NETWORK, 23_800, 188, 60,
        "Monitoring of a new clean-room line.", sale=(_engaging(6), _lost(49)),
    ),
    Story(
        "nordlicht", "jonas", "weserstahl", BACKUP, 168_500, 236, 100,
        "Backup of production control in Bremen.", sale=(_engaging(12), _won(94, 171_250)),
    ),
]  # fmt: skip

LIFFEY = [
    Story(
        "liffeycloud", "aoife", "burrenmedical", ENDPOINT, 58_700, 9.2, 60,
        "Managed endpoint security for the Galway plant.",
    ),
    Story(
        "liffeycloud", "conor", "corribfoods", DATA, 112_000, 33, 90,
        "Traceability from dairy to shelf.",
        review=Refusal(
            2.2, DeclineReason.NOT_QUALIFIED,
            "There is no named buyer yet. Please register again once Corrib has a budget.",
        ),
    ),
    Story(
        "liffeycloud", "aoife", "shannonaero", BACKUP, 31_500, 140, 50,
        "Lease documents, seven years' retention.", sale=(_engaging(4), _won(41, 31_500)),
    ),
    Story(
        "liffeycloud", "conor", "slaneybank", IDENTITY, 9_800, 84, 45,
        "Two-factor sign-in for branch staff.", sale=(_engaging(10),),
    ),
]  # fmt: skip

OTHERS = [
    Story(
        "albwerk", "yusuf", "wattkraft", IDENTITY, 72_000, 98, 120,
        "Role model and access for 740 people offshore and on land.", sale=(_engaging(20),),
    ),
    Story(
        "penrose", "harriet", "quaymutual", IDENTITY, 240_000, 133, 150,
        "Identity for employees and 400 brokers; first workshop done.",
        sale=(_engaging(15), _proposal(60)),
    ),
    Story(
        "fjordpartner", "ingrid", "fjordline", DATA, 1_650_000, 47, 100,
        "Fleet telemetry of 38 ships.", sale=(_engaging(7), _proposal(24), _negotiation(40)),
    ),
    Story(
        "dunegate", "rania", "palmretail", NETWORK, 88_000, 16, 60,
        "Monitoring for the new mall; our onboarding is nearly done.",
    ),
    Story(
        "sierralta", "ximena", "cementosmixtec", BACKUP, 410_000, 27, 80,
        "Backup for two plants.",
    ),
    Story(
        "lakeshore", "marcus", "ironridge", DATA, 412_000, 74, 120,
        "Rolling-mill telemetry, 14 lines.", sale=(_engaging(10),),
    ),
]  # fmt: skip

STORIES = [*WAITING, *NORDLICHT, *LIFFEY, *OTHERS]

DRAFTS = [
    Draft("nordlicht", "jonas", "druckhaus-elbe", 0.7, ENDPOINT, 14_900, 60,
          "190 seats; the managing director asks for three years."),
    Draft("nordlicht", "nele", "zahnrad-huber", 4.2, NETWORK),
    Draft("liffeycloud", "aoife", "slaneybank", 2.6, BACKUP, 6_400, 30),
    Draft("thornbury", "meera", "ashgrove", 1.9, DATA),
    Draft("lakeshore", "rachel", "granitefed", 6.1, IDENTITY, 44_000, 75),
    Draft("bluegum", "lachlan", "redgumwines", 11.3),
]  # fmt: skip
