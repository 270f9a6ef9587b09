"""Private files: what is taken, how it is kept, and who gets it back.

Only types on a list are taken, told by their content, never by name or declared type. A file
is handed out as a download only, after the access check of the thing it belongs to.
"""

import datetime as dt
import hashlib
import io
import re
import unicodedata
import uuid
import weakref
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import PurePosixPath

import filetype
import structlog
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, models, transaction
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from PIL import Image, ImageOps

from core.actor import Actor
from core.models import StoredFile

log = structlog.get_logger(__name__)

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ZIP_ENTRIES = 5_000
LONGEST_NAME = 120

AccessCheck = Callable[[Actor, int], object]


class RefusedFile(ValidationError):
    """The file is not taken; the message says why, for the person who sent it."""


class Kind(models.TextChoices):
    """What is taken: the media type, and the ending it is given."""

    PDF = "application/pdf", "pdf"
    PNG = "image/png", "png"
    JPEG = "image/jpeg", "jpg"
    WEBP = "image/webp", "webp"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"
    CSV = "text/csv", "csv"
    TEXT = "text/plain", "txt"


SNIFFED = {
    "application/pdf": Kind.PDF,
    "image/png": Kind.PNG,
    "image/apng": Kind.PNG,
    "image/jpeg": Kind.JPEG,
    "image/webp": Kind.WEBP,
}
PILLOW_FORMAT = {Kind.PNG: "PNG", Kind.JPEG: "JPEG", Kind.WEBP: "WEBP"}
OFFICE_PARTS = {
    "word/document.xml": Kind.DOCX,
    "xl/workbook.xml": Kind.XLSX,
    "ppt/presentation.xml": Kind.PPTX,
}
TEXT_ENDINGS = {".csv": Kind.CSV, ".txt": Kind.TEXT}
TAKEN = gettext_lazy(
    "Send a PDF, a picture (PNG, JPEG, WebP), an Office document without macros "
    "(docx, xlsx, pptx), or a CSV or text file in UTF-8."
)

_checks: dict[str, AccessCheck] = {}


def register_access(subject_type: str, check: AccessCheck) -> None:
    """Names who may download files of things of one type ("dealreg.deal").

    `check(actor, subject_id)` returns for a reader and raises Http404 or PermissionDenied for
    anybody else. Files of a type without a check are never handed out.
    """
    if subject_type in _checks:
        raise ValueError(f"Files of {subject_type} have an access check already.")
    _checks[subject_type] = check


# --- taking a file --------------------------------------------------------------------------


def store_file(*, actor: Actor, subject: models.Model, upload: "UploadedFile[bytes]") -> StoredFile:
    """Keeps an upload as a file of `subject`; gone again if the transaction rolls back.

    Raises RefusedFile. The caller has checked that the actor may attach files.
    """
    kind = recognised(upload)
    content = redrawn(upload, kind) if kind in PILLOW_FORMAT else upload
    stored = StoredFile(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        name=clean_name(str(upload.name or ""), kind),
        content_type=kind.value,
        uploaded_by_id=actor.user_id,
    )
    stored.size, stored.sha256 = measured(content)
    with transaction.atomic():
        undo_unless_committed(stored)
        stored.content.save("", content, save=False)
        stored.save(force_insert=True)
    return stored


def recognised(upload: "UploadedFile[bytes]") -> Kind:
    """The type told by the content. Raises RefusedFile for everything not on the list."""
    if not upload.size:
        raise RefusedFile(_("The file is empty."), code="empty")
    if upload.size > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise RefusedFile(_("Files may have up to %(limit)s MB.") % {"limit": limit}, code="size")
    head = read_head(upload)
    if head.startswith(b"PK\x03\x04"):
        return office_kind(upload)
    found = filetype.guess(head)
    kind = SNIFFED.get(found.mime) if found is not None else text_kind(upload)
    if kind is None:
        raise RefusedFile(str(TAKEN), code="type")
    return kind


def read_head(upload: "UploadedFile[bytes]") -> bytes:
    upload.seek(0)
    head: bytes = upload.read(8192)
    upload.seek(0)
    return head


def office_kind(upload: "UploadedFile[bytes]") -> Kind:
    """Which Office document a zip file is, looking at its directory and list of parts only."""
    try:
        with zipfile.ZipFile(upload) as packed:
            entries = packed.infolist()
            names = {entry.filename for entry in entries}
            too_much = sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES
            if len(entries) > MAX_ZIP_ENTRIES or too_much:
                raise RefusedFile(_("This document unpacks to too much."), code="unpacked")
            with packed.open("[Content_Types].xml") as parts:
                types = parts.read(1024 * 1024).lower()
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise RefusedFile(str(TAKEN), code="type") from None
    finally:
        upload.seek(0)
    kinds = [kind for part, kind in OFFICE_PARTS.items() if part in names]
    macros = b"macroenabled" in types or any("vba" in name.lower() for name in names)
    if len(kinds) != 1 or macros:
        raise RefusedFile(str(TAKEN), code="macros" if macros else "type")
    return kinds[0]


def text_kind(upload: "UploadedFile[bytes]") -> Kind | None:
    """CSV or text by its ending, if it is UTF-8 without control characters and not markup."""
    kind = TEXT_ENDINGS.get(PurePosixPath(str(upload.name or "")).suffix.lower())
    if kind is None:
        return None
    content = upload.read(MAX_BYTES + 1)
    upload.seek(0)
    with suppress(UnicodeDecodeError):
        text = content.decode("utf-8-sig")
        if not UNPRINTABLE.search(text) and not text.lstrip().startswith("<"):
            return kind
    return None


UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def redrawn(upload: "UploadedFile[bytes]", kind: Kind) -> "ContentFile[bytes]":
    """The picture drawn anew: only pixels get through, no metadata and nothing appended."""
    file_format = PILLOW_FORMAT[kind]
    try:
        with Image.open(upload, formats=[file_format]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise RefusedFile(_("The picture has too many pixels."), code="pixels")
            upright = ImageOps.exif_transpose(picture)
            plain = upright.convert(mode_for(upright, kind))
    except RefusedFile:
        raise
    except Exception:
        raise RefusedFile(_("The picture cannot be read."), code="picture") from None
    drawn = io.BytesIO()
    options = {"quality": 90} if kind != Kind.PNG else {}
    plain.save(drawn, format=file_format, **options)
    return ContentFile(drawn.getvalue())


def mode_for(picture: Image.Image, kind: Kind) -> str:
    if kind == Kind.JPEG:
        return "L" if picture.mode == "L" else "RGB"
    return "RGBA" if picture.has_transparency_data else "RGB"


def clean_name(name: str, kind: Kind) -> str:
    """The sender's name for the file without path, control or direction characters, ending as
    the content demands."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in base if unicodedata.category(c)[0] not in "CZ" or c == " ")
    stem = re.sub(r'[<>:"|?*;]+', "_", visible)
    stem, ending = PurePosixPath(stem).stem, kind.label
    stem = re.sub(r"\s+", " ", stem).strip(" .")[:LONGEST_NAME].rstrip(" .")
    return f"{stem or _('file')}.{ending}"


def measured(content: "File[bytes]") -> tuple[int, str]:
    """Size in bytes and SHA-256."""
    size, digest = 0, hashlib.sha256()
    content.seek(0)
    for chunk in content.chunks():
        size += len(chunk)
        digest.update(chunk)
    content.seek(0)
    return size, digest.hexdigest()


def undo_unless_committed(stored: StoredFile) -> None:
    """Removes the content if the transaction, or the savepoint, is rolled back.

    Django calls back on commit only; on a rollback it drops the callback unheard, which is
    what the finalizer notices.
    """

    def keep() -> None:
        undo.detach()

    undo = weakref.finalize(keep, remove_rolled_back, stored.pk, stored_path(stored.pk))
    undo.atexit = False
    transaction.on_commit(keep)


def remove_rolled_back(key: uuid.UUID, path: str) -> None:
    """Asks over a connection of its own, as the transaction's may be what broke. In doubt the
    content stays, and `sweep` decides later."""
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute("SELECT 1 FROM core_storedfile WHERE id = %s", [key])
            if cursor.fetchone() is None:
                default_storage.delete(path)
    except Exception as error:
        log.warning("file_left_behind", path=path, error=str(error))
    finally:
        fresh.close()


# --- giving it back -------------------------------------------------------------------------


@require_safe
def download(request: HttpRequest, file_id: uuid.UUID) -> FileResponse:
    """The file as a download that no browser runs or shows inside the portal."""
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None:
        raise Http404
    check = _checks.get(stored.subject_type)
    if check is None:
        raise PermissionDenied
    check(request.actor, stored.subject_id)  # type: ignore[attr-defined]
    try:
        content = default_storage.open(str(stored.content.name))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


# --- rows against storage -------------------------------------------------------------------


def stored_path(key: uuid.UUID) -> str:
    return f"{key.hex[:2]}/{key.hex}"


def unowned(older_than: dt.timedelta) -> Iterator[str]:
    """Paths on the storage that no row owns and that were written longer ago than that."""
    before = timezone.now() - older_than
    for folder in private_folders():
        first = uuid.UUID(folder.ljust(32, "0"))
        last = uuid.UUID(folder.ljust(32, "f"))
        in_folder = StoredFile.objects.filter(pk__range=(first, last))
        owned = {key.hex for key in in_folder.values_list("pk", flat=True).iterator()}
        for name in default_storage.listdir(folder)[1]:
            path = f"{folder}/{name}"
            if name not in owned and written_before(path, before):
                yield path


def private_folders() -> list[str]:
    try:
        folders = default_storage.listdir("")[0]
    except FileNotFoundError:
        return []
    return sorted(folder for folder in folders if re.fullmatch("[0-9a-f]{2}", folder))


def written_before(path: str, moment: dt.datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < moment
    except FileNotFoundError:
        return False


def sweep(older_than: dt.timedelta = dt.timedelta(hours=1)) -> int:
    """Removes what uploads left behind whose process was killed; returns how many."""
    removed = 0
    for path in unowned(older_than):
        default_storage.delete(path)
        removed += 1
    if removed:
        log.info("files_swept", removed=removed)
    return removed
