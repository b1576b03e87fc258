"""The bell: short messages to the person who is signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from dangol.core.access import any_member
from dangol.core.models import Notice
from dangol.core.notices import mark_read, unread_notices

SHOWN = 30


def bell(request: HttpRequest) -> dict:
    """How many are unread, for the top line."""
    return {"unread": unread_notices(request.user).count(), "who": request.user}


@any_member
def notices(request: HttpRequest) -> HttpResponse:
    """The latest messages."""
    latest = Notice.objects.filter(user=request.user).order_by("-created_at")[:SHOWN]
    return render(request, "ui/notices/list.html", {"notices": latest})


@any_member
@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Everything is read."""
    mark_read(request.user)
    return render(request, "ui/notices/bell.html", bell(request))
