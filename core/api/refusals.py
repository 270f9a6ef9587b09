"""What an endpoint may raise besides Django REST framework's own exceptions."""

from collections.abc import Mapping
from typing import Any

from rest_framework import exceptions, status


class Conflict(exceptions.APIException):
    """The request is fine but what it is about has changed meanwhile, or was sent before."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "The thing has changed meanwhile."
    default_code = "conflict"


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request is too large."
    default_code = "too_large"


class PreconditionRequired(exceptions.APIException):
    """Whoever changes a thing says which state of it they have read (RFC 6585)."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Send If-Match with the ETag that you read."
    default_code = "precondition_required"


class PreconditionFailed(exceptions.APIException):
    """The thing has changed since it was read. `current` is how it stands now."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "It has changed since you read it; current holds the newer values."
    default_code = "precondition_failed"

    def __init__(self, current: Mapping[str, Any], etag: str) -> None:
        super().__init__()
        self.current = current
        self.etag = etag
