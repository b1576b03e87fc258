"""A question to a cube: read from an address or a program, checked name by name.

`Refused` carries each refused field with its message in the reader's language.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from dangol.cubes.asking.formulas import Formula, WrongFormula, words_of
from dangol.cubes.asking.names import readable
from dangol.cubes.asking.periods import Period, WrongPeriod, period_of
from dangol.cubes.subjects.catalogue import SUBJECTS, Dimension, Kind, Measure, Subject

MOST_DIMENSIONS, MOST_MEASURES, MOST_MEMBERS, MOST_FORMULAS = 4, 8, 500, 4
COMPARE = ("", "previous", "year")
EXTRAS = ("share", "rank", "running", "change", "interval", "count", "enough")
LOOKS = ("table", "heat", "bar", "line", "multiples", "map")
NAME = re.compile(r"[a-z_]{1,30}")


class Refused(ValueError):
    """What is wrong with a question, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))


@dataclass(frozen=True, slots=True)
class Filter:
    """Only (or, `without`, all but) these members of a dimension."""

    dimension: Dimension
    members: tuple[str, ...]
    without: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: figures by rows and columns, of a period, filtered, compared."""

    subject: Subject
    rows: tuple[Dimension, ...] = ()
    columns: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()
    filters: tuple[Filter, ...] = ()
    period: Period = field(default_factory=Period)
    compare: str = ""
    formulas: tuple[Formula, ...] = ()
    extras: tuple[str, ...] = ()
    sort: str = ""
    look: str = "table"

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Rows, then columns."""
        return self.rows + self.columns

    @property
    def needed(self) -> tuple[Measure, ...]:
        """The measures shown and those that formulas speak of."""
        named = {name for f in self.formulas for name in f.names}
        more = (m for m in self.subject.measures if m.name in named and m not in self.measures)
        return (*self.measures, *more)

    @property
    def spoken_of(self) -> set[str]:
        """The dimensions that the question mentions."""
        return {d.name for d in self.dimensions} | {f.dimension.name for f in self.filters}

    def filter_of(self, name: str) -> Filter | None:
        """The filter on a dimension."""
        return next((f for f in self.filters if f.dimension.name == name), None)

    def with_filter(self, added: Filter) -> Query:
        """The same question, narrowed; another filter on the dimension is replaced."""
        rest = tuple(f for f in self.filters if f.dimension.name != added.dimension.name)
        return replace(self, filters=(*rest, added) if added.members else rest)


def listed(given: Any) -> list[str]:
    """Names, as a list or with commas between."""
    if given is None:
        return []
    if isinstance(given, str):
        given = given.split(",")
    if not isinstance(given, Sequence):
        return ["?"]
    return [str(one).strip() for one in given if str(one).strip()]


class Reader:
    """Reads the parts of a question and notes what is wrong with each."""

    def __init__(self, given: Mapping[str, Any], subject: Subject) -> None:
        self.given, self.subject = given, subject
        self.errors: dict[str, str] = {}

    def dimensions(self, name: str) -> tuple[Dimension, ...]:
        """Dimensions by name, each once."""
        found: dict[str, Dimension] = {}
        for one in listed(self.given.get(name)):
            try:
                found[one] = self.subject.dimension(one)
            except KeyError:
                self.errors[name] = _("There is no dimension “%s”.") % one[:40]
        if len(found) > MOST_DIMENSIONS:
            self.errors[name] = _("At most %d dimensions.") % MOST_DIMENSIONS
        return tuple(found.values())

    def measures(self) -> tuple[Measure, ...]:
        """Measures by name, each once; those of the subject's first view where none is named."""
        names = listed(self.given.get("measures"))
        if not names and "measures" not in self.given and not self.given.get("formulas"):
            names = list(self.subject.default["measures"])
        found: dict[str, Measure] = {}
        for one in names:
            try:
                found[one] = self.subject.measure(one)
            except KeyError:
                self.errors["measures"] = _("There is no measure “%s”.") % one[:40]
        if len(found) > MOST_MEASURES:
            self.errors["measures"] = _("At most %d measures.") % MOST_MEASURES
        return tuple(found.values())

    def filters(self) -> tuple[Filter, ...]:
        """Members by dimension; a name that ends in `!` means all but these."""
        found = []
        given = self.given.get("filters") or {}
        if not isinstance(given, Mapping):
            self.errors["filters"] = _("Write members by dimension.")
            return ()
        for name, members in given.items():
            chosen = members if isinstance(members, list | tuple) else [members]
            try:
                dimension = self.subject.dimension(name.removesuffix("!"))
            except KeyError:
                self.errors[f"filters.{name[:40]}"] = _("There is no dimension “%s”.") % name[:40]
                continue
            if dimension.kind == Kind.TIME:
                self.errors[f"filters.{name}"] = _("Time is chosen by the period.")
            elif len(chosen) > MOST_MEMBERS:
                self.errors[f"filters.{name}"] = _("At most %d members.") % MOST_MEMBERS
            elif chosen:
                members_ = tuple(dict.fromkeys(str(one)[:80] for one in chosen))
                found.append(Filter(dimension, members_, name.endswith("!")))
        return tuple(found)

    def choice(self, name: str, allowed: Sequence[str], otherwise: str) -> str:
        """One of a few words."""
        given = self.given.get(name) or otherwise
        if given not in allowed:
            self.errors[name] = _("Choose one of: %s.") % ", ".join(a for a in allowed if a)
            return otherwise
        return str(given)

    def extras(self) -> tuple[str, ...]:
        """Shares, ranks, running totals, changes."""
        names = listed(self.given.get("extras"))
        if set(names) - set(EXTRAS):
            self.errors["extras"] = _("Choose of: %s.") % ", ".join(EXTRAS)
        return tuple(n for n in EXTRAS if n in names)

    def formulas(self) -> tuple[Formula, ...]:
        """Own formulas, `name=expression;unit;digits` each; each with a name of its own."""
        lines = self.formula_lines()
        known = words_of(self.subject) if lines else {}
        taken = set(known)
        found = []
        for n, line in enumerate(lines[:MOST_FORMULAS]):
            name, equals, expression = line.partition("=")
            try:
                if equals and not (name := readable(name)):
                    raise WrongFormula(_("Write a name."))
                made = Formula.of(name if equals else "", expression if equals else name, known)
            except WrongFormula as wrong:
                self.errors[f"formulas.{n}"] = str(wrong)
                continue
            if made.name.casefold() in taken:
                self.errors[f"formulas.{n}"] = _("There is a figure called “%s” already: choose another name.") % made.name  # fmt: skip
                continue
            taken.add(made.name.casefold())
            found.append(made)
        if len(lines) > MOST_FORMULAS:
            self.errors["formulas"] = _("At most %d formulas.") % MOST_FORMULAS
        return tuple(found)

    def formula_lines(self) -> list[str]:
        """What was written as formulas."""
        given = self.given.get("formulas") or []
        return [given] if isinstance(given, str) else [str(line) for line in given]

    def period(self) -> Period:
        """Which days."""
        try:
            return period_of(str(self.given.get("period") or ""))
        except WrongPeriod as wrong:
            self.errors["period"] = str(wrong)
            return Period()


def query_of(given: Mapping[str, Any]) -> Query:
    """A question from names; Refused with every field that is wrong."""
    name = given.get("subject") or next(iter(SUBJECTS))
    if not isinstance(name, str) or name not in SUBJECTS:
        raise Refused({"subject": _("Choose one of: %s.") % ", ".join(SUBJECTS)})
    subject = SUBJECTS[name]
    given = dict(given)
    if not {"rows", "columns", "measures"} & set(given) and not given.get("formulas"):
        asked = {n: v for n, v in given.items() if v or n not in subject.default}
        given = subject.default | asked
        if begins_nowhere(given) and "compare" not in asked:
            given["compare"] = ""
    reader = Reader(given, subject)
    rows = reader.dimensions("rows")
    columns = tuple(d for d in reader.dimensions("columns") if d not in rows)
    query = Query(
        subject, rows, columns, reader.measures(), reader.filters(), reader.period(),
        reader.choice("compare", COMPARE, ""), reader.formulas(), reader.extras(),
        str(given.get("sort") or "")[:60], reader.choice("look", LOOKS, "table"),
    )  # fmt: skip
    if not query.needed and not reader.errors:
        reader.errors["measures"] = _("Choose a measure.")
    if query.compare and query.period.open:
        reader.errors["compare"] = _("A comparison needs a period with a beginning.")
    reader.errors |= unknown_together(query)
    if reader.errors:
        raise Refused(reader.errors)
    return query


def begins_nowhere(given: Mapping[str, Any]) -> bool:
    """Whether the period asked has no beginning, so that nothing can be compared with it."""
    try:
        return period_of(str(given.get("period") or "")).open
    except WrongPeriod:
        return False  # told by the reader


def unknown_together(query: Query) -> dict[str, str]:
    """Measures that nothing is known of by the dimensions asked."""
    spoken = [query.subject.dimension(name) for name in sorted(query.spoken_of)]
    for measure in query.needed:
        for dimension in spoken:
            if not query.subject.knows(measure, dimension):
                return {
                    "measures": _("“%(measure)s” cannot be told by “%(dimension)s”.")
                    % {"measure": measure.label, "dimension": dimension.label}
                }
    return {}


def moved(query: Query, first: dt.date, last: dt.date) -> Query:
    """The same question about other days."""
    return replace(query, period=Period("", first, last))
