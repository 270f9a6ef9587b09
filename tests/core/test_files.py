import io
import uuid
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory
from PIL import Image

from core import files
from core.actor import Actor, ActorKind
from core.files import RefusedFile, clean_name, download, register_access, store_file
from core.models import StoredFile
from tests.core.trial import rolled_back

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


def actor_of(user) -> Actor:
    return Actor(kind=ActorKind.USER, label=str(user), user_id=user.pk)


def keep(user, name: str, content: bytes) -> StoredFile:
    upload = SimpleUploadedFile(name, content, content_type="text/html")
    return store_file(actor=actor_of(user), subject=user, upload=upload)


def picture(file_format: str = "PNG", size: tuple[int, int] = (40, 30), **how) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "red").save(drawn, file_format, **how)
    return drawn.getvalue()


def office(part: str = "word/document.xml", extra: str = "", types: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", f"<Types>{types}</Types>")
        parts.writestr(part, "<document/>")
        if extra:
            parts.writestr(extra, "x")
    return packed.getvalue()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", b"0" * (files.MAX_UNPACKED_BYTES + 1))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept_as", "content_type"),
    [
        ("plan.pdf", PDF, "plan.pdf", "application/pdf"),
        ("plan.html", PDF, "plan.pdf", "application/pdf"),
        ("a.png", picture(), "a.png", "image/png"),
        ("a.exe", picture("JPEG"), "a.jpg", "image/jpeg"),
        ("a.webp", picture("WEBP"), "a.webp", "image/webp"),
        ("list.csv", "Käufer;1\n".encode(), "list.csv", "text/csv"),
        ("note.txt", b"\xef\xbb\xbfhello", "note.txt", "text/plain"),
        ("a.docx", office(), "a.docx", files.Kind.DOCX.value),
        ("a.xlsx", office("xl/workbook.xml"), "a.xlsx", files.Kind.XLSX.value),
    ],
)
def test_the_content_says_what_a_file_is(olga, name, content, kept_as, content_type):
    stored = keep(olga, name, content)

    assert (stored.name, stored.content_type) == (kept_as, content_type)
    assert stored.size == default_storage.size(str(stored.content.name))


REFUSED = {
    "empty": ("a.pdf", b""),
    "html": ("a.html", b"<html><script>alert(1)</script>"),
    "html as text": ("a.txt", b"  <!doctype html><script>1</script>"),
    "svg": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'),
    "svg as picture": ("a.png", b'<?xml version="1.0"?><svg onload="x()"/>'),
    "program": ("a.pdf", b"MZ" + bytes(100)),
    "script": ("a.sh", b"#!/bin/sh\nrm -rf /\n"),
    "zip": ("a.zip", office("other.txt")),
    "macros": ("a.docx", office(extra="word/vbaProject.bin")),
    "macro type": (
        "a.docx",
        office(types="application/vnd.ms-word.document.macroEnabled.main+xml"),
    ),
    "two documents in one": ("a.docx", office(extra="xl/workbook.xml")),
    "broken zip": ("a.docx", b"PK\x03\x04" + bytes(40)),
    "broken picture": ("a.png", picture()[:60]),
    "gif": ("a.gif", picture("GIF")),
    "binary as text": ("a.txt", b"text\x00text"),
    "other encoding": ("a.csv", "Käufer".encode("latin-1")),
    "no ending": ("README", b"plain text"),
}


@pytest.mark.parametrize(("name", "content"), REFUSED.values(), ids=REFUSED.keys())
def test_h1_everything_else_is_refused_and_nothing_kept(olga, name, content):
    with pytest.raises(RefusedFile):
        keep(olga, name, content)

    assert not StoredFile.objects.exists()
    assert files.private_folders() == []


def test_h1_a_packed_bomb_is_refused_unopened(olga):
    with pytest.raises(RefusedFile, match="too much"):
        keep(olga, "a.docx", bomb())


def test_h1_too_many_pixels_are_refused_undrawn(olga, monkeypatch):
    monkeypatch.setattr(files, "MAX_PIXELS", 40 * 30 - 1)

    with pytest.raises(RefusedFile, match="pixels"):
        keep(olga, "a.png", picture())


def test_h1_too_many_bytes_are_refused(olga, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", len(PDF))
    keep(olga, "a.pdf", PDF)

    with pytest.raises(RefusedFile, match="MB"):
        keep(olga, "a.pdf", PDF + b"!")


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_h1_only_pixels_of_a_picture_are_kept(olga, file_format):
    exif = Image.Exif()
    exif[0x010E] = "SECRET place"
    content = picture(file_format, exif=exif) + b"<script>alert(1)</script>"
    assert b"SECRET" in content

    stored = keep(olga, "a", content)

    with default_storage.open(str(stored.content.name)) as kept:
        drawn = kept.read()
    assert b"SECRET" not in drawn
    assert b"script" not in drawn
    assert Image.open(io.BytesIO(drawn)).size == (40, 30)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\Plan.PDF", "Plan.pdf"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie_ x.pdf"),
        ("gpj\u202efdp.exe", "gpjfdp.pdf"),
        ("Angebot für Zoë 👍.pdf", "Angebot für Zoë 👍.pdf"),
        ("x" * 300, "x" * 120 + ".pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
    ],
)
def test_names_are_cleaned(name, cleaned):
    assert clean_name(name, files.Kind.PDF) == cleaned


# --- with its transaction -------------------------------------------------------------------


def contents() -> list[str]:
    return [
        name for folder in files.private_folders() for name in default_storage.listdir(folder)[1]
    ]


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_with_its_transaction(olga):
    with rolled_back():
        keep(olga, "plan.pdf", PDF)
        assert len(contents()) == 1

    assert contents() == []
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_stays_with_its_transaction(olga):
    with transaction.atomic():
        kept = keep(olga, "plan.pdf", PDF)
        with rolled_back():
            keep(olga, "other.pdf", PDF)

    assert contents() == [kept.pk.hex]


# --- handing it out -------------------------------------------------------------------------


@pytest.fixture
def request_for(olga, monkeypatch):
    monkeypatch.setattr(files, "_checks", {})

    def make(user=olga):
        request = RequestFactory().get("/files/")
        request.actor = actor_of(user)  # type: ignore[attr-defined]
        return request

    return make


def owner_only(actor: Actor, subject_id: int) -> None:
    if actor.user_id != subject_id:
        raise Http404


def test_h1_a_file_is_a_download_and_nothing_else(olga, request_for):
    register_access("core.user", owner_only)
    stored = keep(olga, 'plan "x".pdf', PDF)

    response = download(request_for(), stored.pk)

    assert response.getvalue() == PDF
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_a_file_is_handed_out_by_the_check_of_its_thing(olga, request_for, django_user_model):
    register_access("core.user", owner_only)
    stored = keep(olga, "plan.pdf", PDF)
    bo = django_user_model.objects.create_user("bo@cast.example")

    with pytest.raises(Http404):
        download(request_for(bo), stored.pk)


def test_without_a_check_nobody_gets_a_file(olga, request_for):
    stored = keep(olga, "plan.pdf", PDF)

    with pytest.raises(PermissionDenied):
        download(request_for(), stored.pk)


def test_a_file_that_is_not_there_is_not_found(olga, request_for):
    register_access("core.user", owner_only)
    stored = keep(olga, "plan.pdf", PDF)
    default_storage.delete(str(stored.content.name))

    with pytest.raises(Http404):
        download(request_for(), stored.pk)
    with pytest.raises(Http404):
        download(request_for(), uuid.uuid4())


def test_a_download_changes_nothing_so_a_post_is_refused(olga, request_for):
    stored = keep(olga, "plan.pdf", PDF)
    request = RequestFactory().post("/files/")

    assert download(request, stored.pk).status_code == 405


def test_a_type_has_one_check(request_for):
    register_access("core.user", owner_only)

    with pytest.raises(ValueError, match="already"):
        register_access("core.user", owner_only)
