"""The OpenAPI document as a page can show it: operations with their fields, references resolved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """A value that is sent or answered; `name` is its dotted path, `kind` e.g. "string, date"."""

    name: str
    kind: str
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    note: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    path: str
    name: str
    summary: str
    parameters: list[Field]
    body: list[Field]
    answers: list[Answer]
    refusals: list[Answer]


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """Every operation of an OpenAPI 3 document, in the order of its paths."""
    return [
        operation(document, method, path, methods[method])
        for path, methods in document["paths"].items()
        for method in METHODS
        if method in methods
    ]


def operation(
    document: Mapping[str, Any], method: str, path: str, told: Mapping[str, Any]
) -> Operation:
    answers = [answer(document, status, one) for status, one in sorted(told["responses"].items())]
    return Operation(
        method=method.upper(),
        path=path,
        name=told["operationId"],
        summary=told.get("description", ""),
        parameters=[parameter(document, one) for one in told.get("parameters", [])],
        body=fields_of(document, content(told.get("requestBody", {}))),
        answers=[one for one in answers if one.status < "300"],
        refusals=[one for one in answers if one.status >= "300"],
    )


def answer(document: Mapping[str, Any], status: str, told: Mapping[str, Any]) -> Answer:
    return Answer(status, told.get("description", ""), fields_of(document, content(told)))


def parameter(document: Mapping[str, Any], told: Mapping[str, Any]) -> Field:
    schema = resolved(document, told.get("schema", {}))
    place = f"{kind_of(document, schema)}, {told['in']}"
    return Field(told["name"], place, told.get("required", False), told.get("description", ""))


def content(told: Mapping[str, Any]) -> Mapping[str, Any]:
    schemas = [one.get("schema", {}) for one in told.get("content", {}).values()]
    return schemas[0] if schemas else {}


def fields_of(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Field]:
    return list(walk(document, schema, ""))


def walk(document: Mapping[str, Any], schema: Mapping[str, Any], path: str) -> Iterator[Field]:
    schema = resolved(document, schema)
    if schema.get("type") == "array":
        yield from walk(document, schema["items"], f"{path}[]" if path else path)
        return
    required = schema.get("required", [])
    for name, told in schema.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        inner = resolved(document, told)
        note = told.get("description") or inner.get("description", "")
        yield Field(here, kind_of(document, inner), name in required, note)
        yield from walk(document, inner, here)


def resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference leads to; what may be null as what it is otherwise."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return resolved(document, document["components"]["schemas"][name])
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            merged = {**resolved(document, schema[several][0]), **schema}
            del merged[several]
            return merged
    return schema


def kind_of(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value is not None)
    kinds = schema.get("type", "any")
    parts = [" or ".join(kinds) if isinstance(kinds, list) else kinds]
    if "format" in schema:
        parts.append(schema["format"])
    if schema.get("nullable"):
        parts.append("or null")
    if "maxLength" in schema:
        parts.append(f"at most {schema['maxLength']}")
    if schema.get("type") == "array":
        parts.append(f"of {kind_of(document, resolved(document, schema['items']))}")
    return ", ".join(parts)
