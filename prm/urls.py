"""The whole address space: each app brings its own pages, this says where they hang."""

from django.contrib import admin
from django.urls import include, path

handler400 = "core.views.bad_request"
handler500 = "core.views.server_error"

urlpatterns = [
    path("", include("core.urls")),
    path("", include("partners.urls")),
    path("deals/", include("dealreg.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("prm.api_urls")),
]
