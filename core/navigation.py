"""The portal's side navigation. Apps declare their entries; nobody lists them all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from core.actor import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared entry: url name, label, icon, place in the order, for whom, and how many
    things wait there (a number of 0 is not shown)."""

    url_name: str
    label: Promise | str
    icon: str
    order: int
    shown_to: Callable[[Actor], bool]
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    icon: str
    current: bool
    count: int | None = None


_entries: list[Entry] = []


def declare(entry: Entry) -> None:
    _entries.append(entry)
    _entries.sort(key=lambda one: one.order)


def navigation_for(request: HttpRequest, actor: Actor) -> list[NavItem]:
    shown = [(entry, reverse(entry.url_name)) for entry in _entries if entry.shown_to(actor)]
    # The one that says most about where the reader is: "/deals/shared/" and not "/deals/".
    here = max((url for _entry, url in shown if is_within(request.path, url)), key=len, default="")
    return [
        NavItem(
            str(entry.label),
            url,
            entry.icon,
            url == here,
            entry.count(actor) or None if entry.count else None,
        )
        for entry, url in shown
    ]


def is_within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


_pages: dict[str, str] = {}


def declare_page(subject_type: str, url_name: str) -> None:
    """Says which page tells about one thing of a kind: "dealreg.deal" → its url name."""
    _pages[subject_type] = url_name


def page_of(subject_type: str, subject_id: int) -> str:
    """The address of the thing's page; empty for things without one."""
    name = _pages.get(subject_type)
    return reverse(name, args=[subject_id]) if name else ""
