"""The pages of the partner company: what the portal knows of it, what it says of itself, its
papers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from partners.access import speaks_for_company
from partners.doors import actor_of, for_partners
from partners.forms.company import PROFILE_FIELDS, DocumentForm, ProfileForm
from partners.models import PartnerProfile
from partners.queries import documents, organisations, people, profiles, record
from partners.services.directory import may_write_profile
from partners.services.documents import add_document
from partners.services.profiles import StaleProfile, change_profile


@require_GET
@for_partners
def company(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    context = {
        "partner": organisations.partner_card(actor.partner_id),
        "record": record.company_record(actor.partner_id),
        "profile": profiles.profile_row(actor.partner_id),
        "playbook": profiles.playbook_for(actor.partner_id),
        "suspended": organisations.suspension_of(actor.partner_id),
        "may_write_profile": may_write_profile(actor),
        "colleagues": people.colleagues(actor.partner_id),
        "may_change": speaks_for_company(actor),
    }
    return render(request, "partners/company.html", context)


@require_http_methods(["GET", "POST"])
@for_partners
def profile(request: HttpRequest) -> HttpResponse:
    """What the company says of itself, for its administrators to write."""
    actor = actor_of(request)
    partner_id = actor.partner_id
    if partner_id is None or not speaks_for_company(actor):
        raise PermissionDenied(_("This needs the role Administrator at the partner."))
    row = profiles.profile_row(partner_id)
    read = {"version": row.version}
    form = ProfileForm(request.POST or None, instance=row, initial=read)
    newer: list[tuple[str, str]] | None = None
    if form.is_valid():
        read_version = form.cleaned_data["version"]
        try:
            change_profile(
                actor=actor, partner_id=partner_id, profile=form.said(), version=read_version
            )
        except StaleProfile as stale:
            newer = stored_instead(form, profiles.profile_row(partner_id))
            # Sent again, it says that this version was read.
            form.data = {**request.POST.dict(), "version": str(stale.version)}
        else:
            messages.success(request, _("The profile is saved."))
            return redirect("company")
    context = {"form": form, "newer": newer}
    refused = newer is not None or bool(form.errors)
    status = 409 if newer is not None else 422 if refused else 200
    return render(request, "partners/profile.html", context, status=status)


def stored_instead(form: ProfileForm, row: PartnerProfile) -> list[tuple[str, str]]:
    """Label and stored value of each field in which a colleague wrote something else."""
    typed = form.said()
    return [
        (str(capfirst(str(form.fields[name].label))), str(getattr(row, name) or "–"))
        for name in PROFILE_FIELDS
        if getattr(row, name) != getattr(typed, name)
    ]


@require_http_methods(["GET", "POST"])
@for_partners
def document_list(request: HttpRequest) -> HttpResponse:
    """The papers that the vendor shares with the company; its administrators add some."""
    actor = actor_of(request)
    assert actor.partner_id is not None  # for_partners
    if request.method == "POST" and not speaks_for_company(actor):
        raise PermissionDenied(_("This needs the role Administrator at the partner."))
    form = DocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            add_document(actor=actor, partner_id=actor.partner_id, new=form.new(), upload=upload)
        except ValidationError as refused:
            form.add_error("upload", refused)
        else:
            messages.success(request, _("The document is added."))
            return redirect("documents")
    context = {
        "documents": documents.shared_documents(actor.partner_id),
        "form": form,
        "may_change": speaks_for_company(actor),
    }
    status = 422 if form.errors else 200
    return render(request, "partners/documents.html", context, status=status)
