from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Connections")

    def ready(self) -> None:
        from core import record  # noqa: PLC0415
        from core.importing.contract import register_importer  # noqa: PLC0415
        from integrations import checks, permissions  # noqa: F401, PLC0415
        from integrations.maildoor.port import WORK_MAIL  # noqa: PLC0415
        from integrations.models import InboundMessage  # noqa: PLC0415
        from integrations.sheets.deals import DealImporter  # noqa: PLC0415
        from integrations.sheets.partners import PartnerImporter  # noqa: PLC0415

        register_importer(DealImporter())
        register_importer(PartnerImporter())
        record.rung_by(InboundMessage, WORK_MAIL)
