"""A rule as JSON: read with every mistake named by its place, written in one canonical form."""

from __future__ import annotations

from typing import Any as Anything

from django.utils.translation import gettext as _

from dangol.segments import catalogue
from dangol.segments import rules as r
from dangol.segments.mistakes import BadRule, Path, refuse
from dangol.segments.values import read_day, read_key, read_number, read_value
from dangol.warehouse.facts import FACTS, Column, Type

DEEPEST, MOST = 12, 200
AGGREGATES = ("count", "sum", "distinct", "last", "first", "latest")
TEST = ("known", "is", "below", "from", "to")
BESIDE: dict[str, tuple[str, ...]] = {
    "attribute": TEST, "score": TEST, "latest": TEST,
    **dict.fromkeys(("count", "sum", "distinct", "last", "first"), ("from", "to")),
}  # fmt: skip
"""What may stand beside the word that says what a node is."""


def read(given: Anything) -> r.Rule:
    """The rule of this JSON; BadRule says what is wrong and where."""
    rule = read_rule(given, ())
    tests = len(r.leaves(rule))
    if tests > MOST:
        raise refuse((), too_many(tests))
    return rule


def too_many(tests: int) -> str:
    """What a rule that is too long is told."""
    told = {"tests": tests, "most": MOST}
    return _("A rule has at most %(most)s conditions; this one has %(tests)s. Make a part of them a segment of its own and ask for that.") % told  # fmt: skip


def only(given: dict[str, Anything], names: tuple[str, ...], path: Path) -> None:
    """Refuse what nobody would read: a slip of the pen must not widen a rule in silence."""
    if unknown := sorted(str(name) for name in given if name not in names):
        told = {"unknown": ", ".join(name[:40] for name in unknown[:5]), "known": ", ".join(names)}
        raise refuse((*path, unknown[0][:40]), _("Unknown here: %(unknown)s. There are: %(known)s.") % told)  # fmt: skip


def read_rule(given: Anything, path: Path) -> r.Rule:
    """One node of the tree."""
    if not isinstance(given, dict):
        raise refuse(path, _("This is no rule."))
    if len(path) > 2 * DEEPEST:
        raise refuse(path, _("The rule is nested too deeply."))
    kinds = [kind for kind in READERS if kind in given]
    if len(kinds) != 1:
        raise refuse(path, _("Say one of: %(kinds)s.") % {"kinds": ", ".join(READERS)})
    only(given, (kinds[0], *BESIDE.get(kinds[0], ())), path)
    return READERS[kinds[0]](given, (*path, kinds[0]))


def read_parts(given: dict[str, Anything], path: Path) -> tuple[r.Rule, ...]:
    """The list of rules under all, any, minus."""
    parts = given[str(path[-1])]
    if not isinstance(parts, list):
        raise refuse(path, _("This is a list of rules."))
    if len(parts) > MOST:
        raise refuse(path, too_many(len(parts)))
    read, problems = [], []
    for n, part in enumerate(parts):
        try:
            read.append(read_rule(part, (*path, n)))
        except BadRule as wrong:
            problems += wrong.problems
    if problems:
        raise BadRule(problems)
    return tuple(read)


def read_minus(given: dict[str, Anything], path: Path) -> r.Rule:
    """{"minus": [whole, less]}."""
    parts = read_parts(given, path)
    if len(parts) != 2:
        raise refuse(path, _("Two rules: who, and who not."))
    return r.Minus(*parts)


def read_attribute(given: dict[str, Anything], path: Path) -> r.Rule:
    """{"attribute": column, test}."""
    column = column_of(catalogue.CUSTOMERS, given["attribute"], path)
    return r.Attribute(column.name, read_test(given, column, path))


def read_behaviour(given: dict[str, Anything], path: Path) -> r.Rule:
    """{"count": {facts}, "from": …, "to": …} and its likes."""
    aggregate: Anything = path[-1]
    asks = aggregate in ("sum", "distinct", "latest")
    facts = read_facts(given[aggregate], path, ("column",) if asks else ())
    column = ""
    if asks:
        found = column_of(facts.table, given[aggregate].get("column"), path)
        column = found.name
        if aggregate == "latest":
            return r.Behaviour(facts, aggregate, read_test(given, found, path), column)
        if aggregate == "sum" and found.type not in catalogue.NUMBERS:
            raise refuse(path, _("Only numbers are added up."))
        if aggregate == "sum" and found.type is Type.MONEY and not one_currency(facts):
            raise refuse(path, _("Amounts are added up in one currency: add a condition on it."))
    test = read_range(given, path, read_number)
    return r.Behaviour(facts, aggregate, test, column)


def one_currency(facts: r.Facts) -> bool:
    """Whether a condition leaves one currency."""
    return any(
        w.column == "currency" and isinstance(w.test, r.OneOf) and len(w.test.values) == 1
        for w in facts.where
    )


def read_sequence(given: dict[str, Anything], path: Path) -> r.Rule:
    """{"sequence": {"first": {facts}, "then": {facts}, "days": N, "absent": true}}."""
    inside = given["sequence"]
    if not isinstance(inside, dict) or not {"first", "then", "days"} <= set(inside):
        raise refuse(path, _("A sequence has a first fact, a next one, and days between."))
    only(inside, ("first", "then", "days", "absent"), path)
    days = read_number(inside["days"], (*path, "days"))
    if days != int(days) or not 0 <= days <= 3660:
        raise refuse((*path, "days"), _("Days: a whole number from 0 to 3660."))
    return r.Sequence(
        read_facts(inside["first"], (*path, "first")), read_facts(inside["then"], (*path, "then")),
        int(days), bool(inside.get("absent")),
    )  # fmt: skip


def read_sample(given: dict[str, Anything], path: Path) -> r.Rule:
    """{"sample": {"percent": 10, "salt": 1}}."""
    inside = given["sample"] if isinstance(given["sample"], dict) else {}
    only(inside, ("percent", "salt"), path)
    percent = read_number(inside.get("percent"), path)
    salt = read_number(inside.get("salt", 0), path)
    if not 0 <= percent <= 100 or salt != int(salt) or not 0 <= salt < 10_000:
        raise refuse(path, _("A share from 0 to 100 percent, a draw from 0 to 9999."))
    return r.Sample(float(percent), int(salt))


def read_listed(given: dict[str, Anything], path: Path) -> r.Rule:
    """{"list": key}."""
    return r.Listed(read_key(given["list"], path))


def read_score(given: dict[str, Anything], path: Path) -> r.Rule:
    """{"score": name, test}: what an app above lends."""
    name = given["score"]
    try:
        lent = catalogue.criterion(str(name))
    except KeyError:
        known = ", ".join(c.name for c in catalogue.criteria())
        told = _("There is no such score; there are: %(known)s.") % {"known": known}
        raise refuse(path, told) from None
    column = FACTS[lent.table].column(lent.column)
    return r.Score(lent.name, read_test(given, column, path))


def read_segment(given: dict[str, Anything], path: Path) -> r.Rule:
    """{"segment": key}."""
    return r.Segment(read_key(given["segment"], path))


def read_facts(given: Anything, path: Path, more: tuple[str, ...] = ()) -> r.Facts:
    """{"of": table, "where": [...], "days": N} or with "start" and "end"."""
    known = {fact.name: fact for fact in catalogue.fact_tables()}
    of = given.get("of") if isinstance(given, dict) else None
    if not isinstance(of, str) or of not in known:
        raise refuse(path, _("Say which facts: %(known)s.") % {"known": ", ".join(known)})
    only(given, ("of", "where", "days", "start", "end", *more), path)
    table, where = given["of"], given.get("where") or []
    if not isinstance(where, list) or len(where) > 20:
        raise refuse((*path, "where"), _("This is a list of conditions."))
    conditions = []
    for n, one in enumerate(where):
        here = (*path, "where", n)
        column = column_of(table, one.get("column") if isinstance(one, dict) else None, here)
        only(one, ("column", *TEST), here)
        conditions.append(r.Where(column.name, read_test(one, column, here)))
    return r.Facts(table, tuple(conditions), read_window(given, path))


def read_window(given: dict[str, Anything], path: Path) -> r.Window:
    """The last so many days, or fixed ones."""
    if given.get("days") is not None:
        days = read_number(given["days"], path)
        if days != int(days) or not 1 <= days <= 36_600:
            raise refuse((*path, "days"), _("Days: a whole number from 1 to 36600."))
        return r.Window(days=int(days))
    ends = [
        read_day(given[end], (*path, end)) if given.get(end) else None for end in ("start", "end")
    ]
    if {"start", "end"} & set(given) and not any(ends):
        raise refuse(path, _("Say from which day, until which day, or both."))
    if ends[0] and ends[1] and ends[0] > ends[1]:
        raise refuse(path, _("The last day comes before the first."))
    return r.Window(start=ends[0], end=ends[1])


def read_test(given: dict[str, Anything], column: Column, path: Path) -> r.Test:
    """{"is": […]}, {"below": […]}, {"known": true} or {"from": …, "to": …}, as the column allows."""
    ends = [name for name in ("from", "to") if given.get(name) is not None]
    said = [n for n in ("known", "is", "below") if given.get(n) not in (None, False)] + ends[:1]
    if len(said) > 1:
        told = {"one": said[0], "other": said[1]}
        raise refuse(path, _("“%(one)s” and “%(other)s” cannot stand together: make two conditions.") % told)  # fmt: skip
    for name in ("is", "below"):
        if isinstance(given.get(name), list) and len(given[name]) > MOST:
            raise refuse((*path, name), _("At most %(most)s values: upload a list instead.") % {"most": MOST})  # fmt: skip
    if given.get("known"):
        return r.Known()
    if "below" in given:
        if not column.of or not isinstance(given["below"], list):
            raise refuse(path, _("“%(column)s” is no tree.") % {"column": column.label})
        if not given["below"]:
            raise refuse(path, _("Say what “%(column)s” is.") % {"column": column.label})
        return r.Below(tuple(sorted({read_key(key, path) for key in given["below"]})))
    if column.of:
        raise refuse(path, _("Say below what “%(column)s” lies.") % {"column": column.label})
    if "is" in given:
        values = given["is"] if isinstance(given["is"], list) else [given["is"]]
        if not values:
            raise refuse(path, _("Say what “%(column)s” is.") % {"column": column.label})
        return r.OneOf(tuple(read_value(v, column, path) for v in values))
    if column.type in (Type.TEXT, Type.FLAG):
        raise refuse(path, _("Say what “%(column)s” is.") % {"column": column.label})
    return read_range(given, path, lambda v, p: read_value(v, column, p))


def read_range(given: dict[str, Anything], path: Path, reader: Anything) -> r.Range:
    """{"from": …, "to": …}, at least one of them, in order."""
    least, most = (
        reader(given[end], (*path, end)) if given.get(end) is not None else None
        for end in ("from", "to")
    )
    if least is None and most is None:
        raise refuse(path, _("Give a least or a most."))
    if least is not None and most is not None and least > most:
        raise refuse(path, _("The least is more than the most."))
    return r.Range(least, most)


def column_of(table: str, name: Anything, path: Path) -> Column:
    """A column that rules may test."""
    columns = {c.name: c for c in catalogue.usable(FACTS[table])}
    if not isinstance(name, str) or name not in columns:
        known = ", ".join(columns)
        raise refuse(path, _("There is no such column; there are: %(known)s.") % {"known": known})
    return columns[name]


READERS = {
    "everyone": lambda given, path: r.Everyone(),
    "all": lambda given, path: r.All(read_parts(given, path)),
    "any": lambda given, path: r.Any(read_parts(given, path)),
    "not": lambda given, path: r.Not(read_rule(given["not"], path)),
    "minus": read_minus,
    "attribute": read_attribute,
    **dict.fromkeys(AGGREGATES, read_behaviour),
    "sequence": read_sequence,
    "sample": read_sample,
    "list": read_listed,
    "score": read_score,
    "segment": read_segment,
}
