"""Lists in the API: a page at a time, newest first, with links to the next page and the last."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

CURSOR = OpenApiParameter("cursor", str, description="From `next` or `previous` of a page.")
PAGE_SIZE = OpenApiParameter("page_size", int, description="At most 200; 50 when left out.")


class ListOutput(serializers.Serializer[Any]):
    # No docstring: it would stand in the API's description. Each list adds its `results`.
    next = serializers.URLField(allow_null=True, help_text="The next page; null on the last.")
    previous = serializers.URLField(allow_null=True)


class NewestFirst(CursorPagination):
    ordering = "-id"
    page_size = 50


class NewestFirstBySize(NewestFirst):
    """The caller says how many rows a page has (PAGE_SIZE)."""

    max_page_size = 200
    page_size_query_param = "page_size"


def page_of(
    request: Request,
    rows: QuerySet[Any],
    output: type[serializers.BaseSerializer[Any]],
    *,
    shown: Callable[[list[Any]], Iterable[Any]] = list,
    order: type[CursorPagination] = NewestFirst,
) -> Response:
    """The page that was asked for; `shown` makes of its rows what `output` shows."""
    paginator = order()
    found = paginator.paginate_queryset(rows, request) or []
    return paginator.get_paginated_response(output(list(shown(found)), many=True).data)
