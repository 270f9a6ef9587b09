"""A partner's distributors, or a distributor's resellers: propose, answer, end."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.acts import tell_outcome
from partners.doors import actor_of, for_partners
from partners.forms.distribution import EndForm, ProposeForm
from partners.queries import distribution
from partners.rules.distribution import LinkVerb
from partners.services import distribution as services
from partners.services.distribution import DistributionRefused, TooManyProposals


@require_http_methods(["GET", "POST"])
@for_partners
def links(request: HttpRequest) -> HttpResponse:
    """Everybody at the partner reads; administrators propose."""
    if request.method == "GET":
        return show_links(request, ProposeForm())
    actor = actor_of(request)
    distribution.require_may_arrange(actor)
    form = ProposeForm(request.POST)
    if form.is_valid():
        try:
            services.propose_distribution(actor=actor, **form.cleaned_data)
        except DistributionRefused as refused:
            form.add_error("domain", str(refused))
        except TooManyProposals:
            form.add_error(None, _("You asked many companies today; go on tomorrow."))
        else:
            messages.success(
                request, _("If a suitable partner is registered at this domain, it is asked now.")
            )
            return redirect("distribution")
    return show_links(request, form, status=422)


def show_links(request: HttpRequest, form: ProposeForm, status: int = 200) -> HttpResponse:
    context = {"page": distribution.distribution_page(actor_of(request)), "form": form}
    return render(request, "partners/distribution.html", context, status=status)


def say(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    """Does one thing and tells how it went, on the page of all relations."""
    tell_outcome(request, act, done, (DistributionRefused,), level=messages.WARNING)
    return redirect("distribution")


@require_POST
@for_partners
def accept(request: HttpRequest, link_id: int) -> HttpResponse:
    return say(
        request,
        lambda: services.accept_distribution(actor=actor_of(request), link_id=link_id),
        _("You work together from today on."),
    )


@require_POST
@for_partners
def decline(request: HttpRequest, link_id: int) -> HttpResponse:
    return say(
        request,
        lambda: services.decline_distribution(actor=actor_of(request), link_id=link_id),
        _("You declined; the other company is told."),
    )


@require_POST
@for_partners
def withdraw(request: HttpRequest, link_id: int) -> HttpResponse:
    return say(
        request,
        lambda: services.withdraw_distribution(actor=actor_of(request), link_id=link_id),
        _("The proposal is withdrawn."),
    )


@require_http_methods(["GET", "POST"])
@for_partners
def end(request: HttpRequest, link_id: int) -> HttpResponse:
    """Asks why, and ends it."""
    actor = actor_of(request)
    link = distribution.link_for_reading(actor, link_id)
    distribution.require_may_arrange(actor)
    one = distribution.seen(actor, link)
    if LinkVerb.END not in one.verbs:
        messages.warning(request, _("This is no longer possible; look at how it stands now."))
        return redirect("distribution")
    form = EndForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return say(
            request,
            lambda: services.end_distribution(actor=actor, link_id=link_id, reason=reason),
            _("You no longer work together in distribution; the other company is told."),
        )
    status = 422 if form.errors else 200
    return render(
        request, "partners/distribution_end.html", {"one": one, "form": form}, status=status
    )
