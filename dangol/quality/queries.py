"""Reads that several parts share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dangol.core.models import User
from dangol.customers.models import Check
from dangol.places.scope import scoped
from dangol.quality.measures.fields import bit
from dangol.quality.models import CorrectionTask, DecayModel, Faults, Policy, Risk, Standing


def policy_in_use() -> Policy:
    """What the company set last; the defaults before it set anything."""
    return Policy.objects.order_by("-created_at", "-pk").first() or Policy()


def model_in_use() -> DecayModel | None:
    """What was learned last of how contact points go wrong."""
    return DecayModel.objects.order_by("-created_at", "-pk").first()


def risks_visible_to(user: User) -> QuerySet[Risk]:
    """Contact points with their chances, of customers whom the person may see.

    The site of the last night finds them fast, the customer's present one decides.
    """
    rows = scoped(Risk.objects.all(), user, "customers.see", "place")
    return scoped(rows, user, "customers.see", "contact_point__customer__home_place")


def tasks_visible_to(user: User, ability: str = "quality.correct") -> QuerySet[CorrectionTask]:
    """Correction tasks of the sites where the person corrects, of customers whom they may see."""
    rows = scoped(CorrectionTask.objects.all(), user, ability, "place")
    return scoped(rows, user, "customers.see", "contact_point__customer__home_place")


def wrong_checks_visible_to(user: User) -> QuerySet[Check]:
    """Checks of visible customers that found a contact point wrong or its owner gone."""
    rows = Check.objects.filter(outcome__in=["wrong", "moved"])
    return scoped(rows, user, "customers.see", "contact_point__customer__home_place")


def standings(days: int) -> list[Standing]:
    """What was expected of all contact points on each of the last days."""
    first = timezone.localdate() - dt.timedelta(days=days)
    return list(Standing.objects.filter(day__gte=first).order_by("day", "kind"))


def faults_visible_to(user: User, fields: Iterable[str], faults: Iterable[str]) -> QuerySet[Faults]:
    """Records of visible customers that have one of these faults in one of these fields."""
    rows = scoped(Faults.objects.all(), user, "customers.see", "place")
    rows = scoped(rows, user, "customers.see", "record__customer__home_place")
    named = list(faults)
    mask = sum(bit(field, fault) for field in fields for fault in named)
    return rows.annotate(hit=F("bits").bitand(mask)).filter(~Q(hit=0))
