"""The list of imports."""

from __future__ import annotations

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dangol.imports.kinds import KINDS, kinds
from dangol.imports.models import Import
from dangol.imports.queries import imports_visible_to
from dangol.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, TextFilter
from dangol.ui.templatetags.ui import badge

STATES = {
    "uploaded": (_("Uploaded"), ""),
    "mapped": (_("Not yet loaded"), ""),
    "planning": (_("Looking ahead"), "info"),
    "planned": (_("Ready to load"), "info"),
    "running": (_("Loading"), "info"),
    "finished": (_("Loaded"), "good"),
    "cancelled": (_("Cancelled"), "watch"),
    "failed": (_("Failed"), "bad"),
}


def kind_label(run: Import) -> str:
    """What the file holds."""
    kind = KINDS.get(run.kind)
    return str(kind.label) if kind else run.kind


class ImportList(ListPage):
    """Every file that came in, or is on its way."""

    key = "imports"
    title = _("Imports")
    ability = "imports.run"
    columns = [
        Column("file_name", _("File"), main=True, sortable=True),
        Column("kind", _("What"), value=kind_label),
        Column("source", _("source"), sortable=True, dim=True),
        Column("state", _("State"), value=lambda r: str(STATES[r.state][0]), cell=lambda r: badge(*STATES[r.state])),
        Column("rows", _("Rows"), value=lambda r: r.rows or r.position, number=True),
        Column("new", _("New"), number=True),
        Column("changed", _("Changed"), number=True),
        Column("refused", _("Refused"), number=True, sortable=True),
        Column("by", _("By"), value=lambda r: str(r.by) if r.by else str(_("Command line")), dim=True),
        Column("created_at", _("Uploaded"), sortable=True, dim=True),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("kind", _("What"), lambda: [(kind.key, kind.label) for kind in kinds()]),
        TextFilter("source", _("source")),
        DateRangeFilter("created_at", _("Uploaded")),
    ]
    search = ("file_name", "source")
    search_hint = _("File or source")
    export_ability = "imports.run"
    empty_title = _("Nothing imported yet")
    empty_text = _("Bring customers, sites, products and purchases in from CSV or XLSX files.")
    page_template = "imports/list.html"

    def rows(self, request: HttpRequest) -> QuerySet[Import]:
        return imports_visible_to(request.user)

    def row_url(self, row: Model) -> str:
        return reverse("imports:import", args=[row.pk])
