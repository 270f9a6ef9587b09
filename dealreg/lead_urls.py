from django.urls import path

from dealreg.views import leads

urlpatterns = [
    path("", leads.lead_list, name="lead_list"),
    path("<int:lead_id>/", leads.lead_detail, name="lead_detail"),
    path("<int:lead_id>/accept/", leads.lead_accept, name="lead_accept"),
    path("<int:lead_id>/decline/", leads.lead_decline, name="lead_decline"),
    path("<int:lead_id>/close/", leads.lead_close, name="lead_close"),
]
