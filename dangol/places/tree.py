"""The range encoding of a tree: every node gets (lo, hi) so that "all below" is one range test."""

from __future__ import annotations

from typing import Any

from django.db import connection, models


def hold_tree(model: type[models.Model]) -> None:
    """Keep the tree as it is against everybody else until the transaction ends; readers go on.

    Taken before the first row is written: two who wrote first and asked for it then would each
    wait for the other.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {model._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def renumber(model: type[models.Model]) -> None:
    """Give every node of the model's tree its range again, after a node came, moved or left.

    Children stand in the order of their codes. Trees hold thousands of nodes, not millions;
    one walk in memory is milliseconds. Only changed rows are written, under a table lock
    that lets readers go on.
    """
    hold_tree(model)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, parent_id, lo, hi FROM {table} ORDER BY code")
        rows = cursor.fetchall()
    children: dict[Any, list[Any]] = {}
    for key, parent, _lo, _hi in rows:
        children.setdefault(parent, []).append(key)
    ranges: dict[Any, tuple[int, int]] = {}
    number = 0
    stack: list[tuple[Any, int | None]] = [
        (root, None) for root in reversed(children.get(None, []))
    ]
    while stack:
        key, lo = stack.pop()
        if lo is not None:
            ranges[key] = (lo, number)
            continue
        number += 1
        stack.append((key, number))
        stack += [(child, None) for child in reversed(children.get(key, []))]
    changed = [(k, *ranges[k]) for k, _p, lo, hi in rows if ranges[k] != (lo, hi)]
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} t SET lo = v.lo, hi = v.hi"
                " FROM unnest(%s::uuid[], %s::int[], %s::int[]) AS v(id, lo, hi) WHERE t.id = v.id",
                [list(column) for column in zip(*changed, strict=True)],
            )
