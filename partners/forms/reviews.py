"""The forms about quarterly reviews."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.models import User
from partners.models import QuarterlyReview
from partners.queries import plans
from partners.rules.periods import Period
from partners.rules.plans import periods_offered, quarter_before
from partners.services.reviews import ReviewDetails

MOMENT = "%Y-%m-%dT%H:%M"


class ReviewForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    quarter = forms.ChoiceField(label=gettext_lazy("Quarter"))
    meets_at = forms.DateTimeField(
        label=gettext_lazy("Meeting"),
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=gettext_lazy("In your time zone."),
    )
    place = forms.CharField(label=gettext_lazy("Place or link"), required=False, max_length=300)
    participants = forms.MultipleChoiceField(
        label=gettext_lazy("Participants"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    guests = forms.CharField(label=gettext_lazy("Guests"), required=False, max_length=500)
    agenda = forms.CharField(
        label=gettext_lazy("Agenda"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One item in each line."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        *args: Any,
        people: Iterable[User],
        review: QuarterlyReview | None = None,
        **kwargs: Any,
    ) -> None:
        if review is not None:
            kwargs.setdefault("initial", values_of(review))
        super().__init__(*args, **kwargs)
        known = {str(one.pk): str(one) for one in people}
        self.offered = {key_of(one): one for one in quarters_offered(timezone.localdate())}
        if review is not None:
            known |= {str(one.pk): str(one) for one in review.participants.all()}
            self.offered.setdefault(key_of(review.period), review.period)
        self.fields["participants"].choices = list(known.items())  # type: ignore[attr-defined]
        self.fields["quarter"].choices = [  # type: ignore[attr-defined]
            (key, plans.period_label(one)) for key, one in self.offered.items()
        ]

    def details(self) -> ReviewDetails:
        data = self.cleaned_data
        return ReviewDetails(
            title=data["title"],
            period=self.offered[data["quarter"]],
            meets_at=data["meets_at"],
            place=data["place"],
            agenda=data["agenda"],
            guests=data["guests"],
            participant_ids=[int(key) for key in data["participants"]],
        )


def quarters_offered(today: dt.date) -> list[Period]:
    """The quarter before, this one and the next."""
    now, later = periods_offered(today)[2:4]
    return [quarter_before(now), now, later]


def key_of(one: Period) -> str:
    return one.first.isoformat()


def values_of(review: QuarterlyReview) -> dict[str, Any]:
    return {
        "title": review.title,
        "quarter": key_of(review.period),
        "meets_at": timezone.localtime(review.meets_at),
        "place": review.place,
        "participants": [str(one.pk) for one in review.participants.all()],
        "guests": review.guests,
        "agenda": review.agenda,
        "version": review.version,
    }
