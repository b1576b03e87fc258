"""What purchases tells on the customer's timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from dangol.core.models import User
from dangol.core.money import shown_money
from dangol.customers.models import Customer
from dangol.customers.timeline import Moment, Source, register
from dangol.purchases.lists import gone_words
from dangol.purchases.models import Line, Transaction, TransactionKind

ICONS = {"sale": "shopping-bag", "service": "settings", "other": "package"}


def transactions_before(
    user: User, customer: Customer, before: dt.datetime, limit: int
) -> Iterable[Moment]:
    """Sales and service visits with what and where."""
    rows = (
        Transaction.objects.filter(customer=customer, at__lt=before)
        .select_related("place")
        .prefetch_related(Prefetch("lines", Line.objects.select_related("product")))
        .order_by("-at")[:limit]
    )
    for row in rows:
        products = ", ".join(str(line.product) for line in row.lines.all())
        amount = shown_money(row.amount, row.currency) if row.amount else ""
        yield Moment(
            row.at,
            ICONS.get(row.kind, "package"),
            f"{TransactionKind(row.kind).label} · {products}"
            if products
            else row.get_kind_display(),
            text=" · ".join(
                str(part) for part in (row.place, amount, row.note, gone_words(row)) if part
            ),
            by=row.staff_name,
        )


register(Source("purchases", _("Purchases"), transactions_before, "purchases.see"))
