"""Finding customers among millions while somebody types.

Each way of finding is one indexed query that yields ids, best first. Apps above lend theirs
(purchases: plate and serial number; identity: names that only a record says) in a module lookups.py:

    register(Finder("plate", test=looks_like_a_plate, find=customers_by_plate))
    NAMES.append(customers_by_another_name)
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from dangol.core.models import User
from dangol.customers.company_numbers import digits_of
from dangol.customers.hangul import letters, only_initials, tidy
from dangol.customers.models import Customer

CANDIDATES = 200
NUMBER = "regexp_replace(normalize(values ->> '{}', NFKC), '\\D', '', 'g')"
"""A number of a record by its digits alone, as the index holds it (migration 0010)."""
Finds = Callable[[str, int], list[uuid.UUID]]


@dataclass(frozen=True)
class Finder:
    """One way of finding: when the words look right for it, and the ids that they lead to."""

    name: str
    test: Callable[[str], bool]
    find: Finds


FINDERS: list[Finder] = []
NAMES: list[Finds] = []
"""Finding by other names than the one that a customer goes by."""
FEW = 20
"""Where fewer bear the name itself, those who are called otherwise come after them."""


def register(finder: Finder) -> None:
    """Lend a way of finding."""
    FINDERS.append(finder)


def ids(sql: str, parameters: list[object]) -> list[uuid.UUID]:
    """The first column of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def prefix(text: str) -> str:
    """A LIKE pattern "begins with"."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def by_initials(words: str, limit: int) -> list[uuid.UUID]:
    """ㄱㅊㅅ → 김철수 and everybody else with these initials."""
    return ids(
        # In the order of the index, or frequent initials are looked for by reading every row.
        "SELECT id FROM customers_customer WHERE name_initials LIKE %s"
        " ORDER BY name_initials USING ~<~ LIMIT %s",
        [prefix(words.replace(" ", "")), limit],
    )


def by_phone(words: str, limit: int) -> list[uuid.UUID]:
    """The last digits of a phone number, or the whole of it."""
    digits = re.sub(r"\D", "", words)
    digits = digits[1:] if digits.startswith("0") and len(digits) > 8 else digits
    return ids(
        "SELECT DISTINCT customer_id FROM (SELECT customer_id FROM customers_contactpoint"
        " WHERE kind = 'phone' AND ended_at IS NULL AND tail LIKE %s LIMIT %s) found",
        [prefix(digits[::-1]), limit],
    )


def by_email(words: str, limit: int) -> list[uuid.UUID]:
    """The beginning of an e-mail address."""
    return ids(
        "SELECT DISTINCT customer_id FROM (SELECT customer_id FROM customers_contactpoint"
        " WHERE kind = 'email' AND ended_at IS NULL AND value LIKE %s LIMIT %s) found",
        [prefix(words.lower()), limit],
    )


def by_company_number(words: str, limit: int) -> list[uuid.UUID]:
    """The beginning of a business registration or corporate number, with or without its hyphens."""
    pattern = prefix(digits_of(words))
    return ids(
        "SELECT DISTINCT customer_id FROM ("
        " (SELECT customer_id FROM customers_sourcerecord WHERE values ? 'registration'"
        f"  AND {NUMBER.format('registration')} LIKE %s AND customer_id IS NOT NULL LIMIT %s)"
        " UNION ALL"
        " (SELECT customer_id FROM customers_sourcerecord WHERE values ? 'corporate'"
        f"  AND {NUMBER.format('corporate')} LIKE %s AND customer_id IS NOT NULL LIMIT %s)"
        ") found LIMIT %s",
        [pattern, limit, pattern, limit, limit],
    )


LINK = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
"""An id, alone or at the end of an address."""
KNOWN = """
{name} AS (
    (SELECT source FROM {table} WHERE {key} <> '' ORDER BY source LIMIT 1) UNION ALL
    SELECT (SELECT r.source FROM {table} r WHERE r.{key} <> '' AND r.source > {name}.source
            ORDER BY r.source LIMIT 1)
    FROM {name} WHERE {name}.source IS NOT NULL)
"""
"""The sources there are, each found by one step in the index of (source, key)."""
NUMBERED = f"""
WITH RECURSIVE
{KNOWN.format(name="ours", table="customers_customer", key="source_key")},
{KNOWN.format(name="theirs", table="customers_sourcerecord", key="key")}
(SELECT c.id FROM ours CROSS JOIN unnest(%s::text[]) w(word) CROSS JOIN LATERAL (
    SELECT id FROM customers_customer
    WHERE source = ours.source AND source_key = w.word AND source_key <> '') c LIMIT %s)
UNION ALL
(SELECT r.customer_id FROM theirs CROSS JOIN unnest(%s::text[]) w(word) CROSS JOIN LATERAL (
    SELECT customer_id FROM customers_sourcerecord
    WHERE source = theirs.source AND key = w.word AND customer_id IS NOT NULL) r LIMIT %s)
"""


def by_number(words: str, limit: int) -> list[uuid.UUID]:
    """The whole number under which any source knows a customer; capitals or not."""
    spelt = list(dict.fromkeys([words, words.upper(), words.lower()]))
    return list(dict.fromkeys(ids(NUMBERED, [spelt, limit, spelt, limit])))


def by_id(words: str, limit: int) -> list[uuid.UUID]:
    """An id, or a link that ends with it; of a customer who was merged away, whoever took it in."""
    (key,) = LINK.findall(words)[-1:]
    return ids(
        "SELECT id FROM customers_customer WHERE id = %s"
        " UNION ALL SELECT customer_id FROM customers_alias WHERE old_id = %s",
        [key, key],
    )


def by_name(words: str, limit: int) -> list[uuid.UUID]:
    """Names that begin so; where they are few, names that are alike (typing errors) after them."""
    key = letters(words)
    if not key:
        return []
    found = ids(
        "SELECT id FROM customers_customer WHERE name_jamo LIKE %s"
        " ORDER BY name_jamo USING ~<~ LIMIT %s",
        [prefix(key), limit],
    )
    if len(found) >= FEW or len(key) < 3:
        return found
    alike = ids(
        "SELECT c.id FROM (SELECT name_jamo, similarity(name_jamo, %s) AS likeness"
        "   FROM customers_knownname WHERE name_jamo %% %s"
        "   ORDER BY likeness DESC, name_jamo LIMIT 12) n"
        " CROSS JOIN LATERAL (SELECT id FROM customers_customer"
        "   WHERE name_jamo = n.name_jamo LIMIT 20) c"
        " ORDER BY n.likeness DESC LIMIT %s",
        [key, key, limit],
    )
    return list(dict.fromkeys([*found, *alike]))


register(Finder("id", lambda words: LINK.search(words) is not None, by_id))
register(
    Finder("number", lambda w: " " not in w and any(c.isdigit() for c in w), by_number)
)  # fmt: skip
register(Finder("initials", only_initials, by_initials))
register(Finder("email", lambda words: "@" in words, by_email))
register(
    Finder("phone", lambda w: re.fullmatch(r"\+?[\d\s().-]{3,20}", w) is not None
           and len(re.sub(r"\D", "", w)) >= 3, by_phone)
)  # fmt: skip

register(
    Finder("company number", lambda w: re.fullmatch(r"\d[\d\s-]{4,15}", unicodedata.normalize("NFKC", w)) is not None
           and 5 <= len(digits_of(w)) <= 13, by_company_number)
)  # fmt: skip


def candidate_ids(words: str, limit: int = CANDIDATES) -> list[uuid.UUID]:
    """Ids for the words, best first: by every way that fits, by name when none does."""
    fitting = [finder for finder in FINDERS if finder.test(words)]
    found: dict[uuid.UUID, None] = {}
    for finder in fitting:
        found.update(dict.fromkeys(finder.find(words, limit)))
    if not fitting or (not found and not only_initials(words)):
        for find in (by_name, *NAMES):
            if len(found) < FEW:
                found.update(dict.fromkeys(find(words, limit)))
    return list(found)[:limit]


def customers_found(words: str, visible: QuerySet[Customer], limit: int = 20) -> list[Customer]:
    """The visible customers that the words lead to, best first.

    Several words must all fit: "김철수 5678" is the 김철수 whose phone ends so.
    """
    words = tidy(words)[:100]
    if not words:
        return []
    whole = candidate_ids(words)
    parts = words.split()
    if not whole and len(parts) > 1:
        lists = [candidate_ids(part, 5000) for part in parts]
        common = set(lists[0]).intersection(*lists[1:])
        whole = [key for key in lists[0] if key in common][:CANDIDATES]
    if not whole:
        return []
    rows = visible.filter(pk__in=whole).select_related("home_place").in_bulk()
    return [rows[key] for key in whole if key in rows][:limit]


def customers_found_by(user: User, words: str, limit: int = 20) -> list[Customer]:
    """The same, for what the person may see."""
    from dangol.customers.queries import customers_visible_to

    return customers_found(words, customers_visible_to(user), limit)
