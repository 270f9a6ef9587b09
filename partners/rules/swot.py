"""What is true of strengths and weaknesses."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MOST_POINTS = 40
"""In one of the four lists at a time."""


class Quadrant(TextChoices):
    STRENGTH = "strength", _("Strengths")
    WEAKNESS = "weakness", _("Weaknesses")
    OPPORTUNITY = "opportunity", _("Opportunities")
    THREAT = "threat", _("Threats")
