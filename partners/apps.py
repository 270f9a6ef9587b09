from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = "Partners and programme"

    def ready(self) -> None:
        from partners import events, navigation, permissions  # noqa: F401, PLC0415
