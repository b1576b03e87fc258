"""What a list shows of each row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from dangol.ui.templatetags.measures import figures
from dangol.ui.templatetags.moments import ago
from dangol.ui.templatetags.ui import badge

NOTHING = mark_safe('<span class="muted">–</span>')


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` says what it holds, `cell` how it looks, `sortable` what orders it."""

    name: str
    label: str | Promise
    value: Callable[[Any], Any] | None = None
    cell: Callable[[Any], Any] | None = None
    sortable: bool | str = False
    number: bool = False
    main: bool = False
    shown: bool = True
    dim: bool = False
    meanings: dict = field(default_factory=dict)

    @property
    def order(self) -> str:
        """The database path that this column is ordered by."""
        return self.name.replace(".", "__") if self.sortable is True else (self.sortable or "")

    def of(self, row: Model) -> Any:
        """The value in this row: by function, or along the dots of the name."""
        if self.value:
            return self.value(row)
        found: Any = row
        for step in self.name.replace("__", ".").split("."):
            found = getattr(found, step, None)
            if found is None:
                return None
        if callable(found):
            return found()
        return found

    def told(self, row: Model) -> Any:
        """The value as a file carries it: the word instead of its code."""
        value = self.of(row)
        if self.meanings and not self.value and value not in (None, ""):
            return getattr(row, f"get_{self.name}_display", lambda: value)()
        return value

    def show(self, row: Model) -> Any:
        """The cell as HTML."""
        if self.cell:
            return self.cell(row)
        value = self.of(row)
        if value is None or value == "":
            return NOTHING
        if self.meanings:
            label = getattr(row, f"get_{self.name}_display", lambda: value)()
            return badge(label, self.meanings.get(value, ""))
        return look(value)

    def classes(self) -> str:
        """What the cell is; on a phone the main one leads its row."""
        named = {"number": self.number, "dim": self.dim, "lead": self.main}
        return " ".join(name for name, holds in named.items() if holds)


def look(value: Any) -> Any:
    """How a value is shown when a column says nothing else."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime | date):
        return ago(value)
    if isinstance(value, int | float) or value.__class__.__name__ == "Decimal":
        exponent = getattr(value, "as_tuple", lambda: None)()
        return figures(
            value, max(0, -exponent.exponent) if exponent else 0 if isinstance(value, int) else 1
        )
    return value
