"""The very records behind a figure: the facts that were counted, the most telling first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dangol.cases.queries import cases_visible_to
from dangol.core.models import User
from dangol.cubes.asking.answer import today
from dangol.cubes.asking.expression import Scope, narrowed
from dangol.cubes.asking.query import Query
from dangol.cubes.subjects.catalogue import Additivity, Kind, Measure, Source
from dangol.cubes.sums.shaping import prepared, with_months
from dangol.customers.queries import customers_visible_to
from dangol.interactions.queries import interactions_visible_to
from dangol.purchases.queries import transactions_visible_to
from dangol.surveys.queries import responses_visible_to
from dangol.warehouse.engine import Lake
from dangol.warehouse.numbers import keys_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class RecordKind:
    """How records of a model are shown: who may see which, where they lead, and their list."""

    label: str | Promise
    ability: str
    visible: Callable[[User], QuerySet[Any]]
    url: str
    related: tuple[str, ...] = ()
    list_url: str = ""
    list_names: tuple[tuple[str, str], ...] = ()
    """Dimension → filter of the list."""
    list_day: str = ""


KINDS: dict[str, RecordKind] = {
    "surveys.Response": RecordKind(
        _("Answers"), "answers.see", responses_visible_to, "surveys:response",
        ("customer", "place", "agent", "survey__questionnaire"), "surveys:responses",
        (("process", "process"), ("channel", "channel")), "day",
    ),
    "cases.Case": RecordKind(
        _("Cases"), "cases.see", cases_visible_to, "cases:case",
        ("customer", "place", "category"), "cases:list", (("priority", "priority"),), "opened_at",
    ),
    "interactions.Interaction": RecordKind(
        _("Conversations"), "interactions.see", interactions_visible_to, "interactions:interaction",
        ("customer", "place", "agent"), "interactions:list",
        (("outcome", "outcome"), ("channel", "channel")), "queued_at",
    ),
    "purchases.Transaction": RecordKind(
        _("Purchases"), "purchases.see", transactions_visible_to, "purchases:transaction",
        ("customer", "place"), "purchases:list", (("kind", "kind"), ("source", "source")), "at",
    ),
    "customers.Customer": RecordKind(
        _("Customers"), "customers.see", customers_visible_to, "customers:customer", ("home_place",),
    ),
}  # fmt: skip


def source_behind(query: Query) -> Source:
    """The facts that the first figure was counted from; of a rate those above the line."""
    return query.subject.source_of(query.needed[0].parts[0])


def counts_some(measure: Measure) -> bool:
    """Whether a figure counts or adds up only some facts: a rate shows those that make it."""
    whole = measure.additivity == Additivity.ADDITIVE and len(measure.parts) == 1
    return whole or measure.unit == "%"


def facts_behind(query: Query, scope: Scope, seen: Lake) -> tuple[ir.Table, Source]:
    """The counted facts: their number, their record and what puts them in order."""
    source = source_behind(query)
    rows = with_months(prepared(source, seen.table(source.fact)))
    days = query.period.days(today())
    kept = narrowed(rows, query, source, days, scope, seen)
    part = query.needed[0].parts[0]
    if counts_some(query.needed[0]) and part in source.sums:
        kept = kept.filter(kept[part] != 0)
    telling = kept[source.telling] if source.telling else kept.day.epoch_days() * -1
    return kept.select(
        fact=kept.id, record=kept[source.record], telling=telling.cast("float64")
    ), source


def page_behind(query: Query, scope: Scope, seen: Lake, after: str = "", most: int = PAGE) -> tuple[list[dict[str, Any]], int]:  # fmt: skip
    """One page of facts, and how many there are."""
    facts, _source = facts_behind(query, scope, seen)
    total = seen.run(facts.agg(n=facts.count())).to_pylist()[0]["n"]
    if position := position_of(after):
        value, fact = position
        at = facts.telling
        beyond = (at > value) | ((at == value) & (facts.fact < fact))
        facts = facts.filter(beyond | at.isnull() if value is not None else at.isnull())
    ordered = facts.order_by([facts.telling.asc(nulls_first=False), ibis.desc("fact")]).limit(most)
    return seen.run(ordered).to_pylist(), total


def position_of(text: str) -> tuple[float, int] | None:
    """Where the page before ended; None for what is no position."""
    value, tilde, fact = text.partition("~")
    try:
        return (float(value), int(fact)) if tilde else None
    except ValueError:
        return None


def position_after(facts: list[dict[str, Any]]) -> str:
    """Where a page ends; empty on the last."""
    if len(facts) < PAGE or facts[-1]["telling"] is None:
        return ""
    return f"{facts[-1]['telling']}~{facts[-1]['fact']}"


def records_of(query: Query, facts: Iterable[dict[str, Any]], user: User) -> list[tuple[Any, dict[str, Any]]]:  # fmt: skip
    """The records of facts that the person may see, in the order of the facts, each once."""
    kind = KINDS[query.subject.records]
    facts = list(facts)
    model = apps.get_model(query.subject.records)
    keys = keys_of(model, {f["record"] for f in facts if f["record"] is not None})
    rows = kind.visible(user).select_related(*kind.related).in_bulk(list(keys.values()))
    found: dict[Any, tuple[Any, dict[str, Any]]] = {}
    for fact in facts:
        key = keys.get(fact["record"])
        if key in rows:
            found.setdefault(key, (rows[key], fact))
    return list(found.values())


def list_address(query: Query) -> str:
    """The same rows on the list that exists for them; empty where the list cannot say it."""
    kind = KINDS[query.subject.records]
    if not kind.list_url:
        return ""
    names = dict(kind.list_names)
    pairs: list[tuple[str, str]] = []
    for one in query.filters:
        tree = one.dimension.kind == Kind.TREE and one.dimension.column == "place"
        name = "place" if tree else names.get(one.dimension.name)
        if not name or one.without or len(one.members) != 1 or not one.members[0]:
            return ""
        pairs = [p for p in pairs if p[0] != name] + [(name, one.members[0])]
    first, last = query.period.days(today())
    for end, day in (("from", first), ("to", last)):
        if day:
            pairs.append((f"{kind.list_day}_{end}", day.isoformat()))
    from urllib.parse import urlencode

    return f"{reverse(kind.list_url)}?{urlencode(pairs)}"


def moment_of(record: Any) -> dt.datetime | None:
    """When a record took place."""
    for name in ("completed_at", "opened_at", "queued_at", "at", "started_at", "created_at"):
        if getattr(record, name, None):
            return getattr(record, name)
    return None
