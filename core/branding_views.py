"""The vendor's colours and logo, which anybody who sees the sign-in page may see."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core import branding

FOR_EVER = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def stylesheet(request: HttpRequest, colours: str) -> HttpResponse:
    """The colours are the address, so a browser asks once for each pair."""
    sheet = branding.stylesheet(colours)
    if sheet is None:
        raise Http404
    return HttpResponse(
        sheet, content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_EVER}
    )


@login_not_required
@require_safe
def logo(request: HttpRequest) -> HttpResponse:
    picture = branding.logo_picture()
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": FOR_EVER})
