"""What every request passes on its way in and out."""

import zoneinfo
from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from core import health

NextStep = Callable[[HttpRequest], HttpResponseBase]


class HealthMiddleware:
    """Answers /livez and /readyz before anything that could need a session or a host name."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/livez":
            return HttpResponse("ok", content_type="text/plain")
        if request.path == "/readyz":
            return health.readiness()
        return self.get_response(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware):  # type: ignore[misc]
    """The strict policy of the settings for the portal; a looser one for the back office,
    whose Alpine evaluates expressions and styles elements."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(reverse("admin:index")) and not report_only:
            parts.update = {
                "script-src": ["'unsafe-eval'", "'unsafe-inline'"],
                "style-src": ["'unsafe-inline'"],
                "font-src": ["data:"],
            }
        return parts


class RefuseUnreadableInputMiddleware:
    """Refuses NUL bytes in the address and in forms: PostgreSQL cannot keep them, and no
    person types them."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path or has_nul(request.GET.lists()):
            return HttpResponse(status=400)
        if request.method == "POST" and request.content_type in FORM_TYPES:
            if has_nul(request.POST.lists()):
                return HttpResponse(status=400)
        return self.get_response(request)


FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}


def has_nul(pairs: "object") -> bool:
    return any("\x00" in key or any("\x00" in item for item in items) for key, items in pairs)  # type: ignore[attr-defined]


class ReaderPreferencesMiddleware:
    """Shows the page in the signed-in reader's language and time zone."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with (
            translation.override(request.user.language),
            timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)),
        ):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response


class StaffMfaMiddleware:
    """Sends vendor staff without a second factor to set one up before anything else."""

    open_prefixes = ("/accounts/", "/static/", "/branding")

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self.must_set_up(request):
            return redirect("mfa_index")
        return self.get_response(request)

    def must_set_up(self, request: HttpRequest) -> bool:
        user = request.user
        if not settings.STAFF_MFA_REQUIRED or not user.is_authenticated or not user.is_staff:
            return False
        if request.path.startswith(self.open_prefixes):
            return False
        return not user.authenticator_set.exists()
