"""Whom to talk to at the company; its administrators keep the list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners.access import speaks_for_company
from partners.doors import actor_of, for_partners
from partners.forms.contacts import ContactForm
from partners.models import PartnerContact
from partners.queries import record
from partners.services import contacts
from partners.services.contacts import ContactRefused, StaleContact


@require_http_methods(["GET", "POST"])
@for_partners
def contact_list(request: HttpRequest) -> HttpResponse:
    """Everybody reads it; administrators add to it."""
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    if request.method == "POST":
        contacts.require_keeps_contacts(actor)
    form = ContactForm(request.POST or None)
    if form.is_valid():
        try:
            contacts.add_contact(actor=actor, partner_id=actor.partner_id, details=form.details())
        except ContactRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The contact is added."))
            return redirect("contacts")
    context = {
        "contacts": record.contacts_of(actor.partner_id),
        "form": form,
        "may_change": speaks_for_company(actor),
    }
    status = 422 if form.errors else 200
    return render(request, "partners/contacts.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_partners
def contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """One contact; changes it."""
    actor = actor_of(request)
    row = record.contact_for_reading(actor, contact_id)
    contacts.require_keeps_contacts(actor)
    form = ContactForm(request.POST or None, instance=row, initial={"version": row.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                contacts.change_contact(
                    actor=actor,
                    contact_id=contact_id,
                    details=form.details(),
                    version=form.cleaned_data["version"] or 0,
                )
            except ContactRefused as refused:
                form.add_error(None, str(refused))
            except StaleContact as stale:
                form.add_error(None, told_stale(stale.contact))
                # Sent again, it says that this version was read.
                form.data = {**request.POST.dict(), "version": str(stale.contact.version)}
                status = 409
            else:
                messages.success(request, _("The contact is saved."))
                return redirect("contacts")
    context = {"contact": record.contact_for_reading(actor, contact_id), "form": form}
    return render(request, "partners/contact.html", context, status=status)


def told_stale(now: PartnerContact) -> str:
    stands = [now.name, now.get_role_display(), now.email, now.phone]
    return _(
        "A colleague changed this after you opened it, so nothing was saved. Now it says: "
        "%(stands)s. Save again to write yours."
    ) % {"stands": ", ".join(str(one) for one in stands if one)}


@require_POST
@for_partners
def remove(request: HttpRequest, contact_id: int) -> HttpResponse:
    contacts.remove_contact(actor=actor_of(request), contact_id=contact_id)
    messages.success(request, _("The contact is removed."))
    return redirect("contacts")
