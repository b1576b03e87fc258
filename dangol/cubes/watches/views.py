"""Pages of watches."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.cubes import actions
from dangol.cubes.asking.addresses import address_of, question_of
from dangol.cubes.explorer.views import asked
from dangol.cubes.models import Watch
from dangol.cubes.queries import watches_visible_to
from dangol.cubes.refusing import told_in
from dangol.cubes.watches.forms import WatchForm
from dangol.ui.going import sent_to


@needs("watches.edit")
def watch_new(request: HttpRequest) -> HttpResponse:
    """Have the rows of a question watched."""
    query, errors = asked(request)
    first = {"measure": query.measures[0].name} if query.measures else {}
    form = WatchForm(request.POST or None, measures=query.subject.measures, initial=first)
    address = request.POST.get("address") or address_of(query)
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.set_watch(address=address, owner=request.user, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]  # fmt: skip
            return sent_to(request, "cubes:issues")
    context = {"form": form, "query": query, "errors": errors, "address": address}
    return render(request, "cubes/watch.html", context, status=422 if form.errors else 200)


@needs("watches.edit")
def watch_change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Have a watch look for something else."""
    watch: Watch = get_object_or_404(watches_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    query = question_of(watch.address)
    form = WatchForm(request.POST or None, measures=query.subject.measures, initial=WatchForm.told(watch, query.subject.measures))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with told_in(form):
            actions.change_watch(watch, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return sent_to(request, "cubes:issues")
    context = {"form": form, "query": query, "watch": watch, "address": watch.address}
    return render(request, "cubes/watch.html", context, status=422 if form.errors else 200)


@require_POST
@needs("watches.edit")
def watch_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It looks no longer."""
    found: Watch = get_object_or_404(watches_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    actions.end_watch(found, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "cubes:issues")
