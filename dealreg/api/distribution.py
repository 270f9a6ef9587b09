"""Deals that run through a distributor, for the distributor's programs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.listing import CURSOR, PAGE_SIZE, ListOutput, NewestFirstBySize, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from dealreg import distributed, distribution_access, services
from dealreg.distribution_forms import LONGEST_NOTE
from dealreg.models import Deal
from dealreg.rules.distribution import Endorsement
from dealreg.rules.states import DealStatus

WAITING = OpenApiParameter("waiting", bool, description="Only what waits for your endorsement.")


class EndorseInput(serializers.Serializer[Any]):
    note = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True, default=""
    )


class RefuseInput(serializers.Serializer[Any]):
    note = serializers.CharField(
        max_length=LONGEST_NOTE, help_text="The reseller and the vendor read it."
    )


class DistributedDealOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="deal_id")
    reference = serializers.CharField()
    reseller = serializers.CharField()
    product_line = serializers.CharField()
    status = serializers.ChoiceField(choices=DealStatus.choices)
    submitted_at = serializers.DateTimeField(allow_null=True)
    customer = serializers.CharField(help_text="Empty where it is not shown to distributors.")
    country = serializers.CharField()
    amount = serializers.DecimalField(
        max_digits=18,
        decimal_places=3,
        allow_null=True,
        source="amount.amount",
        default=None,
        help_text="Null where it is not shown to distributors.",
    )
    currency = serializers.CharField(source="amount.currency", default="")
    expected_close = serializers.DateField(allow_null=True)
    endorsement = serializers.ChoiceField(choices=Endorsement.choices)
    answer_until = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()


class DistributedListOutput(ListOutput):
    results = DistributedDealOutput(many=True)


class NewestDealFirst(NewestFirstBySize):
    ordering = "-deal_id"


class DistributedDeals(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "distribution:read"}

    @extend_schema(
        operation_id="distributed_deals_list",
        responses=DistributedListOutput,
        parameters=[WAITING, CURSOR, PAGE_SIZE],
    )
    def get(self, request: Request) -> Response:
        """What your resellers registered through your company, newest first."""
        actor = actor_of(request)
        waiting = request.query_params.get("waiting", "").lower() in {"1", "true", "yes"}
        return page_of(
            request,
            distributed.routes(actor, waiting=waiting),
            DistributedDealOutput,
            shown=partial(distributed.shown, actor),
            order=NewestDealFirst,
        )


class DistributedDealDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "distribution:read"}

    @extend_schema(operation_id="distributed_deals_read", responses=DistributedDealOutput)
    def get(self, request: Request, deal_id: int) -> Response:
        """One of them, with no more than the region of the reseller shows you."""
        return shown(request, deal_id)


class Answering(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "distribution:write"}

    def answer(
        self,
        request: Request,
        deal_id: int,
        body: "type[serializers.Serializer[Any]]",
        act: Callable[..., Deal],
    ) -> Response:
        actor = actor_of(request)
        distribution_access.route_for_reading(actor, deal_id)
        distribution_access.require_may_endorse(actor)
        given = body(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            act(actor=actor, deal_id=deal_id, note=given.validated_data["note"])
        except services.EndorsementReasonMissing as missing:
            raise ValidationError({"note": [str(missing)]}) from missing
        except services.EndorsementIsOver as over:
            raise Conflict("It no longer waits for you.") from over
        return shown(request, deal_id)


class DistributedEndorse(Answering):
    @extend_schema(
        operation_id="distributed_deals_endorse",
        request=EndorseInput,
        responses=DistributedDealOutput,
    )
    def post(self, request: Request, deal_id: int) -> Response:
        """Endorses the registration; the rules of engagement decide now."""
        return self.answer(request, deal_id, EndorseInput, services.endorse_deal)


class DistributedRefuse(Answering):
    @extend_schema(
        operation_id="distributed_deals_refuse",
        request=RefuseInput,
        responses=DistributedDealOutput,
    )
    def post(self, request: Request, deal_id: int) -> Response:
        """Does not endorse it, and says why; nothing is approved then without a person."""
        return self.answer(request, deal_id, RefuseInput, services.refuse_endorsement)


def shown(request: Request, deal_id: int) -> Response:
    return Response(
        DistributedDealOutput(distributed.distributed_deal(actor_of(request), deal_id)).data
    )
