"""This app's entry in the portal's side navigation, and the page of a deal."""

from django.utils.translation import gettext_lazy as _

from core.navigation import Entry, declare, declare_page

declare(Entry("deal_list", _("Deals"), "deal", 20, lambda actor: actor.partner_id is not None))
declare_page("dealreg.deal", "deal_detail")
