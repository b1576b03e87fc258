"""The `dangol` command: parse, call an action or a query, print."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module with add_arguments(parser) and run(options) -> int | None, what it does)
    "up": ("dangol.config.commands.up", "web, worker and live together, with embedded PostgreSQL"),
    "web": ("dangol.config.commands.web", "serve the pages and the API"),
    "live": ("dangol.config.commands.live", "serve the live screens"),
    "work": ("dangol.config.commands.work", "run jobs"),
    "migrate": ("dangol.config.commands.migrate", "bring the database up to date"),
    "admin": ("dangol.places.commands.admin", "make an administrator, or give one a new password"),
    "manage": ("dangol.config.commands.manage", "any Django management command"),
    "check": ("dangol.config.commands.check", "lint, format, imports, types, translations"),
    "load": ("dangol.imports.commands.load", "import CSV or XLSX files"),
    "demo": ("dangol.demo.commands.demo", "make the demo company, or play it live"),
    "keys": ("dangol.sources.commands.keys", "a new key for passwords and tokens of other systems"),
    "lake": ("dangol.warehouse.commands.lake", "copy, rebuild, compact or check the lake"),
    "cells": ("dangol.surveys.commands.cells", "recompute the index cells and compare"),
}
NEEDS_NO_DATABASE = {"check"}
UNKNOWN_TABLE_OR_COLUMN = {"42P01", "42703"}


def parser() -> argparse.ArgumentParser:
    """The command line; each command's module adds its own arguments when it is chosen."""
    root = argparse.ArgumentParser(prog="dangol", description="Dangol (단골), the integrated CRM")
    root.add_argument("command", choices=COMMANDS, metavar="command", help=", ".join(COMMANDS))
    root.add_argument("arguments", nargs=argparse.REMAINDER)
    root.epilog = "\n".join(f"{name:10} {what}" for name, (_, what) in COMMANDS.items())
    root.formatter_class = argparse.RawDescriptionHelpFormatter
    return root


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the embedded server stops with the last that uses it."""
    chosen = parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dangol.config.settings")
    module_name, what = COMMANDS[chosen.command]
    module = importlib.import_module(module_name)
    options = argparse.ArgumentParser(prog=f"dangol {chosen.command}", description=what)
    module.add_arguments(options)
    parsed = options.parse_args(chosen.arguments)
    if chosen.command in NEEDS_NO_DATABASE:
        return module.run(parsed) or 0
    return with_database(lambda: module.run(parsed) or 0)


def with_database(work: Callable[[], int]) -> int:
    """Start Django (and the embedded PostgreSQL if need be), work, and stop what was started."""
    from dangol.config import database

    with database.in_use():
        import django
        import django.db.utils

        try:
            django.setup()
            return work()
        except KeyboardInterrupt:
            return 130
        except django.db.utils.ProgrammingError as refused:
            if getattr(refused.__cause__, "sqlstate", "") not in UNKNOWN_TABLE_OR_COLUMN:
                raise
            print(
                "The database is not at this version yet: run `dangol migrate` first.",
                file=sys.stderr,
            )
            return 1


if __name__ == "__main__":
    sys.exit(main())
