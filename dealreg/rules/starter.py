"""The rules of engagement that a new portal starts with; ops publish their own later."""

from typing import Any

STARTER_TITLE = "Starter rules"

STARTER_RULES: list[dict[str, Any]] = [
    {
        "code": "partner-not-active",
        "outcome": "decline",
        "conditions": {"all": [{"fact": "partner.in_business", "is": False}]},
        "message": "Only active partners can register deals. Your channel manager can tell you "
        "what is missing before your company is active.",
        "reason": "other",
    },
    {
        "code": "tender-without-consent",
        "outcome": "decline",
        "conditions": {
            "all": [
                {"fact": "deal.public_sector", "is": True},
                {"fact": "deal.customer_consent", "is": False},
            ]
        },
        "message": "A public-sector tender can be registered only when the customer has agreed "
        "to it. Ask the customer, then register again.",
        "reason": "not_qualified",
    },
    {
        "code": "own-earlier-registration",
        "outcome": "review",
        "conditions": {"all": [{"fact": "conflict.own_open", "is": True}]},
        "message": "Your company already has an open registration for this customer and product "
        "line. A channel manager checks whether this is a second opportunity.",
    },
    # One rule and one answer, whoever is at work: partners learn neither whom nor what we sell.
    {
        "code": "possible-conflict",
        "outcome": "review",
        "conditions": {
            "any": [
                {"fact": "conflict.level", "in": ["possible", "likely", "same"]},
                {"fact": "conflict.customer_level", "in": ["possible", "likely", "same"]},
                {"fact": "conflict.direct_level", "in": ["possible", "likely", "same"]},
            ]
        },
        "message": "We may already be working with this customer, so a channel manager looks at "
        "your registration before it is decided.",
    },
    {
        "code": "too-many-open",
        "outcome": "review",
        "conditions": {"all": [{"fact": "partner.over_registration_limit", "is": True}]},
        "message": "Your company has as many open registrations as the $tier tier may have at a "
        "time, so a channel manager looks at this one. Close or withdraw what is over.",
    },
    {
        "code": "over-tier-limit",
        "outcome": "review",
        "conditions": {"all": [{"fact": "deal.over_tier_limit", "is": True}]},
        "message": "The amount is above what is approved automatically for the $tier tier "
        "($limit), so a channel manager decides.",
    },
    {
        "code": "approve",
        "outcome": "approve",
        "conditions": {},
        "message": "Your registration meets the rules of engagement. $customer is protected "
        "for your company for $days days.",
    },
]
