"""The first page of each role, and the health of the process."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.defaults import page_not_found

from dangol.api.problems import no_such_address
from dangol.core.access import any_member, open_to_all

FIRST_PAGES = [
    # ability, page: the first that fits
    ("people.edit", "board:home"),
    ("programmes.edit", "campaigns:list"),
    ("desk.work", "desk:desk"),
    ("board.see", "board:home"),
    ("matching.decide", "matching:desk"),
    ("customers.see", "customers:list"),
]


@any_member
def home(request: HttpRequest) -> HttpResponse:
    """Where a person's day begins."""
    for ability, page in FIRST_PAGES:
        if request.user.can(ability):  # type: ignore[union-attr]
            try:
                return redirect(reverse(page))
            except NoReverseMatch:
                continue
    return render(request, "core_nothing.html")


@open_to_all
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere: programs get a problem, people a page."""
    if request.path.startswith("/api/"):
        return no_such_address()
    return page_not_found(request, exception)
