"""Reads over sources and their runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from dangol.core.models import User
from dangol.customers.models import SourceRecord
from dangol.sources.entities import of_customers
from dangol.sources.models import RefusedRow, Run, Source
from dangol.sources.standing import word_of_runs, word_of_sources


def sources_visible_to(user: User) -> QuerySet[Source]:
    """Every source, for those who may see them; none belongs to a place."""
    rows = Source.objects.filter(ended_at=None).select_related("by")
    return rows if user.can("sources.see") else rows.none()


def sources_with_last_run(user: User) -> QuerySet[Source]:
    """The same with the newest run of each as `last_runs`."""
    newest = Run.objects.filter(source=OuterRef("source")).order_by("-created_at").values("pk")[:1]
    runs = Run.objects.filter(pk=Subquery(newest))
    return sources_visible_to(user).prefetch_related(
        Prefetch("runs", queryset=runs, to_attr="last_runs")
    )


def sources_with_standing(user: User) -> QuerySet[Source]:
    """The same with `standing`: where each source stands in one word, as the database knows it."""
    newest = Run.objects.filter(source=OuterRef("pk")).order_by("-created_at")
    unread = SourceRecord.objects.filter(
        source=OuterRef("system"), kind=OuterRef("entity"), unread=True
    )
    rows = sources_with_last_run(user).annotate(
        last_word=Subquery(newest.annotate(word=word_of_runs()).values("word")[:1]),
        unmatched=Exists(unread),
    )
    return rows.annotate(standing=word_of_sources())


def count_by_standing(user: User) -> dict[str, int]:
    """How many sources stand where."""
    rows = sources_with_standing(user).prefetch_related(None).order_by()
    found: dict[str, int] = {}
    for source in rows:
        word: str = source.standing  # type: ignore[attr-defined]
        found[word] = found.get(word, 0) + 1
    return found


def runs_of(source: Source) -> QuerySet[Run]:
    """The runs of a source, the latest first."""
    return source.runs.select_related("by", "allowed_by").order_by("-created_at")


def refused_rows(run: Run) -> QuerySet[RefusedRow]:
    """What a run refused, in the order of the source."""
    return RefusedRow.objects.filter(run=run).order_by("line", "pk")


def trust_by_source() -> dict[str, dict[str, int]]:
    """How far each system is trusted, by field: of several sources of one system, the highest."""
    found: dict[str, dict[str, int]] = {}
    for system, trust in Source.objects.exclude(trust={}).values_list("system", "trust"):
        kept = found.setdefault(system, {})
        for name, rank in trust.items():
            kept[name] = max(rank, kept.get(name, 0))
            if name == "phone":
                kept["phone2"] = kept[name]
    return found


def unmatched_records(source: Source) -> QuerySet[SourceRecord]:
    """Its records that the matching has not read since they came or changed."""
    rows = SourceRecord.objects.filter(source=source.system, kind=source.entity, unread=True)
    return rows if of_customers(source.entity) else rows.none()


def progress(run: Run, now: dt.datetime | None = None) -> dict[str, Any]:
    """How far a run is, and how fast."""
    seconds = run.seconds or 0.0
    done = run.position if run.read_at else run.rows
    rate = done / seconds if seconds > 0.5 else None
    total = run.rows if run.read_at else None
    left = (total - done) / rate if rate and total else None
    return {
        "done": done, "total": total, "rate": round(rate) if rate else None,
        "seconds_left": round(left) if left is not None else None,
    }  # fmt: skip


def overdue(source: Source) -> bool:
    """Whether its time passed a while ago and nothing began."""
    late = dt.timedelta(minutes=10)
    return bool(source.next_at and not source.paused_at and source.next_at < timezone.now() - late)
