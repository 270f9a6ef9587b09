"""Texts of the back office that come with its look (django-unfold), which speaks English only.

Never read by the portal: the strings stand here so that they are collected with ours and
translated in locale/, where the package's own templates find them.
"""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("All applications"),
    _("Apply Filters"),
    _("Choose file to upload"),
    _("Date from"),
    _("Date to"),
    _("Expand row"),
    _("False"),
    _("From"),
    _("General"),
    _("Go back"),
    _("Image preview"),
    _("More actions"),
    _("No results found"),
    _("Reset filters"),
    _("Run"),
    _("Search apps and models..."),
    _("Select action"),
    _("Select action to run"),
    _("Select all rows"),
    _("Select record"),
    _("Select value"),
    _("System"),
    _("To"),
    _("True"),
    _("Type to search"),
    _("Value"),
)
