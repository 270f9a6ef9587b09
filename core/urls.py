from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from core import account_views, branding_views, files, style, views

urlpatterns = [
    path("profile/", account_views.profile, name="profile"),
    path("security/", account_views.security, name="security"),
    path("security/tokens/<int:token_id>/revoke/", account_views.revoke_token, name="token_revoke"),
    path("theme/", account_views.theme, name="theme"),
    path("language/", account_views.language, name="language"),
    path("notifications/", account_views.notification_list, name="notifications"),
    path(
        "notifications/read/", account_views.notifications_read_all, name="notifications_read_all"
    ),
    path(
        "notifications/<int:notification_id>/",
        account_views.notification_open,
        name="notification_open",
    ),
    path("files/<uuid:file_id>/", files.download, name="file"),
    path("style/", style.style_page, name="style"),
    path("continue/", views.kept_form, name="kept_form"),
    path("branding/logo", branding_views.logo, name="branding_logo"),
    path("branding/<str:colours>.css", branding_views.stylesheet, name="branding_css"),
    # The back office has no sign-in of its own: one door, one second factor, one rate limit.
    path(
        "admin/login/",
        login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True)),
    ),
    # Before allauth's own, which would let staff remove their last second factor.
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        account_views.remove_passkey,
        name="mfa_remove_webauthn",
    ),
]
