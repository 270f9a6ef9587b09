from integrations.services.crm import CrmImport, import_crm

__all__ = ["CrmImport", "import_crm"]
