"""Texts of other packages that people see, to be translated with ours.

Never read by the portal: the strings stand here so that they are collected into locale/, where
the packages find them. The back office's look (django-unfold) speaks English only; allauth and
the REST framework say "du" in German where the portal says "Sie".
"""

from django.utils.translation import gettext_noop as _

BACK_OFFICE = (
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

SIGNING_IN = (
    _("Be patient, you are sending too many requests."),
    _("Please type your current password."),
    _("Too many failed login attempts. Try again later."),
    _("You cannot remove your primary email address (%(email)s)."),
    _("You cannot remove your primary email address."),
    _("You have confirmed %(email)s."),
    _("You have signed out."),
    _("You must type the same email each time."),
    _("You must type the same password each time."),
    _("Your account has no password set up."),
    _("Your account has no verified email address."),
    _("Your primary email address must be verified."),
)

FORMS = (
    _("Enter a valid URL."),
    _("Enter a valid email address."),
    _("Ensure that there are no more than {max_whole_digits} digits before the decimal point."),
    _("The submitted data was not a file. Check the encoding type on the form."),
)
