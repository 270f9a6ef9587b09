"""The vendor's look: changing it, and giving it to browsers."""

import io
import re
import uuid
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, UnidentifiedImageError

from core.account_facts import BrandingChanged
from core.actor import Actor
from core.events import record
from core.models import Branding

LARGEST_LOGO = 1024 * 1024  # bytes
MOST_PIXELS = 4_000_000
LOGO_BOX = (640, 160)  # twice the size it is shown at
LOGO_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
FIELDS = ("name", "brand_colour", "accent_colour", "support_email")


class UnusableLogo(ValueError):
    """The file is not a picture of a kind that we show; the message says it to people."""


@dataclass(frozen=True, slots=True)
class Look:
    name: str
    brand_colour: str
    accent_colour: str
    support_email: str


@transaction.atomic
def change_branding(
    *, actor: Actor, look: Look, logo: bytes | None = None, remove_logo: bool = False
) -> Branding:
    """Sets the look. `logo` is a file as it was uploaded. Raises UnusableLogo."""
    branding = Branding.objects.select_for_update().filter(pk=1).first() or Branding(pk=1)
    old = told(branding)
    for field in FIELDS:
        setattr(branding, field, getattr(look, field))
    if remove_logo:
        branding.logo = ""
    if logo is not None:
        # A new name each time: the old picture may be cached for ever.
        name = f"{uuid.uuid4().hex[:12]}.png"
        branding.logo.save(name, ContentFile(redrawn(logo)), save=False)
    branding.save()
    new = told(branding)
    changed = [field for field in new if new[field] != old[field]]
    if changed:
        fact = BrandingChanged({f: old[f] for f in changed}, {f: new[f] for f in changed})
        record(fact, subject=branding, actor=actor)
    return branding


def told(branding: Branding) -> dict[str, str]:
    return {field: str(getattr(branding, field)) for field in (*FIELDS, "logo")}


def redrawn(upload: bytes) -> bytes:
    """The picture drawn anew as a PNG that fits its place: nothing else that was in the file
    survives. Raises UnusableLogo."""
    if len(upload) > LARGEST_LOGO:
        raise UnusableLogo("The logo is larger than 1 MB.")
    try:
        with Image.open(io.BytesIO(upload), formats=list(LOGO_TYPES)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UnusableLogo("The logo has too many pixels.")
            drawn = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, UnusableLogo):
            raise
        raise UnusableLogo("The logo must be a PNG, JPEG or WebP picture.") from error
    drawn.thumbnail(LOGO_BOX)
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


def stylesheet(colours: str) -> str | None:
    """The two properties that everything else is derived from (static/css/tokens.css), for
    twelve hexadecimal digits; None for anything else."""
    if not re.fullmatch(r"[0-9a-f]{12}", colours):
        return None
    return f":root{{--brand:#{colours[:6]};--accent:#{colours[6:]}}}\n"


def logo_picture() -> bytes | None:
    branding = Branding.objects.filter(pk=1).first()
    if branding is None or not branding.logo:
        return None
    try:
        with branding.logo.open("rb") as file:
            content: bytes = file.read()
    except OSError:
        return None
    return content
