"""The vendor's colours and logo."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from PIL import Image, PngImagePlugin

from core import branding
from core.actor import system
from core.branding_forms import BrandingForm
from core.branding_rules import contrast, readable_on_white
from core.models import Branding, Event
from core.queries import branding as shown

LOOK = branding.Look("Acme Partners", "#123456", "#0f766e", "")
VALUES = {
    "name": "Acme",
    "brand_colour": "#123456",
    "accent_colour": "#0f766e",
    "support_email": "",
}
OPERATOR = system("test")


def picture(format_: str = "PNG", size: tuple[int, int] = (900, 300), **save: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#336699").save(out, format_, **save)
    return out.getvalue()


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
    ],
)
def test_contrast_is_wcags(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_colours_are_readable_from_4_5_on():
    assert readable_on_white("#767676")
    assert not readable_on_white("#777777")


@pytest.mark.parametrize("colour", ["", "#fff", "red", "#12345g", "#1234567", "123456"])
def test_what_is_no_colour_is_refused(colour):
    with pytest.raises(ValueError, match="not a colour"):
        contrast(colour, "#ffffff")


def test_form_refuses_colours_that_cannot_be_read(db):
    form = BrandingForm({**VALUES, "brand_colour": "#ffee00", "accent_colour": "#ffffff"})
    assert form.errors.keys() == {"brand_colour", "accent_colour"}
    assert BrandingForm(VALUES).is_valid()


def test_stylesheet_has_two_properties_and_is_cached_for_ever(client, db):
    response = client.get("/branding/1234560f766e.css")
    assert response.content == b":root{--brand:#123456;--accent:#0f766e}\n"
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response


@pytest.mark.parametrize(
    "colours", ["12345", "1234560f766", "}body{x:y}", "ABCDEF0f766e", "1234560f766e0"]
)
def test_stylesheet_takes_nothing_but_colours(client, db, colours):
    assert client.get(f"/branding/{colours}.css").status_code == 404


def test_page_links_the_stylesheet_of_its_colours(client, db):
    branding.change_branding(actor=OPERATOR, look=LOOK)
    page = client.get("/accounts/login/").content.decode()
    assert "/branding/1234560f766e.css" in page
    assert "Acme Partners" in page


def test_change_is_recorded_with_old_and_new(db):
    branding.change_branding(actor=OPERATOR, look=LOOK)
    branding.change_branding(actor=OPERATOR, look=LOOK)
    event = Event.objects.get(kind="core.branding_changed")
    assert event.payload["old"] == {"name": "Partner Hub", "brand_colour": "#3949ab"}
    assert event.payload["new"] == {"name": "Acme Partners", "brand_colour": "#123456"}


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP"])
def test_logo_is_drawn_anew_to_fit(client, db, format_):
    branding.change_branding(actor=OPERATOR, look=LOOK, logo=picture(format_))
    response = client.get(shown().logo_url)
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    with Image.open(io.BytesIO(response.content)) as image:
        assert (image.format, image.size) == ("PNG", (480, 160))


def test_nothing_else_in_the_file_survives(db):
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "<script>alert(1)</script>")
    upload = picture(pnginfo=hidden) + b"<script>alert(2)</script>"
    assert b"alert" not in branding.redrawn(upload)


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture("BMP"),
        picture()[:200],
        picture(size=(5000, 1000)),
        b"\x89PNG" + b"x" * 1_100_000,
    ],
)
def test_what_is_no_picture_of_ours_is_refused_and_nothing_changes(db, upload):
    with pytest.raises(branding.UnusableLogo):
        branding.change_branding(actor=OPERATOR, look=LOOK, logo=upload)
    assert not Branding.objects.exists()
    assert not Event.objects.exists()


def test_form_tells_of_an_unusable_logo_beside_the_field(db):
    logo = SimpleUploadedFile("logo.png", b"<svg/>", "image/png")
    assert BrandingForm(VALUES, MultiValueDict({"logo": [logo]})).errors.keys() == {"logo"}


def test_logo_that_is_gone_is_404(client, db):
    assert client.get("/branding/logo").status_code == 404
