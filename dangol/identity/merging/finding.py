"""Whom an id stands for."""

from __future__ import annotations

import uuid

from dangol.customers.models import Alias, Customer


def present(key: uuid.UUID | None) -> uuid.UUID | None:
    """The customer that an id stands for now."""
    if key is None:
        return None
    if Customer.objects.filter(pk=key).exists():
        return key
    return Alias.objects.filter(old_id=key).values_list("customer_id", flat=True).first()
