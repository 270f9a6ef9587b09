"""What of registering deals can be tried out with some partners first."""

from django.utils.translation import gettext_lazy as _

from partners.features import Feature, declare_feature

EARLY_CHECK = declare_feature(
    Feature("deals.check", _("Check whether a customer is taken before registering"))
)
