from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners and programme")

    def ready(self) -> None:
        from partners import events, handlers, navigation, permissions, standing  # noqa: F401, PLC0415
