import pytest

from dealreg.models import RuleBook
from tests.access.world import World, make_world
from tests.cast import Cast


@pytest.fixture
def world(cast: Cast, rules: RuleBook) -> World:
    return make_world(cast)
