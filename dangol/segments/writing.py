"""A rule as JSON in its one canonical form: what `reading.read` takes back unchanged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any as Anything

from dangol.segments import rules as r


def written(rule: r.Rule) -> dict[str, Anything]:
    """The JSON of a rule."""
    match rule:
        case r.Everyone():
            return {"everyone": True}
        case r.All(parts):
            return {"all": [written(part) for part in parts]}
        case r.Any(parts):
            return {"any": [written(part) for part in parts]}
        case r.Not(part):
            return {"not": written(part)}
        case r.Minus(whole, less):
            return {"minus": [written(whole), written(less)]}
        case r.Attribute(column, test):
            return {"attribute": column, **test_written(test)}
        case r.Behaviour(facts, aggregate, test, column):
            inside = facts_written(facts) | ({"column": column} if column else {})
            return {aggregate: inside, **test_written(test)}
        case r.Sequence(first, then, days, absent):
            ends = {"first": facts_written(first), "then": facts_written(then)}
            return {"sequence": {**ends, "days": days, "absent": absent}}
        case r.Sample(percent, salt):
            return {"sample": {"percent": plain(percent), "salt": salt}}
        case r.Listed(key):
            return {"list": key}
        case r.Score(name, test):
            return {"score": name, **test_written(test)}
        case r.Segment(key):
            return {"segment": key}
    raise TypeError(rule)


def test_written(test: r.Test) -> dict[str, Anything]:
    """What a value must be."""
    match test:
        case r.Known():
            return {"known": True}
        case r.OneOf(values):
            return {"is": [plain(value) for value in values]}
        case r.Below(keys):
            return {"below": list(keys)}
        case r.Range(least, most):
            ends = {"from": least, "to": most}
            return {end: plain(value) for end, value in ends.items() if value is not None}
    raise TypeError(test)


def facts_written(facts: r.Facts) -> dict[str, Anything]:
    """Which facts count."""
    told: dict[str, Anything] = {"of": facts.table}
    if facts.where:
        told["where"] = [{"column": w.column, **test_written(w.test)} for w in facts.where]
    window = facts.window
    ends = {"days": window.days, "start": window.start, "end": window.end}
    return told | {name: plain(value) for name, value in ends.items() if value is not None}


def plain(value: Anything) -> Anything:
    """A value as JSON holds it."""
    if isinstance(value, Decimal | float):
        return int(value) if value == int(value) else float(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
