"""What a token may be allowed to do with partners and the programme."""

from django.utils.translation import gettext_lazy as _

from core.scopes import declare

declare("directory:write", _("Write the company’s profile in the directory"))
declare("partners:read", _("Read the company and its profile"))
declare("partners:write", _("Change the company profile"))
declare("distribution:read", _("Read the distributors and resellers you work with"))
declare("distribution:write", _("Begin and end the work with distributors and resellers"))
declare("people:read", _("Read who works at the company"))
declare("people:write", _("Invite and remove people, and change what they do"))
declare("programme:read", _("Read the tier, its requirements and its history"))
declare("programme:write", _("Enter values and have tiers recalculated"))
declare("profitability:read", _("Read what the company earned and what it cost"))
declare("profitability:write", _("State the company’s costs"))
declare("plans:read", _("Read joint plans, strengths and weaknesses, and reviews"))
declare("plans:write", _("Write, propose and agree joint plans, and reviews"))
declare("tasks:read", _("Read tasks"))
declare("tasks:write", _("Add, change and end tasks"))
