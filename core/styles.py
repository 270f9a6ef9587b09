"""One style sheet out of one small file per component.

The files stay apart for people, and a page asks for one: without HTTP/2, a dozen requests
queue behind one another before anything can be shown. Joining is all that happens to them. It
is a finder of Django's, so collecting static files joins them and nothing else has to be run.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

JOINED = "css/portal.css"
PARTS = (
    "tokens",  # first: it declares the order of the layers
    "base",
    "layout",
    "components/button",
    "components/badge",
    "components/card",
    "components/table",
    "components/form",
    "components/steps",
    "components/message",
    "components/chart",
    "components/rules",
    "components/account",
    "components/directory",
    "print",
)


def joined_styles(folder: Path) -> str:
    """The text of every part in `folder`, in their order."""
    return "\n".join((folder / f"{part}.css").read_text("utf-8") for part in PARTS)


class JoinedStyles(BaseFinder):
    """Finds css/portal.css, and writes it anew when a part has changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.STYLES_ROOT)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != JOINED:
            return []
        location = str(self.join())
        return [location] if find_all else location

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        self.join()
        yield JOINED, self.storage

    def join(self) -> Path:
        target = Path(self.storage.path(JOINED))
        text = joined_styles(settings.STYLES_SOURCE)
        if not target.exists() or target.read_text("utf-8") != text:
            write_at_once(target, text)
        return target


def write_at_once(target: Path, text: str) -> None:
    """Several processes may join at the same time; none sees half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, suffix=".css")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(draft, 0o644)
    os.replace(draft, target)
