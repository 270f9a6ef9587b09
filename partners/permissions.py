"""Who may see and change partners and the programme in the back office."""

from core.permissions import find_actors_with, grant, grant_one, on_duty, operations
from partners.queries.actors import actor_for

find_actors_with(actor_for)

grant_one("partners", on_duty)
grant("partners", ["partner", "membership", "region", "tier", "partnerdomain"], ["view"], on_duty)
grant("partners", ["partner", "membership"], ["add", "change"], operations)
OF_REGIONS = ["regioncalendar", "holiday", "regionpolicy"]
grant("partners", OF_REGIONS, ["view"], on_duty)
grant("partners", OF_REGIONS, ["add", "change", "delete"], operations)
grant("partners", ["directoryprofile"], ["view"], on_duty)
grant("partners", ["directoryprofile"], ["change"], operations)
grant("partners", ["distributionlink", "distributionpolicy"], ["view"], on_duty)
grant("partners", ["distributionlink"], ["add", "change"], operations)
grant("partners", ["distributionpolicy"], ["add", "change", "delete"], operations)
grant("partners", ["invitation", "offboarding", "visit"], ["view"], on_duty)
grant("partners", ["offboarding"], ["add"], operations)
grant("partners", ["region", "tier"], ["add", "change", "delete"], operations)
grant("partners", ["staffduty"], ["view", "add", "delete"], operations)

RECORD = ["focus", "partnercontact", "rollout", "typeplaybook"]
RECORD += ["triedregionpolicy", "trieddistributionpolicy"]
grant("partners", [*RECORD, "partnernote"], ["view"], on_duty)
grant("partners", RECORD, ["add", "change", "delete"], operations)
grant("partners", ["partnernote", "partnerdocument"], ["add"], on_duty)
grant("partners", ["partnerdocument"], ["view"], on_duty)
grant("partners", ["partnerdocument"], ["change"], operations)

grant("partners", ["partnerpair", "partnermerge"], ["view"], operations)

TIERING = [
    "benefitcatalogue",
    "idealprofile",
    "partnerfit",
    "fitrun",
    "tierprogramme",
    "tierproposal",
    "tierexception",
    "tierrun",
    "tierassessment",
    "tierschedule",
    "measurevalue",
]
grant("partners", TIERING, ["view"], on_duty)
grant("partners", ["tierexception", "measurevalue"], ["add"], operations)
grant("partners", ["tierschedule"], ["add", "change", "delete"], operations)
grant("partners", ["todo", "jointplan", "swotpoint"], ["view"], on_duty)
grant("partners", ["quarterlyreview", "reviewpack", "reviewtemplate"], ["view"], on_duty)
grant("partners", ["reviewtemplate"], ["add", "change", "delete"], operations)
