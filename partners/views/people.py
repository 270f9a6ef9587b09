"""A partner's people: who works here and as what, who is invited, and joining."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.acts import tell_outcome
from core.models import User
from partners import access
from partners.doors import actor_of, for_partners
from partners.forms.people import ChangeRolesForm, InviteForm, JoinForm
from partners.middleware import VISIT
from partners.models import Invitation
from partners.queries import people
from partners.rules import InvitationState
from partners.services import invitations, places, visits
from partners.services.invitations import InvitationRefused
from partners.services.places import LastAdministrator, StaleRoles, WorksElsewhere

REFUSALS = (InvitationRefused, LastAdministrator, WorksElsewhere)


@require_http_methods(["GET", "POST"])
@for_partners
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody sees their colleagues; administrators see the invitations and invite."""
    actor = actor_of(request)
    if request.method == "GET":
        return show_people(request, InviteForm(initial={"roles": ["sales"]}))
    access.require_administrator(actor)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return show_people(request, form, status=422)
    try:
        made = invitations.invite_person(
            actor=actor, email=form.cleaned_data["email"], roles=form.chosen()
        )
    except InvitationRefused as refused:
        form.add_error("email", str(refused))
        return show_people(request, form, status=422)
    messages.success(request, told_of(made))
    return redirect("people")


def told_of(made: Invitation) -> str:
    if made.state == InvitationState.HELD:
        return (
            _("%s is not at a domain of your company, so the vendor is asked first.") % made.email
        )
    return _("The invitation to %s is sent.") % made.email


def show_people(request: HttpRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    context = {"page": people.people_page(actor_of(request)), "form": form}
    return render(request, "partners/people.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_partners
def person(request: HttpRequest, place_id: int) -> HttpResponse:
    """What a colleague does here; changes it."""
    actor = actor_of(request)
    place = people.place_of_colleague(actor, place_id)
    read = {"roles": place.roles, "version": place.version}
    form = ChangeRolesForm(request.POST or None, initial=read)
    if form.is_valid():
        try:
            places.change_roles(
                actor=actor,
                membership_id=place.pk,
                roles=form.chosen(),
                version=form.cleaned_data["version"],
            )
        except LastAdministrator as refused:
            form.add_error("roles", str(refused))
        except StaleRoles as stale:
            form.add_error("roles", told_stale(stale))
            form.data = {
                "roles": request.POST.getlist("roles"),
                "version": str(stale.place.version),
            }
        else:
            messages.success(request, _("The roles of %s are saved.") % place.user)
            return redirect("people")
    context = {"person": people.shown(place, actor), "form": form}
    return render(request, "partners/person.html", context, status=422 if form.errors else 200)


def told_stale(stale: StaleRoles) -> str:
    return _(
        "Somebody changed these roles after you opened the page, so nothing was saved. Now they "
        "are: %(roles)s. Save again to set yours."
    ) % {"roles": ", ".join(people.labels(stale.place.roles))}


def change(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    """Does one thing and tells how it went, on the list of people."""
    tell_outcome(request, act, done, REFUSALS)
    return redirect("people")


@require_POST
@for_partners
def remove(request: HttpRequest, place_id: int) -> HttpResponse:
    actor = actor_of(request)
    place = people.place_of_colleague(actor, place_id)
    return change(
        request,
        lambda: places.end_place(actor=actor, membership_id=place.pk),
        _("%s no longer has access, from this moment on.") % place.user,
    )


@require_POST
@for_partners
def hand_over(request: HttpRequest, place_id: int) -> HttpResponse:
    actor = actor_of(request)
    place = people.place_of_colleague(actor, place_id)
    return change(
        request,
        lambda: places.hand_over_administration(actor=actor, to_membership_id=place.pk),
        _("%s administers your company in this portal now; you no longer do.") % place.user,
    )


@require_POST
@for_partners
def resend(request: HttpRequest, invitation_id: int) -> HttpResponse:
    return change(
        request,
        lambda: invitations.send_again(actor=actor_of(request), invitation_id=invitation_id),
        _("A new link is sent; the one before opens nothing any more."),
    )


@require_POST
@for_partners
def revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    return change(
        request,
        lambda: invitations.revoke_invitation(actor=actor_of(request), invitation_id=invitation_id),
        _("The invitation is revoked; its link opens nothing any more."),
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, key: str) -> HttpResponse:
    """What the link in an invitation opens: accept as who is signed in, or open an account."""
    invitation = invitations.open_invitation(key)
    if invitation is None:
        return render(request, "partners/join_over.html", status=404)
    if isinstance(request.user, User):
        return join_signed_in(request, invitation, key, request.user)
    if people.has_account(invitation.email):
        context = {"invitation": invitation, "state": "sign_in"}
        return render(request, "partners/join.html", context)
    return join_new(request, invitation, key)


def join_signed_in(
    request: HttpRequest, invitation: Invitation, link: str, user: User
) -> HttpResponse:
    state = "accept" if user.email == invitation.email else "other"
    if request.method == "POST":
        try:
            invitations.accept_invitation(link=link, user_id=user.pk)
        except REFUSALS as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Welcome to %s.") % invitation.partner.name)
            return redirect("home")
    context = {"invitation": invitation, "state": state}
    return render(request, "partners/join.html", context)


def join_new(request: HttpRequest, invitation: Invitation, link: str) -> HttpResponse:
    form = JoinForm(request.POST or None, email=invitation.email)
    if form.is_valid():
        data = form.cleaned_data
        try:
            invitations.join_with_new_account(
                link=link, name=data["name"], password=data["password"]
            )
        except InvitationRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your account is open. Sign in with your new password."))
            return redirect("account_login")
    context = {"invitation": invitation, "state": "new", "form": form}
    return render(request, "partners/join.html", context, status=422 if form.errors else 200)


@require_POST
def leave_visit(request: HttpRequest) -> HttpResponse:
    """Ends acting in somebody's place; back to the back office."""
    visit_id = request.session.pop(VISIT, None)
    if visit_id is not None and isinstance(request.user, User):
        visits.end_visit(staff=request.user, visit_id=visit_id)
        messages.success(request, _("You act for yourself again."))
    return redirect("admin:index" if request.user.is_staff else "home")
