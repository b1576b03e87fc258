"""An answer as charts: lines, bars, small multiples."""

from __future__ import annotations

from typing import Any

from dangol.cubes.catalogue import Kind, Measure
from dangol.cubes.results import Answer, Key
from dangol.cubes.tables import named_figures

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
        }
        for n, chart in enumerate(charts(made))
    ]


def labels(made: Answer, keys: list[Key], side: str) -> list[str]:
    """The members of a side in words."""
    told = made.row_members if side == "rows" else made.column_members
    return [" · ".join(m.label for m in told(key)) for key in keys]


def along_time(made: Answer) -> bool:
    """Whether the columns, and not the rows, are time: then each row is a line."""
    columns = made.query.columns
    return bool(columns) and columns[0].kind == Kind.TIME


def base(measure: Measure | None, label: str) -> dict[str, Any]:
    """What every chart of a figure says."""
    if measure is None:
        return {"label": label, "digits": 2, "unit": ""}
    return {"label": label, "digits": measure.digits, "unit": "%" if measure.unit == "%" else ""}


def spec(made: Answer, name: str, measure: Measure | None, look: str) -> dict[str, Any]:
    """One chart: a line for each row over time, or one over the rows; the comparison in grey."""
    if along_time(made) and made.query.rows:
        keys = made.columns[:MOST_POINTS]
        series = [
            {"name": label, "data": [number(made.figure(row, c, name).value) for c in keys],
             "kind": look}
            for row, label in zip(made.rows[:MOST_LINES], labels(made, made.rows[:MOST_LINES], "rows"), strict=True)
        ]  # fmt: skip
        return base(measure, name) | {"kind": look, "x": labels(made, keys, "columns"), "series": series}  # fmt: skip
    side, keys = ("columns", made.columns) if along_time(made) else ("rows", made.rows)
    keys = keys[: MOST_POINTS if look == "line" else MOST_BARS]
    if side == "rows" and made.query.columns:
        return grouped_bars(made, name, measure, look, keys)
    return single(made, name, measure, look, side, keys)


def grouped_bars(made: Answer, name: str, measure: Measure | None, look: str, keys: list[Key]) -> dict[str, Any]:  # fmt: skip
    """A series for each member of the columns."""
    columns = made.columns[:MOST_LINES]
    series = [
        {"name": label, "data": [number(made.figure(row, column, name).value) for row in keys]}
        for column, label in zip(columns, labels(made, columns, "columns"), strict=True)
    ]
    return base(measure, name) | {"kind": look, "x": labels(made, keys, "rows"), "series": series}


def single(made: Answer, name: str, measure: Measure | None, look: str, side: str, keys: list[Key]) -> dict[str, Any]:  # fmt: skip
    """One series with its interval and what it is compared with."""
    told = [made.figure(k, (), name) if side == "rows" else made.figure((), k, name) for k in keys]
    label = str(measure.label) if measure else name.removeprefix("=")
    series: list[dict[str, Any]] = []
    if look == "line" and any(f.interval for f in told):
        series.append({"name": "±", "role": "interval", "data": [f.interval for f in told]})
    series.append({"name": label, "role": "main", "data": [number(f.value) for f in told]})
    if made.query.compare:
        from django.utils.translation import gettext as _

        word = _("year before") if made.query.compare == "year" else _("before")
        series.append({"name": word, "role": "compare", "data": [number(f.before) for f in told]})
    made_of = base(measure, label) | {"x": labels(made, keys, side), "series": series}
    if (
        look == "bar"
        and side == "rows"
        and not made.query.compare
        and all((f.value or 0) >= 0 for f in told)
    ):
        return made_of | {"kind": "rank", "size": "large" if len(keys) > 10 else ""}
    return made_of | {"kind": look}


def multiples(made: Answer) -> list[dict[str, Any]]:
    """A small chart for each row, all on one scale."""
    name, _label, measure = named_figures(made)[0]
    keys = made.columns if made.query.columns else []
    rows = made.rows[:MOST_MULTIPLES]
    values = [made.figure(r, c, name).value for r in rows for c in keys]
    known = [float(v) for v in values if v is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    margin = (high - low) * 0.08 or 1
    kind = "line" if along_time(made) else "bar"
    found = []
    for row, label in zip(rows, labels(made, rows, "rows"), strict=True):
        told = [made.figure(row, c, name) for c in keys]
        series = [{"name": label, "role": "main", "data": [number(f.value) for f in told]}]
        if made.query.compare:
            series.append({"name": "", "role": "compare", "data": [number(f.before) for f in told]})
        found.append({
            "title": label, "size": "small",
            "spec": base(measure, label) | {
                "kind": kind, "plain": True, "x": labels(made, keys, "columns"), "series": series,
                "min": round(low - margin, 3) if kind == "line" else None, "max": round(high + margin, 3),
            },
        })  # fmt: skip
    return found
