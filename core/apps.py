from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Portal")

    def ready(self) -> None:
        # Declares the event kinds and the checks; nothing else happens at import.
        from core import checks, facts, permissions  # noqa: F401, PLC0415
