"""/api/v1: every app's router under one description."""

from __future__ import annotations

import importlib.util
from typing import Any

from django.apps import apps
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from dangol.api import problems
from dangol.api.auth import SessionAuth, TokenAuth
from dangol.api.description import complete
from dangol.api.parsing import StrictParser

PREFIX = "dangol."


class DangolAPI(NinjaAPI):
    """The one API: tokens, problems, idempotent writes."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The function's own name: stable, and readable in clients."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The description with what holds for every operation."""
        schema = super().get_openapi_schema(**where)
        complete(schema)
        return schema


api = DangolAPI(
    title="Dangol API",
    version="1",
    description=(
        "Everything that a person can do in the pages, through the same actions.\n\n"
        "Lists page by position: send `next` back as `after`. Writes take an `Idempotency-Key` "
        "header: the same key gets the same answer for 24 hours. Refusals are problem details "
        "(RFC 9457)."
    ),
    auth=[TokenAuth(), SessionAuth()],
    urls_namespace="api",
    docs_url=None,
    parser=StrictParser(),
)
problems.register(api)


def assemble() -> None:
    """Take in each app's router, from the ground up."""
    for config in apps.get_app_configs():
        if not config.name.startswith(PREFIX) or config.name == "dangol.api":
            continue
        if importlib.util.find_spec(f"{config.name}.api") is None or config.name == "dangol.core":
            continue
        module = importlib.import_module(f"{config.name}.api")
        api.add_router("", module.router)


assemble()
