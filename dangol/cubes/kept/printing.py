"""Figures on paper: one HTML page that needs no network, printed to PDF by Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from itertools import batched
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from dangol.cubes.asking.results import Answer
from dangol.cubes.explorer.charts import numbered
from dangol.cubes.explorer.tables import (
    LINES,
    figure_heads,
    heads,
    lines,
    named_figures,
    total_line,
)
from dangol.cubes.subjects.definitions import defined

SECONDS = 60
ACROSS = 15
"""Columns that find room on a sheet."""
ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--no-pdf-header-footer", "--disable-dev-shm-usage",
    "--virtual-time-budget=10000",  # the charts are drawn before it prints
)  # fmt: skip


class NoPrinter(RuntimeError):
    """There is no Chromium on this machine, or it could not print."""


def printer() -> str:
    """The Chromium that prints; DANGOL_CHROMIUM names another one."""
    found = os.environ.get("DANGOL_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")  # fmt: skip
    if not found:
        raise NoPrinter("no Chromium: set DANGOL_CHROMIUM")
    return found


DRAW_ALL = """
const made = new Blob([document.getElementById("drawing").textContent], { type: "text/javascript" });
const { draw } = await import(URL.createObjectURL(made));
for (const one of document.querySelectorAll("[data-chart]")) await draw(one);
"""


def drawing() -> str:
    """The program that draws charts, as the explorer's pages load it.

    The page is printed from a file and never served, so that no content policy is loosened by it.
    """
    found = finders.find("built/charts.js")
    if not found:
        return ""
    program = Path(str(found)).read_text("utf-8").replace("</script", "<\\/script")
    return mark_safe(
        f'<script type="text/plain" id="drawing">{program}</script>'
        f'<script type="module">{DRAW_ALL}</script>'
    )


def parts_of(made: Answer) -> list[dict[str, Any]]:
    """The table, in as many parts as its columns need on a sheet; each has the total."""
    figures = len(named_figures(made))
    room = max((ACROSS - len(made.query.rows)) // figures - 1, 1)
    some = [made]
    if made.query.columns and len(made.columns) > room:
        some = [
            replace(made, columns=list(part)) for part in batched(made.columns, room, strict=False)
        ]
    return [
        {
            "heads": heads(one), "lines": lines(one, LINES), "totals": total_line(one),
            "wide": (len(one.columns) + 1) * figures > ACROSS // 2,
        }
        for one in some
    ]  # fmt: skip


def page_of(made: Answer, title: str, filters: list[str]) -> str:
    """The figures as one page of HTML with its charts; texts are escaped by the template."""
    drawn = numbered(made)
    return render_to_string("cubes/print.html", {
        "made": made, "title": title, "filters": filters, "parts": parts_of(made),
        "figure_heads": figure_heads(made), "one_figure": len(named_figures(made)) == 1,
        "figures": named_figures(made), "more": max(len(made.rows) - LINES, 0),
        "charts": drawn, "drawing": drawing() if drawn else "",
        "definitions": [defined(made.query.subject, m) for m in made.query.needed],
    })  # fmt: skip


def pdf_of(html: str) -> bytes:
    """The page as PDF; NoPrinter where that is not possible."""
    with tempfile.TemporaryDirectory(prefix="dangol-print-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(html, "utf-8")
        command = [printer(), *ARGUMENTS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise NoPrinter("Chromium took too long") from None
        if not target.exists():
            raise NoPrinter(done.stderr.decode(errors="replace")[-500:])
        return target.read_bytes()
