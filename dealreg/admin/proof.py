"""What shows that a partner is at work with a customer, as the vendor's people note it: evidence
that reached them, and the customer's own word that they ask for."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from core.admin.base import actor_of
from core.files import RefusedFile
from dealreg import access, protections, services
from dealreg.protection_forms import ConfirmForm, EvidenceForm
from dealreg.protections import ProtectionPage
from dealreg.rules.states import NotInThisState, Verb

WIDGETS: dict[str, type[forms.Widget]] = {
    "kind": UnfoldAdminSelectWidget,
    "dated_on": UnfoldAdminTextInputWidget,
    "note": UnfoldAdminTextInputWidget,
    "upload": UnfoldAdminFileFieldWidget,
    "address": UnfoldAdminTextInputWidget,
}
TYPES = {"dated_on": "date", "address": "email"}


def evidence_form(
    page: ProtectionPage, sent: QueryDict | None = None, files: Any = None
) -> EvidenceForm | None:
    """The partner's form in the clothes of the back office; None where nothing can be added."""
    if Verb.ADD_EVIDENCE not in page.verbs:
        return None
    form = EvidenceForm(sent, files, prefix="evidence")
    dress(form)
    return form


def confirm_form(page: ProtectionPage, sent: QueryDict | None = None) -> ConfirmForm | None:
    if Verb.CONFIRM not in page.verbs or not page.deal.customer_domain:
        return None
    form = ConfirmForm(sent, prefix="confirm")
    dress(form)
    form.fields["address"].help_text = gettext_lazy(
        "They get a link that shows the partner’s name and the product line only."
    )
    return form


def dress(form: forms.Form) -> None:
    for name, field in form.fields.items():
        choices = getattr(field, "choices", None)
        field.widget = WIDGETS[name](attrs={"type": TYPES[name]} if name in TYPES else {})
        if choices is not None:
            field.widget.choices = choices


def forms_for(page: ProtectionPage) -> dict[str, forms.Form | None]:
    """What a page needs that includes evidence.html."""
    return {"evidence_form": evidence_form(page), "confirm_form": confirm_form(page)}


@require_POST
def add_evidence(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    page = page_for(request, deal_id, Verb.ADD_EVIDENCE)
    form = evidence_form(page, request.POST, request.FILES)
    if form is None:
        return moved_on(request, page)
    if form.is_valid():
        given = form.evidence()
        try:
            services.add_evidence(
                actor=actor_of(request),
                deal_id=deal_id,
                kind=given.kind,
                dated_on=given.dated_on,
                note=given.note,
                upload=given.upload,
            )
        except services.InvalidEvidence as wrong:
            form.add_problems(wrong.problems)
        except RefusedFile as refused:
            form.add_error("upload", refused)
        except NotInThisState:
            return moved_on(request, page)
        else:
            messages.success(request, _("The evidence is noted; the partner sees it."))
            return redirect("admin:dealreg_deal_proof", deal_id)
    return draw(request, site, page, {**forms_for(page), "evidence_form": form}, 422)


@require_POST
def ask_customer(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    page = page_for(request, deal_id, Verb.CONFIRM)
    form = confirm_form(page, request.POST)
    if form is None:
        return moved_on(request, page)
    if form.is_valid():
        try:
            asked = services.ask_customer(
                actor=actor_of(request), deal_id=deal_id, address=form.cleaned_data["address"]
            )
        except services.CannotAsk as refused:
            form.add_error("address", str(refused))
        except NotInThisState:
            return moved_on(request, page)
        else:
            messages.success(request, _("%(address)s is asked.") % {"address": asked.address})
            return redirect("admin:dealreg_deal_proof", deal_id)
    return draw(request, site, page, {**forms_for(page), "confirm_form": form}, 422)


def page_for(request: HttpRequest, deal_id: int, verb: Verb) -> ProtectionPage:
    actor = actor_of(request)
    page = protections.protection_page(actor, deal_id)
    if not access.may(actor, verb):
        raise PermissionDenied(_("Your role does not include this."))
    return page


def moved_on(request: HttpRequest, page: ProtectionPage) -> HttpResponse:
    text = _("A registration that is “%(status)s” does not allow this.")
    messages.error(request, text % {"status": page.deal.get_status_display()})
    return redirect("admin:dealreg_deal_proof", page.deal.pk)


@require_safe
def proof(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    """Evidence, protection and the customer's word about one deal, with the forms to add some."""
    page = protections.protection_page(actor_of(request), deal_id)
    return draw(request, site, page, forms_for(page))


def draw(
    request: HttpRequest,
    site: AdminSite,
    page: ProtectionPage,
    forms: dict[str, forms.Form | None],
    status: int = 200,
) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": _("Evidence for %(reference)s · %(customer)s")
        % {"reference": page.deal.reference, "customer": page.deal.customer_name},
        "subtitle": None,
        "page": page,
        "deal": page.deal,
        **forms,
    }
    template = "admin/dealreg/deal/proof.html"
    return TemplateResponse(request, template, context, status=status)
