"""Staged products judged and stored; the tree is numbered again once."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from dangol.imports.kinds import Batch
from dangol.imports.staging import refuse_where, rows_of, run
from dangol.places.tree import hold_tree, renumber
from dangol.purchases.models import Product

DIFFERS = """(p.gone_at IS NOT NULL OR s.name IS DISTINCT FROM p.name
    OR (s.name_en IS NOT NULL AND s.name_en IS DISTINCT FROM p.name_en)
    OR (s.ended_on IS NOT NULL AND s.ended_on IS DISTINCT FROM p.ended_on)
    OR (s.parent IS NOT NULL AND s.parent IS DISTINCT FROM above.code))"""


def judge(batch: Batch) -> None:
    """New, changed or the same by code; a parent is a known product or one of the file."""
    run("UPDATE stage s SET target = p.id FROM purchases_product p WHERE p.code = s.key")
    refuse_unknown_parents()
    refuse_circles()
    run("UPDATE stage SET verdict = 'new' WHERE verdict IS NULL AND target IS NULL")
    run(
        f"""UPDATE stage s SET verdict = CASE WHEN {DIFFERS} THEN 'changed' ELSE 'same' END,
                seen = jsonb_build_object('before', jsonb_build_object('name', p.name,
                    'parent', above.code), 'after', jsonb_build_object('name', s.name,
                    'parent', s.parent))
            FROM purchases_product p LEFT JOIN purchases_product above ON above.id = p.parent_id
            WHERE s.verdict IS NULL AND p.id = s.target"""
    )
    run(
        "UPDATE stage SET seen = jsonb_build_object('after', jsonb_build_object('name', name,"
        " 'parent', parent)) WHERE verdict = 'new'"
    )


def refuse_unknown_parents() -> None:
    """A row whose parent is neither known nor taken from this file; then those below it."""
    while True:
        before = rows_of("SELECT count(*) FROM stage WHERE verdict = 'refused'")[0][0]
        refuse_where(
            "s.parent IS NOT NULL AND NOT EXISTS (SELECT 1 FROM purchases_product p"
            " WHERE p.code = s.parent) AND NOT EXISTS (SELECT 1 FROM stage o"
            " WHERE o.key = s.parent AND o.verdict IS DISTINCT FROM 'refused')",
            "parent",
            gettext_noop("there is no product “%(text)s”"),
            {"text": "s.parent"},
        )
        if rows_of("SELECT count(*) FROM stage WHERE verdict = 'refused'")[0][0] == before:
            return


def refuse_circles() -> None:
    """A product cannot stand below itself, however long the way round."""
    parents = dict(
        rows_of(
            "SELECT p.code, above.code FROM purchases_product p"
            " LEFT JOIN purchases_product above ON above.id = p.parent_id"
        )
    )
    parents |= dict(
        rows_of("SELECT key, parent FROM stage WHERE verdict IS NULL AND parent IS NOT NULL")
    )
    circling = [start for start in parents if in_circle(start, parents)]
    if circling:
        run(
            "UPDATE stage SET verdict = 'refused', refused_column = 'parent',"
            " reason = %(reason)s, facts = '{}' WHERE verdict IS NULL AND key = ANY(%(keys)s)",
            {"reason": gettext_noop("it would stand below itself"), "keys": circling},
        )


def in_circle(start: str, parents: dict[str, str | None]) -> bool:
    """Whether the way up from a code never ends."""
    seen, code = {start}, parents.get(start)
    while code is not None:
        if code in seen:
            return True
        seen.add(code)
        code = parents.get(code)
    return False


def store(batch: Batch) -> None:
    """Write new and changed products, then number the tree."""
    hold_tree(Product)
    facts = {"now": timezone.now(), "zone": settings.TIME_ZONE}
    run("UPDATE stage SET target = uuidv7() WHERE verdict = 'new'")
    run(
        """INSERT INTO purchases_product (id, created_at, code, name, name_en, ended_on, lo, hi)
           SELECT target, %(now)s, key, name, coalesce(name_en, ''), ended_on, 0, 0
           FROM stage WHERE verdict = 'new' ORDER BY line""",
        facts,
    )
    run(
        """UPDATE purchases_product p SET name = s.name, name_en = coalesce(s.name_en, p.name_en),
               ended_on = coalesce(s.ended_on, CASE WHEN p.ended_on IS DISTINCT FROM
                   (p.gone_at AT TIME ZONE %(zone)s)::date THEN p.ended_on END), gone_at = NULL
           FROM stage s WHERE s.verdict = 'changed' AND p.id = s.target""",
        facts,
    )
    run(
        """UPDATE purchases_product p SET parent_id = above.id
           FROM stage s JOIN purchases_product above ON above.code = s.parent
           WHERE s.verdict IN ('new', 'changed') AND p.id = s.target"""
    )
    renumber(Product)
