"""The public directory of partners: the list, a partner's page, asking it. No sign-in; nothing
here knows who reads, so that the pages are the same for everybody."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.client import client_ip
from core.tables import keyset_page
from dealreg.directory_forms import ContactForm, DirectoryFilter, blank_contact
from dealreg.queries import product_lines
from dealreg.services.leads import TooManyInquiries, receive_inquiry
from partners.queries import directory
from partners.queries.directory import Listing

PAGE = 24
IN_A_SITEMAP = 20_000
FOR_EVER = "public, max-age=31536000, immutable"
# Kept by browsers and proxies, and asked for each time whether it still holds: a partner that is
# taken out is out at once.
ASK_EACH_TIME = "public, no-cache"
LANGUAGE = "language"

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """A page for everybody, in the language that its address names, with an ETag."""

    @login_not_required
    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(language_of(request)):
            response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = ASK_EACH_TIME
        patch_vary_headers(response, ["Accept-Language"])
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response

    return shown  # type: ignore[return-value]


def language_of(request: HttpRequest) -> str:
    """That of the address, else the browser's."""
    asked = request.GET.get(LANGUAGE, "")
    if asked in dict(settings.LANGUAGES):
        return asked
    return translation.get_language_from_request(request)


def absolute(path: str) -> str:
    return urljoin(settings.SITE_URL, path)


def alternates(path: str, query: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """(language, address) of the same page in every language."""
    return [
        (code, f"{absolute(path)}?{urlencode({**(query or {}), LANGUAGE: code})}")
        for code, _name in settings.LANGUAGES
    ]


def links_of(request: HttpRequest, path: str, query: dict[str, str]) -> dict[str, Any]:
    """What search engines are told about a page's addresses."""
    asked = request.GET.get(LANGUAGE, "")
    own = {**query, **({LANGUAGE: asked} if asked in dict(settings.LANGUAGES) else {})}
    words = f"?{urlencode(own)}" if own else ""
    shared = f"?{urlencode(query)}" if query else ""
    return {
        "canonical": absolute(path) + words,
        "x_default": absolute(path) + shared,
        "alternates": alternates(path, query),
        "said_language": asked if asked in dict(settings.LANGUAGES) else "",
        "languages": [
            (code, name, f"{path}?{urlencode({**query, LANGUAGE: code})}")
            for code, name in settings.LANGUAGES
        ],
    }


def linked_data(value: dict[str, Any]) -> SafeString:
    """JSON for a data block, in which nothing can end the block or begin another."""
    text = json.dumps(value, ensure_ascii=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return mark_safe(text)  # noqa: S308 (escaped above)


@public_page
def partner_list(request: HttpRequest) -> HttpResponse:
    path = reverse("directory")
    form = DirectoryFilter(request.GET)
    wanted = form.wanted()
    page = keyset_page(
        directory.search(wanted), order=["name"], after=request.GET.get("after"), size=PAGE
    )
    query = {
        name: value
        for name in form.fields
        if (value := str(form.cleaned_data.get(name) or "").replace("\x00", ""))
    }
    if request.GET.get("after"):
        query["after"] = request.GET["after"][:500]
    found = directory.listings(page.rows)
    entries = [
        {
            "@type": "ListItem",
            "position": place,
            "url": absolute(reverse("directory_entry", args=[one.address])),
            "name": one.name,
        }
        for place, one in enumerate(found, start=1)
    ]
    context = {
        **links_of(request, path, query),
        "form": form,
        "found": found,
        "filtered": bool(query),
        "next_page": cursor_address(path, request, query, page.next_cursor),
        "previous_page": cursor_address(path, request, query, page.previous_cursor),
        "linked_data": linked_data(
            {
                "@context": "https://schema.org",
                "@type": "ItemList",
                "itemListElement": entries,
            }
        ),
    }
    return render(request, "dealreg/directory.html", context)


def cursor_address(
    path: str, request: HttpRequest, query: dict[str, str], cursor: str | None
) -> str:
    if cursor is None:
        return ""
    asked = request.GET.get(LANGUAGE, "")
    kept = {**query, "after": cursor}
    if asked in dict(settings.LANGUAGES):
        kept[LANGUAGE] = asked
    return f"{path}?{urlencode(kept)}"


def partner_id_in(address: str) -> int:
    """The number at the beginning of a profile's address. Http404 where there is none."""
    number = address.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    return int(number)


def entry_of(address: str) -> Listing:
    found = directory.listing(partner_id_in(address))
    if found is None:
        raise Http404
    return found


@public_page
def partner_entry(request: HttpRequest, address: str) -> HttpResponse:
    entry = entry_of(address)
    path = reverse("directory_entry", args=[entry.address])
    if address != entry.address:
        return redirect(path, permanent=True)
    names = dict(product_lines().values_list("code", "name"))
    lines = [names[code] for code in entry.product_lines if code in names]
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": entry.name,
        "description": entry.text,
        "url": entry.website or absolute(path),
        "knowsLanguage": list(entry.languages),
        "areaServed": list(entry.countries),
    }
    if entry.logo:
        logo = reverse("directory_logo", args=[entry.partner_id, entry.logo])
        about["logo"] = absolute(logo)
    context = {
        **links_of(request, path, {}),
        "entry": entry,
        "lines": lines,
        "linked_data": linked_data(about),
    }
    return render(request, "dealreg/directory_entry.html", context)


@login_not_required
@require_safe
def logo(request: HttpRequest, partner_id: int, name: str) -> HttpResponse:
    """The name changes with the picture; out of the directory there is none."""
    picture = directory.logo_of(partner_id, name)
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": ASK_EACH_TIME})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, address: str) -> HttpResponse:
    """Asks a partner; what comes in becomes a lead."""
    with translation.override(language_of(request)):
        return contact_in_language(request, entry_of(address))


def contact_in_language(request: HttpRequest, entry: Listing) -> HttpResponse:
    if request.method == "GET":
        return show_contact(request, entry, blank_contact())
    form = ContactForm(request.POST)
    if not form.is_valid():
        return show_contact(request, entry, form, status=422)
    if not form.by_machine:
        try:
            receive_inquiry(
                visitor=client_ip(request), partner_id=entry.partner_id, inquiry=form.inquiry()
            )
        except TooManyInquiries:
            form.add_error(None, _("There were many questions just now. Please try again later."))
            return show_contact(request, entry, form, status=429)
    asked = request.GET.get(LANGUAGE, "")
    words = f"?{urlencode({LANGUAGE: asked})}" if asked in dict(settings.LANGUAGES) else ""
    return redirect(reverse("directory_sent", args=[entry.address]) + words)


def show_contact(
    request: HttpRequest, entry: Listing, form: ContactForm, status: int = 200
) -> HttpResponse:
    path = reverse("directory_contact", args=[entry.address])
    context = {**links_of(request, path, {}), "entry": entry, "form": form}
    response = render(request, "dealreg/directory_contact.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@public_page
def sent(request: HttpRequest, address: str) -> HttpResponse:
    entry = entry_of(address)
    path = reverse("directory_sent", args=[entry.address])
    context = {**links_of(request, path, {}), "entry": entry}
    response = render(request, "dealreg/directory_sent.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# --- for machines ---------------------------------------------------------------------------


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The directory may be read, the rest of the portal has nothing for search engines."""
    lines = [
        "User-agent: *",
        "Allow: /directory/",
        "Allow: /static/",
        "Allow: /branding/",
        "Disallow: /",
        f"Sitemap: {absolute(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of lists: each holds the partners of 20,000 numbers."""
    parts = range(directory.largest_public_id() // IN_A_SITEMAP + 1)
    locations = [absolute(reverse("sitemap_part", args=[part])) for part in parts]
    body = "".join(f"<sitemap><loc>{location}</loc></sitemap>" for location in locations)
    return xml(f'<sitemapindex xmlns="{SITEMAPS}">{body}</sitemapindex>')


@public_page
def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    if part > 2**40:
        raise Http404
    first = part * IN_A_SITEMAP
    addresses = directory.public_addresses(first, first + IN_A_SITEMAP)
    paths = [reverse("directory_entry", args=[address]) for address in addresses]
    if part == 0:
        paths.insert(0, reverse("directory"))
    body = "".join(f"<url><loc>{absolute(path)}</loc></url>" for path in paths)
    return xml(f'<urlset xmlns="{SITEMAPS}">{body}</urlset>')


SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def xml(text: str) -> HttpResponse:
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>{text}', content_type="application/xml"
    )
