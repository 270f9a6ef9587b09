"""What the machine offers beyond Python: a browser for tests, libraries for PDF files."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "microsoft-edge-stable",
)
MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PDF_LIBRARIES = {
    "linux": ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libfontconfig.so.1"),
    "darwin": ("libpango-1.0.dylib", "libpangoft2-1.0.dylib", "libfontconfig.dylib"),
}
MAC_LIBRARIES = (Path("/opt/homebrew/lib"), Path("/usr/local/lib"))
FONTS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/Library/Fonts"),
    Path("/System/Library/Fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
)


def find_browser() -> Path | None:
    """A Chromium that tests can drive: $CHROMIUM, the system's, or Playwright's own."""
    for found in browsers():
        if os.access(found, os.X_OK):
            return found
    return None


def browsers() -> Iterator[Path]:
    if named := os.environ.get("CHROMIUM"):
        yield Path(named)
    for name in BROWSERS:
        if found := shutil.which(name):
            yield Path(found)
    yield from map(Path, MAC_BROWSERS)
    for cache in (Path.home() / ".cache", Path.home() / "Library/Caches"):
        yield from sorted(cache.glob("ms-playwright/chromium-*/chrome-linux*/chrome"), reverse=True)
        yield from sorted(
            cache.glob("ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*"), reverse=True
        )


def missing_for_pdf() -> list[str]:
    """What WeasyPrint would not find: names of libraries, or "a font"."""
    missing = [name for name in PDF_LIBRARIES.get(sys.platform, ()) if not loads(name)]
    return missing if has_font() else [*missing, "a font"]


def loads(library: str) -> bool:
    found = [str(folder / library) for folder in MAC_LIBRARIES if (folder / library).exists()]
    try:
        ctypes.CDLL(found[0] if found else library)
    except OSError:
        return False
    return True


def has_font() -> bool:
    kinds = {".ttf", ".otf", ".ttc"}
    return any(
        path.suffix.lower() in kinds
        for folder in FONTS
        if folder.is_dir()
        for path in folder.rglob("*")
    )
