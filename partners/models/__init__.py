from partners.models.benefits import BenefitCatalogue, BenefitGrant
from partners.models.calendars import Holiday, RegionCalendar
from partners.models.company import PartnerDocument, PartnerProfile, TypePlaybook
from partners.models.costs import PartnerCost
from partners.models.directory import DirectoryProfile
from partners.models.distribution import DistributionLink, DistributionPolicy
from partners.models.fit import (
    FitAnswer,
    FitMove,
    FitRun,
    IdealCriterion,
    IdealProfile,
    PartnerFit,
)
from partners.models.lifecycle import Offboarding, OffboardingStep, StatusMove
from partners.models.measure_values import MeasureValue
from partners.models.merging import PartnerKey, PartnerMerge, PartnerPair, all_of_it
from partners.models.organisations import (
    STAFF_ROLES,
    Membership,
    Partner,
    PartnerDomain,
    PartnerQuerySet,
    Region,
    StaffDuty,
    Tier,
    in_regions,
)
from partners.models.people import Invitation, Visit
from partners.models.plans import JointPlan, PlanActivity, PlanComment, PlanGoal
from partners.models.policies import RegionPolicy
from partners.models.record import (
    Focus,
    PartnerContact,
    PartnerFocus,
    PartnerNote,
    PartnerTerritory,
)
from partners.models.reviews import QuarterlyReview, ReviewPack, ReviewTemplate
from partners.models.rollouts import RollOut
from partners.models.standing import (
    TierAssessment,
    TierException,
    TierProposal,
    TierStanding,
    TierStay,
)
from partners.models.swot import Swot, SwotPoint
from partners.models.tier_runs import TierMove, TierRun, TierSchedule
from partners.models.tiering import TierLevel, TierProgramme, TierRequirement, TierScore
from partners.models.todos import Todo
from partners.models.trials import TriedDistributionPolicy, TriedRegionPolicy

__all__ = [
    "STAFF_ROLES",
    "BenefitCatalogue",
    "BenefitGrant",
    "DirectoryProfile",
    "DistributionLink",
    "DistributionPolicy",
    "FitAnswer",
    "FitMove",
    "FitRun",
    "Focus",
    "Holiday",
    "IdealCriterion",
    "IdealProfile",
    "Invitation",
    "JointPlan",
    "MeasureValue",
    "Membership",
    "Offboarding",
    "OffboardingStep",
    "Partner",
    "PartnerContact",
    "PartnerCost",
    "PartnerDocument",
    "PartnerDomain",
    "PartnerFit",
    "PartnerFocus",
    "PartnerKey",
    "PartnerMerge",
    "PartnerNote",
    "PartnerPair",
    "PartnerProfile",
    "PartnerQuerySet",
    "PartnerTerritory",
    "PlanActivity",
    "PlanComment",
    "PlanGoal",
    "QuarterlyReview",
    "Region",
    "RegionCalendar",
    "RegionPolicy",
    "ReviewPack",
    "ReviewTemplate",
    "RollOut",
    "StaffDuty",
    "StatusMove",
    "Swot",
    "SwotPoint",
    "Tier",
    "TierAssessment",
    "TierException",
    "TierLevel",
    "TierMove",
    "TierProgramme",
    "TierProposal",
    "TierRequirement",
    "TierRun",
    "TierSchedule",
    "TierScore",
    "TierStanding",
    "TierStay",
    "Todo",
    "TriedDistributionPolicy",
    "TriedRegionPolicy",
    "TypePlaybook",
    "Visit",
    "all_of_it",
    "in_regions",
]
