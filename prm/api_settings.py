"""How the API answers, and how it is described to programs."""

from typing import Any

API: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.authentication.TokenAuthentication",
        "core.api.authentication.SessionAuthentication",
    ],
    # Both fail closed: an endpoint that names no scopes takes no tokens.
    "DEFAULT_PERMISSION_CLASSES": [
        "core.api.permissions.SignedInActor",
        "core.api.permissions.RequireScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.CallerThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.errors.problem_response",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

API_SCHEMA: dict[str, Any] = {
    "TITLE": "Partner Hub API",
    "VERSION": "1",
    "DESCRIPTION": "Register deals, read their decisions, and share them with other partners.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["core.api.permissions.SignedInActor"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "AUTHENTICATION_WHITELIST": ["core.api.authentication.TokenAuthentication"],
    "COMPONENT_SPLIT_REQUEST": True,
    # Fields of one name with different values in several answers.
    "ENUM_NAME_OVERRIDES": {
        "DealStatusEnum": "dealreg.rules.states.DealStatus.choices",
        "OutcomeEnum": "dealreg.rules.states.Outcome.choices",
        "CaseStatusEnum": "dealreg.rules.cases.CaseStatus.choices",
        "SideOutcomeEnum": "dealreg.rules.cases.SideOutcome.choices",
        "EndorsementEnum": "dealreg.rules.distribution.Endorsement.choices",
        "LeadStateEnum": "dealreg.rules.leads.LeadState.choices",
        "LinkStateEnum": "partners.rules.distribution.LinkState.choices",
        "SplitStatusEnum": "dealreg.rules.splits.SplitStatus.choices",
        "ReviewStatusEnum": "partners.rules.reviews.ReviewStatus.choices",
        "PlanStatusEnum": "partners.rules.plans.PlanStatus.choices",
        "PlanSideEnum": "partners.rules.plans.Side.choices",
        "ContactRoleEnum": "partners.rules.record.ContactRole.choices",
        "SplitRoleEnum": "dealreg.rules.splits.SplitRole.choices",
        "CostKindEnum": "partners.rules.profit.CostKind.choices",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.add_problems",
    ],
}
