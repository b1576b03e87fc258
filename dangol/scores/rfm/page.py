"""RFM on its page: the grid, the cells, and who moved since the run before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dangol.core.money import compact_money
from dangol.scores.models import Move, Run, ScoreModel
from dangol.scores.queries import last_finished, moves_of, sizes_over_time
from dangol.scores.rfm.cells import CELLS, NAMED
from dangol.scores.told import drift_lines
from dangol.scores.words import RFM_CELLS, cell_label, cell_meaning

FLOWS = 40
"""The strongest moves that the chart draws."""


def list_of(model: ScoreModel, cell: str) -> str:
    """The customers of a cell."""
    return f"{reverse('scores:customers')}?model={model.key}&cell={cell}"


def context(model: ScoreModel, run: Run, sizes: dict[str, int]) -> dict[str, Any]:
    """What the page shows of a finished run; sizes are those that the person may see."""
    cells, total = run.summary["cells"], sum(sizes.values())
    currency = run.summary.get("currency", "KRW")
    part = run.summary.get("moves")
    moves = part if part is not None else moves_of(run)
    return {
        "total": total,
        "grid": grid(model, run.summary["grid"]),
        "cells": [
            {
                "name": cell_label("rfm", name), "advice": RFM_CELLS[name][1],
                "meaning": cell_meaning("rfm", name), "customers": sizes.get(name, 0),
                "share": 100 * sizes.get(name, 0) / total if total else 0,
                "money": compact_money(round(cells[name]["money"] / max(1, cells[name]["customers"])), currency),
                "last": round(cells[name]["last"]), "often": cells[name]["often"],
                "url": list_of(model, name),
            }
            for name in CELLS
        ],
        "flow": flow(moves), "moved": matrix(moves), "first_run": not ran_before(model, run),
        "course": course(model) if part is None else None,
        "without_rate": run.summary.get("without_rate", {}),
        "currency": currency,
    }  # fmt: skip


def ran_before(model: ScoreModel, run: Run) -> bool:
    """Whether there was a run to compare with."""
    earlier = model.runs.filter(
        finished_at__isnull=False, failure="", created_at__lt=run.created_at
    )
    return earlier.exists()


def grid(model: ScoreModel, counts: list[list[int]]) -> list[dict[str, Any]]:
    """Rows of recency, 5 above; columns of frequency and money, 1 at the left."""
    total, largest = sum(map(sum, counts)) or 1, max(map(max, counts)) or 1
    return [
        {
            "r": r + 1,
            "cells": [
                {
                    "name": cell_label("rfm", NAMED[r][f]), "customers": counts[r][f],
                    "share": 100 * counts[r][f] / total, "heat": str(round(10 * counts[r][f] / largest)),
                    "url": list_of(model, NAMED[r][f]),
                }
                for f in range(5)
            ],
        }
        for r in (4, 3, 2, 1, 0)
    ]  # fmt: skip


def flow(moves: list[Move]) -> dict[str, Any] | None:
    """The moves as a Sankey chart; None where nobody moved, or nobody was there before."""
    changed = [m for m in moves if m.before and m.after and m.before != m.after]
    strongest = sorted(changed, key=lambda m: -m.customers)[:FLOWS]
    if not strongest:
        return None
    left = [c for c in CELLS if any(m.before == c for m in strongest)]
    right = [c for c in CELLS if any(m.after == c for m in strongest)]
    mark = "\u200b"  # a node's name is its key: the right side's differ by a character nobody sees
    return {
        "kind": "sankey",
        "nodes": [{"name": cell_label("rfm", c)} for c in left]
        + [{"name": cell_label("rfm", c) + mark} for c in right],
        "links": [
            {"source": cell_label("rfm", m.before), "target": cell_label("rfm", m.after) + mark, "value": m.customers}
            for m in strongest
        ],
    }  # fmt: skip


def matrix(moves: list[Move]) -> dict[str, Any]:
    """The same in figures: who came, left, rose, fell, stayed."""
    order = {name: i for i, name in enumerate(CELLS)}
    told = {"stayed": 0, "moved": 0, "came": 0, "left": 0}
    rows = []
    for m in moves:
        match (m.before, m.after):
            case ("", _after):
                told["came"] += m.customers
            case (_before, ""):
                told["left"] += m.customers
            case (before, after) if before == after:
                told["stayed"] += m.customers
            case (before, after):
                told["moved"] += m.customers
                rows.append((order[before], order[after], before, after, m.customers))
    return told | {
        "rows": [
            (cell_label("rfm", before), cell_label("rfm", after), customers)
            for _b, _a, before, after, customers in sorted(rows, key=lambda row: -row[4])[:12]
        ]
    }


def course(model: ScoreModel) -> dict[str, Any] | None:
    """The sizes of the cells that matter most, run by run."""
    days = sizes_over_time(model)
    if len(days) < 2:
        return None
    return {
        "kind": "line", "x": [day.isoformat() for day, _sizes in days], "digits": 0,
        "series": [
            {"name": cell_label("rfm", c), "data": [sizes.get(c, 0) for _day, sizes in days]}
            for c in ("champions", "loyal", "at_risk", "cant_lose")
        ],
        "label": _("Size of cells"),
    }  # fmt: skip


def quality(model: ScoreModel) -> dict[str, Any]:
    """What the customers of each cell did in the 90 days before the last run."""
    run = last_finished(model)
    said = run.summary.get("backtest") if run else None
    if not run or not said:
        return {"backtest": None}
    currency, rate = run.summary.get("currency") or "KRW", said["rate"]
    cells = [
        {
            "name": cell_label("rfm", name), "meaning": cell_meaning("rfm", name),
            "customers": c["customers"], "came": 100 * c["came"],
            "lift": c["came"] / rate if rate else 0, "money": compact_money(round(c["money"]), currency),
        }
        for name, c in said["cells"].items()
        if c["customers"]
    ]  # fmt: skip
    cells.sort(key=lambda cell: -cell["came"])
    return {
        "backtest": said, "tested": cells, "best": cells[0], "currency": currency,
        "cut": dt.date.fromisoformat(said["cut"]), "rate": f"{100 * rate:.1f}%",
        "drift": drift_lines({"cells": said["drift"]}),
        "came": {
            "kind": "rank", "x": [c["name"] for c in cells], "unit": "%", "digits": 1,
            "series": [{"name": _("Bought since"), "data": [round(c["came"], 1) for c in cells]}],
        },
    }  # fmt: skip
