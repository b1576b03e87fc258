"""What cases tells on the customer's timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dangol.cases.queries import cases_visible_to
from dangol.core.masking import shown_words
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.customers.timeline import Moment, Source, register


def cases_before(
    user: User, customer: Customer, before: dt.datetime, limit: int
) -> Iterable[Moment]:
    """Cases when they opened, and when they closed."""
    rows = cases_visible_to(user).filter(customer=customer, opened_at__lt=before)
    for case in rows.select_related("place").order_by("-opened_at")[:limit]:
        url = reverse("cases:case", args=[case.pk])
        yield Moment(
            case.opened_at,
            "flag",
            _("Case opened: %(title)s") % {"title": shown_words(case.title)},
            text=shown_words(case.description),
            url=url,
            by=str(case.place),
            meaning="watch",
        )
        if case.closed_at and case.closed_at < before:
            yield Moment(
                case.closed_at,
                "circle-check",
                _("Case closed: %(title)s") % {"title": shown_words(case.title)},
                text=shown_words(case.resolution),
                url=url,
                by=str(case.place),
                meaning="good",
            )


register(Source("cases", gettext_lazy("Cases"), cases_before, "cases.see"))
