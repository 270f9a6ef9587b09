"""Reads JSON so that whatever passes can be stored and answered."""

import json
import math
import re
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from core.api.refusals import TooLarge

LARGEST_BODY = 1024 * 1024  # bytes
DEEPEST = 32
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """JSON in UTF-8 without NaN, NUL characters and halves of characters, which PostgreSQL
    refuses, and within a size and a depth that no honest request reaches."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise TooLarge(f"The request is larger than {LARGEST_BODY} bytes.")
        try:
            value = json.loads(body.decode("utf-8"), parse_constant=refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError("The request is not JSON in UTF-8.") from error
        refuse_unstorable(value)
        return value


def refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON.")


def refuse_unstorable(value: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise ParseError("The request is nested too deeply.")
    if isinstance(value, str):
        if UNSTORABLE.search(value):
            raise ParseError("The request contains a character that cannot be stored.")
    elif isinstance(value, float) and not math.isfinite(value):
        raise ParseError("The request contains a number that is too large.")
    elif isinstance(value, dict):
        for name, inner in value.items():
            refuse_unstorable(name, depth + 1)
            refuse_unstorable(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            refuse_unstorable(inner, depth + 1)
