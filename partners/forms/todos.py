"""The forms about tasks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import User
from partners.models import Todo
from partners.queries.todos import TodoFilter
from partners.rules.todos import MOST_DAYS_BEFORE, TodoState
from partners.services.todos import TodoDetails

ANY = "any"


class TodoFilterForm(forms.Form):
    """Which tasks are listed; what is no choice bounds nothing."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("Whose"),
        required=False,
        choices=[("", gettext_lazy("Everybody’s")), ("mine", gettext_lazy("Mine"))],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", TodoState.OPEN.label),
            (TodoState.DONE, TodoState.DONE.label),
            (TodoState.DROPPED, TodoState.DROPPED.label),
            (ANY, gettext_lazy("Any")),
        ],
    )

    def wanted(self) -> TodoFilter:
        self.is_valid()
        data = self.cleaned_data
        state = data.get("state") or TodoState.OPEN.value
        return TodoFilter(
            words=data.get("q", ""),
            whose=data.get("whose", ""),
            state="" if state == ANY else state,
        )


class TodoForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=200)
    owner = forms.ChoiceField(label=gettext_lazy("Whose task it is"), required=False)
    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    remind_days = forms.IntegerField(
        label=gettext_lazy("Remind days before"),
        min_value=0,
        max_value=MOST_DAYS_BEFORE,
        initial=1,
        help_text=gettext_lazy("And once more when it is late."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, *args: Any, owners: Iterable[User], todo: Todo | None = None, **kwargs: Any
    ) -> None:
        if todo is not None:
            kwargs.setdefault("initial", values_of(todo))
        super().__init__(*args, **kwargs)
        people = {one.pk: str(one) for one in owners}
        if todo is not None and todo.owner is not None:
            people.setdefault(todo.owner.pk, str(todo.owner))
        choices = [("", _("Nobody yet")), *((str(key), name) for key, name in people.items())]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    def details(self) -> TodoDetails:
        data = self.cleaned_data
        return TodoDetails(
            title=data["title"],
            due_on=data["due_on"],
            owner_id=int(data["owner"]) if data["owner"] else None,
            note=data["note"],
            remind_days=data["remind_days"],
        )


def values_of(todo: Todo) -> dict[str, Any]:
    return {
        "title": todo.title,
        "owner": str(todo.owner_id or ""),
        "due_on": todo.due_on,
        "remind_days": todo.remind_days,
        "note": todo.note,
        "version": todo.version,
    }
