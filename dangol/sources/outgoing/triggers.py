"""Which tables a feed looks at: table, column with the key of what changed."""

from __future__ import annotations

Watched = dict[str, list[tuple[str, str]]]
FIRST: Watched = {
    "customer": [
        ("customers_customer", "id"),
        ("customers_contactpoint", "customer_id"),
        ("customers_alias", "customer_id"),
        ("customers_alias", "old_id"),
    ],
    "transaction": [("purchases_transaction", "id"), ("purchases_line", "transaction_id")],
    "site": [("places_place", "id")],
}
PRODUCTS: Watched = {"product": [("purchases_product", "id")]}
RECORDS: Watched = {"customer": [("customers_sourcerecord", "customer_id")]}
WATCHED: Watched = FIRST | PRODUCTS | {"customer": FIRST["customer"] + RECORDS["customer"]}
ROWS = {"INSERT": "NEW TABLE AS new_rows", "UPDATE": "NEW TABLE AS new_rows", "DELETE": "OLD TABLE AS old_rows"}  # fmt: skip
MOVING = ROWS | {"UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows"}


def statements(
    watched: Watched, function: str = "sources_changed", rows: dict[str, str] = ROWS
) -> list[str]:
    """What makes the triggers."""
    found = []
    for entity, tables in watched.items():
        for table, column in tables:
            for verb, seen in rows.items():
                name = f"sources_{entity}_{column}_{verb.lower()}"
                found.append(
                    f"CREATE TRIGGER {name} AFTER {verb} ON {table} REFERENCING {seen}"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION {function}('{entity}', '{column}')"
                )
    return found
