"""Results as files (var/bench/<name>.json) and as a table with the machine."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "var" / "bench"
KEYS = (
    "work",
    "data",
    "ours",
    "peer",
    "peer_name",
    "ratio",
    "unit",
    "limit",
    "goal",
    "held",
    "details",
)


def load() -> float | None:
    """How many processes wanted a core in the last minute, where the system tells."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def measured(began: tuple[float | None, float]) -> dict[str, Any]:
    """Where and when, and how busy the machine was before the benchmark began."""
    return {
        "machine": machine(),
        "on": dt.date.today().isoformat(),
        "load_before": began[0],
        "whole_run_seconds": round(time.monotonic() - began[1]),
    }


def write(name: str, result: dict[str, Any], began: tuple[float | None, float]) -> None:
    """Keep a benchmark's result; a missing key is an error of the benchmark."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = {key: result[key] for key in KEYS}
    kept["details"] = {**kept["details"], "measured": measured(began)}
    text = json.dumps(kept, ensure_ascii=False, indent=2, default=float)
    (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")


def machine() -> str:
    """The machine in a few words."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        model = next(x.split(":", 1)[1].strip() for x in lines if x.startswith("model name"))
    except (OSError, StopIteration):
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {model}, {memory:.0f} GB, Python {platform.python_version()}"


def shown(value: Any) -> str:
    """A figure with three significant digits; words as they are."""
    if isinstance(value, str):
        return value
    return "–" if value is None else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def table(names: list[str]) -> bool:
    """Print the results; whether every goal is met."""
    print(f"\n{machine()}, {dt.date.today()}, load {load()}\n")
    print(f"{'':10} {'work':44} {'ours':>9} {'peer':>9} {'ratio':>7} {'limit':>8}  goal")
    held = True
    for name in names:
        path = FOLDER / f"{name}.json"
        if not path.exists():
            print(f"{name:10} did not finish")
            held = False
            continue
        r = json.loads(path.read_text("utf-8"))
        held &= bool(r["held"])
        figures = f"{shown(r['ours']):>9} {shown(r['peer']):>9} {shown(r['ratio']):>7} {shown(r['limit']):>8}"
        print(f"{name:10} {r['work'][:44]:44} {figures}  {r['goal']} {'✓' if r['held'] else '✗'}")
        print(f"{'':10} {r['data']}; {r['unit']}; peer: {r['peer_name']}")
    return held


PAGE = FOLDER.parents[1] / "docs" / "operate" / "performance.md"
HEAD = """# Performance

Rendered by `make bench` from `var/bench/*.json`; nothing here is written by hand. Each benchmark runs
ours and the peer in turns on a throw-away database of its own. *Ratio* is peer ÷ ours for times and
ours ÷ peer for rates, so more is better. `make bench ONLY=pages` runs one.
"""


def render() -> None:
    """Write docs/operate/performance.md: the results that there are, and those that stand there."""
    rows, sections = kept() if PAGE.exists() else ({}, {})
    for path in FOLDER.glob("*.json"):
        name, r = path.stem, json.loads(path.read_text("utf-8"))
        rows[name] = (
            f"| {name} | {r['work']} | {r['data']} | {shown(r['ours'])} {r['unit']}"
            f" | {shown(r['peer'])} {r['unit']} | {shown(r['ratio'])}"
            f" | {r['goal']} | {'yes' if r['held'] else '**no**'} |"
        )
        lines = [f"Peer: {r['peer_name']}.", *where(r["details"]), ""]
        lines += ["| detail | figure |", "|---|---|", *rows_of(r["details"])]
        sections[name] = "\n".join(lines)
    table = [
        HEAD,
        "| | work | data | ours | peer | ratio | goal | held |",
        "|---|---|---|--:|--:|--:|---|---|",
        *(rows[name] for name in sorted(rows)),
    ]
    parts = [f"\n## {name}\n\n{sections[name]}" for name in sorted(sections)]
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n".join([*table, *parts]) + "\n", "utf-8")


def kept() -> tuple[dict[str, str], dict[str, str]]:
    """The rows and sections of the page as it stands: one benchmark does not erase the others."""
    head, *parts = PAGE.read_text("utf-8").split("\n## ")
    lines = [line for line in head.splitlines() if line.startswith("| ") and "| work |" not in line]
    sections = dict(part.split("\n\n", 1) for part in parts)
    return (
        {line.split("|")[1].strip(): line for line in lines},
        {name.strip(): text.rstrip("\n") for name, text in sections.items()},
    )


def where(details: dict[str, Any]) -> list[str]:
    """The machine, the day, and whether it had other work."""
    if not (at := details.get("measured")):
        return []
    cores, before = os.cpu_count() or 1, at["load_before"]
    busy = "" if before is None else (
        f"; idle before (load {before})" if before < cores / 2
        else f"; the machine was loaded with other work (load {before} on {cores} cores)"
    )  # fmt: skip
    return [f"Measured on {at['on']} on {at['machine']}{busy}."]


def rows_of(details: dict[str, Any], above: str = "") -> list[str]:
    """Details as lines of a table; groups are named before their parts."""
    lines: list[str] = []
    for key, value in details.items():
        label = f"{above}{key.replace('_', ' ')}"
        if key == "measured":
            continue
        if isinstance(value, dict):
            lines += rows_of(value, f"{label}: ")
        elif isinstance(value, list):
            lines.append(f"| {label} | {' / '.join(map(told, value))} |")
        else:
            lines.append(f"| {label} | {told(value)} |")
    return lines


def told(value: Any) -> str:
    """One figure or word."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return (
        f"{value:,.4g}"
        if number and abs(value) < 1000
        else f"{value:,.0f}"
        if number
        else str(value)
    )
