"""Changing only what was read: ETags out, If-Match in (RFC 9110)."""

import re

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from core.api.refusals import PreconditionRequired

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the answer that you have read. Without it 428, with an old one 412.",
)
# A compressed answer's tag comes as a weak one; it says the same about what was read.
TAG = re.compile(r'(?:W/)?"([^"]*)"')


def etag_of(version: int) -> str:
    return f'"{version}"'


def version_read(request: Request) -> int:
    """The version that the caller has read; 0, which no thing has, for a tag that is not ours.

    Raises PreconditionRequired when the caller does not say.
    """
    text = request.headers.get("If-Match", "").strip()
    tags = TAG.findall(text)
    if not tags:
        raise PreconditionRequired
    numbers = [int(tag) for tag in tags if re.fullmatch("[0-9]{1,9}", tag)]
    return numbers[0] if len(tags) == 1 and numbers else 0
