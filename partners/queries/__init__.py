"""Reads about partners, by noun; here are those that the apps above ask most."""

from partners.models import in_regions
from partners.queries.actors import actor_after_merge, actor_for
from partners.queries.benefits import Entitlements, entitlements
from partners.queries.organisations import (
    PartnerCard,
    is_in_business,
    partner_at,
    partner_card,
    partners_called,
    region_of,
)
from partners.queries.people import administrators_of, people_of, sellers_of
from partners.queries.record import territories_of
from partners.queries.regions import calendar_of, containing, policy_of
from partners.queries.rights import registration_rights
from partners.queries.rollouts import feature_on, policies_off, tried_out
from partners.queries.staff import managers_of, nearest_managers, staff_for
from partners.queries.tiers import entry_tier

__all__ = [
    "Entitlements",
    "PartnerCard",
    "actor_after_merge",
    "actor_for",
    "administrators_of",
    "calendar_of",
    "containing",
    "entitlements",
    "entry_tier",
    "feature_on",
    "in_regions",
    "is_in_business",
    "managers_of",
    "nearest_managers",
    "partner_at",
    "partner_card",
    "partners_called",
    "people_of",
    "policies_off",
    "policy_of",
    "region_of",
    "registration_rights",
    "sellers_of",
    "staff_for",
    "territories_of",
    "tried_out",
]
