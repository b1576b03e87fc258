"""The description of the API, and a person's tokens."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from dangol.api import actions
from dangol.api.assembly import api
from dangol.api.forms import ABILITY_LABELS, TokenForm
from dangol.core.access import any_member, needs

FAMILIES = {
    "agents": _("Agents"),
    "board": _("Boards"),
    "cases": _("Cases"),
    "customers": _("Customers"),
    "imports": _("Imports"),
    "interactions": _("Conversations"),
    "places and people": _("Places and people"),
    "programmes": _("Programmes"),
    "purchases": _("Purchases"),
    "surveys": _("Surveys and answers"),
}


@any_member
def description(request: HttpRequest) -> HttpResponse:
    """Every operation on one page, drawn from the OpenAPI description."""
    schema = api.get_openapi_schema()
    groups: dict[str, list[dict]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            group = (operation.get("tags") or ["other"])[0]
            groups.setdefault(group, []).append(
                {"method": method.upper(), "path": path, **operation}
            )
    families = [
        {"key": key, "title": FAMILIES.get(key, key), "operations": operations}
        for key, operations in sorted(groups.items())
    ]
    may = request.user.can("tokens.own")  # type: ignore[union-attr]
    return render(request, "api/description.html", {"families": families, "may_have_tokens": may})


@needs("tokens.own")
def tokens(request: HttpRequest) -> HttpResponse:
    """See one's tokens, make one."""
    user = request.user
    form = TokenForm(user, request.POST or None)  # type: ignore[arg-type]
    secret = None
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = actions.make_token(user, by=user, **form.cleaned_data)  # type: ignore[arg-type]
            form = TokenForm(user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
    mine = user.tokens.filter(revoked_at=None)  # type: ignore[union-attr]
    for token in mine:
        token.told_abilities = [ABILITY_LABELS.get(a, a) for a in token.abilities]
    return render(
        request,
        "api/tokens.html",
        {"form": form, "secret": secret, "tokens": mine, "now": timezone.now()},
    )


@require_POST
@needs("tokens.own")
def revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End one of one's tokens."""
    token = get_object_or_404(request.user.tokens, pk=pk)  # type: ignore[union-attr]
    actions.revoke_token(token, by=request.user)  # type: ignore[arg-type]
    return redirect("tokens")
