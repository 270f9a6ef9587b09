"""Quarterly reviews for programs."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.conditions import IF_MATCH, etag_of, version_read
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict, PreconditionFailed
from core.models import QueueState
from partners import planning, reviews
from partners.access import LARGEST_ID
from partners.api.views import partner_asked_for
from partners.figures import figures_of
from partners.models import QuarterlyReview
from partners.rules.periods import Period
from partners.rules.reviews import MOST_PARTICIPANTS, ReviewStatus
from partners.services import reviews as services
from partners.services.reviews import ReviewDetails, ReviewRefused, StaleReview

CURSOR = OpenApiParameter("cursor", str, description="From `next` or `previous` of a page.")


class ReviewInput(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=160)
    first = serializers.DateField(help_text="The first day of a calendar quarter.")
    last = serializers.DateField(help_text="Its last day.")
    meets_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=300, allow_blank=True, default="")
    agenda = serializers.CharField(
        max_length=4000, allow_blank=True, default="", help_text="One item in each line."
    )
    guests = serializers.CharField(max_length=500, allow_blank=True, default="")
    participants = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID),
        max_length=MOST_PARTICIPANTS,
        default=list,
    )

    def details(self) -> ReviewDetails:
        data = self.validated_data
        return ReviewDetails(
            title=data["title"],
            period=Period(data["first"], data["last"]),
            meets_at=data["meets_at"],
            place=data["place"],
            agenda=data["agenda"],
            guests=data["guests"],
            participant_ids=data["participants"],
        )


class NewReviewInput(ReviewInput):
    partner = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="For staff."
    )


class WordsInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=8000, allow_blank=True, default="")


class PackInput(serializers.Serializer[Any]):
    language = serializers.ChoiceField(choices=[code for code, _name in settings.LANGUAGES])


class FigureOutput(serializers.Serializer[Any]):
    measure = serializers.CharField(source="name")
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField(help_text="With its unit, in the reader's language.")
    before = serializers.CharField(help_text="In the quarter before.")


class PackOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    language = serializers.CharField()
    state = serializers.ChoiceField(choices=QueueState.choices)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    file = serializers.UUIDField(
        source="file_id", allow_null=True, help_text="Download it at /files/{file}/."
    )


class ReviewSummary(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    partner = serializers.IntegerField(source="partner_id")
    title = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    meets_at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=ReviewStatus.choices)
    held_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class ReviewOutput(ReviewSummary):
    place = serializers.CharField()
    agenda = serializers.CharField()
    guests = serializers.CharField()
    notes = serializers.CharField()
    participants = serializers.SerializerMethodField()
    figures = serializers.SerializerMethodField()
    packs = PackOutput(many=True, source="packs.all")

    def get_participants(self, review: QuarterlyReview) -> list[int]:
        return list(review.participants.order_by("pk").values_list("pk", flat=True))

    @extend_schema_field(FigureOutput(many=True))
    def get_figures(self, review: QuarterlyReview) -> list[dict[str, Any]]:
        shown = figures_of(review, history=False).measures
        return [dict(one) for one in FigureOutput(shown, many=True).data]


class ReviewListOutput(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")
    previous = serializers.URLField(allow_null=True)
    results = ReviewSummary(many=True)


class NewestReviewFirst(CursorPagination):
    ordering = "-id"
    page_size = 50


def shown(request: Request, review_id: int, code: int = status.HTTP_200_OK) -> Response:
    review = reviews.review_for_reading(actor_of(request), review_id)
    answer = Response(ReviewOutput(review).data, status=code)
    answer["ETag"] = etag_of(review.version)
    return answer


class ReviewList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "plans:read", "POST": "plans:write"}

    @extend_schema(operation_id="reviews_list", responses=ReviewListOutput, parameters=[CURSOR])
    def get(self, request: Request) -> Response:
        """The quarterly reviews that the token's owner may read, newest first."""
        paginator = NewestReviewFirst()
        rows = paginator.paginate_queryset(reviews.reviews(actor_of(request)), request, view=self)
        return paginator.get_paginated_response(ReviewSummary(rows or [], many=True).data)

    @extend_schema(
        operation_id="reviews_plan",
        request=NewReviewInput,
        responses={201: ReviewOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """Plans a review; for administrators and staff."""
        actor = actor_of(request)
        if actor.partner_id is not None:
            planning.require_writer(actor, actor.partner_id)
        body = NewReviewInput(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data.get("partner")
        partner_id = actor.partner_id or asked or partner_asked_for(request)
        try:
            made = services.plan_review(actor=actor, partner_id=partner_id, details=body.details())
        except ReviewRefused as refused:
            raise Conflict(str(refused)) from refused
        return shown(request, made.pk, status.HTTP_201_CREATED)


def changed(
    request: Request, review_id: int, kind: Any, act: Callable[[Any, int], object]
) -> Response:
    """Does one thing to the version that was read; answers with how the review is then."""
    actor = actor_of(request)
    review = reviews.review_for_reading(actor, review_id)
    planning.require_writer(actor, review.partner_id)
    version = version_read(request)
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    try:
        act(body, version)
    except StaleReview as stale:
        current = ReviewSummary(stale.review).data
        raise PreconditionFailed(current, etag_of(stale.review.version)) from stale
    except ReviewRefused as refused:
        raise Conflict(str(refused)) from refused
    return shown(request, review_id)


class ReviewDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "plans:read", "PUT": "plans:write"}

    @extend_schema(operation_id="reviews_read", responses=ReviewOutput)
    def get(self, request: Request, review_id: int) -> Response:
        """One review with its numbers: kept, or as they are now."""
        return shown(request, review_id)

    @extend_schema(
        operation_id="reviews_change",
        request=ReviewInput,
        responses=ReviewOutput,
        parameters=[IF_MATCH],
    )
    def put(self, request: Request, review_id: int) -> Response:
        """Changes a planned review."""
        actor = actor_of(request)
        return changed(
            request,
            review_id,
            ReviewInput,
            lambda body, seen: services.change_review(
                actor=actor, review_id=review_id, details=body.details(), version=seen
            ),
        )


class ReviewHold(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(
        operation_id="reviews_hold", request=None, responses=ReviewOutput, parameters=[IF_MATCH]
    )
    def post(self, request: Request, review_id: int) -> Response:
        """For staff: the meeting takes place, and its numbers are kept."""
        actor = actor_of(request)
        return changed(
            request,
            review_id,
            WordsInput,
            lambda _body, seen: services.hold_review(
                actor=actor, review_id=review_id, version=seen
            ),
        )


class ReviewCancel(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(
        operation_id="reviews_cancel",
        request=WordsInput,
        responses=ReviewOutput,
        parameters=[IF_MATCH],
    )
    def post(self, request: Request, review_id: int) -> Response:
        """The meeting does not take place; `text` says why."""
        actor = actor_of(request)
        return changed(
            request,
            review_id,
            WordsInput,
            lambda body, seen: services.cancel_review(
                actor=actor, review_id=review_id, note=body.validated_data["text"], version=seen
            ),
        )


class ReviewNotes(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(
        operation_id="reviews_note",
        request=WordsInput,
        responses=ReviewOutput,
        parameters=[IF_MATCH],
    )
    def post(self, request: Request, review_id: int) -> Response:
        """What was said and decided, in place of the notes before."""
        actor = actor_of(request)
        return changed(
            request,
            review_id,
            WordsInput,
            lambda body, seen: services.write_notes(
                actor=actor, review_id=review_id, notes=body.validated_data["text"], version=seen
            ),
        )


class ReviewPacks(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    @extend_schema(operation_id="reviews_pack", request=PackInput, responses={202: PackOutput})
    def post(self, request: Request, review_id: int) -> Response:
        """Has the review's PDF made; whoever reads the review may."""
        actor = actor_of(request)
        reviews.review_for_reading(actor, review_id)
        body = PackInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            pack = services.ask_pack(
                actor=actor, review_id=review_id, language=body.validated_data["language"]
            )
        except ReviewRefused as refused:
            raise Conflict(str(refused)) from refused
        return Response(PackOutput(pack).data, status=status.HTTP_202_ACCEPTED)
