"""Scope: where a person may look. Every read starts from here, and costs one range test."""

from __future__ import annotations

from django.db.models import Model, Q, QuerySet

from dangol.core.models import User
from dangol.core.roles import roles_with
from dangol.places.models import Place


def ranges(user: User, ability: str) -> list[tuple[int, int]]:
    """The (lo, hi) spans of the tree where the person holds the ability, outermost only."""
    if not user.is_active or not user.can(ability):
        return []
    cache: dict[str, list[tuple[int, int]]] = user.__dict__.setdefault("_ranges", {})
    if ability not in cache:
        roles = roles_with(ability)
        held = ((lo, hi) for role, lo, hi in held_spans(user) if role in roles)
        spans = sorted(held, key=lambda s: (s[0], -s[1]))
        outer: list[tuple[int, int]] = []
        for span in spans:
            if not outer or span[1] > outer[-1][1]:
                outer.append(span)
        cache[ability] = outer
    return cache[ability]


def held_spans(user: User) -> list[tuple[str, int, int]]:
    """The person's open grants as (role, lo, hi), read once for all abilities."""
    if "_held_spans" not in user.__dict__:
        open_grants = user.grants.filter(revoked_at=None)  # type: ignore[attr-defined]
        user.__dict__["_held_spans"] = list(
            open_grants.values_list("role", "place__lo", "place__hi")
        )
    held: list[tuple[str, int, int]] = user.__dict__["_held_spans"]
    return held


def sees_everything(spans: list[tuple[int, int]]) -> bool:
    """Whether the spans hold every company's root, so that no test is needed."""
    roots = Place.objects.filter(parent=None).values_list("lo", "hi")
    return all(any(lo <= a and b <= hi for lo, hi in spans) for a, b in roots)


def places_visible_to(user: User, ability: str = "places.see") -> QuerySet[Place]:
    """The places where the person holds the ability."""
    test = Q(pk__in=[])
    for span in ranges(user, ability):
        test |= Q(lo__range=span)
    return Place.objects.filter(test)


def scoped[M: Model](
    rows: QuerySet[M], user: User, ability: str, place: str = "place"
) -> QuerySet[M]:
    """Only the rows whose place (a foreign key's name or path) lies in the person's scope."""
    spans = ranges(user, ability)
    if not spans:
        return rows.none()
    if sees_everything(spans):
        return rows
    inside = Q()
    for span in spans:
        inside |= Q(lo__range=span)
    return rows.filter(**{f"{place}__in": Place.objects.filter(inside).values("pk")})


__all__ = ["places_visible_to", "ranges", "scoped", "sees_everything"]
