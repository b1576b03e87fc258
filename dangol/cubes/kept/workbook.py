"""An answer as an XLSX workbook: the figures as numbers, and what each of them means."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.cubes.asking.results import Answer, Key
from dangol.cubes.asking.shown import Told
from dangol.cubes.explorer.tables import named_figures
from dangol.cubes.subjects.definitions import defined
from dangol.ui.lists.export import harmless

MOST = 100_000
PER_CENT = '"%"'


def workbook_of(made: Answer, filters: list[str]) -> bytes:
    """The file; texts are written as texts, so that no spreadsheet takes one for a formula."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})  # fmt: skip
    bold = book.add_format({"bold": True, "bottom": 1})
    write_figures(book, book.add_worksheet(_("Figures")[:31]), made, bold)
    write_meanings(book.add_worksheet(_("What they mean")[:31]), made, filters, bold)
    book.close()
    return target.getvalue()


def write_figures(book: Any, sheet: Any, made: Answer, bold: Any) -> None:
    """A line for each row, a column for each figure of each member of the columns."""
    columns: list[Key] = [*(made.columns if made.query.columns else []), ()]
    shown = named_figures(made)
    left = max(len(made.query.rows), 1)
    for n, dimension in enumerate(made.query.rows):
        sheet.write_string(0, n, str(dimension.label), bold)
    at = left
    for column in columns:
        over = " · ".join(m.label for m in made.column_members(column)) if column else _("Total") if made.query.columns else ""  # fmt: skip
        for _name, label, _measure in shown:
            for word in ("", *([_("before")] if made.query.compare else [])):
                sheet.write_string(0, at, harmless(" · ".join(filter(None, (over, label, word)))), bold)  # fmt: skip
                at += 1
    formats = {
        (digits, sign): book.add_format({"num_format": "#,##0" + ("." + "0" * digits if digits else "") + sign})
        for digits in range(4) for sign in ("", PER_CENT)
    }  # fmt: skip
    for line, row in enumerate([*made.rows[:MOST], ()], 1):
        if row or not made.query.rows:
            for n, member in enumerate(made.row_members(row)):
                sheet.write_string(line, n, harmless(member.label))
        else:
            sheet.write_string(line, 0, _("Total"), bold)
        write_line(sheet, line, left, made, row, columns, formats)
    sheet.freeze_panes(1, left)
    sheet.set_column(0, left - 1, 24)
    sheet.set_column(left, max(at - 1, left), 16)


def write_line(sheet: Any, line: int, left: int, made: Answer, row: Key, columns: list[Key], formats: dict[tuple[int, str], Any]) -> None:  # fmt: skip
    """The figures of one row."""
    at = left
    for column in columns:
        for name, _label, measure in named_figures(made):
            figure = made.figure(row, column, name)
            for value in (figure.value, *([figure.before] if made.query.compare else [])):
                if value is not None:
                    sheet.write_number(
                        line,
                        at,
                        float(value),
                        formats[digits_of(measure), PER_CENT if measure.unit == "%" else ""],
                    )
                at += 1


def digits_of(measure: Told) -> int:
    """How many digits a figure has behind the point."""
    return min(measure.digits, 3)


def write_meanings(sheet: Any, made: Answer, filters: list[str], bold: Any) -> None:
    """Which days, which filters, as of when, and each figure's definition."""
    first, last = made.days
    facts = [
        (_("Which days"), f"{first or ''} – {last or ''}"), (_("Filters"), "; ".join(filters)),
        (_("As of"), timezone.localtime(made.as_of).strftime("%Y-%m-%d %H:%M")),
        (_("Version of the lake"), str(made.version)),
    ]  # fmt: skip
    if made.days_before:
        facts.insert(1, (_("Compared with"), " – ".join(str(d or "") for d in made.days_before)))
    for line, (label, text) in enumerate(facts):
        sheet.write_string(line, 0, label, bold)
        sheet.write_string(line, 1, harmless(text))
    begin = len(facts) + 1
    heads = (_("Figure"), _("Meaning"), _("How it is made"), _("Unit"), _("Totals"), _("Source"))
    for n, head in enumerate(heads):
        sheet.write_string(begin, n, head, bold)
    for line, measure in enumerate(made.query.needed, begin + 1):
        said = defined(made.query.subject, measure)
        names = ("label", "meaning", "formula", "unit", "additivity_words", "source")
        for n, name in enumerate(names):
            sheet.write_string(line, n, said[name])
    for line, formula in enumerate(made.query.formulas, begin + 1 + len(made.query.needed)):
        sheet.write_string(line, 0, harmless(formula.name))
        sheet.write_string(line, 2, harmless(formula.text))
        sheet.write_string(line, 3, formula.unit)
    sheet.set_column(0, 5, 28)


def file_name(made: Answer, on: dt.date) -> str:
    """`satisfaction-2026-11-22.xlsx`."""
    return f"{made.query.subject.name}-{on.isoformat()}.xlsx"
