from django.apps import AppConfig


class DealregConfig(AppConfig):
    name = "dealreg"
    verbose_name = "Deal registration"

    def ready(self) -> None:
        from dealreg import checks, events, files, handlers  # noqa: F401, PLC0415
        from dealreg import navigation, permissions, scopes  # noqa: F401, PLC0415
