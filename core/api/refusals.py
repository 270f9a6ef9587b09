"""What an endpoint may raise besides Django REST framework's own exceptions."""

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
