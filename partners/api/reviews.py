"""Quarterly reviews for programs."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.api.listing import CURSOR, ListOutput, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import Conflict
from core.api.versions import VersionedKind
from core.models import QueueState
from core.sql import LARGEST_ID
from partners.api.naming import ForPartner, new_for_partner
from partners.models import QuarterlyReview
from partners.queries import plans, reviews
from partners.queries.figures import figures_of
from partners.rules.periods import Period
from partners.rules.reviews import MOST_PARTICIPANTS, ReviewStatus
from partners.services import reviews as services
from partners.services.reviews import ReviewDetails, ReviewRefused, StaleReview


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


class NewReviewInput(ReviewInput, ForPartner):
    pass


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


class ReviewListOutput(ListOutput):
    results = ReviewSummary(many=True)


REVIEWS = VersionedKind(
    read=reviews.review_for_reading,
    require_writer=lambda actor, review: plans.require_writer(actor, review.partner_id),
    output=ReviewOutput,
    summary=ReviewSummary,
    refused=ReviewRefused,
    stale=StaleReview,
)


class ReviewList(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "plans:read", "POST": "plans:write"}

    @extend_schema(operation_id="reviews_list", responses=ReviewListOutput, parameters=[CURSOR])
    def get(self, request: Request) -> Response:
        """The quarterly reviews that the token's owner may read, newest first."""
        return page_of(request, reviews.reviews(actor_of(request)), ReviewSummary)

    @extend_schema(
        operation_id="reviews_plan",
        request=NewReviewInput,
        responses={201: ReviewOutput},
        parameters=[idempotency.PARAMETER],
    )
    @idempotency.idempotent
    def post(self, request: Request) -> Response:
        """Plans a review; for administrators and staff."""
        body, partner_id = new_for_partner(request, NewReviewInput)
        try:
            made = services.plan_review(
                actor=actor_of(request), partner_id=partner_id, details=body.details()
            )
        except ReviewRefused as refused:
            raise Conflict(str(refused)) from refused
        return REVIEWS.shown(request, made.pk, status.HTTP_201_CREATED)


class ReviewDetail(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "plans:read", "PUT": "plans:write"}

    @extend_schema(operation_id="reviews_read", responses=ReviewOutput)
    def get(self, request: Request, review_id: int) -> Response:
        """One review with its numbers: kept, or as they are now."""
        return REVIEWS.shown(request, review_id)

    @REVIEWS.described("reviews_change", ReviewInput)
    def put(self, request: Request, review_id: int) -> Response:
        """Changes a planned review."""

        def change(body: ReviewInput, version: int) -> bool:
            return services.change_review(
                actor=actor_of(request),
                review_id=review_id,
                details=body.details(),
                version=version,
            )

        REVIEWS.change(request, review_id, ReviewInput, change)
        return REVIEWS.shown(request, review_id)


class ReviewStep(APIView):
    """One step of a review's life, at its own address."""

    permission_classes = [SignedInActor, RequireScope]
    scopes = {"POST": "plans:write"}

    def taken(
        self, request: Request, review_id: int, step: Callable[..., object], text_as: str = ""
    ) -> Response:
        """Takes the step from the version that was read; the service gets `text` by that name."""

        def take(body: WordsInput, version: int) -> object:
            words = {text_as: body.validated_data["text"]} if text_as else {}
            return step(actor=actor_of(request), review_id=review_id, version=version, **words)

        REVIEWS.change(request, review_id, WordsInput, take)
        return REVIEWS.shown(request, review_id)


class ReviewHold(ReviewStep):
    @REVIEWS.described("reviews_hold")
    def post(self, request: Request, review_id: int) -> Response:
        """For staff: the meeting takes place, and its numbers are kept."""
        return self.taken(request, review_id, services.hold_review)


class ReviewCancel(ReviewStep):
    @REVIEWS.described("reviews_cancel", WordsInput)
    def post(self, request: Request, review_id: int) -> Response:
        """The meeting does not take place; `text` says why."""
        return self.taken(request, review_id, services.cancel_review, text_as="note")


class ReviewNotes(ReviewStep):
    @REVIEWS.described("reviews_note", WordsInput)
    def post(self, request: Request, review_id: int) -> Response:
        """What was said and decided, in place of the notes before."""
        return self.taken(request, review_id, services.write_notes, text_as="notes")


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
