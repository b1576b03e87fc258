"""The customer whom an address or a program names by an id, of now or of before a merge."""

from __future__ import annotations

import uuid

from django.http import Http404

from dangol.core.api import no_such
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.customers.queries import customer_by_id


def customer_or_404(user: object, key: uuid.UUID, ability: str = "customers.see") -> Customer:
    """The customer of a page, as far as the person may see them."""
    if found := customer_by_id(user, key, ability):  # type: ignore[arg-type]
        return found
    raise Http404


def customer_or_problem(user: User, key: uuid.UUID, ability: str = "customers.see") -> Customer:
    """The customer whom a program names, as far as its person may see them."""
    if found := customer_by_id(user, key, ability):
        return found
    raise no_such("customer")
