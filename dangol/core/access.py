"""The gate in front of every view: signed in, and holding the ability."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from dangol.core.roles import ABILITIES

View = Callable[..., HttpResponse]


def needs(ability: str) -> Callable[[View], View]:
    """Refuse (403) a person whose roles lack the ability; scope is the query's business (404)."""
    if ability not in ABILITIES:
        raise KeyError(ability)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.can(ability):  # type: ignore[union-attr]
                raise PermissionDenied(ability)
            return view(request, *args, **kwargs)

        guarded.ability = ability  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_all(view: View) -> View:
    """Mark a view that needs no sign-in (a customer's survey, health, sign-in itself)."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


def any_member(view: View) -> View:
    """Mark a view that every signed-in person may use."""
    view.any_member = True  # type: ignore[attr-defined]
    return view
