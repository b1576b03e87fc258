"""Customers by score."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.customers.models import Customer
from dangol.places.filters import PlaceFilter
from dangol.scores.models import Score, ScoreModel, Use
from dangol.scores.queries import scores_visible_to, uses_visible_to
from dangol.scores.words import CELLS, cell_label, cell_meaning, reason_words, value_words
from dangol.segments.lists import NarrowedCustomers
from dangol.ui.lists import (
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    NumberFilter,
    record_url,
)
from dangol.ui.templatetags.ui import badge


def currency(score: Score) -> str:
    """The currency that the model counts in."""
    champion = score.model.champion
    known = champion.parameters.get("settings", {}) if champion else {}
    return known.get("currency", "KRW")


def cell_cell(score: Score) -> str:
    """The cell as a badge."""
    return badge(
        cell_label(score.model.kind, score.cell), cell_meaning(score.model.kind, score.cell)
    )


class ScoreList(ListPage):
    """Customers that the person may see, the highest score first."""

    key = "scores"
    title = _("Customers by score")
    ability = "customers.see"
    columns = [
        Column("customer", _("Customer"), value=lambda s: shown_name(s.customer.name), main=True),
        Column("model", _("Score"), value=lambda s: str(s.model)),
        Column("value", _("Value"), value=lambda s: value_words(s.model.kind, s.value, currency(s)), number=True, sortable=True),
        Column("cell", _("Cell"), value=lambda s: cell_label(s.model.kind, s.cell), cell=cell_cell),
        Column("before", _("Cell before"), value=lambda s: s.before and cell_label(s.model.kind, s.before), dim=True),
        Column("reasons", _("Why"), value=lambda s: " · ".join(reason_words(s.reasons[:2], currency(s)))),
        Column("place", _("Home site"), value=lambda s: s.customer.home_place and str(s.customer.home_place), dim=True),
        Column("at", _("Since"), sortable=True, dim=True),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("model", _("Score"), lambda: [(m.key, str(m)) for m in ScoreModel.objects.all()], path="model__key"),
        ChoiceFilter("cell", _("Cell"), lambda: [(c, label) for cells in CELLS.values() for c, label in cells.items()]),
        ChoiceFilter("before", _("Cell before"), lambda: [(c, label) for cells in CELLS.values() for c, label in cells.items()]),
        NumberFilter("value", _("Value")),
        PlaceFilter("place", _("Place"), path="customer__home_place"),
        DateRangeFilter("at", _("Since")),
    ]  # fmt: skip
    order = "-value"
    search = ("customer__name__startswith",)
    search_hint = _("Customer")
    export_ability = "customers.export"
    empty_title = _("No scores yet")
    empty_text = _("When a score has run, its customers stand here, each with the reasons.")

    def rows(self, request: HttpRequest) -> QuerySet[Score]:
        return scores_visible_to(request.user).select_related(  # type: ignore[arg-type]
            "customer", "customer__home_place", "model", "model__champion"
        )

    def row_url(self, row: Model) -> str:
        return record_url("customers:customer", row.customer_id)  # type: ignore[attr-defined]

    def shown(self, request: HttpRequest, rows: list[Score]) -> None:  # type: ignore[override]
        record_access(request, "scores", [row.customer_id for row in rows])


class SideList(NarrowedCustomers):
    """Who is treated in a use, or held out, as far as the person may see them."""

    key = "use-customers"
    title = _("Customers of a use")
    ability = "customers.see"
    seen_as, exported_as = "returns", "scores.use_exported"
    page_template = "scores/side.html"
    empty_title = _("Nobody here")
    empty_text = _("Nobody whom you may see drew this lot.")

    @cached_property
    def use(self) -> Use:
        """The use that the address names; 404 where the person may not see it."""
        return get_object_or_404(uses_visible_to(self.request.user), pk=self.kwargs["pk"])  # type: ignore[arg-type]

    @property
    def record(self) -> Use:
        return self.use

    def narrowed(self, request: HttpRequest) -> QuerySet[Customer]:
        if self.kwargs["side"] not in ("treated", "held-out"):
            raise Http404
        drawn = self.use.exposures.filter(held_out=self.kwargs["side"] == "held-out")
        return Customer.objects.filter(pk__in=drawn.values("customer"))

    def extra(self, request: HttpRequest) -> dict[str, Any]:
        side = _("Held out") if self.kwargs["side"] == "held-out" else _("Treated")
        return {"use": self.use, "side": side}
