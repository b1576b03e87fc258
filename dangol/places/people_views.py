"""Pages of the people who sign in."""

from __future__ import annotations

import uuid

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.models import User
from dangol.places import actions, forms, people
from dangol.places.models import Grant
from dangol.places.scope import people_kept_by, scoped
from dangol.ui.going import sent_to


@needs("people.see")
def person(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One person: facts, roles now and before."""
    return person_page(request, get_object_or_404(User, pk=pk))


def person_page(request: HttpRequest, user: User, **more: object) -> HttpResponse:
    """The page, with whatever was just refused or made."""
    context = {
        "person": user,
        "grants": user.grants.select_related("place", "granted_by", "revoked_by").order_by(  # type: ignore[attr-defined]
            "-granted_at"
        ),
        "grant_form": forms.GrantForm(request.user),
        "may_edit": request.user.can("people.edit")  # type: ignore[union-attr]
        and people_kept_by(request.user).filter(pk=user.pk).exists(),  # type: ignore[arg-type]
        **more,
    }
    return render(request, "places/person.html", context)


@needs("people.edit")
def edit(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """Invite somebody, or correct an account; a new account's first password is shown once."""
    found = get_object_or_404(people_kept_by(request.user), pk=pk) if pk else None  # type: ignore[arg-type]
    form = forms.PersonForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if found:
            people.change_person(found, by=request.user, **data)  # type: ignore[arg-type]
            return redirect("places:person", found.pk)
        password = get_random_string(16)
        user = people.invite_person(by=request.user, password=password, **data)  # type: ignore[arg-type]
        return person_page(request, user, password=password)
    return render(request, "places/person_edit.html", {"form": form, "person": found})


@require_POST
@needs("people.edit")
def grants(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a role at a place."""
    user = get_object_or_404(people_kept_by(request.user), pk=pk, is_active=True)  # type: ignore[arg-type]
    form = forms.GrantForm(request.user, request.POST)  # type: ignore[arg-type]
    if form.is_valid():
        role, place = form.cleaned_data["role"], form.cleaned_data["place"]
        actions.grant_role(user, role, place, by=request.user)  # type: ignore[arg-type]
        return redirect("places:person", pk)
    return person_page(request, user, grant_form=form)


@require_POST
@needs("people.edit")
def revocation(request: HttpRequest, pk: uuid.UUID, grant_pk: uuid.UUID) -> HttpResponse:
    """Take a role back; one's own last administrator role stays."""
    held = scoped(Grant.objects.all(), request.user, "people.edit")  # type: ignore[arg-type]
    grant = get_object_or_404(held, pk=grant_pk, user=pk, revoked_at=None)
    if grant.user_id == request.user.pk and grant.role == "administrator":
        return person_page(
            request, grant.user, refusal=_("Another administrator has to take this role from you.")
        )
    actions.revoke_role(grant, by=request.user)  # type: ignore[arg-type]
    return redirect("places:person", pk)


@require_POST
@needs("people.edit")
def ending(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End an account."""
    user = get_object_or_404(people_kept_by(request.user), pk=pk)  # type: ignore[arg-type]
    if user.pk == request.user.pk:
        return person_page(request, user, refusal=_("You cannot end your own account."))
    people.end_person(user, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "places:person", pk)


@require_POST
@needs("people.edit")
def password(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a fresh password, shown once."""
    user = get_object_or_404(people_kept_by(request.user), pk=pk, is_active=True)  # type: ignore[arg-type]
    fresh = get_random_string(16)
    try:
        validate_password(fresh, user)
    except ValidationError:
        fresh = get_random_string(20)
    people.set_password(user, fresh, by=request.user)  # type: ignore[arg-type]
    return person_page(request, user, password=fresh)
