"""Staged sites judged one by one (there are thousands, not millions), stored, numbered once."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_noop

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.imports.kinds import Batch
from dangol.imports.staging import rows_of, run
from dangol.places.actions import LEVELS
from dangol.places.events import PlaceMoved, PlaceOpened
from dangol.places.models import Kind, Place, SiteKind
from dangol.places.scope import ranges
from dangol.places.tree import hold_tree, renumber
from dangol.places.working_time import known_time_zones

NAMES = ("name", "name_en", "parent", "kind", "phone", "address", "time_zone", "lat", "lon")


def staged() -> list[dict[str, Any]]:
    """The batch's rows that are not refused yet."""
    listed = ", ".join(NAMES)
    rows = rows_of(
        f"SELECT line, key, {listed} FROM stage WHERE verdict IS DISTINCT FROM 'refused'"
        " ORDER BY line"
    )
    return [dict(zip(("line", "key", *NAMES), row, strict=True)) for row in rows]


def fields_of(row: dict[str, Any]) -> dict[str, Any]:
    """What the row says of the place's own fields; nothing for empty cells."""
    kind = row["kind"]
    given = {
        "name": row["name"], "name_en": row["name_en"], "phone": row["phone"],
        "address": row["address"], "time_zone": row["time_zone"], "latitude": row["lat"],
        "longitude": row["lon"],
        "site_kind": kind if kind in SiteKind.values else None,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


def level_of(row: dict[str, Any]) -> str:
    """The level in the tree: a site unless the row says otherwise."""
    return row["kind"] if row["kind"] in LEVELS else str(Kind.SITE)


def refusal(row: dict[str, Any], levels: dict[str, str], known: dict[str, Place]) -> tuple | None:  # type: ignore[type-arg]
    """Column, reason and facts that keep a row out; None when it can be taken."""
    old = known.get(row["key"])
    if row["time_zone"] and row["time_zone"] not in known_time_zones():
        return "time_zone", gettext_noop("there is no time zone “%(text)s”"), {"text": row["time_zone"]}  # fmt: skip
    if old is not None and old.kind == Kind.COMPANY:
        return "key", gettext_noop("the company itself is not changed by a file"), {}
    if row["parent"] is None:
        if old is None:
            return "parent", gettext_noop("a new place needs the code of the place above"), {}
        return None
    above = levels.get(row["parent"])
    if above is None:
        return "parent", gettext_noop("there is no place “%(text)s”"), {"text": row["parent"]}
    level = old.kind if old else level_of(row)
    if LEVELS.index(level) <= LEVELS.index(above):
        return "parent", gettext_noop("“%(text)s” is not a higher level"), {"text": row["parent"]}
    return None


def judge(batch: Batch) -> None:
    """New, changed or the same by code; refused where the tree would break or the scope ends."""
    known = {place.code: place for place in Place.objects.select_related("parent")}
    rows = staged()
    levels = {code: place.kind for code, place in known.items()}
    levels |= {
        r["key"]: level_of(r)
        for r in rows
        if r["key"] not in known  # a file moves and names places, it never changes their level
    }
    judged: dict[int, tuple[str, str, str, dict[str, Any], dict[str, Any]]] = {}
    remaining, before = rows, -1
    while len(remaining) != before:
        before = len(remaining)
        for row in list(remaining):
            if found := refusal(row, levels, known):
                judged[row["line"]] = ("refused", *found, {})
                remaining.remove(row)
                if row["key"] not in known:
                    levels.pop(row["key"], None)
    spans = ranges(batch.by, "imports.run") if batch.by else None
    for row in remaining:
        old = known.get(row["key"])
        if spans is not None and not within(row, old, known, spans):
            judged[row["line"]] = ("refused", "parent", gettext_noop("this place lies outside your part of the company"), {}, {})  # fmt: skip
        elif old is None:
            judged[row["line"]] = ("new", "", "", {}, {"after": fields_of(row)})
        else:
            changes = differing(row, old)
            judged[row["line"]] = (
                "changed" if changes else "same", "", "", {},
                {"before": {n: pair[0] for n, pair in changes.items()},
                 "after": {n: pair[1] for n, pair in changes.items()}},
            )  # fmt: skip
    write_verdicts(judged)


def within(
    row: dict[str, Any], old: Place | None, known: dict[str, Place], spans: list[tuple[int, int]]
) -> bool:
    """Whether the person may change the tree at the row's place and at the one above."""
    touched = [place for place in (old, known.get(row["parent"] or "")) if place]
    return all(any(lo <= place.lo <= hi for lo, hi in spans) for place in touched)


def differing(row: dict[str, Any], old: Place) -> dict[str, list[Any]]:
    """{field: [before, after]} of what a row changes."""
    found = {n: [getattr(old, n), v] for n, v in fields_of(row).items() if getattr(old, n) != v}
    above = old.parent.code if old.parent else None
    if row["parent"] and row["parent"] != above:
        found["parent"] = [above, row["parent"]]
    return found


def write_verdicts(judged: dict[int, Any]) -> None:
    """Into the stage, for the engine to count."""
    if not judged:
        return
    columns = list(zip(*((line, *found) for line, found in judged.items()), strict=True))
    run(
        "UPDATE stage s SET verdict = v.verdict, refused_column = v.col, reason = v.reason,"
        " facts = v.facts::jsonb, seen = v.seen::jsonb"
        " FROM unnest(%(a)s::int[], %(b)s::text[], %(c)s::text[], %(d)s::text[], %(e)s::text[],"
        " %(f)s::text[]) AS v(line, verdict, col, reason, facts, seen) WHERE s.line = v.line",
        {
            "a": list(columns[0]), "b": list(columns[1]), "c": list(columns[2]),
            "d": list(columns[3]), "e": [json.dumps(f) for f in columns[4]],
            "f": [json.dumps(s, ensure_ascii=False) for s in columns[5]],
        },
    )  # fmt: skip


def store(batch: Batch) -> None:
    """Write new and changed places, number the tree once, then tell."""
    hold_tree(Place)
    verdicts = dict(rows_of("SELECT line, verdict FROM stage"))
    rows = [row for row in staged() if verdicts[row["line"]] in {"new", "changed"}]
    fresh = [row for row in rows if verdicts[row["line"]] == "new"]
    known = {place.code: place for place in Place.objects.select_related("parent")}
    top = Place.objects.filter(parent=None).first()
    changes = {r["key"]: differing(r, known[r["key"]]) for r in rows if r["key"] in known}
    waiting = fresh
    while waiting:
        ready = [row for row in waiting if row["parent"] in known]
        for row in ready:
            place = Place(
                code=row["key"], kind=level_of(row), parent=known[row["parent"]], lo=0, hi=0,
                **{"time_zone": top.time_zone if top else "Asia/Seoul"} | fields_of(row),
            )  # fmt: skip
            place.save(force_insert=True)
            known[place.code] = place
        waiting = [row for row in waiting if row["key"] not in known]
        if not ready:
            raise AssertionError("places of a file wait for each other")
    for row in rows:
        if row["key"] in changes:
            change(known[row["key"]], row, known)
    renumber(Place)
    announce(fresh, changes, known, batch)


def change(place: Place, row: dict[str, Any], known: dict[str, Place]) -> None:
    """Write a row into the place that is there."""
    for name, value in fields_of(row).items():
        setattr(place, name, value)
    if row["parent"]:
        place.parent = known[row["parent"]]
    names = [*fields_of(row), "parent"]
    place.save(update_fields=names)


def announce(
    fresh: list[dict[str, Any]], changes: dict[str, Any], known: dict[str, Place], batch: Batch
) -> None:
    """The audit and the events, once the tree stands."""
    for row in fresh:
        place = known[row["key"]]
        record_change("open_place", place, by=batch.by, changes={"code": [None, place.code]})
        publish(PlaceOpened(subject_id=place.pk, place_id=place.pk, code=place.code), by=batch.by)
    for code, pairs in changes.items():
        place = known[code]
        record_change("change_place", place, by=batch.by, changes=pairs)
        if "parent" in pairs:
            publish(PlaceMoved(subject_id=place.pk, place_id=place.pk, code=code), by=batch.by)
