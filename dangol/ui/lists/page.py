"""The list page: say what the rows, columns and filters are; the rest is the same everywhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views import View

from dangol.core.keyset import BadCursor, Keyset
from dangol.ui.lists.columns import Column
from dangol.ui.lists.counting import count_up_to
from dangol.ui.lists.drawing import drawn_rows
from dangol.ui.lists.export import csv_of
from dangol.ui.lists.filters import Filter
from dangol.ui.lists.state import Chip, State, canonical
from dangol.ui.permission import may
from dangol.ui.saved import views_of


@dataclass(frozen=True, slots=True)
class Order:
    """A way to put the rows in order that has no column of its own."""

    by: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something done to the chosen rows at once; its view asks `ListPage.chosen(request)`."""

    label: str | Promise
    url_name: str
    icon: str = "check"
    ability: str = ""
    danger: bool = False
    question: str | Promise = ""
    """Asked before it is done, with {n} for how many were chosen; nothing asks where it is empty."""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


def as_uuid(text: str) -> uuid.UUID | None:
    """The key that a browser sent; None for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class ListPage(View):
    """A list of rows with search, filters, order, columns, saved views, bulk actions and a file."""

    key: str = ""
    title: str | Promise = ""
    ability: str = ""
    columns: list[Column] = []
    filters: list[Filter] = []
    orders: list[Order] = []
    order: str = "-created_at"
    search: tuple[str, ...] = ()
    found_order: str = ""
    """The order of what words found, where nobody chose another; `searched` annotates it."""
    found_note: str | Promise = ""
    """What that order means, said beside the count."""
    search_hint: str | Promise = ""
    actions: list[BulkAction] = []
    presets: list[tuple[str | Promise, str]] = []
    """Views that the list comes with: (label, query); the first is where the list opens."""
    export_ability: str | None = None
    page_size: int = 50
    empty_title: str | Promise = ""
    empty_text: str | Promise = ""
    template_name = "ui/list.html"
    page_template = ""
    """A template that extends ui/list.html, for what stands around the list."""

    # What a list says for itself

    def rows(self, request: HttpRequest) -> QuerySet:
        """Every row that this person may see."""
        raise NotImplementedError

    def row_url(self, row: Model) -> str:
        """Where a row leads."""
        return ""

    def row_panel(self, row: Model) -> str:
        """What opens beside the list instead, if anything."""
        return ""

    def extra(self, request: HttpRequest) -> dict:
        """More for the template, such as buttons of the title row."""
        return {}

    def searched(self, rows: QuerySet, words: str) -> QuerySet:
        """The rows that hold every word."""
        for word in words.split()[:6]:
            found = Q()
            for path in self.search:
                found |= Q(**{path if "__" in path else f"{path}__icontains": word})
            rows = rows.filter(found)
        return rows

    def completed(self, rows: list[Model]) -> None:
        """Called with each piece of the page or the file, to add what is read for many at once."""

    def shown(self, request: HttpRequest, rows: list[Model]) -> None:
        """Called with the rows that a person is about to see, to write down who saw whom."""

    def exported(self, request: HttpRequest, state: State) -> None:
        """Called when someone takes the list away as a file."""

    # What the page does with it

    @cached_property
    def ways(self) -> dict[str, str | Promise]:
        """Every order that may be asked for."""
        found = {order.by: order.label for order in self.orders}
        for column in self.columns:
            if column.order:
                found |= {column.order: column.label, f"-{column.order}": column.label}
        return found | {self.order: found.get(self.order, "")}

    @cached_property
    def standard(self) -> list[str]:
        """The columns that are shown when nobody chose others."""
        return [c.name for c in self.columns if c.shown and not c.main]

    def clean(self, query: QueryDict) -> QueryDict:
        """The one way to write what an address asks of this list."""
        names = ["q", *(n for f in self.filters for n in f.names()), "order", "cols"]
        usual = self.usual_order(query)
        clean = canonical(query, names, {"order": [usual], "cols": self.standard})
        if clean.get("order", usual) not in {*self.ways, usual}:
            clean.pop("order", None)
        return clean

    def usual_order(self, query: QueryDict) -> str:
        """The order where nobody chose one: of a search what fits best, if the list knows that."""
        return self.found_order if self.found_order and query.get("q") else self.order

    def state(self, query: QueryDict) -> State:
        """What the address asks of this list."""
        clean = self.clean(query)
        wanted = clean.getlist("cols") or self.standard
        columns = [c for c in self.columns if c.name in wanted or c.main] or self.columns
        order = clean.get("order", self.usual_order(clean))
        chips = [Chip(f, f.read(clean), clean) for f in self.filters]
        return State(clean.get("q", "")[:100], chips, Keyset.of(order), columns, clean)

    def filtered(self, request: HttpRequest, state: State) -> QuerySet:
        """The rows that answer the address."""
        rows = self.rows(request)
        if state.words and self.search:
            rows = self.searched(rows, state.words)
        for chip in state.chips:
            if chip.on:
                rows = chip.filter.apply(rows, chip.value)
        return rows

    @classmethod
    def chosen(cls, request: HttpRequest) -> QuerySet:
        """The rows of a bulk action: those picked, or everything that the filters find."""
        page = cls()
        if request.POST.get("everything") == "1":
            return page.filtered(request, page.state(QueryDict(request.POST.get("query", ""))))
        picked = [key for text in request.POST.getlist("pick")[:1000] if (key := as_uuid(text))]
        return page.rows(request).filter(pk__in=picked)

    def dispatch(self, request, *args, **kwargs):
        if not may(request.user, self.ability):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """The page, one more piece of it, or the file."""
        if self.presets and not request.GET:
            return redirect(f"{request.path}?{self.presets[0][1]}")
        state = self.state(request.GET)
        rows = self.filtered(request, state)
        if request.GET.get("export") == "csv":
            return self.export(request, state, rows)
        try:
            some, cursor = self.piece(rows, state.order, request.GET.get("after", ""))
        except BadCursor:
            return redirect(request.path + state.without())
        self.shown(request, some)
        context = self.context(request, state, some, cursor)
        if request.GET.get("after"):
            return render(request, f"{self.template_name}#more", context)
        context |= self.surroundings(request, state, rows, some, cursor)
        if request.htmx and request.htmx.target == "div#list":
            response = render(request, f"{self.template_name}#list", context)
            response.headers["HX-Push-Url"] = request.path + state.without().removesuffix("?")
            return response
        return render(request, self.page_template or self.template_name, context)

    def piece(self, rows: QuerySet, order: Keyset, after: str) -> tuple[list[Model], str]:
        """One page of rows, and the cursor of the next if there is one."""
        rows = order.sort(rows)
        if after:
            rows = order.after(rows, after)
        some = list(rows[: self.page_size + 1])
        more = len(some) > self.page_size
        some = some[: self.page_size]
        self.completed(some)
        return some, order.cursor(some[-1]) if more else ""

    def lines(self, rows: Iterable[Model], columns: list[Column]) -> list[dict]:
        """Rows as the template draws them."""
        return [
            {
                "pk": row.pk,
                "url": self.row_url(row),
                "panel": self.row_panel(row),
                "cells": [(column, column.show(row)) for column in columns],
            }
            for row in rows
        ]

    def context(self, request, state: State, some: list[Model], cursor: str) -> dict:
        """What a further piece needs."""
        lines = self.lines(some, state.columns)
        actions = [a for a in self.actions if may(request.user, a.ability)]
        return {
            "page": self,
            "state": state,
            "lines": lines,
            "rows": drawn_rows(lines, pick=bool(actions)),
            "more_url": state.without(after=cursor) if cursor else "",
            "actions": actions,
        }

    def surroundings(self, request, state: State, rows: QuerySet, some, cursor: str) -> dict:
        """What stands around the rows."""
        views = views_of(request.user, self.key)
        exportable = self.export_ability is not None and may(request.user, self.export_ability)
        known = {column.name for column in state.columns}
        return {
            "count": count_up_to(rows) if cursor else len(some),
            "views": [(v, v.query == state.address, v.user_id == request.user.pk) for v in views],
            "presets": [
                (label, query, self.clean(QueryDict(query)).urlencode() == state.address)
                for label, query in self.presets
            ],
            "heads": [self.head(column, state) for column in state.columns],
            "choosable": [(c, c.name in known) for c in self.columns if not c.main],
            "exportable": exportable,
            **self.extra(request),
        }

    def head(self, column: Column, state: State) -> dict:
        """A column's head: how a press on it changes the order."""
        if not column.order:
            return {"column": column, "url": "", "sort": ""}
        here = column.order == state.order.path
        first = f"-{column.order}" if column.number else column.order
        turned = column.order if state.order.descending else f"-{column.order}"
        sort = ("descending" if state.order.descending else "ascending") if here else ""
        return {
            "column": column,
            "url": state.without(order=turned if here else first),
            "sort": sort,
        }

    def export(self, request, state: State, rows: QuerySet) -> HttpResponse:
        """The list as a file, for those who may take it away."""
        if self.export_ability is None or not may(request.user, self.export_ability):
            raise PermissionDenied
        self.exported(request, state)
        return csv_of(request, self, rows, state)
