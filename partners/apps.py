from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners and programme")

    def ready(self) -> None:
        from partners import (  # noqa: F401, PLC0415
            benefit_events,
            benefit_handlers,
            checks,
            company_handlers,
            contact_events,
            cost_events,
            directory_events,
            distribution_events,
            distribution_handlers,
            events,
            files,
            fit_events,
            fit_handlers,
            fit_overview,
            handlers,
            lifecycle_events,
            merging_events,
            merging_handlers,
            navigation,
            people_handlers,
            permissions,
            plan_checks,
            plan_events,
            plan_handlers,
            review_events,
            review_handlers,
            scopes,
            standing,
            todo_events,
            todo_handlers,
            trial_handlers,
            trials,
        )
        from partners.measures import own  # noqa: F401, PLC0415
        from partners.services import distribution, offboarding, parting  # noqa: F401, PLC0415
