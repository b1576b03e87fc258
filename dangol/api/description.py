"""What the description says of every operation: its refusals, and that a write may be sent twice."""

from __future__ import annotations

from typing import Any

REFUSALS = {
    400: "The request could not be read",
    401: "Not signed in",
    403: "An ability is missing",
    404: "There is no such thing, or you may not see it",
    409: "The thing is in another state",
    422: "A field was not accepted; nothing was stored",
    503: "The database is away; send the same request again",
}
PROBLEM = {
    "title": "Problem",
    "description": "A refusal (RFC 9457), in the language of Accept-Language (ko, en), else in that of"
    " the token's person.",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                "required": ["field", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key gets the same answer for 24 hours, and one effect.",
}
CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def complete(schema: dict[str, Any]) -> None:
    """Add the refusals and the key to every operation of the description."""
    schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            if method != "get":
                operation["parameters"] = [*operation.get("parameters", []), KEY]
            for status, words in REFUSALS.items():
                told = {"description": words, "content": CONTENT}
                operation["responses"].setdefault(status, told)
