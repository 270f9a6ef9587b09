"""Shapes share their fields, and no request sees another one's values."""

import pytest
from rest_framework import serializers

from core.api.shapes import Shape


class Inner(Shape):
    code = serializers.CharField(max_length=3)


class Outer(Shape):
    name = serializers.CharField()
    inner = Inner(required=False)
    several = Inner(many=True, required=False)


def test_values_stay_with_the_request_that_sent_them():
    one, other = (Outer(data={"name": name, "inner": {"code": name}}) for name in ("a", "b"))
    wrong = Outer(data={"inner": {"code": "long"}, "several": [{"code": "ok"}, {}]})

    assert one.is_valid()
    assert other.is_valid()
    assert not wrong.is_valid()
    assert one.validated_data == {"name": "a", "inner": {"code": "a"}}
    assert other.data == {"name": "b", "inner": {"code": "b"}}
    assert set(wrong.errors) == {"name", "inner", "several"}
    assert one.fields["name"] is other.fields["name"]


@pytest.mark.parametrize("options", [{"partial": True}, {"context": {}}])
def test_what_would_change_shared_fields_is_refused(options):
    with pytest.raises(TypeError):
        Outer(data={}, **options)
