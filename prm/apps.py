from django.apps import AppConfig

from prm import celery as celery  # the default application of every shared task


class PrmConfig(AppConfig):
    name = "prm"

    def ready(self) -> None:
        from prm import navigation  # noqa: F401, PLC0415
