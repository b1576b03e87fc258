"""What follows when a source no longer has a purchase, a product or a site."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from dangol.core.events import publish
from dangol.imports.staging import rows_of
from dangol.imports.staging import run as execute
from dangol.places.tree import hold_tree
from dangol.purchases.events import TransactionsGone
from dangol.purchases.models import Product
from dangol.sources.gone_sites import propose_closing, sites_are_back
from dangol.sources.models import Entity, Run

# Keys that this run found gone, and that no other source says either.
LOST = """
SELECT k.key FROM sources_knownrow k WHERE k.source_id = %(source)s AND k.gone_at = %(now)s
    AND NOT EXISTS (SELECT 1 FROM sources_knownrow o JOIN sources_source s ON s.id = o.source_id
        WHERE o.key = k.key AND o.source_id <> k.source_id AND o.gone_at IS NULL
          AND s.ended_at IS NULL AND s.entity = ANY(%(entities)s) AND {same})
"""
OF_SYSTEM = LOST.format(same="s.system = %(system)s")
OF_ANYBODY = LOST.format(same="true")
RECORDS = f"""
UPDATE customers_sourcerecord r SET gone_at = %(now)s, unread = true FROM ({OF_SYSTEM}) k
WHERE r.source = %(system)s AND r.key = k.key AND r.gone_at IS NULL
"""
TRANSACTIONS = f"""
UPDATE purchases_transaction t SET gone_at = %(now)s FROM ({OF_SYSTEM}) k
WHERE t.source = %(system)s AND t.source_key = k.key AND t.gone_at IS NULL
"""
# A product that already has an end keeps it: only what we ended ourselves is taken back later.
PRODUCTS = f"""
UPDATE purchases_product p SET gone_at = %(now)s,
    ended_on = coalesce(p.ended_on, (%(now)s::timestamptz AT TIME ZONE %(zone)s)::date)
FROM ({OF_ANYBODY}) k WHERE p.code = k.key AND p.gone_at IS NULL
"""


def vanish(run: Run, now: dt.datetime) -> int:
    """Let what this run found gone count no longer; how many rows of ours that are."""
    facts = {
        "now": now, "source": run.source_id, "system": run.source.system,
        "zone": settings.TIME_ZONE, "entities": kin(run.source.entity),
    }  # fmt: skip
    match run.source.entity:
        case Entity.TRANSACTION:
            count = execute(TRANSACTIONS, facts)
            if count:
                publish(
                    TransactionsGone(subject_id=run.pk, source=run.source.system, count=count),
                    by=run.by,
                )
            return count
        case Entity.PRODUCT:
            hold_tree(Product)
            return execute(PRODUCTS, facts)
        case Entity.SITE:
            count = propose_closing(run, [key for (key,) in rows_of(OF_ANYBODY, facts)], now)
            if count:
                run.note("sites_gone", count)
            return count
    return execute(RECORDS, facts)


def kin(entity: str) -> list[str]:
    """Entities whose rows share their keys: a person of one list may be in another's."""
    customers = [str(Entity.PERSON), str(Entity.ORGANISATION)]
    return customers if entity in customers else [entity]


def come_back(run: Run, now: dt.datetime) -> None:
    """Sites that were proposed to be closed and are there again; other rows return as they load."""
    if run.source.entity == Entity.SITE and (back := sites_are_back(run, now)):
        run.note("sites_back", back)
