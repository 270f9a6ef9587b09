"""The one shape of everything the API refuses (RFC 9457, application/problem+json)."""

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

CONTENT_TYPE = "application/problem+json"


def problem_body(
    status: int, code: str, detail: str, errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """`code` is a stable word for programs, `detail` a sentence for people, `errors` the
    sentences by field, with a dotted path for a field inside another."""
    body: dict[str, Any] = {
        "type": f"urn:prm:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors is not None:
        body["errors"] = errors
    return body


def problem(status: int, code: str, detail: str) -> JsonResponse:
    """For what is refused before or outside Django REST framework."""
    return JsonResponse(
        problem_body(status, code, detail), status=status, content_type=CONTENT_TYPE
    )
