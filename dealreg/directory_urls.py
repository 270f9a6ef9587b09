from django.urls import path

from dealreg.views import directory

urlpatterns = [
    path("", directory.partner_list, name="directory"),
    path("sitemap-<int:part>.xml", directory.sitemap_part, name="sitemap_part"),
    path("<int:partner_id>/logo/<str:name>", directory.logo, name="directory_logo"),
    path("<str:address>/", directory.partner_entry, name="directory_entry"),
    path("<str:address>/contact/", directory.contact, name="directory_contact"),
    path("<str:address>/sent/", directory.sent, name="directory_sent"),
]
