"""What pages that do one thing share: which version their reader saw, how it went, and whether
it goes on."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse


def tell_outcome(
    request: HttpRequest,
    act: Callable[[], object],
    done: str,
    refusals: tuple[type[Exception], ...],
    *,
    level: int = messages.ERROR,
) -> bool:
    """Does one thing and tells how it went; whether it was done. Why not is told at `level`."""
    try:
        act()
    except refusals as refused:
        messages.add_message(request, level, str(refused))
        return False
    messages.success(request, done)
    return True


def version_seen(request: HttpRequest) -> int:
    """The version that the sender read; 0 when the form says none."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def look_again(answer: HttpResponse, *, seconds: int = 3) -> None:
    """Has a page that shows work going on ask for itself again."""
    answer.headers["Refresh"] = str(seconds)
