"""A rule as a sentence in the reader's language: what a marketer would say aloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any as Anything

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dangol.segments import catalogue
from dangol.segments import rules as r
from dangol.warehouse.facts import FACTS

NameOf = Callable[[str], str]


def in_words(rule: r.Rule, name_of: NameOf, *, inside: bool = False) -> str:
    """The sentence; `name_of` tells the name behind the key of a place, product or segment."""
    match rule:
        case r.Everyone():
            return _("every customer")
        case r.All(parts):
            return joined(parts, pgettext("between conditions", " and "), name_of, inside) or _("every customer")  # fmt: skip
        case r.Any(parts):
            return joined(parts, pgettext("between conditions", " or "), name_of, inside) or _("no customer")  # fmt: skip
        case r.Not(part):
            return _("not (%(rule)s)") % {"rule": in_words(part, name_of)}
        case r.Minus(whole, less):
            told = {
                "whole": in_words(whole, name_of, inside=True),
                "less": in_words(less, name_of, inside=True),
            }
            return bracketed(_("%(whole)s, except %(less)s") % told, inside)
        case r.Attribute(column, test):
            return tested("customers", column, test, name_of)
        case r.Behaviour():
            return behaviour(rule, name_of)
        case r.Sequence():
            return sequence(rule, name_of)
        case r.Sample(percent):
            return _("a fixed sample of %(percent)s%%") % {"percent": figure(percent)}
        case r.Listed(key):
            return _("in the list “%(list)s”") % {"list": name_of(key)}
        case r.Score(name, test):
            return score(name, test)
        case r.Segment(key):
            return _("in “%(segment)s”") % {"segment": name_of(key)}
    raise TypeError(rule)


def score(name: str, test: r.Test) -> str:
    """“Expected value: at least 300,000 won”."""
    lent = catalogue.criterion(name)
    words = {value: str(label) for value, label in lent.choices}
    match test:
        case r.OneOf(values):
            names = [
                words.get(str(value)) or value_in_words(lent.table, lent.column, value)
                for value in values
            ]
            told = pgettext("between values", " or ").join(names)
        case r.Range():
            told = range_in_words(test, f"%s {lent.unit}".strip())
        case _:
            told = test_in_words(lent.table, lent.column, test, str)
    return _("%(column)s: %(test)s") % {"column": str(lent.label), "test": told}


def joined(parts: tuple[r.Rule, ...], between: str, name_of: NameOf, inside: bool) -> str:
    """Parts with the word between them, in brackets where they stand inside another rule."""
    told = between.join(in_words(part, name_of, inside=True) for part in parts)
    return bracketed(told, inside and len(parts) > 1)


def bracketed(text: str, needed: bool) -> str:
    """The text, in brackets if need be."""
    return f"({text})" if needed else text


def tested(table: str, column: str, test: r.Test, name_of: NameOf) -> str:
    """“kind: sale”, “amount: at least 10”."""
    told = {"column": str(FACTS[table].column(column).label), "test": test_in_words(table, column, test, name_of)}  # fmt: skip
    return _("%(column)s: %(test)s") % told


def test_in_words(table: str, column: str, test: r.Test, name_of: NameOf) -> str:
    """What a value must be."""
    match test:
        case r.Known():
            return _("known")
        case r.OneOf(values):
            names = [value_in_words(table, column, value) for value in values]
            return pgettext("between values", " or ").join(names) or _("none")
        case r.Below(keys):
            told = pgettext("between values", " or ").join(name_of(key) for key in keys)
            tree = catalogue.is_tree(FACTS[table].column(column))
            return _("%(names)s and below") % {"names": told} if tree else told
        case r.Range():
            return range_in_words(test, written=str if (table, column) in catalogue.YEARS else None)
    raise TypeError(test)


def value_in_words(table: str, column: str, value: Anything) -> str:
    """A code in the words of its field, where that has a list of choices."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if (table, column) in catalogue.YEARS:
        return str(value)
    choices = catalogue.choices_of(table, FACTS[table].column(column))
    return str(choices.get(value, value if isinstance(value, str) else figure(value)))


def range_in_words(
    test: r.Range,
    unit: str | Callable[[Anything], str] = "%s",
    written: Callable[[Anything], str] | None = None,
) -> str:
    """“at least 3”, “at most 3”, “3 to 5”, “exactly 3”."""
    least, most = (
        None
        if end is None
        else (unit if isinstance(unit, str) else unit(end)).replace("%s", (written or figure)(end))
        for end in (test.least, test.most)
    )
    if most is None:
        return _("at least %(least)s") % {"least": least}
    if least is None:
        return _("at most %(most)s") % {"most": most}
    if test.least == test.most:
        return _("exactly %(value)s") % {"value": least}
    return _("%(least)s to %(most)s") % {"least": least, "most": most}


def times(number: Anything) -> str:
    """“%s time” or “%s times”."""
    return ngettext("%s time", "%s times", 1 if number == 1 else 2)


def days(number: Anything) -> str:
    """“%s day” or “%s days”."""
    return ngettext("%s day", "%s days", 1 if number == 1 else 2)


def figure(value: Anything) -> str:
    """A number or a day as the reader writes it."""
    if hasattr(value, "isoformat"):
        return date_format(value, "SHORT_DATE_FORMAT")
    whole = value == int(value)
    return number_format(int(value) if whole else value, use_l10n=True, force_grouping=True)


def facts_in_words(facts: r.Facts, name_of: NameOf) -> str:
    """“Transactions (kind: sale) of the last 365 days”."""
    told = str(FACTS[facts.table].label)
    if facts.where:
        tests = [tested(facts.table, w.column, w.test, name_of) for w in facts.where]
        told = _("%(facts)s (%(tests)s)") % {"facts": told, "tests": ", ".join(tests)}
    window = facts.window
    if window.days is not None:
        return _("%(facts)s of the last %(days)s days") % {
            "facts": told,
            "days": figure(window.days),
        }
    if window.start and window.end:
        ends = {"start": figure(window.start), "end": figure(window.end)}
        return _("%(facts)s from %(start)s to %(end)s") % {"facts": told, **ends}
    if window.start:
        return _("%(facts)s since %(start)s") % {"facts": told, "start": figure(window.start)}
    if window.end:
        return _("%(facts)s until %(end)s") % {"facts": told, "end": figure(window.end)}
    return told


def behaviour(rule: r.Behaviour, name_of: NameOf) -> str:
    """“Transactions of the last 365 days: at least 3”."""
    facts = facts_in_words(rule.facts, name_of)
    column = str(FACTS[rule.facts.table].column(rule.column).label) if rule.column else ""
    if rule.aggregate == "latest":
        told = tested(rule.facts.table, rule.column, rule.test, name_of)
        return _("%(facts)s: in the latest, %(test)s") % {"facts": facts, "test": told}
    assert isinstance(rule.test, r.Range)
    match rule.aggregate:
        case "count":
            return _("%(facts)s: %(range)s") % {"facts": facts, "range": range_in_words(rule.test, times)}  # fmt: skip
        case "sum":
            told = {"facts": facts, "column": column, "range": range_in_words(rule.test)}
            return _("%(facts)s: sum of %(column)s %(range)s") % told
        case "distinct":
            told = {"facts": facts, "column": column, "range": range_in_words(rule.test)}
            return _("%(facts)s: different %(column)s %(range)s") % told
        case "last":
            return _("%(facts)s: last %(range)s ago") % {"facts": facts, "range": range_in_words(rule.test, days)}  # fmt: skip
        case "first":
            return _("%(facts)s: first %(range)s ago") % {"facts": facts, "range": range_in_words(rule.test, days)}  # fmt: skip


def sequence(rule: r.Sequence, name_of: NameOf) -> str:
    """“first A, then no B within 30 days”."""
    told = {
        "first": facts_in_words(rule.first, name_of), "then": facts_in_words(rule.then, name_of),
        "days": figure(rule.days),
    }  # fmt: skip
    if rule.absent:
        return _("first %(first)s, then no %(then)s within %(days)s days") % told
    return _("first %(first)s, then %(then)s within %(days)s days") % told
