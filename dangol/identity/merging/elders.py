"""Which of two customers takes in the other."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from dangol.customers.models import Customer


def elder(a: uuid.UUID, b: uuid.UUID) -> tuple[Customer, Customer]:
    """Who is known here since an earlier day takes in the other, for others know that customer's
    number; of the same day the one of more records, or the older one.

    Raises ValidationError when one of the two is gone.
    """
    both = list(Customer.objects.filter(pk__in=[a, b]).annotate(known_by=Count("records")))
    if len(both) < 2:
        raise ValidationError(_("One of the two was merged in the meantime."))
    return elder_of((both[0], both[0].known_by), (both[1], both[1].known_by))


def elder_of(one: tuple[Customer, int], other: tuple[Customer, int]) -> tuple[Customer, Customer]:
    """The same of two customers of whom it is known how many records they have."""
    first, second = sorted(
        [one, other], key=lambda c: (localdate(c[0].created_at), -c[1], c[0].created_at, c[0].pk)
    )
    return first[0], second[0]
