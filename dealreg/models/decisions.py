from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealreg.models.deals import Deal
from dealreg.models.rulebooks import RuleBook
from dealreg.rules.states import DecisionOrigin, Outcome


class Decision(models.Model):
    """What was decided about a registration, by which rule or whom, from which facts.

    Never changed. `facts` are the values that the rules saw, `trace` what each rule made of
    them, so that the decision can be explained and replayed. `hint` is the nearest change that
    would have led to a better outcome (books.hint_to_json), `asked_for` what the partner was
    asked to complete.
    """

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="decisions")
    origin = models.CharField(max_length=8, choices=DecisionOrigin.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    book = models.ForeignKey(RuleBook, on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=30, blank=True, default="")
    message = models.TextField()
    hint = models.JSONField(null=True, blank=True, default=None)
    asked_for = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    conflict_level = models.CharField(max_length=10, default="none")
    facts = models.JSONField(default=dict)
    trace = models.JSONField(default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="decision_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(origin=DecisionOrigin.RULE) | Q(book__isnull=False) & ~Q(rule=""),
                name="decision_by_rule_names_it",
            ),
        ]
        indexes = [
            models.Index(fields=["deal", "-id"], name="decision_of_deal"),
            # replays: what rules decided in a period, in the order of time
            models.Index(
                fields=["decided_at", "id"],
                name="decision_by_rule_in_time",
                condition=Q(origin=DecisionOrigin.RULE),
            ),
        ]
