"""Scope: where a person may look. Every read starts from here, and costs one range test."""

from __future__ import annotations

from django.db.models import Model, Q, QuerySet

from dangol.core.models import User
from dangol.core.roles import roles_with
from dangol.places.models import Grant, Place


def ranges(user: User, ability: str) -> list[tuple[int, int]]:
    """The (lo, hi) spans of the tree where the person holds the ability, outermost only."""
    if not user.is_active or not user.can(ability):
        return []
    cache: dict[str, list[tuple[int, int]]] = user.__dict__.setdefault("_ranges", {})
    if ability not in cache:
        roles = roles_with(ability)
        held = ((lo, hi) for role, lo, hi, *_tops in user.spans_held if role in roles)
        spans = sorted(held, key=lambda s: (s[0], -s[1]))
        outer: list[tuple[int, int]] = []
        for span in spans:
            if not outer or span[1] > outer[-1][1]:
                outer.append(span)
        cache[ability] = outer
    return cache[ability]


def sees_everything(user: User, spans: list[tuple[int, int]]) -> bool:
    """Whether the spans hold every company, so that no test is needed."""
    _role, _lo, _hi, begins, ends = user.spans_held[0]
    tops = zip(begins, ends, strict=True)
    return all(any(lo <= a and b <= hi for lo, hi in spans) for a, b in tops)


def places_visible_to(user: User, ability: str = "places.see") -> QuerySet[Place]:
    """The places where the person holds the ability."""
    test = Q(pk__in=[])
    for span in ranges(user, ability):
        test |= Q(lo__range=span)
    return Place.objects.filter(test)


def people_kept_by(user: User) -> QuerySet[User]:
    """The people whose roles all lie where this person keeps people, and those without a role.

    Somebody who administers one region must not take over an account of head office.
    """
    inside = places_visible_to(user, "people.edit").values("pk")
    outside = Grant.objects.filter(revoked_at=None).exclude(place__in=inside)
    return User.objects.exclude(pk__in=outside.values("user"))


def scoped[M: Model](
    rows: QuerySet[M], user: User, ability: str, place: str = "place"
) -> QuerySet[M]:
    """Only the rows whose place (a foreign key's name or path) lies in the person's scope."""
    spans = ranges(user, ability)
    if not spans:
        return rows.none()
    if sees_everything(user, spans):
        return rows
    inside = Q()
    for span in spans:
        inside |= Q(lo__range=span)
    return rows.filter(**{f"{place}__in": Place.objects.filter(inside).values("pk")})


__all__ = ["people_kept_by", "places_visible_to", "ranges", "scoped", "sees_everything"]
