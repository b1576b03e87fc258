"""What an action refuses, told where it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refused(request: HttpRequest, messages: list[str]) -> HttpResponse:
    """What was wrong."""
    return render(request, "cubes/refused.html", {"messages": messages}, status=422)


@contextmanager
def told_in(form: Form) -> Iterator[None]:
    """What an action refuses is told at the form's fields."""
    try:
        yield
    except ValidationError as wrong:
        told = wrong.error_dict if hasattr(wrong, "error_dict") else {NON_FIELD_ERRORS: [wrong]}
        for name, errors in told.items():
            at = {"measure": "figure"}.get(name, name) if name not in form.fields else name
            for one in errors:
                form.add_error(at if at in form.fields else None, one)
