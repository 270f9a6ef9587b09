"""Turns every exception of the API into one shape."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as ModelValidationError
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from core.api.problems import CONTENT_TYPE, problem_body
from core.api.refusals import PreconditionFailed


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The answer to `error`; None for what is our own fault, which ends as a plain 500."""
    if isinstance(error, ModelValidationError):
        error = exceptions.ValidationError(by_field(error))
    response = exception_handler(error, dict(context))
    if response is None:
        return None
    response.data = body_of(error, response)
    response.content_type = CONTENT_TYPE
    if isinstance(error, PreconditionFailed):
        response.data["current"] = error.current
        response["ETag"] = error.etag
    return response


def by_field(error: ModelValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {api_settings.NON_FIELD_ERRORS_KEY: error.messages}
    whole = api_settings.NON_FIELD_ERRORS_KEY
    return {
        whole if name == NON_FIELD_ERRORS else name: messages
        for name, messages in error.message_dict.items()
    }


def body_of(error: Exception, response: Response) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        errors: dict[str, list[str]] = {}
        for field, message in flattened(error.detail):
            errors.setdefault(field, []).append(message)
        detail = _("Some of the values are not accepted; errors says which.")
        return problem_body(response.status_code, "invalid", detail, errors)
    if isinstance(error, exceptions.APIException):
        code = error.get_codes()
        word = code if isinstance(code, str) else error.default_code
        return problem_body(response.status_code, word, str(error.detail))
    # Http404 and PermissionDenied of Django, whose own words may tell what exists.
    if response.status_code == status.HTTP_404_NOT_FOUND:
        return problem_body(404, "not_found", _("There is nothing here that you may see."))
    return problem_body(response.status_code, "permission_denied", _("You may not do this."))


def flattened(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every message with the dotted path of its field."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = name == api_settings.NON_FIELD_ERRORS_KEY
            here = path if whole and path else f"{path}.{name}" if path else str(name)
            yield from flattened(inner, here)
    elif isinstance(detail, (list, tuple)):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (Mapping, list, tuple))
            yield from flattened(inner, f"{path}.{index}" if nested and path else path)
    else:
        yield path or api_settings.NON_FIELD_ERRORS_KEY, str(detail)
