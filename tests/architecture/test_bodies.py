"""What programs send: a field that nobody reads is refused everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dangol.api.assembly import api

Named = dict[str, Any]


def named_in(part: Any) -> Iterator[str]:
    """Every schema that a part of the description names."""
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"].rpartition("/")[2]
        for inner in part.values():
            yield from named_in(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from named_in(inner)


def bodies(description: Named) -> set[str]:
    """The schemas of which bodies consist, with those within them."""
    schemas, found = description["components"]["schemas"], set[str]()
    waiting = [
        name
        for operations in description["paths"].values()
        for operation in operations.values()
        for name in named_in(operation.get("requestBody", {}))
    ]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += named_in(schemas[name])
    return {name for name in found if schemas[name].get("type") == "object"}


def test_every_body_refuses_a_field_that_nobody_reads():
    description = api.get_openapi_schema()
    schemas, found = description["components"]["schemas"], bodies(description)
    assert len(found) > 50
    loose = {name for name in found if schemas[name].get("additionalProperties") is not False}
    assert loose == set()
