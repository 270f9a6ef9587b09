from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealregConfig(AppConfig):
    name = "dealreg"
    verbose_name = _("Deal registration")

    def ready(self) -> None:
        from dealreg import (  # noqa: F401, PLC0415
            case_checks,
            case_events,
            case_handlers,
            checks,
            distribution_events,
            distribution_handlers,
            due,
            earnings,
            events,
            features,
            files,
            handlers,
            lead_events,
            lead_handlers,
            measures,
            navigation,
            offboarding,
            partner_likeness,
            partner_overview,
            permissions,
            protection_handlers,
            scopes,
            split_checks,
            split_events,
            split_handlers,
        )
        from dealreg.services import (  # noqa: F401, PLC0415
            endorsing,
            leads,
            split_answers,
            split_reminders,
        )
