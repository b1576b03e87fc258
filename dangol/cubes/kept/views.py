"""Views that people keep: opening, saving, sharing, subscribing, and figures as a file."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.roles import Role
from dangol.cubes import actions
from dangol.cubes.asking.answer import answer, today
from dangol.cubes.asking.expression import Scope
from dangol.cubes.asking.query import Refused
from dangol.cubes.explorer import page
from dangol.cubes.explorer.views import asked, newest
from dangol.cubes.kept.files import XLSX
from dangol.cubes.kept.workbook import file_name, workbook_of
from dangol.cubes.models import Every, Sharing
from dangol.cubes.queries import subscriptions_of, views_visible_to
from dangol.ui.going import sent_to


@needs("cubes.see")
def views(request: HttpRequest) -> HttpResponse:
    """The views that the person may open, and what is mailed."""
    mine = {s.view_id: s for s in subscriptions_of(request.user)}  # type: ignore[arg-type]
    found = [(view, mine.get(view.pk)) for view in views_visible_to(request.user)]  # type: ignore[arg-type]
    context = {"views": found, "every": Every.choices, "hours": [str(h) for h in range(24)]}
    return render(request, "cubes/views.html", context)


@needs("cubes.see")
def view(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Open a view; everybody sees the figures of the own places."""
    found = get_object_or_404(views_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    return redirect(f"{reverse('cubes:explorer')}?{found.address}&view={found.pk}")


@require_POST
@needs("cubes.see")
def save(request: HttpRequest) -> HttpResponse:
    """Keep the question under a name."""
    name = request.POST.get("name", "")[:80]
    try:
        made = actions.save_view(
            name=name, address=request.POST.get("address", ""),
            sharing=request.POST.get("sharing", Sharing.NONE),
            roles=[r for r in request.POST.getlist("roles") if r in Role.values],
            by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
    except ValidationError as refused:
        return render(request, "cubes/refused.html", {"messages": refused.messages}, status=422)
    return sent_to(request, "cubes:view", made.pk)


@require_POST
@needs("cubes.see")
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Forget a view of one's own."""
    found = get_object_or_404(views_visible_to(request.user), pk=pk, owner=request.user)  # type: ignore[arg-type]
    actions.end_view(found, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "cubes:views")


@require_POST
@needs("cubes.see")
def subscription(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a view mailed, or no longer."""
    found = get_object_or_404(views_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    user = request.user
    if "end" in request.POST:
        for one in subscriptions_of(user).filter(view=found):  # type: ignore[arg-type]
            actions.unsubscribe(one, by=user)  # type: ignore[arg-type]
        return sent_to(request, "cubes:views")
    hour = request.POST.get("hour", "8")
    try:
        actions.subscribe(
            found, every=request.POST.get("every", Every.DAY), hour=int(hour) if hour.isdecimal() else -1,
            xlsx="xlsx" in request.POST, pdf="pdf" in request.POST, by=user,  # type: ignore[arg-type]
        )  # fmt: skip
    except ValidationError as refused:
        return render(request, "cubes/refused.html", {"messages": refused.messages}, status=422)
    return sent_to(request, "cubes:views")


@needs("cubes.see")
def file(request: HttpRequest) -> HttpResponse:
    """The figures of the address as a workbook."""
    query, errors = asked(request)
    seen = newest()
    if seen is None:
        return redirect("cubes:explorer")
    if errors:
        return render(request, "cubes/refused.html", {"messages": errors.values()}, status=422)
    try:
        made = answer(query, Scope.of(request.user), seen)  # type: ignore[arg-type]
    except Refused as refused:
        return render(request, "cubes/refused.html", {"messages": refused.errors.values()}, status=422)  # fmt: skip
    filters = [chip["sentence"] for chip in page.filter_chips(query, seen)]
    response = HttpResponse(workbook_of(made, filters), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(made, today())}"'
    return response
