"""python -m benchmarks [name …]: each in a process and on a PostgreSQL of its own, one table at the end."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import report

FOLDER = Path(__file__).parent
NOT_A_BENCHMARK = {"__init__", "__main__", "report"}


def names() -> list[str]:
    """Every module here that has run()."""
    files = sorted(p for p in FOLDER.glob("*.py") if p.stem not in NOT_A_BENCHMARK)
    return [p.stem for p in files if "\ndef run(" in p.read_text("utf-8")]


def run_one(name: str) -> None:
    """Run a benchmark in this process, against the database of this process's environment."""
    from dangol.cli import with_database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dangol.config.settings")

    def work() -> int:
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        began = report.load(), time.monotonic()
        report.write(name, importlib.import_module(f"benchmarks.{name}").run(), began)
        return 0

    with_database(work)


def run_apart(name: str) -> int:
    """Run a benchmark in a child with a throw-away data folder."""
    kept = os.environ.get("DANGOL_BENCH_DATA") if name == "pages" else None
    folder = kept or tempfile.mkdtemp(prefix=f"dangol-bench-{name}-")
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, 0o755)
    environment = {**os.environ, "DANGOL_VAR": folder, "DANGOL_BENCH": name}
    environment.pop("DATABASE_URL", None)
    try:
        command = [sys.executable, "-m", "benchmarks", name]
        return subprocess.run(command, env=environment, cwd=FOLDER.parent, check=False).returncode
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, or all; 1 when one of them failed to run or missed its goal."""
    if unknown := set(chosen) - set(names()):
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(names())}")
        return 2
    failed = [name for name in chosen or names() if run_apart(name)]
    held = report.table(chosen or names())
    report.render()
    return 1 if failed or not held else 0


if __name__ == "__main__":
    if os.environ.get("DANGOL_BENCH"):
        run_one(os.environ["DANGOL_BENCH"])
    else:
        sys.exit(main(sys.argv[1:]))
