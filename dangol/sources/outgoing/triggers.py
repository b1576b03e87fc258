"""Which tables a feed looks at: table, column with the key of what changed."""

from __future__ import annotations

WATCHED = {
    "customer": [
        ("customers_customer", "id"),
        ("customers_contactpoint", "customer_id"),
        ("customers_alias", "customer_id"),
        ("customers_alias", "old_id"),
    ],
    "transaction": [("purchases_transaction", "id"), ("purchases_line", "transaction_id")],
    "site": [("places_place", "id")],
}
ROWS = {"INSERT": "NEW TABLE AS new_rows", "UPDATE": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}  # fmt: skip


def statements() -> list[str]:
    """What makes the triggers."""
    found = []
    for entity, tables in WATCHED.items():
        for table, column in tables:
            for verb, rows in ROWS.items():
                name = f"sources_{entity}_{column}_{verb.lower()}"
                found.append(
                    f"CREATE TRIGGER {name} AFTER {verb} ON {table} REFERENCING {rows}"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION sources_changed('{entity}', '{column}')"
                )
    return found
