"""The way from the portal's pages to the vendor's back office, for those who work there."""

from django.utils.translation import gettext_lazy as _

from core.navigation import Entry, declare

declare(Entry("admin:index", _("Back office"), "settings", 90, lambda actor: actor.is_staff))
