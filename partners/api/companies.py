"""Partner companies for programs: one's own, and for the vendor's people the list."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.conditions import IF_MATCH, etag_of, version_read
from core.api.listing import CURSOR, PAGE_SIZE, ListOutput, NewestFirstBySize, page_of
from core.api.permissions import RequireScope, SignedInActor, actor_of
from core.api.refusals import PreconditionFailed
from core.rows import as_text
from partners import queries
from partners.access import speaks_for_company
from partners.api.naming import PARTNER, partner_asked_for
from partners.forms.company import PROFILE_FIELDS, ProfileForm
from partners.models import Partner, PartnerProfile
from partners.queries import record
from partners.queries.profiles import companies, profile_row
from partners.rules import PartnerStatus, PartnerType
from partners.services.profiles import StaleProfile, change_profile


class ProfileOutput(serializers.ModelSerializer[PartnerProfile]):
    class Meta:
        model = PartnerProfile
        fields = PROFILE_FIELDS


class ProfileInput(serializers.ModelSerializer[PartnerProfile]):
    """What is left out stays as it is."""

    class Meta:
        model = PartnerProfile
        fields = PROFILE_FIELDS


class CompanyOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.CharField(help_text="In the reader's language.")
    status = serializers.CharField()
    tier = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField()
    manager = serializers.CharField()
    domains = serializers.ListField(child=serializers.CharField())
    specialisations = serializers.ListField(child=serializers.CharField())
    verticals = serializers.ListField(child=serializers.CharField())
    territories = serializers.ListField(
        child=serializers.CharField(),
        help_text="Codes of countries (DE) and parts of countries (DE-BY).",
    )
    profile = ProfileOutput()


class CompanySummary(serializers.ModelSerializer[Partner]):
    tier = serializers.CharField(source="tier.name")
    region = serializers.CharField(source="region.path")

    class Meta:
        model = Partner
        fields = ["id", "name", "type", "status", "tier", "region", "country", "created_at"]


class CompanyListOutput(ListOutput):
    results = CompanySummary(many=True)


def company_output(partner_id: int) -> dict[str, Any]:
    card, kept = queries.partner_card(partner_id), record.company_record(partner_id)
    return {
        "id": card.id,
        "name": card.name,
        "type": card.type,
        "status": card.status,
        "tier": card.tier,
        "region": card.region,
        "country": card.country,
        "manager": card.manager,
        "domains": card.domains,
        "specialisations": kept.specialisations,
        "verticals": kept.verticals,
        "territories": sorted(record.territories_of(partner_id)),
        "profile": profile_row(partner_id),
    }


class Company(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "partners:read", "PATCH": "partners:write"}

    @extend_schema(operation_id="partner_read", responses=CompanyOutput, parameters=[PARTNER])
    def get(self, request: Request) -> Response:
        """A partner company: your own. The ETag names the state of its profile."""
        return self._shown(partner_asked_for(request))

    @extend_schema(
        operation_id="partner_update_profile",
        request=ProfileInput,
        responses=CompanyOutput,
        parameters=[IF_MATCH, PARTNER],
    )
    def patch(self, request: Request) -> Response:
        """For the partner's administrators and operations: changes the profile. Needs If-Match;
        who has read an older state is told the newer values."""
        partner_id, actor = partner_asked_for(request), actor_of(request)
        if not (speaks_for_company(actor) or actor.is_ops):
            raise PermissionDenied
        version = version_read(request)
        body = ProfileInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        row = profile_row(partner_id)
        typed = {name: as_text(getattr(row, name)) for name in PROFILE_FIELDS}
        typed |= {name: as_text(value) for name, value in body.validated_data.items()}
        form = ProfileForm({**typed, "version": row.version}, instance=row)
        if not form.is_valid():
            raise ValidationError(
                {name: [str(one) for one in texts] for name, texts in form.errors.items()}
            )
        try:
            change_profile(
                actor=actor, partner_id=partner_id, profile=form.said(), version=version - 1
            )
        except StaleProfile as stale:
            shown = CompanyOutput(company_output(partner_id)).data
            raise PreconditionFailed(shown, etag_of(stale.version + 1)) from stale
        return self._shown(partner_id)

    def _shown(self, partner_id: int) -> Response:
        shown = company_output(partner_id)
        # 0 is no tag that a caller can have read, so the empty profile's is 1.
        etag = etag_of(shown["profile"].version + 1)
        return Response(CompanyOutput(shown).data, headers={"ETag": etag})


class Companies(APIView):
    permission_classes = [SignedInActor, RequireScope]
    scopes = {"GET": "partners:read"}

    @extend_schema(
        operation_id="partners_list",
        responses=CompanyListOutput,
        parameters=[
            CURSOR,
            PAGE_SIZE,
            OpenApiParameter("status", str, enum=PartnerStatus.values),
            OpenApiParameter("type", str, enum=PartnerType.values),
            OpenApiParameter("q", str, description="Part of the name, or an internet domain."),
        ],
    )
    def get(self, request: Request) -> Response:
        """For the vendor's people: the partners of their regions, newest first."""
        actor = actor_of(request)
        if not actor.is_staff:
            raise PermissionDenied
        for name, known in (("status", PartnerStatus.values), ("type", PartnerType.values)):
            if request.query_params.get(name, "") not in {"", *known}:
                raise ValidationError({name: ["No such value."]})
        asked = {name: request.query_params.get(name, "") for name in ("status", "type", "q")}
        rows = companies(actor, status=asked["status"], kind=asked["type"], words=asked["q"])
        return page_of(request, rows, CompanySummary, order=NewestFirstBySize)
