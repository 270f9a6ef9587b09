"""Sharing deals, for programs. What a partner is not to know is null here too."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.listing import CURSOR, PAGE_SIZE, ListOutput, NewestFirstBySize, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from core.money import Money, in_its_unit
from dealreg import access, services, sharing, split_access
from dealreg.models import Split
from dealreg.rules.splits import InvalidSplit, SplitBasis, SplitMovedOn, SplitRole, SplitStatus
from dealreg.services import OwnPart, PartAsked
from dealreg.split_forms import LONGEST_NOTE

WAITING = OpenApiParameter("waiting", bool, description="Only what waits for your answer.")


class PercentField(serializers.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=5,
            decimal_places=2,
            min_value=Decimal("0.01"),
            max_value=Decimal(100),
            **kwargs,
        )


class OwnPartInput(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=SplitRole.choices)
    percent = PercentField()


class PartInput(OwnPartInput):
    domain = serializers.CharField(
        max_length=253,
        required=False,
        allow_blank=True,
        default="",
        help_text="The web domain of the other partner or the e-mail address of somebody there; "
        "empty for your own company.",
    )
    party = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**63 - 1,
        help_text="Somebody in the split in force, as its parts call it.",
    )
    partner = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**63 - 1,
        help_text="A partner by its id; for the vendor only.",
    )


class SplitInput(serializers.Serializer[Any]):
    parts = PartInput(many=True, allow_empty=False)
    note = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True, default=""
    )
    named = serializers.BooleanField(
        required=False, default=False, help_text="Show our name to those who show theirs."
    )

    def parts_asked(self) -> list[PartAsked]:
        return [
            PartAsked(
                role=SplitRole(part["role"]),
                percent=part["percent"],
                domain=part["domain"],
                party_id=part["party"],
                partner_id=part["partner"],
            )
            for part in self.validated_data["parts"]
        ]


class AnswerInput(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, help_text="The version that you read.")


class AcceptInput(AnswerInput):
    named = serializers.BooleanField(required=False, default=False)


class DeclineInput(AnswerInput):
    reason = serializers.CharField(max_length=LONGEST_NOTE)


class CounterInput(AnswerInput):
    parts = OwnPartInput(many=True, allow_empty=False, help_text="Your own parts.")
    note = serializers.CharField(
        max_length=LONGEST_NOTE, required=False, allow_blank=True, default=""
    )
    named = serializers.BooleanField(required=False, default=False)


class PartOutput(serializers.Serializer[Any]):
    party = serializers.IntegerField()
    who = serializers.CharField()
    mine = serializers.BooleanField()
    role = serializers.ChoiceField(choices=SplitRole.choices)
    percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="Null where it is not yours."
    )
    amount = serializers.DecimalField(max_digits=18, decimal_places=None, allow_null=True)


class SplitOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    reference = serializers.CharField()
    deal = serializers.IntegerField(allow_null=True, help_text="Null for other partners' deals.")
    customer = serializers.CharField()
    product_line = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=SplitStatus.choices)
    basis = serializers.ChoiceField(choices=SplitBasis.choices)
    version = serializers.IntegerField()
    deadline = serializers.DateTimeField(allow_null=True)
    amount = serializers.DecimalField(max_digits=18, decimal_places=None, allow_null=True)
    currency = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    parts = PartOutput(many=True)
    can = serializers.ListField(child=serializers.CharField(), help_text="What you may do now.")


class SplitListOutput(ListOutput):
    results = SplitOutput(many=True)


def split_output(page: sharing.SplitSeen) -> dict[str, Any]:
    """One split as the API shows it to one reader."""
    split, deal = page.split, page.deal
    return {
        "id": split.pk,
        "reference": split.reference,
        "deal": deal.pk if page.own_deal else None,
        "customer": deal.customer_name,
        "product_line": deal.product_line.code if deal.product_line else None,
        "status": split.status,
        "basis": split.basis,
        "version": split.version,
        "deadline": split.deadline,
        "amount": amount_of(page.whole),
        "currency": page.whole.currency if page.whole else "",
        "note": page.note,
        "reason": split.reason,
        "parts": [
            {
                "party": part.party_id,
                "who": part.who,
                "mine": part.mine,
                "role": part.role,
                "percent": part.percent,
                "amount": amount_of(part.money),
            }
            for part in page.parts
        ],
        "can": sorted(verb.value for verb in page.verbs),
    }


def amount_of(money: Money | None) -> Decimal | None:
    return in_its_unit(money.amount, money.currency) if money else None


class DealSplits(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "splits:read", "POST": "splits:write"}

    @extend_schema(operation_id="deal_splits_list", responses=SplitOutput(many=True))
    def get(self, request: Request, deal_id: int) -> Response:
        """How one deal of yours is shared: newest first, at most 22."""
        shared = sharing.deal_sharing(actor_of(request), deal_id)
        pages = [one for one in (shared.talking, shared.holding, *shared.past) if one is not None]
        pages.sort(key=lambda page: -page.split.pk)
        return Response(SplitOutput([split_output(page) for page in pages], many=True).data)

    @extend_schema(
        operation_id="deal_splits_propose", request=SplitInput, responses={201: SplitOutput}
    )
    def post(self, request: Request, deal_id: int) -> Response:
        """Proposes how to share a deal. Whether a domain leads to a partner, nobody learns."""
        actor = actor_of(request)
        access.deal_for_reading(actor, deal_id)
        split_access.require_may_answer(actor)
        body = SplitInput(data=request.data)
        body.is_valid(raise_exception=True)
        split = answered(
            lambda: services.propose_split(
                actor=actor,
                deal_id=deal_id,
                parts=body.parts_asked(),
                note=body.validated_data["note"],
                named=body.validated_data["named"],
            )
        )
        page = sharing.split_page(actor, split.pk)
        return Response(SplitOutput(split_output(page)).data, status=status.HTTP_201_CREATED)


class SplitList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "splits:read"}

    @extend_schema(
        operation_id="splits_list",
        responses=SplitListOutput,
        parameters=[WAITING, CURSOR, PAGE_SIZE],
    )
    def get(self, request: Request) -> Response:
        """The splits that name your company, newest first."""
        actor = actor_of(request)
        waiting = request.query_params.get("waiting", "").lower() in {"1", "true", "yes"}

        def shown(found: list[Any]) -> Iterable[dict[str, Any]]:
            return map(split_output, sharing.seen(actor, found))

        rows = sharing.splits(actor, waiting=waiting)
        return page_of(request, rows, SplitOutput, shown=shown, order=NewestFirstBySize)


class SplitDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "splits:read"}

    @extend_schema(operation_id="splits_read", responses=SplitOutput)
    def get(self, request: Request, split_id: int) -> Response:
        """One split: your own part, the roles of the others, what you may do."""
        return shown(request, split_id)


class Answer(APIView):
    """What all answers to a split have in common."""

    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "splits:write"}

    def answer(
        self,
        request: Request,
        split_id: int,
        body: type[AnswerInput],
        act: Callable[..., Split],
    ) -> Response:
        actor = actor_of(request)
        split_access.split_for_reading(actor, split_id)
        split_access.require_may_answer(actor)
        given = body(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        if "parts" in said:
            said["own"] = [
                OwnPart(SplitRole(part["role"]), part["percent"]) for part in said.pop("parts")
            ]
        split = answered(lambda: act(actor=actor, split_id=split_id, **said))
        return shown(request, split.pk)


class SplitAccept(Answer):
    @extend_schema(operation_id="splits_accept", request=AcceptInput, responses=SplitOutput)
    def post(self, request: Request, split_id: int) -> Response:
        """Agrees to the terms of the version that you read."""
        return self.answer(request, split_id, AcceptInput, services.accept_split)


class SplitDecline(Answer):
    @extend_schema(operation_id="splits_decline", request=DeclineInput, responses=SplitOutput)
    def post(self, request: Request, split_id: int) -> Response:
        """Declines; this ends the proposal. The others and the vendor read the reason."""
        return self.answer(request, split_id, DeclineInput, services.decline_split)


class SplitCounter(Answer):
    @extend_schema(operation_id="splits_counter", request=CounterInput, responses=SplitOutput)
    def post(self, request: Request, split_id: int) -> Response:
        """Asks for another part for yourself; the others keep their proportion in what is left. Of
        a split in force this proposes a change."""
        return self.answer(request, split_id, CounterInput, services.ask_for_own_part)


class SplitWithdraw(Answer):
    @extend_schema(operation_id="splits_withdraw", request=AnswerInput, responses=SplitOutput)
    def post(self, request: Request, split_id: int) -> Response:
        """Takes your own proposal back."""
        return self.answer(request, split_id, AnswerInput, services.withdraw_split)


def shown(request: Request, split_id: int) -> Response:
    page = sharing.split_page(actor_of(request), split_id)
    return Response(SplitOutput(split_output(page)).data)


def answered(act: Callable[[], Split]) -> Split:
    """What the act answers; its refusals in the words of the API."""
    try:
        return act()
    except InvalidSplit as wrong:
        raise ValidationError({"parts": [str(wrong)]}) from wrong
    except services.SplitChanged as changed:
        raise Conflict(
            _("The split has changed; read version %(version)s.")
            % {"version": changed.current.version}
        ) from changed
    except services.SplitIsOpen as other:
        raise Conflict(_("There is a proposal already; one at a time.")) from other
    except (SplitMovedOn, services.NotShareable) as moved:
        raise Conflict(str(moved)) from moved
    except services.TooManyInvitations as many:
        raise Throttled(wait=many.seconds_left) from many
