"""dangol load customers file.csv --source crm --map name=이름: the same import as in the browser."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

REFUSED_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to load, from where, and how."""
    parser.add_argument(
        "kind", nargs="?", help="customers, sites, products, transactions, buildings"
    )
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--source", default="", help="where the rows come from, such as crm")
    parser.add_argument("--map", action="append", default=[], metavar="column=heading")
    parser.add_argument("--set", action="append", default=[], metavar="column=value")
    parser.add_argument(
        "--attributes", action="store_true",
        help="make an own attribute of every column that means nothing yet (customers)",
    )  # fmt: skip
    parser.add_argument("--encoding", default="")
    parser.add_argument("--separator", default="")
    parser.add_argument("--header", type=int, help="row of the headings; 0: there are none")
    parser.add_argument("--sheet", default="")
    parser.add_argument("--dry", action="store_true", help="only say what would happen")
    parser.add_argument("--refused", type=Path, help="write the refused rows into this file")
    parser.add_argument("--resume", metavar="KEY", help="go on with a load that was stopped")


def run(options: argparse.Namespace) -> int:
    """Load, print; 1 when rows were refused, 2 when nothing could be loaded."""
    from django.core.exceptions import ValidationError

    from dangol.imports import actions
    from dangol.imports.running import run_file

    try:
        taken = resumed(options) if options.resume else prepared(options)
        if not options.dry:
            taken = actions.start_import(taken, by=None, now=False)
        print(f"{taken.file_name}: {taken.layout['encoding']}, key {taken.pk}", flush=True)
        watch = Watch()
        try:
            taken = run_file(taken.pk, dry=options.dry, tell=watch)
        except KeyboardInterrupt:
            print(f"\nStopped. Go on with: dangol load --resume {taken.pk}", file=sys.stderr)
            return 130
    except ValidationError as refusal:
        for message in refusal.messages:
            print(f"dangol load: {message}", file=sys.stderr)
        return 2
    return say_result(taken, options, watch.seconds)


def resumed(options: argparse.Namespace) -> Any:
    """The import to go on with."""
    from django.core.exceptions import ValidationError

    from dangol.imports.models import Import

    found = Import.objects.filter(pk=options.resume).first()
    if found is None:
        raise ValidationError("There is no import with this key.")
    return found


def prepared(options: argparse.Namespace) -> Any:
    """A new import of the file, read and mapped as asked."""
    from django.core.exceptions import ValidationError
    from django.core.files.base import File

    from dangol.imports import actions

    if not options.kind or options.file is None:
        raise ValidationError("Say what to load, and the file.")
    if not options.file.is_file():
        raise ValidationError(f"There is no file {options.file}.")
    source = options.source or options.file.stem
    with options.file.open("rb") as opened:
        taken = actions.upload_import(
            kind=options.kind, source=source, file=File(opened, options.file.name), by=None
        )
    if options.encoding or options.separator or options.header is not None or options.sheet:
        layout = taken.layout
        separator = options.separator.replace("\\t", "\t") or layout["separator"]
        taken = actions.set_layout(
            taken, by=None, encoding=options.encoding or layout["encoding"], separator=separator,
            header=layout["header"] if options.header is None else options.header,
            sheet=options.sheet,
        )  # fmt: skip
    mapping = dict(taken.mapping)
    mapping |= dict(pair.partition("=")[::2] for pair in options.map)
    mapping |= {n: {"value": v} for n, _e, v in (pair.partition("=") for pair in options.set)}
    mapping = actions.with_own_columns(taken, mapping, everything=options.attributes)
    return actions.set_mapping(taken, mapping, by=None)


class Watch:
    """Prints one line of progress that overwrites itself."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def __call__(self, taken: Any) -> None:
        done = taken.position or taken.looked_at
        line = f"  {done:,} rows, {done / max(self.seconds, 0.001):,.0f} a second"
        print(f"{line}, {taken.refused:,} refused ", end="\r", file=sys.stderr, flush=True)


def say_result(taken: Any, options: argparse.Namespace, seconds: float) -> int:
    """Print what came of it, and the first refused rows."""
    from dangol.imports.queries import reason_text, refused_rows
    from dangol.imports.refused_file import pieces

    counts = taken.plan if options.dry else {
        "rows": taken.position, "new": taken.new, "changed": taken.changed,
        "same": taken.same, "refused": taken.refused,
    }  # fmt: skip
    print(
        f"{'Would be' if options.dry else 'Done'}: {counts['rows']:,} rows in {seconds:.1f} s:"
        f" {counts['new']:,} new, {counts['changed']:,} changed, {counts['same']:,} unchanged,"
        f" {counts['refused']:,} refused"
    )
    if options.dry:
        for row in taken.plan["refusals"]:
            print(f"  line {row['line']}: {reason_text(taken, *said(row))}")
    else:
        for row in refused_rows(taken)[:REFUSED_SHOWN]:
            print(f"  line {row.line}: {reason_text(taken, row.column, row.reason, row.facts)}")
        if options.refused:
            options.refused.write_bytes(b"".join(pieces(taken)))
    if counts["refused"] > REFUSED_SHOWN:
        print(f"  … {counts['refused'] - REFUSED_SHOWN:,} more")
    return 1 if counts["refused"] else 0


def said(row: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Column, reason and facts of a refusal in a plan."""
    return row["column"], row["reason"], row["facts"]
