"""What a side writes in a conflict case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dealreg.rules.cases import LONGEST_STATEMENT


class StatementForm(forms.Form):
    text = forms.CharField(
        label=_("What speaks for your company"),
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Who you met and when, what you did for the customer, what it wants. Other partners "
            "do not read it."
        ),
    )
    upload = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_(
            "A meeting note, a quote, a letter of the customer. Other partners do not see it."
        ),
    )


class ContestForm(StatementForm):
    """The first statement, with which a partner asks for a case."""


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("What was not seen rightly"),
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Somebody else reads the whole case again and decides for good."),
    )


class TakeBackForm(forms.Form):
    note = forms.CharField(
        label=_("Why (optional)"), required=False, max_length=500, widget=forms.TextInput
    )
