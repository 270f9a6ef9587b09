"""Which features and versions are tried out, with whom, and until when."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from core.admin.base import RecordedAdmin, actor_of
from partners import services
from partners.admin.policies import PolicyForm
from partners.models import RollOut, TriedDistributionPolicy, TriedRegionPolicy
from partners.queries.rollouts import day_of
from partners.registries.features import feature_choices, label_of
from partners.services.rollouts import RollOutRefused, bound_to_its_past


class RollOutForm(ModelForm):  # type: ignore[type-arg]
    feature = ChoiceField(
        label=gettext_lazy("Feature or version"),
        choices=feature_choices,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy(
            "While a feature has a roll-out, nobody else has it. A version is tried out when it is "
            "published with one; a policy to try out holds for those named here."
        ),
    )

    class Meta:
        model = RollOut
        fields = ["feature", "region", "partner", "first_day", "last_day"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own, choices = self.instance.feature, feature_choices()
        if self.instance.pk and bound_to_its_past(self.instance, day_of(timezone.now())):
            # Declared fields stay in a form even where the page shows them as text.
            del self.fields["feature"]
        elif own and own not in dict(choices):
            field: Any = self.fields["feature"]
            field.choices = [(own, label_of(own)), *choices]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        first, last = data.get("first_day", self.instance.first_day), data.get("last_day")
        if {"region", "partner"} <= data.keys() and bool(data["region"]) == bool(data["partner"]):
            self.add_error("partner", _("Choose either a region or a partner."))
        if first and last and last < first:
            self.add_error("last_day", _("It cannot end before it begins."))
        return data


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("now")
    parameter_name = "now"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("on", _("on")), ("planned", _("planned")), ("ended", _("ended"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        today = day_of(timezone.now())
        states = {
            "on": {"first_day__lte": today, "last_day__gte": today},
            "planned": {"first_day__gt": today},
            "ended": {"last_day__lt": today},
        }
        return queryset.filter(**states.get(self.value() or "", {}))


@admin.register(RollOut)
class RollOutAdmin(RecordedAdmin):
    refusals = (RollOutRefused,)
    list_display = ["label", "region", "partner", "first_day", "last_day", "state"]
    list_filter = [StateFilter]
    list_select_related = ["region", "partner"]
    search_fields = ["feature", "partner__name"]
    ordering = ["feature", "id"]
    form = RollOutForm
    autocomplete_fields = ["partner"]
    fields = ["feature", ("region", "partner"), ("first_day", "last_day")]
    empty_text = gettext_lazy(
        "Every feature is on for everybody. Add a roll-out to try one with some first."
    )

    def get_readonly_fields(self, request: HttpRequest, obj: RollOut | None = None) -> list[str]:
        begun = obj is not None and bound_to_its_past(obj, day_of(timezone.now()))
        return ["label", "region", "partner", "first_day"] if begun else []

    def get_fields(self, request: HttpRequest, obj: RollOut | None = None) -> Any:
        begun = bool(self.get_readonly_fields(request, obj))
        return ["label" if begun else "feature", *self.fields[1:]]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and not (obj and bound_to_its_past(obj, day_of(timezone.now())))

    def add(self, request: HttpRequest, row: Model, form: Any) -> None:
        assert isinstance(row, RollOut)
        services.roll_out(actor=actor_of(request), row=row)

    def change(self, request: HttpRequest, row: Model, form: Any) -> None:
        assert isinstance(row, RollOut)
        services.change_roll_out(actor=actor_of(request), row=row, fields=form.changed_data)

    def remove(self, request: HttpRequest, row: Model) -> None:
        assert isinstance(row, RollOut)
        services.remove_roll_out(actor=actor_of(request), row=row)

    @display(description=gettext_lazy("feature or version"), ordering="feature")
    def label(self, row: RollOut) -> str:
        return label_of(row.feature)

    @display(description=gettext_lazy("now"))
    def state(self, row: RollOut) -> str:
        today = day_of(timezone.now())
        if today < row.first_day:
            return _("planned")
        return _("on") if today <= row.last_day else _("ended")


class TriedPolicyAdmin(RecordedAdmin):
    """What is written down to be tried."""

    refusals = (RollOutRefused,)
    ordering = ["-id"]
    empty_text = gettext_lazy(
        "Write down what is to be tried, then add a roll-out that says with whom, and until when."
    )

    def remove(self, request: HttpRequest, row: Model) -> None:
        assert isinstance(row, TriedRegionPolicy | TriedDistributionPolicy)
        services.remove_tried_policy(actor=actor_of(request), row=row)


class TriedPolicyForm(PolicyForm):
    class Meta:
        model = TriedRegionPolicy
        fields = ["title", "currency", "language", "approval_limit", "any_amount"]


@admin.register(TriedRegionPolicy)
class TriedRegionPolicyAdmin(TriedPolicyAdmin):
    list_display = ["title", "currency", "language", "approval_limit", "any_amount"]
    form = TriedPolicyForm
    fields = ["title", ("currency", "language"), ("approval_limit", "any_amount")]


@admin.register(TriedDistributionPolicy)
class TriedDistributionPolicyAdmin(TriedPolicyAdmin):
    list_display = ["title", "several", "may_keep", "endorses_first", "amounts_shown"]
    fieldsets = [
        (None, {"fields": ["title"]}),
        (
            gettext_lazy("Who works with whom"),
            {"fields": ["partners_propose", "several", "answer_days"]},
        ),
        (
            gettext_lazy("What distributors see"),
            {"fields": ["customers_shown", "amounts_shown", "may_keep"]},
        ),
        (gettext_lazy("Approval"), {"fields": ["endorses_first", "endorse_days"]}),
    ]
