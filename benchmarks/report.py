"""Results as files (var/bench/<name>.json) and as a table with the machine."""

from __future__ import annotations

import json
import os
import platform
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


def write(name: str, result: dict[str, Any]) -> None:
    """Keep a benchmark's result; a missing key is an error of the benchmark."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = {key: result[key] for key in KEYS}
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
    """A figure with three significant digits."""
    return "–" if value is None else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def table(names: list[str]) -> bool:
    """Print the results; whether every goal is met."""
    print(f"\n{machine()}\n")
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
