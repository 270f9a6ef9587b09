"""Files that support a registration."""

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.files import store_file
from core.models import StoredFile
from dealreg import access
from dealreg.events import FileAttached


@transaction.atomic
def attach_file(*, actor: Actor, deal_id: int, upload: UploadedFile[bytes]) -> StoredFile:
    """Attaches a file that the partner and the vendor's staff can then download.

    Raises core.files.RefusedFile, PermissionDenied, Http404; nothing is kept then.
    """
    deal = access.deal_for_reading(actor, deal_id)
    if not (actor.is_staff or access.may_register(actor)) or not actor.may("deals:write"):
        raise PermissionDenied(_("Your role does not include this."))
    stored = store_file(actor=actor, subject=deal, upload=upload)
    record(
        FileAttached(name=stored.name, file_id=str(stored.pk)),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )
    return stored
