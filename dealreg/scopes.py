"""What a token may be allowed to do with deals."""

from django.utils.translation import gettext_lazy as _

from core.scopes import declare

declare("deals:read", _("Read deals and their decisions"))
declare("deals:write", _("Register deals"))
