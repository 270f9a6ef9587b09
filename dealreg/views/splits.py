"""Sharing a deal: the deal's page about its partners, the inbox, proposals and answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.tables import Column, EmptyState, read_table
from dealreg import queries, services, sharing, split_access
from dealreg.models import Deal
from dealreg.rules.splits import InvalidSplit, SplitMovedOn, SplitVerb
from dealreg.split_forms import (
    AcceptForm,
    PartRows,
    RefuseForm,
    SplitFilter,
    TakeBackForm,
    WordsForm,
    first_rows,
    own_rows,
    sent_rows,
)
from dealreg.views.story import show_tab
from partners.doors import actor_of, for_partners

COLUMNS = [
    Column("customer", gettext_lazy("Customer"), "deal__customer_name", primary=True),
    Column("product_line", gettext_lazy("Product line"), priority=3),
    Column("roles", gettext_lazy("Your role"), priority=2),
    Column("share", gettext_lazy("Your share"), numeric=True),
    Column("status", gettext_lazy("Status"), corner=True),
    Column("deadline", gettext_lazy("Answer until"), "deadline", priority=2),
    Column("changed", gettext_lazy("Changed"), "changed_at", priority=3),
]


@require_GET
@for_partners
def deal_partners(request: HttpRequest, deal_id: int) -> HttpResponse:
    head = queries.deal_head(actor_of(request), deal_id)
    shared = sharing.sharing_of(head.actor, head.deal)
    return show_tab(request, "partners", "dealreg/deal_partners.html", head, {"sharing": shared})


@require_GET
@for_partners
def split_list(request: HttpRequest) -> HttpResponse:
    listing = SplitFilter(request.GET, queryset=sharing.splits(actor_of(request)))
    table = read_table(
        listing.qs,
        request.GET,
        columns=COLUMNS,
        sort="-changed",
        caption=_("Shared deals"),
        empty=nothing_shared(filtered=bool(request.GET)),
    )
    rows = [(split, sharing.row_of(split)) for split in table.rows]
    context = {"table": table, "rows": rows, "form": listing.form}
    return render(request, "dealreg/split_list.html", context)


def nothing_shared(*, filtered: bool) -> EmptyState:
    if filtered:
        return EmptyState(
            _("No shared deal matches"),
            _("Take a filter away or search for something else."),
            reverse("split_list"),
            _("Show all shared deals"),
        )
    return EmptyState(
        _("No shared deals yet"),
        _(
            "When you work on a deal together with another partner, propose how to share it: open "
            "the deal, then Partners. What others propose to you appears here."
        ),
        reverse("deal_list"),
        _("To your deals"),
        "team",
    )


@require_GET
@for_partners
def split_detail(request: HttpRequest, split_id: int) -> HttpResponse:
    return show_split(request, split_id)


def show_split(request: HttpRequest, split_id: int, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    page = sharing.split_page(actor, split_id)
    version = {"version": page.split.version}
    context = {
        "page": page,
        "split": page.split,
        "verbs": page.verbs,
        "news": sharing.news_of(actor, page.split),
        "accept_form": AcceptForm(initial=version),
        "withdraw_form": TakeBackForm(initial=version),
    }
    return render(request, "dealreg/split_detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_partners
def split_propose(request: HttpRequest, deal_id: int) -> HttpResponse:
    """The form in which a deal's own partner proposes how to share it."""
    actor = actor_of(request)
    head = queries.deal_head(actor, deal_id)
    split_access.require_may_answer(actor)
    shared = sharing.sharing_of(actor, head.deal)
    if shared.talking is not None:
        messages.info(request, _("There is a proposal already; one at a time."))
        return redirect("split_detail", shared.talking.split.pk)
    if request.method == "GET":
        return show_form(request, first_rows(shared.holding), WordsForm(), head.deal, shared)
    rows, words = sent_rows(request.POST), WordsForm(request.POST)
    changed = rows.changed_rows(request.POST)
    if changed is not None:
        return show_form(request, changed, unjudged(words), head.deal, shared)
    if not (rows.is_valid() and words.is_valid()):
        return show_form(request, rows, words, head.deal, shared, status=422)
    try:
        split = services.propose_split(
            actor=actor,
            deal_id=deal_id,
            parts=rows.asked(),
            note=words.cleaned_data["note"],
            named=words.cleaned_data["named"],
        )
    except services.SplitIsOpen as other:
        return redirect("split_detail", other.split.pk)
    except services.TooManyInvitations:
        words.add_error(None, _("Your company has invited many partners today. Try tomorrow."))
        return show_form(request, rows, words, head.deal, shared, status=429)
    except (InvalidSplit, services.NotShareable) as wrong:
        words.add_error(None, str(wrong))
        return show_form(request, rows, words, head.deal, shared, status=422)
    messages.success(
        request,
        _("The proposal is made. Partners who are registered under these domains are told."),
    )
    return redirect("split_detail", split.pk)


def show_form(
    request: HttpRequest,
    rows: PartRows,
    words: WordsForm,
    deal: Deal,
    shared: sharing.DealSharing,
    status: int = 200,
) -> HttpResponse:
    context = {"rows": rows, "words": words, "deal": deal, "sharing": shared}
    return render(request, "dealreg/split_propose.html", context, status=status)


def unjudged(words: WordsForm) -> WordsForm:
    """The same words without complaints: more is still being typed."""
    return WordsForm(initial={name: words[name].value() for name in words.fields})


@require_http_methods(["GET", "POST"])
@for_partners
def split_counter(request: HttpRequest, split_id: int) -> HttpResponse:
    """Another part for oneself: in answer to a proposal, or as a change of what is in force."""
    actor = actor_of(request)
    page = sharing.split_page(actor, split_id)
    split_access.require_may_answer(actor)
    if not page.verbs & {SplitVerb.COUNTER, SplitVerb.CHANGE}:
        return moved_on(request, split_id)
    if request.method == "GET":
        words = WordsForm(initial={"version": page.split.version})
        return show_counter(request, own_rows(page), words, page)
    rows, words = sent_rows(request.POST), WordsForm(request.POST)
    changed = rows.changed_rows(request.POST)
    if changed is not None:
        return show_counter(request, changed, unjudged(words), page)
    if not (rows.is_valid() and words.is_valid()):
        return show_counter(request, rows, words, page, status=422)
    try:
        split = services.ask_for_own_part(
            actor=actor,
            split_id=split_id,
            version=words.cleaned_data["version"] or 0,
            own=rows.own(),
            note=words.cleaned_data["note"],
            named=words.cleaned_data["named"],
        )
    except InvalidSplit as wrong:
        words.add_error(None, str(wrong))
        return show_counter(request, rows, words, page, status=422)
    except (services.SplitChanged, SplitMovedOn, services.NotShareable, services.SplitIsOpen):
        return moved_on(request, split_id)
    messages.success(request, _("Your proposal is made; the others are asked."))
    return redirect("split_detail", split.pk)


def show_counter(
    request: HttpRequest,
    rows: PartRows,
    words: WordsForm,
    page: sharing.SplitSeen,
    status: int = 200,
) -> HttpResponse:
    context = {"rows": rows, "words": words, "page": page, "split": page.split}
    return render(request, "dealreg/split_counter.html", context, status=status)


@require_POST
@for_partners
def split_accept(request: HttpRequest, split_id: int) -> HttpResponse:
    actor = actor_of(request)
    split_access.split_for_reading(actor, split_id)
    split_access.require_may_answer(actor)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return moved_on(request, split_id)
    try:
        services.accept_split(actor=actor, split_id=split_id, **form.cleaned_data)
    except (services.SplitChanged, SplitMovedOn, services.NotShareable):
        return moved_on(request, split_id)
    messages.success(request, _("You accepted."))
    return redirect("split_detail", split_id)


@require_http_methods(["GET", "POST"])
@for_partners
def split_decline(request: HttpRequest, split_id: int) -> HttpResponse:
    actor = actor_of(request)
    page = sharing.split_page(actor, split_id)
    split_access.require_may_answer(actor)
    if SplitVerb.DECLINE not in page.verbs:
        return moved_on(request, split_id)
    form = RefuseForm(request.POST or None, initial={"version": page.split.version})
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        context = {"form": form, "page": page, "split": page.split}
        return render(request, "dealreg/split_decline.html", context, status=status)
    try:
        services.decline_split(actor=actor, split_id=split_id, **form.cleaned_data)
    except (services.SplitChanged, SplitMovedOn):
        return moved_on(request, split_id)
    messages.success(request, _("You declined; the others are told why."))
    return redirect("split_detail", split_id)


@require_POST
@for_partners
def split_withdraw(request: HttpRequest, split_id: int) -> HttpResponse:
    actor = actor_of(request)
    split_access.split_for_reading(actor, split_id)
    split_access.require_may_answer(actor)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return moved_on(request, split_id)
    try:
        services.withdraw_split(actor=actor, split_id=split_id, **form.cleaned_data)
    except (services.SplitChanged, SplitMovedOn):
        return moved_on(request, split_id)
    messages.success(request, _("The proposal is withdrawn."))
    return redirect("split_detail", split_id)


def moved_on(request: HttpRequest, split_id: int) -> HttpResponse:
    messages.warning(
        request, _("The split has changed meanwhile; here is where it stands. Please look again.")
    )
    return redirect("split_detail", split_id)
