"""Two-tier distribution for programs: who works with whom."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from partners.forms.distribution import DOMAIN, LONGEST
from partners.models import DistributionLink
from partners.queries import distribution
from partners.rules.distribution import LinkState, Side
from partners.services import distribution as services
from partners.services.distribution import DistributionRefused, TooManyProposals


class ProposalInput(serializers.Serializer[Any]):
    domain = serializers.RegexField(
        DOMAIN, max_length=253, help_text="The web domain of the other company, in lower case."
    )
    note = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, default="")


class ReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST, help_text="Both companies read it.")


class LinkOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    side = serializers.ChoiceField(choices=Side.choices, help_text="On which side you are.")
    other = serializers.CharField(
        help_text="The other company; the domain you typed until it has accepted."
    )
    state = serializers.ChoiceField(choices=LinkState.choices)
    region = serializers.CharField(allow_null=True, help_text="Null: everywhere.")
    answer_until = serializers.DateTimeField(allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    can = serializers.ListField(child=serializers.CharField(), help_text="What you may do now.")


def link_output(one: distribution.LinkSeen) -> dict[str, Any]:
    link = one.link
    return {
        "id": link.pk,
        "side": one.side,
        "other": one.other,
        "state": link.state,
        "region": link.region.path if link.region else None,
        "answer_until": link.answer_until,
        "starts_on": link.starts_on,
        "ends_on": link.ends_on,
        "note": link.note,
        "reason": link.reason,
        "can": sorted(verb.value for verb in one.verbs),
    }


class DistributionLinks(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "distribution:read", "POST": "distribution:write"}

    @extend_schema(operation_id="distribution_list", responses=LinkOutput(many=True))
    def get(self, request: Request) -> Response:
        """Your distributors or resellers: all that is open, and the 20 newest of what is past."""
        found = [link_output(one) for one in distribution.links(actor_of(request))]
        return Response(LinkOutput(found, many=True).data)

    @extend_schema(
        operation_id="distribution_propose", request=ProposalInput, responses={201: LinkOutput}
    )
    def post(self, request: Request) -> Response:
        """Asks the company at a domain. Whether it leads to a partner, nobody learns."""
        actor = actor_of(request)
        distribution.require_may_arrange(actor)
        body = ProposalInput(data=request.data)
        body.is_valid(raise_exception=True)
        link = answered(lambda: services.propose_distribution(actor=actor, **body.validated_data))
        return shown(request, link.pk, status.HTTP_201_CREATED)


class Saying(APIView):
    """What one side says of a relation."""

    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "distribution:write"}


class DistributionAccept(Saying):
    @extend_schema(operation_id="distribution_accept", request=None, responses=LinkOutput)
    def post(self, request: Request, link_id: int) -> Response:
        """Agrees to what the other company proposed; it counts from today on."""
        actor = actor_of(request)
        answered(lambda: services.accept_distribution(actor=actor, link_id=link_id))
        return shown(request, link_id)


class DistributionDecline(Saying):
    @extend_schema(operation_id="distribution_decline", request=None, responses=LinkOutput)
    def post(self, request: Request, link_id: int) -> Response:
        """Declines what the other company proposed."""
        actor = actor_of(request)
        answered(lambda: services.decline_distribution(actor=actor, link_id=link_id))
        return shown(request, link_id)


class DistributionWithdraw(Saying):
    @extend_schema(operation_id="distribution_withdraw", request=None, responses=LinkOutput)
    def post(self, request: Request, link_id: int) -> Response:
        """Takes your own proposal back."""
        actor = actor_of(request)
        answered(lambda: services.withdraw_distribution(actor=actor, link_id=link_id))
        return shown(request, link_id)


class DistributionEnd(Saying):
    @extend_schema(operation_id="distribution_end", request=ReasonInput, responses=LinkOutput)
    def post(self, request: Request, link_id: int) -> Response:
        """Ends the relation at once, with a reason."""
        actor = actor_of(request)
        distribution.link_for_reading(actor, link_id)
        distribution.require_may_arrange(actor)
        body = ReasonInput(data=request.data)
        body.is_valid(raise_exception=True)
        reason = body.validated_data["reason"]
        answered(lambda: services.end_distribution(actor=actor, link_id=link_id, reason=reason))
        return shown(request, link_id)


def shown(request: Request, link_id: int, code: int = status.HTTP_200_OK) -> Response:
    actor = actor_of(request)
    one = distribution.seen(actor, distribution.link_for_reading(actor, link_id))
    return Response(LinkOutput(link_output(one)).data, status=code)


def answered(act: Callable[[], DistributionLink]) -> DistributionLink:
    """What the act answers; its refusals in the words of the API."""
    try:
        return act()
    except DistributionRefused as refused:
        raise Conflict(str(refused)) from refused
    except TooManyProposals as many:
        raise Throttled(wait=many.seconds_left) from many
