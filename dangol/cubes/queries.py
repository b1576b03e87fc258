"""Reads of what people keep."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dangol.core.models import User
from dangol.core.roles import roles_with
from dangol.cubes.models import Goal, Issue, Sharing, Subscription, View, Watch
from dangol.places.scope import scoped


def roles_of(user: User) -> list[str]:
    """The roles that a person holds anywhere and that may analyse."""
    return sorted({role for role, *_span in user.spans_held} & {str(r) for r in roles_with("cubes.see")})  # fmt: skip


def views_visible_to(user: User) -> QuerySet[View]:
    """The person's own views and those that were shared with the person's role or everyone."""
    if not user.can("cubes.see"):
        return View.objects.none()
    shared = Q(sharing=Sharing.EVERYONE) | Q(sharing=Sharing.ROLES, roles__overlap=roles_of(user))
    rows = View.objects.filter(Q(owner=user) | shared, ended_at=None)
    return rows.select_related("owner").order_by("name")


def subscriptions_of(user: User) -> QuerySet[Subscription]:
    """The person's running subscriptions."""
    return Subscription.objects.filter(user=user, ended_at=None).select_related("view")


def goals_visible_to(user: User, ability: str = "cubes.see") -> QuerySet[Goal]:
    """The goals of the places where the person holds the ability."""
    rows = Goal.objects.filter(ended_at=None).select_related("place")
    return scoped(rows, user, ability)


def watches_visible_to(user: User) -> QuerySet[Watch]:
    """Whoever may set watches sees all of them; others their own."""
    rows = Watch.objects.filter(ended_at=None).select_related("owner")
    return rows if user.can("watches.edit") else rows.filter(owner=user)


def issues_visible_to(user: User) -> QuerySet[Issue]:
    """The person's own issues, and those of places in scope; without a place: of all places."""
    if not user.can("cubes.see"):
        return Issue.objects.none()
    inside = scoped(Issue.objects.all(), user, "cubes.see").values("pk")
    rows = Issue.objects.filter(Q(owner=user) | Q(pk__in=inside))
    return rows.select_related("watch", "owner", "place", "taken_by", "closed_by")
