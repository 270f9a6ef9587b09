"""Parts of countries by ISO 3166-2."""

import pytest
from django.utils.translation import override

from core import subdivisions


@pytest.mark.parametrize(
    ("place", "known"),
    [("DE", True), ("DE-BY", True), ("FR-IDF", True), ("XX", False), ("DE-XX", False), ("", False)],
)
def test_which_places_there_are(place, known):
    assert subdivisions.is_place(place) is known


@pytest.mark.parametrize(
    ("language", "name"),
    [("de", "Bayern (Deutschland)"), ("en", "Bavaria (Germany)"), ("ar", "Bayern (ألمانيا)")],
)
def test_names_are_translated_as_far_as_the_data_go(language, name):
    with override(language):
        assert subdivisions.name("DE-BY") == name
        assert subdivisions.name("AT") in {"Österreich", "Austria", "النمسا"}


def test_what_was_typed_is_read_in_any_spelling():
    assert subdivisions.read_parts("de-by, CH-ZH;at-9  de-by") == (["AT-9", "CH-ZH", "DE-BY"], [])
    assert subdivisions.read_parts("DE, Bavaria") == ([], ["BAVARIA", "DE"])


def test_the_parts_of_a_country_stand_in_the_order_of_their_names():
    parts = subdivisions.parts_of("AT")
    assert (len(parts), parts[0]) == (9, ("AT-1", "Burgenland"))
    assert subdivisions.parts_of("") == []
