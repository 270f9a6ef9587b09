from core.models.appointments import Appointment
from core.models.branding import Branding
from core.models.events import Event, EventDelivery, EventSeal, SealedEvent
from core.models.files import StoredFile
from core.models.idempotency import IdempotentCall
from core.models.imports import ImportedRow, ImportPhase, ImportRun
from core.models.kept import TableVersion
from core.models.mail import OutgoingMail
from core.models.money import ExchangeRate
from core.models.notifications import Notification
from core.models.queue import QueuedRow, QueueState
from core.models.saved_filters import SavedFilter
from core.models.tokens import ApiCallWindow, ApiToken
from core.models.users import User

__all__ = [
    "ApiCallWindow",
    "ApiToken",
    "Appointment",
    "Branding",
    "Event",
    "EventDelivery",
    "EventSeal",
    "ExchangeRate",
    "IdempotentCall",
    "ImportPhase",
    "ImportRun",
    "ImportedRow",
    "Notification",
    "OutgoingMail",
    "QueueState",
    "QueuedRow",
    "SavedFilter",
    "SealedEvent",
    "StoredFile",
    "TableVersion",
    "User",
]
