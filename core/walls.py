"""Who may pass: signed-in people, and vendor staff only with a second factor."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

from core import accounts, kept_forms
from core.api.problems import problem
from core.middleware import NextStep, is_api
from core.models import User


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless its view says otherwise.

    What somebody was sending when the session had run out is kept and offered again after
    signing in. It runs after the CSRF check, so only our own pages' forms are kept.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if request.method == "POST" and request.user.is_authenticated:
            kept_forms.forget_if_sent(request)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        # Not always Django's own redirect: htmx is told of one in a header.
        back = way_back(request)
        if request.method == "POST" and kept_forms.keep(request):
            back = reverse("kept_form")
        sign_in = resolve_url(self.get_login_url(view_func))
        query = QueryDict(mutable=True)
        query[self.redirect_field_name] = back
        return go_to(request, f"{sign_in}?{query.urlencode(safe='/')}")


class StaffMfaMiddleware:
    """Sends vendor staff without a second factor to set one up before anything else."""

    open_prefixes = ("/accounts/", "/static/", "/branding/", "/theme/", "/language/")

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.must_set_up(request):
            return self.get_response(request)
        if is_api(request):
            return problem(403, "second_factor_required", "Set up a second factor first.")
        return go_to(request, reverse("mfa_index"))

    def must_set_up(self, request: HttpRequest) -> bool:
        if not settings.STAFF_MFA_REQUIRED or request.path_info.startswith(self.open_prefixes):
            return False
        return isinstance(request.user, User) and accounts.lacks_second_factor(request.user)


def way_back(request: HttpRequest) -> str:
    """The page to return to after signing in: a part of a page is no place to return to."""
    if request.headers.get("HX-Request") != "true":
        return request.get_full_path()
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    if shown.netloc != request.get_host() or not shown.path.startswith("/"):
        return reverse("home")
    return shown._replace(scheme="", netloc="", fragment="").geturl()


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect of the whole page, also when htmx asked for a part of it."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
