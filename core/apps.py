from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Portal"

    def ready(self) -> None:
        # Declares the event kinds and the checks; nothing else happens at import.
        from core import checks, facts, permissions  # noqa: F401, PLC0415
