"""What a token may be allowed to do with deals."""

from django.utils.translation import gettext_lazy as _

from core.scopes import declare

declare("deals:read", _("Read deals and their decisions"))
declare("deals:write", _("Register deals"))
declare("splits:read", _("Read how deals are shared with other partners"))
declare("splits:write", _("Propose, accept and decline how deals are shared"))
declare("leads:read", _("Read the leads of your company"))
declare("leads:write", _("Accept, decline and close leads"))
declare("cases:read", _("Read conflict cases of your company"))
declare("cases:write", _("Add statements to conflict cases and appeal"))
