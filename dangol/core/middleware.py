"""Language and theme of the person; the sign-in gate."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import translation
from psycopg.errors import UniqueViolation

from dangol.core.anew import lost_a_race
from dangol.core.masking import see_whole

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]
OPEN_PREFIXES = ("/accounts/", "/static/", "/api/", "/favicon")


def preferences(get_response: GetResponse) -> GetResponse:
    """Show pages in the person's own language; strangers choose by cookie, Korean first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = cookie if cookie in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        if request.user.is_authenticated:
            language = request.user.language
        see_whole(request.user.is_authenticated and request.user.can("customers.see_unmasked"))
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    return middleware


def sign_in_required(get_response: GetResponse) -> GetResponse:
    """Send strangers to sign in, and bring them back; views marked open stay open.

    A script gets 401 and stays where it is (session.js): what was typed there must not be lost.
    A form that was sent comes back to the page it stood on, since its own address takes no GET.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view, args, kwargs) -> HttpResponse | None:  # type: ignore[no-untyped-def]
        if request.user.is_authenticated or getattr(view, "open_to_all", False):
            return None
        if request.path.startswith(OPEN_PREFIXES):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        if request.method not in ("GET", "HEAD"):
            return redirect_to_login(urlsplit(request.headers.get("Referer") or "/").path or "/")
        return redirect_to_login(request.get_full_path())

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def made_twice(get_response: GetResponse) -> GetResponse:
    """Two people who make or change the same at the same instant: the second is told."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, why: Exception) -> HttpResponse | None:
        if lost_a_race(why):
            log.warning("somebody changed the same at %s", request.path, exc_info=why)
            return render(request, "409.html", {"changed": True}, status=409)
        if isinstance(why, IntegrityError) and isinstance(why.__cause__, UniqueViolation):
            return render(request, "409.html", status=409)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def storable_text(get_response: GetResponse) -> GetResponse:
    """Refuse NUL in addresses and forms: nobody types it, and no database keeps it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return get_response(request)
        given = [request.GET] if "%00" in request.META.get("QUERY_STRING", "") else []
        if request.method == "POST":
            given.append(request.POST)
        for values in given:
            if any("\x00" in text for name in values for text in (name, *values.getlist(name))):
                return HttpResponseBadRequest("A field holds a NUL character.")
        return get_response(request)

    return middleware
