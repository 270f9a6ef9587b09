"""What somebody was sending when they had to sign in first.

It lies in the (anonymous) session until they are back, half an hour at most, and is sent only
by their own click. Passwords and files are not kept.
"""

import time
from dataclasses import asdict, dataclass

from django.http import HttpRequest

KEY = "kept_form"
LIFETIME_SECONDS = 30 * 60
LONGEST = 50_000  # characters of names and values together
NEVER_KEPT = ("password", "csrfmiddlewaretoken", "credential", "code")


@dataclass(frozen=True, slots=True)
class KeptForm:
    """`path` is where it was going, `fields` its names and values in order."""

    path: str
    fields: list[tuple[str, str]]
    lost_files: bool
    kept_at: float


def fields_of(request: HttpRequest) -> list[tuple[str, str]]:
    """What may be shown to the sender again."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in NEVER_KEPT)
        for value in values
    ]


def keep(request: HttpRequest) -> bool:
    """Keeps the form in `request`; False if it is not one or too long."""
    fields = fields_of(request)
    length = sum(len(name) + len(value) for name, value in fields)
    if not fields or length > LONGEST or request.headers.get("HX-Request") == "true":
        return False
    form = KeptForm(request.get_full_path(), fields, bool(request.FILES), time.time())
    request.session[KEY] = asdict(form)
    return True


def kept(request: HttpRequest) -> KeptForm | None:
    """The form kept for this browser, if it is still fresh."""
    stored = request.session.get(KEY)
    if not stored or stored["kept_at"] < time.time() - LIFETIME_SECONDS:
        return None
    fields = [(name, value) for name, value in stored["fields"]]
    return KeptForm(stored["path"], fields, stored["lost_files"], stored["kept_at"])


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def forget_if_sent(request: HttpRequest) -> None:
    stored = request.session.get(KEY)
    if stored and stored["path"] == request.get_full_path():
        forget(request)
