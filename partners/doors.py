"""Who a page is for. Staff work in the back office, people without a partner are told so."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from core.actor import ANONYMOUS, Actor
from partners.queries.benefits import entitlements
from partners.rules.benefits import BENEFITS

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request (partners.middleware)."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor


def for_partners(view: View[P]) -> View[P]:
    """The page is for people at partners: staff go to the back office, others are told what
    is missing (403)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = actor_of(request)
        if actor.partner_id is not None:
            return view(request, *args, **kwargs)
        if actor.is_staff:
            return redirect("admin:index")
        return no_partner(request)

    return cast(View[P], guarded)


def no_partner(request: HttpRequest) -> HttpResponse:
    return render(request, "partners/no_partner.html", status=403)


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def with_feature(feature: str) -> Callable[[V], V]:
    """The page is a feature that a tier may lack: its people are told what it is and where they
    see which tier brings it (403). Stands below for_partners."""

    def guard(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            partner_id = actor_of(request).partner_id
            if partner_id is None or entitlements(partner_id).has(feature):
                return view(request, *args, **kwargs)
            context = {"feature": BENEFITS[feature]}
            return render(request, "partners/not_included.html", context, status=403)

        return cast(V, guarded)

    return guard
