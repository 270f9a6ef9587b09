"""What a partner may show of itself to everybody."""

import re
import unicodedata
from urllib.parse import urlsplit

LONGEST_TEXT = 2000
MOST_CHOSEN = 40

# The languages in which companies serve customers, by ISO 639-1.
LANGUAGES = (
    *("ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi"),
    *("hr", "hu", "id", "is", "it", "ja", "ko", "lt", "lv", "ms", "nb", "nl", "pl", "pt", "ro"),
    *("ru", "sk", "sl", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh"),
)
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)


def address_of(partner_id: int, name: str) -> str:
    """The last part of a profile's address: the number finds it, the words are for readers."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")
    return f"{partner_id}-{words}" if words else str(partner_id)


def usable_website(url: str) -> bool:
    """Whether a website may be linked: a plain address of the web with a host name."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and port is None
    return parts.scheme in {"http", "https"} and plain and bool(HOST.fullmatch(parts.netloc))
