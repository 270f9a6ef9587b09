"""The whole address space: each app brings its own pages, this says where they hang."""

from django.contrib import admin
from django.urls import include, path

from dealreg.views.directory import robots, sitemap
from dealreg.views.leads import profile
from dealreg.views.lists import search
from dealreg.views.protection import customer_confirm
from partners.views.people import join

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.not_found"
handler429 = "core.views.too_many_requests"
handler500 = "core.views.server_error"

urlpatterns = [
    path("", include("core.urls")),
    path("", include("analytics.urls")),
    path("company/directory/", profile, name="directory_profile"),
    path("company/", include("partners.urls.company")),
    path("directory/", include("dealreg.directory_urls")),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path("leads/", include("dealreg.lead_urls")),
    path("distribution/deals/", include("dealreg.distributed_urls")),
    path("distribution/", include("partners.urls.distribution")),
    path("programme/", include("partners.urls.programme")),
    path("plan/", include("partners.urls.plans")),
    path("tasks/", include("partners.urls.todos")),
    path("join/<str:key>/", join, name="join"),
    path("search/", search, name="search"),
    path("confirm/<str:token>/", customer_confirm, name="customer_confirm"),
    path("deals/", include("dealreg.urls")),
    path("integrations/", include("integrations.urls")),
    path("cases/", include("dealreg.case_urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("prm.api_urls")),
]
