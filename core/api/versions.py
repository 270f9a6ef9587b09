"""Things that carry a version: how the API shows one and changes what its caller has read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from core.actor import Actor
from core.api.conditions import IF_MATCH, etag_of, version_read
from core.api.permissions import actor_of
from core.api.refusals import Conflict, PreconditionFailed


class Versioned(Protocol):
    """A row whose version grows with each change."""

    version: int


Thing = TypeVar("Thing", bound=Versioned)
Done = TypeVar("Done")
Endpoint = TypeVar("Endpoint", bound=Callable[..., Response])
Output = type[serializers.BaseSerializer[Any]]


@dataclass(frozen=True, slots=True)
class VersionedKind(Generic[Thing]):
    """One kind of thing; `summary` is what who has read an older version is told of the newer.

    `read` raises Http404 for what is not the actor's, `require_writer` PermissionDenied;
    `refused` and `stale` are what the kind's services raise.
    """

    read: Callable[[Actor, int], Thing]
    require_writer: Callable[[Actor, Thing], object]
    output: Output
    summary: Output
    refused: type[Exception]
    stale: type[Exception]

    def described(
        self, operation_id: str, request: type[serializers.Serializer[Any]] | None = None
    ) -> Callable[[Endpoint], Endpoint]:
        """The API's description of a method that changes such a thing and answers with it."""
        decorate: Callable[[Endpoint], Endpoint] = extend_schema(
            operation_id=operation_id,
            request=request,
            responses=self.output,
            parameters=[IF_MATCH],
        )
        return decorate

    def shown(self, request: Request, key: int, code: int = status.HTTP_200_OK) -> Response:
        thing = self.read(actor_of(request), key)
        headers = {"ETag": etag_of(thing.version)}
        return Response(self.output(thing).data, status=code, headers=headers)

    def change(
        self,
        request: Request,
        key: int,
        body_kind: type[serializers.Serializer[Any]],
        act: Callable[[Any, int], Done],
    ) -> Done:
        """Calls `act` with the checked body and the version that was read; returns its result.

        Raises PreconditionRequired, PreconditionFailed with the newer values, Conflict with the
        service's refusal, ValidationError.
        """
        actor = actor_of(request)
        self.require_writer(actor, self.read(actor, key))
        version = version_read(request)
        body = body_kind(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            return act(body, version)
        except self.stale as stale:
            now = self.read(actor, key)
            raise PreconditionFailed(self.summary(now).data, etag_of(now.version)) from stale
        except self.refused as refused:
            raise Conflict(str(refused)) from refused
