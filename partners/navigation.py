"""This app's entries in the portal's side navigation."""

from django.utils.translation import gettext_lazy as _

from core.navigation import Entry, declare, declare_page
from partners.queries import plans, reviews
from partners.queries.todos import declare_subject
from partners.services.costs import may_see_costs

declare(Entry("todos", _("Tasks"), "check", 60, lambda actor: actor.partner_id is not None))
declare_page("partners.todo", "todo")
declare(Entry("plans", _("Joint plan"), "flag", 62, lambda actor: actor.partner_id is not None))
declare_page("partners.jointplan", "plan")
declare_subject("partners.jointplan", plans.find_for_todo)
declare_page("partners.quarterlyreview", "review")
declare_subject("partners.quarterlyreview", reviews.find_for_todo)
declare(Entry("tier", _("Tier"), "chart", 70, lambda actor: actor.partner_id is not None))
declare(
    Entry("benefits", _("Benefits"), "approved", 72, lambda actor: actor.partner_id is not None)
)
declare(
    Entry("distribution", _("Distribution"), "team", 76, lambda actor: actor.partner_id is not None)
)
declare(Entry("profitability", _("Profitability"), "money", 78, may_see_costs))
declare(Entry("company", _("Company"), "building", 80, lambda actor: actor.partner_id is not None))
