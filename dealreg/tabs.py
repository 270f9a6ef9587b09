"""The pages about one deal. Each has its own address and view, and is declared in
navigation.py; a page extends dealreg/deal_base.html and says by `tab` which one it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from core.ui import Tab, Text
from dealreg.queries import DealHead


@dataclass(frozen=True, slots=True)
class DealTab:
    """One page of a deal: its name in the code, its label, the name of its address (which takes
    the deal's id), for which deals and readers it is there, and its place in the row."""

    name: str
    label: Text
    url_name: str
    shown: Callable[[DealHead], bool]
    position: int


_tabs: list[DealTab] = []


def declare_tab(tab: DealTab) -> None:
    if any(one.name == tab.name for one in _tabs):
        raise ValueError(f"The tab {tab.name} is declared twice.")
    _tabs.append(tab)
    _tabs.sort(key=lambda one: one.position)


def tabs_of(head: DealHead, current: str) -> list[Tab]:
    """The deal's pages that its reader is shown, in order."""
    return [
        Tab(tab.label, reverse(tab.url_name, args=[head.deal.pk]), current=tab.name == current)
        for tab in _tabs
        if tab.shown(head)
    ]
