"""What every request passes on its way in and out. Who may pass at all: core/walls.py."""

import zoneinfo
from collections.abc import Callable, Iterable, Sequence

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.urls import reverse
from django.utils import timezone, translation

from core import health, metrics
from core.api.problems import problem

NextStep = Callable[[HttpRequest], HttpResponseBase]

FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}

# Nothing on our pages needs these; passkeys are for our own pages only.
PERMISSIONS_POLICY = ", ".join(
    [
        "accelerometer=()",
        "camera=()",
        "display-capture=()",
        "geolocation=()",
        "gyroscope=()",
        "magnetometer=()",
        "microphone=()",
        "midi=()",
        "payment=()",
        "usb=()",
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
    ]
)


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which is answered in JSON even when something is wrong."""
    return request.path_info.startswith("/api/")


class HealthMiddleware:
    """Answers the machines that watch, before anything that needs a session or a host name."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/livez":
            return HttpResponse("ok", content_type="text/plain")
        if request.path_info == "/readyz":
            return health.readiness()
        if request.path_info == "/metrics" and metrics.may_read(request):
            return metrics.exposition()
        return self.get_response(request)


class AddressMiddleware(CommonMiddleware):
    """Django's checks of host and address; a program's address is never sent elsewhere, since
    a redirected POST arrives as a GET."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return not is_api(request) and super().should_redirect_with_slash(request)


class BrowserRulesMiddleware:
    """Tells the browser what our pages never do, and not to keep a signed-in reader's pages."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "session", None) is not None and request.session.accessed:
            # Back still restores what was typed; a copy is not shown without asking us.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy of the settings for the portal; a looser one for the back office,
    whose Alpine evaluates expressions and styles elements."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(reverse("admin:index")) and not report_only:
            parts.update = {
                "script-src": ["'unsafe-eval'", "'unsafe-inline'"],
                "style-src": ["'unsafe-inline'"],
                "font-src": ["data:"],
            }
        return parts


class RefuseUnreadableInputMiddleware:
    """Refuses NUL bytes in the address and in forms: PostgreSQL cannot keep them, and no
    person types them. JSON is looked at by core.api.parsers."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if unreadable(request):
            detail = "The request contains a character that cannot be stored."
            if is_api(request):
                return problem(400, "unreadable", detail)
            return HttpResponse(detail, status=400, content_type="text/plain")
        return self.get_response(request)


def unreadable(request: HttpRequest) -> bool:
    if "\x00" in request.path_info or has_nul(request.GET.lists()):
        return True
    posted = request.method == "POST" and request.content_type in FORM_TYPES
    return posted and has_nul(request.POST.lists())


def has_nul(fields: Iterable[tuple[str, Sequence[object]]]) -> bool:
    return any(
        "\x00" in name or any("\x00" in str(value) for value in values) for name, values in fields
    )


class ReaderPreferencesMiddleware:
    """Shows the page in the signed-in reader's language and time zone."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        with (
            translation.override(user.language),
            timezone.override(zoneinfo.ZoneInfo(user.time_zone)),
        ):
            language = translation.get_language() or "en"
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers["Content-Language"] = language
            return response
