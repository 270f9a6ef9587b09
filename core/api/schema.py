"""What the OpenAPI document says about every endpoint: tokens, and what a refusal looks like."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from core.api.problems import CONTENT_TYPE

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `type` names the kind for programs, `detail` tells it to people.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:prm:problem:invalid"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Sentences by field; a field inside another has a dotted path.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
REFUSALS = {
    "400": "The request is malformed, or some values are not accepted.",
    "401": "No valid token.",
    "403": "The token's owner may not do this, or the token lacks the scope.",
    "404": "There is nothing here that the token's owner may see.",
    "405": "The method is not offered here.",
    "406": "Only JSON is offered.",
    "409": "It was changed or sent before, or is being worked on under the same key.",
    "412": "It has changed since it was read; `current` holds the newer values.",
    "413": "The body is too large.",
    "415": "Only JSON is read.",
    "422": "The Idempotency-Key was sent with another request before.",
    "428": "The change needs If-Match with the ETag that was read.",
    "429": "Too many calls in this minute; Retry-After says when to go on.",
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "core.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "Made by `manage.py create_api_token --user EMAIL`.",
        }


def add_problems(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Adds the shared refusals to every operation."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for methods in result["paths"].values():
        for operation in methods.values():
            if isinstance(operation, dict) and "responses" in operation:
                for status, description in REFUSALS.items():
                    told = {"description": description, "content": content}
                    operation["responses"].setdefault(status, told)
    return result
