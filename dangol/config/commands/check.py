"""dangol check: everything that can be said of the code without running it."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import time

PYTHON = sys.executable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--fix lets ruff mend what it can."""
    parser.add_argument("--fix", action="store_true")


def typed_files() -> list[str]:
    """Actions and queries, whose types are checked."""
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    names = ("actions", "queries", "index", "scope", "working_time", "timetables")
    return [
        str(p)
        for name in names
        for pattern in (f"*/{name}.py", f"*/{name}/*.py")
        for p in sorted(root.glob(pattern))
    ]


def steps(fix: bool) -> list[tuple[str, list[str]]]:
    """The checks in the order of their cost."""
    folders = ["dangol", "tests", "benchmarks", "scripts", "conftest.py"]
    lint = ["ruff", "check", "-q", *folders] + (["--fix"] if fix else [])
    form = ["ruff", "format", "-q", *folders] + ([] if fix else ["--check"])
    return [
        ("lint", [PYTHON, "-m", *lint]),
        ("format", [PYTHON, "-m", *form]),
        ("translations", [PYTHON, "-m", "dangol.core.translations", "check"]),
        ("imports", ["lint-imports", "--no-cache"]),
        ("types", [PYTHON, "-m", "mypy", *typed_files()]),
        (
            "migrations",
            [PYTHON, "-m", "dangol", "manage", "makemigrations", "--check", "--dry-run"],
        ),
    ]


def run(options: argparse.Namespace) -> int:
    """Run every step; the output of those that fail is shown."""
    if importlib.util.find_spec("ruff") is None:
        print("`dangol check` looks at the code of a checkout: run `make check` in one.")
        return 1
    failed = 0
    environment = {**os.environ, "PATH": f"{os.path.dirname(PYTHON)}:{os.environ.get('PATH', '')}"}
    for name, command in steps(options.fix):
        began = time.monotonic()
        # the type checker reads the settings, which must not start a server for it
        own = {"DATABASE_URL": "postgresql:///none"} if name == "types" else {}
        done = subprocess.run(
            command, env=environment | own, capture_output=True, text=True, check=False
        )
        mark = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:14} {mark}  {time.monotonic() - began:.1f} s", flush=True)
        if done.returncode:
            failed += 1
            print(done.stdout + done.stderr, flush=True)
    return 1 if failed else 0
