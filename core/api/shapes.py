"""What programs send and receive, as serializers whose fields are made once.

The framework copies each field of a serializer anew for each request, which takes longer than
reading the request with them. Nothing of ours changes a field or hands a context on, so that all
requests can share them.
"""

from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.utils.serializer_helpers import BindingDict


class Shape(serializers.Serializer[Any]):
    """A serializer without model, `partial` and `context`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        if options.keys() & {"partial", "context"}:
            raise TypeError("The fields of a Shape are shared: it takes no partial and no context.")
        super().__init__(*args, **options)

    @property
    def fields(self) -> BindingDict:
        return _fields_of(type(self))


@cache
def _fields_of(shape: type[Shape]) -> BindingDict:
    made = shape()
    fields = BindingDict(made)
    for name, field in made.get_fields().items():
        fields[name] = field
    return fields
