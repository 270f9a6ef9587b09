import pytest
from django.template import Context
from django.template.base import Template
from django.utils.safestring import SafeString

from dealreg.models import RuleBook
from tests.access.world import World, make_world
from tests.cast import Cast


@pytest.fixture
def world(cast: Cast, rules: RuleBook, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(Template, "_render", drawn_only)
    return make_world(cast)


def drawn_only(template: Template, context: Context) -> SafeString:
    """Draws a template as in production: Django's tests keep a copy of all that each of its
    parts knew, which nobody here looks at."""
    return template.nodelist.render(context)
