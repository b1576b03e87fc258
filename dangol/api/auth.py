"""Who asks: a token in the Authorization header, or the session of a signed-in person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from ninja.security import APIKeyCookie, HttpBearer

from dangol.api.idempotency import once
from dangol.api.models import Token, digest
from dangol.api.problems import unavailable
from dangol.core.masking import see_whole

NOTED_EVERY = dt.timedelta(minutes=1)


def token_of(request: HttpRequest) -> Token | None:
    """The valid token that the request carries, if any."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    now = timezone.now()
    found = (
        Token.objects.select_related("user")
        .filter(
            digest=digest(secret.strip()), revoked_at=None, expires_at__gt=now, user__is_active=True
        )
        .first()
    )
    if found and (found.used_at is None or now - found.used_at > NOTED_EVERY):
        Token.objects.filter(pk=found.pk).update(used_at=now)
    return found


def speak(request: HttpRequest, token: Token | None) -> None:
    """A program is answered in the language that it asks for, else in its person's."""
    language = token.user.language if token else settings.LANGUAGE_CODE
    if "Accept-Language" in request.headers:
        language = translation.get_language_from_request(request)
    translation.activate(language)
    request.LANGUAGE_CODE = language


def tokens_and_repeats(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Middleware of /api/: a token acts for its person; a write may be sent twice."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return get_response(request)
        try:
            return answered(request)
        except (OperationalError, InterfaceError):
            return unavailable()

    def answered(request: HttpRequest) -> HttpResponse:
        token = token_of(request)
        request.token = token  # type: ignore[attr-defined]
        if "Authorization" in request.headers:
            from django.contrib.auth.models import AnonymousUser

            request.user = token.user if token else AnonymousUser()
        if not request.user.is_authenticated or token:
            speak(request, token)
        if token:
            token.user.limited_to = frozenset(token.abilities)
            see_whole(token.user.can("customers.see_unmasked"))
        if not request.user.is_authenticated:
            return get_response(request)
        return once(request, lambda: get_response(request))

    return middleware


class TokenAuth(HttpBearer):
    """`Authorization: Bearer dgl_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        return request.token  # type: ignore[attr-defined,no-any-return]


class SessionAuth(APIKeyCookie):
    """The browser's session, for the description page; writes need the CSRF header."""

    param_name = "sessionid"

    def _get_key(self, request: HttpRequest) -> str | None:
        # A token that has ended is told so (401), not that a browser's header is missing (403).
        if "Authorization" in request.headers or self.param_name not in request.COOKIES:
            return None
        return super()._get_key(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> object | None:
        return request.user if request.user.is_authenticated else None
