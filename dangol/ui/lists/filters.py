"""Filters: read from the address, applied in the database, told as part of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dangol.ui.josa import settle


class Filter:
    """One question that a list can be asked; `path` is the database path, the name by default."""

    kind = "text"

    def __init__(self, name: str, label, path: str = "", apply: Callable | None = None):
        self.name, self.label, self.path = name, label, path or name
        self._apply = apply

    def names(self) -> list[str]:
        """The parameters of the address that belong to this filter."""
        return [self.name]

    def read(self, query: QueryDict) -> Any:
        """The value asked for; empty when nothing is."""
        return query.get(self.name, "").strip()

    def apply(self, rows: QuerySet, value: Any) -> QuerySet:
        """The rows that answer; another way of asking may be given as a function."""
        return self._apply(rows, value) if self._apply else rows.filter(self.condition(value))

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.path}__icontains": value})

    def tell(self, value: Any) -> str:
        """The value in words."""
        return f"“{value}”"

    def sentence(self, value: Any) -> str:
        """The filter as a part of a sentence."""
        return settle(
            _("%(label)s is %(value)s") % {"label": self.label, "value": self.tell(value)}
        )

    def choices(self) -> Iterable[tuple[Any, Any]]:
        return ()


class TextFilter(Filter):
    """Holds these letters."""

    def sentence(self, value):
        return settle(
            _("%(label)s holds %(value)s") % {"label": self.label, "value": self.tell(value)}
        )


class ChoiceFilter(Filter):
    """Is one of these; choices may be a function, asked only when the page is drawn."""

    kind = "choice"

    def __init__(self, name, label, choices=(), path="", apply=None):
        super().__init__(name, label, path, apply)
        self._choices = choices

    def choices(self):
        found = self._choices() if callable(self._choices) else self._choices
        return [(str(value), label) for value, label in found]

    def read(self, query):
        asked = query.getlist(self.name)
        known = {value for value, _label in self.choices()} if asked else set()
        return [value for value in asked if value in known]

    def condition(self, value):
        return Q(**{f"{self.path}__in": value})

    def tell(self, value):
        labels = dict(self.choices())
        names = [str(labels[v]) for v in value]
        if len(names) > 3:
            return _("%(first)s and %(rest)s more") % {
                "first": ", ".join(names[:2]),
                "rest": len(names) - 2,
            }
        return _(" or ").join(names)


class BoolFilter(Filter):
    """Yes or no, in words of the list's own."""

    kind = "one"

    def __init__(self, name, label, yes="", no="", path="", apply=None):
        super().__init__(name, label, path, apply)
        self.worded = bool(yes)
        self.yes, self.no = yes or gettext_lazy("yes"), no or gettext_lazy("no")

    def choices(self):
        return [("1", self.yes), ("0", self.no)]

    def read(self, query):
        value = query.get(self.name, "")
        return value if value in ("0", "1") else ""

    def condition(self, value):
        return Q(**{self.path: value == "1"})

    def tell(self, value):
        return str(self.yes if value == "1" else self.no)

    def sentence(self, value):
        told = self.tell(value)
        return told if self.worded else f"{self.label}: {told}"


SPANS = {
    "today": gettext_lazy("today"),
    "7d": gettext_lazy("the last 7 days"),
    "30d": gettext_lazy("the last 30 days"),
    "90d": gettext_lazy("the last 90 days"),
    "month": gettext_lazy("this month"),
    "year": gettext_lazy("this year"),
}


class DateRangeFilter(Filter):
    """Between two days, or in a span that moves with today."""

    kind = "dates"

    def __init__(self, name, label, path="", apply=None, day=False):
        super().__init__(name, label, path, apply)
        self.day = day

    def names(self):
        return [self.name, f"{self.name}_from", f"{self.name}_to"]

    def choices(self):
        return list(SPANS.items())

    def read(self, query):
        span = query.get(self.name, "")
        first, last = (_day(query.get(f"{self.name}_{end}", "")) for end in ("from", "to"))
        if first or last:
            return {"from": first, "to": last}
        return {"span": span} if span in SPANS else None

    def condition(self, value):
        first, last = value.get("from"), value.get("to")
        if "span" in value:
            first, last = _span(value["span"], timezone.localdate())
        found = Q()
        if first:
            found &= Q(**{f"{self.path}__gte": first if self.day else _start(first)})
        if last:
            end = {"lte": last} if self.day else {"lt": _start(last + timedelta(days=1))}
            found &= Q(**{f"{self.path}__{way}": moment for way, moment in end.items()})
        return found

    def tell(self, value):
        if "span" in value:
            return str(SPANS[value["span"]])
        first, last = (
            value[e] and date_format(value[e], "SHORT_DATE_FORMAT") for e in ("from", "to")
        )
        if first and last:
            return f"{first} – {last}"
        return _("from %(day)s") % {"day": first} if first else _("until %(day)s") % {"day": last}

    def sentence(self, value):
        return settle(_("%(label)s: %(value)s") % {"label": self.label, "value": self.tell(value)})


class NumberFilter(Filter):
    """Between two numbers."""

    kind = "numbers"

    def names(self):
        return [f"{self.name}_from", f"{self.name}_to"]

    def read(self, query):
        low, high = (_number(query.get(name, "")) for name in self.names())
        return {"from": low, "to": high} if low is not None or high is not None else None

    def condition(self, value):
        found = Q()
        if value["from"] is not None:
            found &= Q(**{f"{self.path}__gte": value["from"]})
        if value["to"] is not None:
            found &= Q(**{f"{self.path}__lte": value["to"]})
        return found

    def tell(self, value):
        low, high = value["from"], value["to"]
        if low is not None and high is not None:
            return f"{low} – {high}"
        return (
            _("%(low)s or more") % {"low": low}
            if high is None
            else _("%(high)s or less") % {"high": high}
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**15 else None


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _span(span: str, today: date) -> tuple[date, date]:
    starts = {
        "today": today,
        "7d": today - timedelta(days=6),
        "30d": today - timedelta(days=29),
        "90d": today - timedelta(days=89),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }
    return starts[span], today
