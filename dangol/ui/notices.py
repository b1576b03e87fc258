"""The bell and the inbox: short messages to the person who is signed in."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import any_member
from dangol.core.models import Notice
from dangol.core.notices import mark_read, unread_notices
from dangol.ui.lists.counting import count_up_to

SHOWN = 50
ICONS = {"cases": "flag", "imports": "upload"}
"""By the first word of the address that a notice leads to."""


def bell(request: HttpRequest) -> dict:
    """How many are unread, for the top line; counted with the person unless this request reads some."""
    unread = getattr(request.user, "unread", None) if request.method == "GET" else None
    if unread is None:
        unread = unread_notices(request.user).count()
    return {"unread": unread, "who": request.user}


def day_name(day: dt.date, today: dt.date) -> str:
    """Today, yesterday, or the date with its weekday."""
    if day == today:
        return _("Today")
    if day == today - dt.timedelta(days=1):
        return _("Yesterday")
    return f"{date_format(day, 'DATE_FORMAT')} {date_format(day, 'l')}"


def by_day(notices: list[Notice]) -> list[tuple[str, list[tuple[Notice, str]]]]:
    """The notices of each day with their icons, the newest day first."""
    today = timezone.localdate()
    days = groupby(notices, key=lambda n: timezone.localdate(n.created_at))
    return [
        (
            day_name(day, today),
            [(n, ICONS.get((n.url.split("/") + [""])[1] if n.url else "", "bell")) for n in found],
        )
        for day, found in days
    ]


def wanted(request: HttpRequest) -> QuerySet[Notice]:
    """All of the person's notices, or the unread ones."""
    if request.GET.get("show") == "unread":
        return unread_notices(request.user)
    return Notice.objects.filter(user=request.user).order_by("-created_at", "-pk")


@any_member
def notices(request: HttpRequest) -> HttpResponse:
    """The inbox: newest first, by day, what is unread marked."""
    page = Paginator(wanted(request), SHOWN, allow_empty_first_page=True).get_page(
        request.GET.get("page")
    )
    show = "unread" if request.GET.get("show") == "unread" else "all"
    unread = count_up_to(unread_notices(request.user))
    context: dict[str, Any] = {
        "days": by_day(list(page)),
        "page": page,
        "show": show,
        "unread": unread.number,
        "tabs": [("all", _("All"), "?"), ("unread", _("Unread"), "?show=unread", unread)],
    }
    return render(request, "ui/notices/list.html", context)


@any_member
def opening(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Go where a notice leads; it is read by that."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    mark_read(request.user, only=notice.pk)
    ours = url_has_allowed_host_and_scheme(notice.url, {request.get_host()}, request.is_secure())
    return redirect(notice.url if notice.url and ours else "ui:notices")


@any_member
@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Everything is read."""
    mark_read(request.user)
    return redirect("ui:notices")
