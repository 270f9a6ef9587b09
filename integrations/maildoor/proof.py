"""Whether a mail really comes from whom it says. Pure.

A mail server that we trust has looked at SPF, DKIM and DMARC and written down what it found
(RFC 8601). Only its own line counts, and of its lines only the first: others may have been
sent along.
"""

import re
from collections.abc import Sequence

COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*(\w+)([^;]*)", re.I)
DOMAIN = re.compile(
    r"(?:header\.(?:d|i|from)|smtp\.mailfrom)\s*=\s*\"?(?:[^@\s;\"]*@)?([\w.-]+)", re.I
)


def is_proven(sender: str, results: Sequence[str], trusted: str) -> bool:
    """Whether the server `trusted` (its authserv-id) found the address in From to be real: by
    DMARC, or by DKIM or SPF of the same domain."""
    said = first_of(results, trusted)
    domain = sender.rpartition("@")[2].lower()
    found = {"dmarc": "", "dkim": "", "spf": ""}
    for method, result, properties in RESULT.findall(said):
        domains = {name.lower().rstrip(".") for name in DOMAIN.findall(properties)}
        aligned = any(is_same(name, domain) for name in domains)
        if method.lower() == "dmarc":
            found["dmarc"] = result.lower() if aligned or not domains else "other"
        elif aligned and found[method.lower()] != "pass":
            found[method.lower()] = result.lower()
    if found["dmarc"] in {"pass", "fail"}:
        return found["dmarc"] == "pass"
    return "pass" in {found["dkim"], found["spf"]}


def first_of(results: Sequence[str], trusted: str) -> str:
    """What the trusted server said, without its name and comments; "" when it said nothing."""
    for line in results:
        server, _semicolon, said = COMMENT.sub(" ", line).partition(";")
        if server.strip().split(" ")[0].lower() == trusted.lower():
            return said
    return ""


def is_same(name: str, domain: str) -> bool:
    """A domain vouches for itself and for what is below it."""
    return domain == name or (domain.endswith(f".{name}") and "." in name)
