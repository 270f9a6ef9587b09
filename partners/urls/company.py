from django.urls import path

from partners.views import company, contacts, people, profitability

urlpatterns = [
    path("", company.company, name="company"),
    path("profile/", company.profile, name="profile_of_company"),
    path("contacts/", contacts.contact_list, name="contacts"),
    path("contacts/<int:contact_id>/", contacts.contact, name="contact"),
    path("contacts/<int:contact_id>/remove/", contacts.remove, name="contact_remove"),
    path("documents/", company.document_list, name="documents"),
    path("people/", people.people_list, name="people"),
    path("people/<int:place_id>/", people.person, name="person"),
    path("people/<int:place_id>/remove/", people.remove, name="person_remove"),
    path("people/<int:place_id>/hand-over/", people.hand_over, name="person_hand_over"),
    path("profitability/", profitability.overview, name="profitability"),
    path("profitability/export/", profitability.export, name="profitability_export"),
    path("profitability/costs/add/", profitability.add, name="cost_add"),
    path("profitability/costs/export/", profitability.export_costs, name="costs_export"),
    path("profitability/costs/<int:cost_id>/", profitability.cost, name="cost"),
    path("profitability/costs/<int:cost_id>/remove/", profitability.remove, name="cost_remove"),
    path("invitations/<int:invitation_id>/resend/", people.resend, name="invitation_resend"),
    path("invitations/<int:invitation_id>/revoke/", people.revoke, name="invitation_revoke"),
    path("visit/end/", people.leave_visit, name="visit_end"),
]
