from django.urls import path

from partners.views import distribution

urlpatterns = [
    path("", distribution.links, name="distribution"),
    path("<int:link_id>/accept/", distribution.accept, name="distribution_accept"),
    path("<int:link_id>/decline/", distribution.decline, name="distribution_decline"),
    path("<int:link_id>/withdraw/", distribution.withdraw, name="distribution_withdraw"),
    path("<int:link_id>/end/", distribution.end, name="distribution_end"),
]
