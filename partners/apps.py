from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners and programme")

    def ready(self) -> None:
        from partners import (  # noqa: F401, PLC0415
            checks,
            events,
            files,
            handlers,
            navigation,
            permissions,
            scopes,
            standing,
        )
        from partners.measures import own  # noqa: F401, PLC0415
        from partners.queries import fit_card, trials  # noqa: F401, PLC0415
        from partners.services import distribution, offboarding, parting  # noqa: F401, PLC0415
