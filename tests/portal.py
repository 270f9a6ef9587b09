"""What a portal in tests need not do again and again: draw its pages for nobody, and look for its
static files."""

import threading

from django.template import Context
from django.template.base import Template
from django.test.signals import template_rendered
from django.utils.safestring import SafeString
from whitenoise.middleware import WhiteNoiseMiddleware


class Drawing(threading.local):
    """Whether this thread draws a page just now; the live server has threads of its own."""

    page = False


_drawing = Drawing()


def draw(template: Template, context: Context) -> SafeString:
    """For `response.context`, Django's tests keep a copy of all that each part of a page knew,
    which takes longer than drawing it. Here it is the page's own alone."""
    if _drawing.page:
        return template.nodelist.render(context)
    _drawing.page = True
    try:
        template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)
    finally:
        _drawing.page = False


_files: dict[str, object] = {}
_look_for_files = WhiteNoiseMiddleware.add_files_from_finders


def look_for_files_once(middleware: WhiteNoiseMiddleware) -> None:
    """Each client of a test is a portal of its own, which would open every static file."""
    if not _files:
        _look_for_files(middleware)
        _files.update(middleware.files)
    middleware.files.update(_files)
