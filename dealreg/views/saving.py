"""A person's own views of the list of deals."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core import saved_filters
from core.saved_filters import LONGEST_NAME, RefusedFilter
from dealreg import own_fields
from dealreg.filters import kept
from dealreg.views.lists import LIST
from partners.doors import actor_of, for_partners


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the filter"), max_length=LONGEST_NAME)


@require_http_methods(["GET", "POST"])
@for_partners
def filter_list(request: HttpRequest) -> HttpResponse:
    """All of them, to be renamed, deleted or shown first; and the view in the address, to be
    saved."""
    own = own_fields.seen_by(actor_of(request))
    query = saved_filters.query_of(request.GET, kept(own))
    if request.method == "GET":
        return show(request, query, NameForm())
    form = NameForm(request.POST)
    if not form.is_valid():
        return show(request, query, form, status=422)
    try:
        saved = saved_filters.save_filter(
            actor=actor_of(request), list_name=LIST, name=form.cleaned_data["name"], query=query
        )
    except RefusedFilter as refused:
        form.add_error("name", str(refused))
        return show(request, query, form, status=422)
    messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
    return redirect(f"{reverse('deal_list')}?{saved.query}")


def show(request: HttpRequest, query: str, form: NameForm, status: int = 200) -> HttpResponse:
    saved = saved_filters.filters_of(actor_of(request), LIST)
    context: dict[str, Any] = {"saved": saved, "form": form, "view": query}
    return render(request, "dealreg/saved_filters.html", context, status=status)


@require_POST
@for_partners
def filter_rename(request: HttpRequest, filter_id: int) -> HttpResponse:
    try:
        saved_filters.rename_filter(
            actor=actor_of(request),
            list_name=LIST,
            filter_id=filter_id,
            name=request.POST.get("name", ""),
        )
    except RefusedFilter as refused:
        messages.error(request, str(refused))
    return redirect("deal_filters")


@require_POST
@for_partners
def filter_default(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Shows the list with this filter at first, or (chosen=no) no longer."""
    saved_filters.choose_default(
        actor=actor_of(request),
        list_name=LIST,
        filter_id=filter_id,
        chosen=request.POST.get("chosen", "yes") == "yes",
    )
    return redirect("deal_filters")


@require_POST
@for_partners
def filter_delete(request: HttpRequest, filter_id: int) -> HttpResponse:
    saved_filters.delete_filter(actor=actor_of(request), list_name=LIST, filter_id=filter_id)
    messages.success(request, _("The filter is deleted."))
    return redirect("deal_filters")
