"""A person's own pages: profile, security, notifications."""

from dataclasses import replace

from allauth.mfa.webauthn.views import remove_webauthn
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import accounts, notifications, queries, tokens
from core.account_forms import ProfileForm
from core.accounts import Profile
from core.actor import Actor
from core.addresses import local_path
from core.models import User
from core.models.users import Theme


def signed_in(request: HttpRequest) -> tuple[User, Actor]:
    user = request.user
    assert isinstance(user, User)  # SignInRequiredMiddleware
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return user, actor


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user, actor = signed_in(request)
    form = ProfileForm(request.POST or None, initial=accounts.profile_of(user))
    if form.is_valid():
        if accounts.change_profile(actor=actor, user=user, profile=form.profile()):
            with translation.override(user.language):
                messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    return render(request, "core/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """How the person signs in, where they are signed in, and which programs act for them."""
    user, _actor = signed_in(request)
    context = {
        "factors": accounts.second_factors(user),
        "sessions": UserSession.objects.purge_and_list(user),
        "tokens": tokens.tokens_of(user.pk),
        "mfa_required": settings.STAFF_MFA_REQUIRED and user.is_staff,
    }
    return render(request, "core/security.html", context)


@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    user, actor = signed_in(request)
    if not tokens.tokens_of(user.pk).filter(pk=token_id).exists():
        raise Http404
    tokens.revoke_token(actor=actor, token_id=token_id)
    messages.success(request, _("The token is revoked. Programs that use it are refused now."))
    return redirect("security")


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponseBase:
    """allauth's page, except for the last second factor of staff who need one."""
    user, _actor = signed_in(request)
    if request.method == "POST" and accounts.is_needed_factor(user, pk):
        raise PermissionDenied
    response: HttpResponseBase = remove_webauthn(request, pk=pk)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    user, actor = signed_in(request)
    chosen = request.POST.get("theme", "")
    if chosen in Theme.values:
        wanted = replace(Profile(**accounts.profile_of(user)), theme=chosen)
        accounts.change_profile(actor=actor, user=user, profile=wanted)
    return redirect(local_path(request.POST.get("next"), otherwise=reverse("profile")))


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Sets the language of the person, or of this browser where nobody is signed in."""
    chosen = request.POST.get("language", "")
    response = redirect(local_path(request.POST.get("next"), otherwise=reverse("home")))
    if chosen not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        user, actor = signed_in(request)
        wanted = replace(Profile(**accounts.profile_of(user)), language=chosen)
        accounts.change_profile(actor=actor, user=user, profile=wanted)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    user, _actor = signed_in(request)
    page = notifications.page_of(user.pk, before=request.GET.get("before", ""))
    unread = queries.unread_count(user.pk)
    return render(request, "core/notifications.html", {"page": page, "unread": unread})


@require_GET
def notification_open(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Leads to what the notification is about and counts it as read."""
    user, _actor = signed_in(request)
    url = notifications.read_one(user_id=user.pk, notification_id=notification_id)
    if url is None:
        raise Http404
    return redirect(local_path(url, otherwise=reverse("notifications")))


@require_POST
def notifications_read_all(request: HttpRequest) -> HttpResponse:
    user, _actor = signed_in(request)
    notifications.read_all(user_id=user.pk)
    return redirect("notifications")
