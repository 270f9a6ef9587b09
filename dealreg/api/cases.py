"""Conflict cases for programs: a side's own, as its page shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.listing import CURSOR, ListOutput, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from dealreg import case_queries
from dealreg.models import CaseSide
from dealreg.rules.cases import LONGEST_STATEMENT, CaseStatus, NotInThisCaseState, SideOutcome
from dealreg.services import cases


class StatementInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_STATEMENT)


class CaseSummary(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=CaseStatus.choices)
    deal = serializers.IntegerField(help_text="Your company's registration.")
    customer = serializers.CharField(help_text="The customer as your company registered it.")
    product_line = serializers.CharField()
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="When a decision is due.")
    outcome = serializers.ChoiceField(choices=SideOutcome.choices, allow_null=True)
    message = serializers.CharField()
    appeal_until = serializers.DateTimeField(allow_null=True)


class CaseListOutput(ListOutput):
    results = CaseSummary(many=True)


class StatementOutput(serializers.Serializer[Any]):
    text = serializers.CharField()
    author = serializers.CharField()
    made_at = serializers.DateTimeField()


class CaseOutput(CaseSummary):
    asked = serializers.CharField(help_text="The evidence that your company was asked for.")
    statements = StatementOutput(many=True)


def summary(side: CaseSide) -> dict[str, Any]:
    case = side.case
    waits = case.status in {CaseStatus.OPEN, CaseStatus.WAITING, CaseStatus.APPEALED}
    return {
        "id": case.pk,
        "reference": case.reference,
        "status": case.status,
        "deal": side.deal_id,
        "customer": side.deal.customer_name,
        "product_line": case.product_line.code,
        "opened_at": side.joined_at,
        "due_at": case.due_at if waits else None,
        "outcome": side.outcome or None,
        "message": side.message,
        "appeal_until": case.appeal_until if case.status == CaseStatus.DECIDED else None,
    }


def whole(page: case_queries.SidePage) -> dict[str, Any]:
    return {
        **summary(page.side),
        "asked": page.side.asked if not page.side.answered_at else "",
        "statements": [
            {"text": one.text, "author": one.author_label, "made_at": one.made_at}
            for one in page.statements
        ],
    }


class CaseList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "cases:read"}

    @extend_schema(operation_id="cases_list", responses=CaseListOutput, parameters=[CURSOR])
    def get(self, request: Request) -> Response:
        """The conflict cases of the token's owner's company, newest first."""
        rows = case_queries.own_sides(actor_of(request))
        return page_of(request, rows, CaseSummary, shown=lambda sides: map(summary, sides))


class CaseDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "cases:read"}

    @extend_schema(operation_id="cases_read", responses=CaseOutput)
    def get(self, request: Request, case_id: int) -> Response:
        """Your company's side of one case."""
        return answer(request, case_id)


class CaseStatements(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "cases:write"}

    @extend_schema(operation_id="cases_state", request=StatementInput, responses={201: CaseOutput})
    def post(self, request: Request, case_id: int) -> Response:
        """Adds a statement, which only your company and the vendor read."""
        return act(request, case_id, cases.add_statement)


class CaseAppealView(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "cases:write"}

    @extend_schema(operation_id="cases_appeal", request=StatementInput, responses={201: CaseOutput})
    def post(self, request: Request, case_id: int) -> Response:
        """Appeals against the decision, once and in time."""
        return act(request, case_id, cases.appeal_case)


def act(request: Request, case_id: int, verb: Any) -> Response:
    actor = actor_of(request)
    case_queries.side_page(actor, case_id)
    body = StatementInput(data=request.data)
    body.is_valid(raise_exception=True)
    try:
        verb(actor=actor, case_id=case_id, text=body.validated_data["text"])
    except (cases.StatementRefused, cases.AppealRefused) as refusal:
        raise ValidationError({"text": [str(refusal)]}) from refusal
    except NotInThisCaseState as refusal:
        raise Conflict(str(refusal)) from refusal
    return answer(request, case_id, status.HTTP_201_CREATED)


def answer(request: Request, case_id: int, code: int = status.HTTP_200_OK) -> Response:
    page = case_queries.side_page(actor_of(request), case_id)
    return Response(CaseOutput(whole(page)).data, status=code)
