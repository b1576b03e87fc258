"""Refusals as RFC 9457 problem details: application/problem+json."""

from __future__ import annotations

import logging
from json import JSONDecodeError
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as SchemaError
from psycopg.errors import UniqueViolation

from dangol.core.anew import lost_a_race
from dangol.core.api import Problem

log = logging.getLogger(__name__)


def problem(status: int, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """A problem answer; `errors` names the fields."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def field_errors(refusal: ValidationError) -> list[dict[str, str]]:
    """Each refused field with its message."""
    if hasattr(refusal, "error_dict"):
        return [{"field": f, "message": m} for f, ms in refusal.message_dict.items() for m in ms]
    if hasattr(refusal, "fields"):  # something nested that knows its places
        return [{"field": field, "message": message} for field, message in refusal.fields]
    return [{"field": "", "message": message} for message in refusal.messages]


def schema_error(error: dict[str, Any]) -> dict[str, str]:
    """What does not fit a schema: the field as it was sent, and what is wrong with it."""
    steps = [str(step) for step in error["loc"]]
    # the body of a request, and the name of the parameter that takes it: nobody sent those
    steps = steps[2:] if steps[:1] == ["body"] else steps
    if not steps:
        return {"field": "body", "message": _("The body is one JSON object: { … }.")}
    if error["type"] == "extra_forbidden":
        return {"field": ".".join(steps), "message": _("There is no field “%s”.") % steps[-1][:60]}
    return {"field": ".".join(steps), "message": error["msg"]}


def unreadable(why: BaseException | None) -> str:
    """Why a body could not be read, and where in it."""
    if isinstance(why, JSONDecodeError):
        told = {"line": why.lineno, "column": why.colno, "why": why.msg}
        return _("Line %(line)s, column %(column)s: %(why)s.") % told
    if isinstance(why, UnicodeDecodeError):
        return _("Byte %(place)s: this is not UTF-8.") % {"place": why.start + 1}
    return str(why) if isinstance(why, ValueError) else ""


def unavailable() -> HttpResponse:
    """The database is away, overloaded, or changed meanwhile: the same request, sent again, will do."""
    response = problem(503, _("Not available"), _("Send the same request again in a moment."))
    response.headers["Retry-After"] = "1"
    return response


def no_such_address() -> HttpResponse:
    """An address below /api/ that leads nowhere."""
    return problem(404, _("Not found"), _("There is no such address."))


def register(api: NinjaAPI) -> None:
    """Tell every refusal in the one form."""
    register_refusals(api)
    register_clashes(api)


def register_refusals(api: NinjaAPI) -> None:
    """Who asks has no right to it, or asked for what is not there or cannot be."""

    @api.exception_handler(Problem)
    def told(request: HttpRequest, why: Problem) -> HttpResponse:
        return problem(why.status, why.title, why.detail, **why.more)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, why: AuthenticationError) -> HttpResponse:
        response = problem(
            401, _("Not signed in"), _("Send Authorization: Bearer with a valid token.")
        )
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(PermissionDenied)
    def refused(request: HttpRequest, why: PermissionDenied) -> HttpResponse:
        return problem(403, _("Not allowed"), _("This needs the ability %s.") % why)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, why: Http404) -> HttpResponse:
        return problem(404, _("Not found"), _("There is no such thing, or you may not see it."))

    @api.exception_handler(ValidationError)
    def wrong(request: HttpRequest, why: ValidationError) -> HttpResponse:
        return problem(422, _("Not accepted"), _("Nothing was stored."), errors=field_errors(why))

    @api.exception_handler(SchemaError)
    def malformed(request: HttpRequest, why: SchemaError) -> HttpResponse:
        errors = [schema_error(e) for e in why.errors]
        return problem(422, _("Not accepted"), _("Nothing was stored."), errors=errors)


def register_clashes(api: NinjaAPI) -> None:
    """The database says no: the same exists already, or nobody answers."""

    @api.exception_handler(IntegrityError)
    def clashed(request: HttpRequest, why: IntegrityError) -> HttpResponse:
        if lost_a_race(why):
            log.warning("somebody changed the same at %s", request.path, exc_info=why)
            return unavailable()
        if not isinstance(why.__cause__, UniqueViolation):
            raise why
        return problem(
            409, _("Already there"), _("Somebody made the same a moment ago. Look again.")
        )

    @api.exception_handler(OperationalError)
    @api.exception_handler(InterfaceError)
    def away(request: HttpRequest, why: Exception) -> HttpResponse:
        log.warning("the database is away: %s", why)
        return unavailable()

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, why: HttpError) -> HttpResponse:
        return problem(why.status_code, str(why), unreadable(why.__cause__))
