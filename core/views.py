"""Pages that belong to no app: what went wrong, and what was kept meanwhile."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import kept_forms
from core.api.problems import problem
from core.middleware import is_api


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is too old, mostly because somebody signed in or out meanwhile.

    What was typed is offered again, but only if the browser says that it came from one of our
    own pages: nobody else's form is sent by one click here.
    """
    if is_api(request):
        return problem(403, "csrf_failed", _("Send the CSRF token with a session's request."))
    form = None
    if is_our_own_page(request) and request.user.is_authenticated:
        fields = kept_forms.fields_of(request)
        form = kept_forms.KeptForm(request.get_full_path(), fields, bool(request.FILES), 0)
    return render(request, "403_csrf.html", {"form": form, "reason": reason}, status=403)


def is_our_own_page(request: HttpRequest) -> bool:
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") == own


@require_http_methods(["GET", "POST"])
def kept_form(request: HttpRequest) -> HttpResponseBase:
    """What somebody was sending when they had to sign in: send it now, or drop it."""
    form = kept_forms.kept(request)
    if request.method == "POST" or form is None:
        kept_forms.forget(request)
        return redirect("home")
    return render(request, "core/kept_form.html", {"form": form})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api(request):
        return problem(400, "bad_request", _("The request could not be understood."))
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api(request):
        return problem(403, "permission_denied", _("You may not do this."))
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if is_api(request):
        return problem(404, "not_found", _("There is nothing here that you may see."))
    return render(request, "404.html", status=404)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """allauth's rate limits end here (handler429)."""
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither the database nor a session: either may be what failed."""
    if waited_too_long(sys.exc_info()[1]):
        return busy(request)
    if is_api(request):
        return problem(500, "server_error", "Something went wrong on our side.")
    return HttpResponse(render_to_string("500.html"), status=500)


# What PostgreSQL says of a statement that was given up because it took or waited too long.
GIVEN_UP = frozenset({"57014", "55P03"})
SECONDS_TO_WAIT = 5


def waited_too_long(error: BaseException | None) -> bool:
    """Whether so many wait for the same thing that this request was given up, undone."""
    return (
        isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", "") in GIVEN_UP
    )


def busy(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = HttpResponse(render_to_string("500.html"), status=503)
    if is_api(request):
        said = "Many ask for the same at once. Nothing was done: send it again."
        response = problem(503, "busy", said)
    response.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    return response
