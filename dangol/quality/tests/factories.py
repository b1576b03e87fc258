"""What the tests of data quality are made of."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django.utils import timezone

from dangol.customers.actions import add_contact_point, add_customer, check_contact_point
from dangol.customers.models import ContactPoint
from dangol.places.models import Place
from dangol.quality.decay.applying import tell_chances
from dangol.quality.decay.learning import learn_decay
from dangol.quality.models import CorrectionTask, Risk
from dangol.quality.tasks.actions import ask_for_task

NUMBERS = count(1)
VALUES = {
    "phone": lambda n: f"010-{3000 + n // 10000:04}-{n % 10000:04}",
    "email": lambda n: f"someone{n}@example.org",
    "address": lambda n: f"(06236) 서울 강남구 테헤란로 {n} {100 + n}호",
}


def a_point(
    world: Any, code: str = "GANGNAM", kind: str = "phone", *, days: int = 0, source: str = "dealer"
) -> ContactPoint:
    """A contact point of a new customer of a site, known for some days."""
    n, known = next(NUMBERS), timezone.now() - dt.timedelta(days=days)
    customer = add_customer(
        name=f"손님{n}", home_place=world.place(code), by=None, at=known, source=source,
        source_key=f"k{n}",
    )  # fmt: skip
    return add_contact_point(customer, kind, VALUES[kind](n), by=None, at=known, source=source)


def checked(point: ContactPoint, outcome: str, *, days: int = 0, by: Any = None) -> ContactPoint:
    """The same after a check some days ago."""
    at = timezone.now() - dt.timedelta(days=days)
    check_contact_point(point, outcome, by=by, at=at)
    point.refresh_from_db()
    return point


def looked() -> None:
    """Learn and tell every chance, as a night does."""
    tell_chances(learn_decay(), timezone.now(), timezone.localdate())


def a_risk(world: Any, code: str = "GANGNAM") -> Risk:
    """A contact point that is probably wrong."""
    point = a_point(world, code, "address", days=900)
    looked()
    return Risk.objects.get(pk=point.pk)


def a_task(world: Any, code: str = "GANGNAM") -> CorrectionTask:
    """An open correction task of a site, which is opened again if somebody closed it."""
    Place.objects.filter(code=code).update(closed_at=None, kind="site")
    risk = a_risk(world, code)
    return ask_for_task(risk.contact_point, chance=risk.chance, minutes=480, by=world.anna)
