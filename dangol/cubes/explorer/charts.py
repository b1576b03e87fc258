"""An answer as charts: lines, bars, small multiples, a map.

Where not everything can be drawn, the largest are (or, in an order of the reader's, the first), and
the chart says how many of how many.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dangol.cubes.asking.results import Answer, Figure, Key
from dangol.cubes.asking.shown import Told
from dangol.cubes.explorer.maps import mappable, outlines, positions
from dangol.cubes.explorer.tables import drill_url, named_figures
from dangol.cubes.subjects.catalogue import Additivity, Kind, Measure

MOST_LINES = 8
MOST_POINTS = 400
MOST_BARS = 24
MOST_MULTIPLES = 24


def number(value: Any) -> float | None:
    """A figure as JSON carries it."""
    return None if value is None else round(float(value), 4)


def charts(made: Answer) -> list[dict[str, Any]]:
    """The charts of an answer, each with its title and what it draws."""
    look = made.query.look
    if look == "multiples":
        return multiples(made)
    if look == "map":
        return [mapped(made, *one) for one in named_figures(made)] if mappable(made.query) else []
    if look not in ("line", "bar"):
        return []
    return [
        {"title": label, "spec": spec(made, name, measure, look)}
        for name, label, measure in named_figures(made)
    ]


def numbered(made: Answer) -> list[dict[str, Any]]:
    """The charts, each with the name of its place on a page and its size."""
    return [
        {
            "id": f"cube-chart-{n}",
            **chart,
            "size": chart.get("size") or chart["spec"].get("size", ""),
            "note": chart.get("note") or chart["spec"].pop("note", ""),
        }
        for n, chart in enumerate(charts(made))
    ]


def weight(made: Answer, key: Key, side: str, measure: Told) -> float:
    """How much stands behind a row or column: a count itself, otherwise what it is divided by."""
    at = (key, ()) if side == "rows" else ((), key)
    measure = measure if isinstance(measure, Measure) else made.query.needed[0]
    figure = made.figure(*at, measure.name)
    if measure.additivity in (Additivity.ADDITIVE, Additivity.DISTINCT):
        return abs(float(figure.value or 0))
    return abs(float(figure.n or made.parts.get(at, {}).get(measure.parts[-1]) or 0))


def drawn(made: Answer, keys: list[Key], side: str, most: int, measure: Told) -> tuple[list[Key], str]:  # fmt: skip
    """The rows or columns that find room, in their order, and a word about those that do not."""
    if len(keys) <= most:
        return keys, ""
    numbers = {"shown": most, "all": len(keys)}
    if side == "rows" and made.query.sort:
        return keys[:most], _("%(shown)s of %(all)s shown, the first in the order of the table") % numbers  # fmt: skip
    largest = set(sorted(keys, key=lambda k: weight(made, k, side, measure), reverse=True)[:most])
    return [k for k in keys if k in largest], _("%(shown)s of %(all)s shown, the largest") % numbers


def labels(made: Answer, keys: list[Key], side: str) -> list[str]:
    """The members of a side in words."""
    told = made.row_members if side == "rows" else made.column_members
    return [" · ".join(m.label for m in told(key)) for key in keys]


def along_time(made: Answer) -> bool:
    """Whether the columns, and not the rows, are time: then each row is a line."""
    columns = made.query.columns
    return bool(columns) and columns[0].kind == Kind.TIME


def base(measure: Told, label: str) -> dict[str, Any]:
    """What every chart of a figure says."""
    unit = str(measure.unit)
    return {"label": label, "digits": measure.digits, "unit": unit if unit == "%" else f" {unit}".rstrip()}  # fmt: skip


def spec(made: Answer, name: str, measure: Told, look: str) -> dict[str, Any]:
    """One chart: a line for each row over time, or one over the rows; the comparison in grey."""
    if along_time(made) and made.query.rows:
        keys = made.columns[-MOST_POINTS:]
        rows, note = drawn(made, made.rows, "rows", MOST_LINES, measure)
        lines = {
            label: [made.figure(row, c, name) for c in keys]
            for row, label in zip(rows, labels(made, rows, "rows"), strict=True)
        }
        return base(measure, name) | {
            "kind": look, "x": labels(made, keys, "columns"), "size": "large" if len(rows) > 4 else "",
        } | with_earlier(made, lines, look, note)  # fmt: skip
    if along_time(made) or rows_in_time(made):
        side, keys = ("columns", made.columns) if along_time(made) else ("rows", made.rows)
        keys, note = keys[-MOST_POINTS:], ""
    else:
        side, most = "rows", MOST_POINTS if look == "line" else MOST_BARS
        keys, note = drawn(made, made.rows, side, most, measure)
    found = drawn_by(made, name, measure, look, side, keys)
    return found | {"note": " · ".join(filter(None, (note, found.get("note", ""))))}


def rows_in_time(made: Answer) -> bool:
    """Whether the rows are time: then none is left out for being small."""
    return bool(made.query.rows) and made.query.rows[0].kind == Kind.TIME


def drawn_by(made: Answer, name: str, measure: Told, look: str, side: str, keys: list[Key]) -> dict[str, Any]:  # fmt: skip
    """The chart of some rows or columns."""
    if side == "rows" and made.query.columns:
        return grouped_bars(made, name, measure, look, keys)
    return single(made, name, measure, look, side, keys)


def grouped_bars(made: Answer, name: str, measure: Told, look: str, keys: list[Key]) -> dict[str, Any]:  # fmt: skip
    """A series for each member of the columns."""
    columns, note = drawn(made, made.columns, "columns", MOST_LINES, measure)
    lines = {
        label: [made.figure(row, column, name) for row in keys]
        for column, label in zip(columns, labels(made, columns, "columns"), strict=True)
    }
    told = {"kind": look, "x": labels(made, keys, "rows")}
    return base(measure, name) | told | with_earlier(made, lines, look, note)


def with_earlier(
    made: Answer, lines: dict[str, list[Figure]], look: str, note: str
) -> dict[str, Any]:
    """A series for each line, and behind it the same of the compared period, paler or dashed."""
    series: list[dict[str, Any]] = []
    for n, (label, told) in enumerate(lines.items()):
        if made.query.compare and any(f.before is not None for f in told):
            before = {
                "data": [number(f.before) for f in told],
                "role": "earlier",
                "of": n,
                "kind": look,
            }
            series.append({"name": f"{label} · {word_before(made)}", **before})
        series.append(
            {"name": label, "data": [number(f.value) for f in told], "kind": look, "at": n}
        )
    if len(series) > len(lines):
        text = _("dashed: %s") if look == "line" else _("pale: %s")
        note = " · ".join(filter(None, (note, text % word_before(made))))
    return {"series": series, "note": note}


def word_before(made: Answer) -> str:
    """What the compared period is called."""
    return _("year before") if made.query.compare == "year" else _("before")


def single(made: Answer, name: str, measure: Told, look: str, side: str, keys: list[Key]) -> dict[str, Any]:  # fmt: skip
    """One series with its interval and what it is compared with."""
    told = [made.figure(k, (), name) if side == "rows" else made.figure((), k, name) for k in keys]
    label = str(measure.label)
    series: list[dict[str, Any]] = []
    between = [f.interval for f in told] if look == "line" else []
    if any(between):
        series.append({"name": "±", "role": "interval", "data": between})
    series.append({"name": label, "role": "main", "data": [number(f.value) for f in told]})
    if made.query.compare:
        series.append(
            {"name": word_before(made), "role": "compare", "data": [number(f.before) for f in told]}
        )
    made_of = base(measure, label) | {"x": labels(made, keys, side), "series": series}
    if (
        look == "bar"
        and side == "rows"
        and not rows_in_time(made)
        and all((f.value or 0) >= 0 for f in told)
    ):
        size = "tall" if len(keys) > 16 else "large" if len(keys) > 8 else ""
        return (
            made_of | {"kind": "rank", "size": size, "series": series[:1]} | compared_with(series)
        )
    return made_of | {"kind": look}


def compared_with(series: list[dict[str, Any]]) -> dict[str, Any]:
    """The compared figures as strokes across the bars."""
    found = next((one for one in series if one.get("role") == "compare"), None)
    if found is None:
        return {}
    return {"before": found["data"], "beforeName": found["name"], "note": _("stroke: %s") % found["name"]}  # fmt: skip


def multiples(made: Answer) -> list[dict[str, Any]]:
    """A small chart for each row, all on one scale."""
    name, _label, measure = named_figures(made)[0]
    keys = made.columns if made.query.columns else []
    rows, note = drawn(made, made.rows, "rows", MOST_MULTIPLES, measure)
    told = [made.figure(r, c, name) for r in rows for c in keys]
    values = [value for f in told for value in (f.value, f.before)]
    known = [float(v) for v in values if v is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    margin = (high - low) * 0.08 or 1
    kind = "line" if along_time(made) else "bar"
    if made.query.compare:
        note = " · ".join(filter(None, (note, _("grey: %s") % word_before(made))))
    found = []
    for row, label in zip(rows, labels(made, rows, "rows"), strict=True):
        told = [made.figure(row, c, name) for c in keys]
        series = [{"name": label, "role": "main", "data": [number(f.value) for f in told]}]
        if made.query.compare:
            series.append(
                {
                    "name": word_before(made),
                    "role": "compare",
                    "data": [number(f.before) for f in told],
                }
            )
        found.append({
            "title": label, "size": "small", "note": "" if found else note,
            "spec": base(measure, label) | {
                "kind": kind, "plain": True, "x": labels(made, keys, "columns"), "series": series,
                "min": round(low - margin, 3) if kind == "line" else None, "max": round(high + margin, 3),
            },
        })  # fmt: skip
    return found


def mapped(made: Answer, name: str, label: str, measure: Told) -> dict[str, Any]:
    """A circle for each place where it lies: its size is what stands behind it, its shade the figure."""
    where = positions(made)
    points, missed = [], 0
    for row, words in zip(made.rows, labels(made, made.rows, "rows"), strict=True):
        value = number(made.figure(row, (), name).value)
        if value is None:
            continue
        if row[0] not in where:
            missed += 1
            continue
        latitude, longitude = where[row[0]]
        points.append({
            "name": words, "at": [longitude, latitude], "value": value,
            "weight": weight(made, row, "rows", measure), "link": drill_url(made, row, 0),
        })  # fmt: skip
    lines, whose = outlines([tuple(point["at"]) for point in points])
    notes = [_("%(n)s without coordinates left out") % {"n": missed} if missed else ""]
    notes += [_("coasts and borders: %s") % whose if whose else ""]
    return {
        "title": label,
        "size": "map",
        "note": " · ".join(filter(None, notes)),
        "spec": base(measure, label) | {"kind": "map", "points": points, "outlines": lines},
    }
