"""Which days a question is about: words that move with the day, or two dates."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

ROLLING = re.compile(r"(\d{1,3})([dwmqy])")
DATES = re.compile(r"(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?")
OFFERED = ("7d", "30d", "13w", "90d", "12m", "mtd", "ytd", "all")
DEFAULT = "13w"
Days = tuple[dt.date | None, dt.date | None]
TO_DATE = {
    "mtd": gettext_lazy("This month"), "qtd": gettext_lazy("This quarter"),
    "ytd": gettext_lazy("This year"), "all": gettext_lazy("All days"),
}  # fmt: skip


class WrongPeriod(ValueError):
    """A period that says nothing."""


@dataclass(frozen=True, slots=True)
class Period:
    """A word, or two dates; either end may be open."""

    word: str = DEFAULT
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def open(self) -> bool:
        """Whether it has no beginning."""
        return self.word == "all" or (not self.word and self.first is None)

    @property
    def text(self) -> str:
        """As it stands in an address."""
        if self.word:
            return self.word
        return f"{self.first or ''}..{self.last or ''}"

    def days(self, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
        """The first and the last day; None: open."""
        if not self.word:
            return self.first, self.last
        if self.word == "all":
            return None, None
        if self.word == "mtd":
            return today.replace(day=1), today
        if self.word == "qtd":
            return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today
        if self.word == "ytd":
            return today.replace(month=1, day=1), today
        found = ROLLING.fullmatch(self.word)
        assert found
        return rolling(today, int(found[1]), found[2]), today

    def told(self) -> str:
        """In words."""
        from django.utils.formats import date_format

        if self.word in TO_DATE:
            return str(TO_DATE[self.word])
        if found := ROLLING.fullmatch(self.word):
            return units(int(found[1]), found[2])
        first, last = (d and date_format(d, "SHORT_DATE_FORMAT") for d in (self.first, self.last))
        if first and last:
            return first if first == last else f"{first} – {last}"
        return _("from %s") % first if first else _("until %s") % last if last else _("All days")


def units(n: int, unit: str) -> str:
    """“Last 13 weeks”."""
    words = {
        "d": ngettext("Last day", "Last %d days", n), "w": ngettext("Last week", "Last %d weeks", n),
        "m": ngettext("Last month", "Last %d months", n),
        "q": ngettext("Last quarter", "Last %d quarters", n),
        "y": ngettext("Last year", "Last %d years", n),
    }  # fmt: skip
    text = words[unit]
    return text % n if "%d" in text else text


def rolling(today: dt.date, n: int, unit: str) -> dt.date:
    """The first of n days, whole weeks (from Monday), months, quarters or years up to today."""
    n = max(n, 1)
    if unit == "d":
        return today - dt.timedelta(days=n - 1)
    if unit == "w":
        return today - dt.timedelta(days=today.weekday() + 7 * (n - 1))
    if unit == "y":
        return today.replace(year=max(today.year - n + 1, 1), month=1, day=1)
    step = 3 if unit == "q" else 1
    month = (today.month - 1) // step * step
    count = max(today.year * 12 + month - step * (n - 1), 12)
    return dt.date(count // 12, count % 12 + 1, 1)


def period_of(text: str) -> Period:
    """A period from an address."""
    text = text.strip() or DEFAULT
    if text in TO_DATE or ROLLING.fullmatch(text):
        return Period(text)
    found = DATES.fullmatch(text)
    try:
        if found:
            first, last = (dt.date.fromisoformat(d) if d else None for d in found.groups())
            if any(d and not 1900 <= d.year <= 2200 for d in (first, last)):
                raise WrongPeriod(_("The year lies between 1900 and 2200."))
            if first and last and last < first:
                raise WrongPeriod(_("It ends before it begins."))
            return Period("", first, last) if first or last else Period("all")
    except WrongPeriod:
        raise
    except ValueError:
        pass  # a day that no calendar has: refused below
    raise WrongPeriod(_("Write like 30d, 13w, 12m, ytd or 2026-01-01..2026-03-31."))


def year_before(day: dt.date) -> dt.date:
    """The same day a year earlier; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def compared(
    first: dt.date, last: dt.date, how: str
) -> tuple[dt.date, dt.date]:  # fmt: skip
    """The days that a period is compared with: as many before it, or the same a year earlier."""
    if how == "year":
        return year_before(first), year_before(last)
    length = last - first
    return first - length - dt.timedelta(days=1), first - dt.timedelta(days=1)
