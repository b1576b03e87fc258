"""Where the browser goes after a deed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect


def sent_to(request: HttpRequest, to: str, *args) -> HttpResponse:
    """A whole new page, also after a form that asked first: its scripts and words begin anew."""
    answer = redirect(to, *args)
    htmx = request.headers.get("HX-Request")
    return HttpResponseClientRedirect(answer.headers["Location"]) if htmx else answer
