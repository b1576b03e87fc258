"""Fields, faults and what each means; one definition for figures, lists and words.

Every fault of every field has one bit, so that a figure is a count of bits and the list behind it
is exactly what was counted.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIELDS: dict[str, str | Promise] = {
    "name": _("Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "born_on": _("Date of birth"),
    "gender": _("Gender"),
}
FAULTS: dict[str, str | Promise] = {
    "missing": pgettext_lazy("fault", "missing"),
    "invalid": pgettext_lazy("fault", "not valid"),
    "shared": pgettext_lazy("fault", "twice in the source"),
    "stale": pgettext_lazy("fault", "old or of unknown age"),
    "differs": pgettext_lazy("fault", "differs from the golden record"),
}
MEASURES: dict[str, tuple[str | Promise, str, str | Promise]] = {
    # measure: (label, the fault that lowers it, what it means)
    "complete": (
        _("Completeness"), "missing",
        _("Filled values ÷ records of the source that it still has. A cell that reading refused is filled; a date that stands for “not known” (0000-00-00, 1900-01-01) is not. Organisations have no date of birth and no gender: their records do not count there."),
    ),
    "valid": (
        _("Validity"), "invalid",
        _("Values in a possible form ÷ filled values. Phones: an international number, not 12345678 and not one digit repeated; e-mail: something@something.something; address: six letters or more with a number; birth: a day since 1900; names without numbers. What reading refused is not valid (a test number, words where a number should stand), nor what the matching named as test data or swapped columns."),
    ),
    "unique": (
        _("Uniqueness"), "shared",
        _("Values that stand once in the source ÷ filled values. Phone and e-mail: no other record of this source has the same one. Name: the source has no second record of the same customer. Households that share a phone count as shared: that is a hint, not always a mistake."),
    ),
    "fresh": (
        _("Freshness"), "stale",
        _("Values that the source said, or somebody verified, within the days that are set ÷ filled values. A system that tells no dates has none that are fresh until they change or are verified."),
    ),
    "consistent": (
        _("Consistency"), "differs",
        _("Values that are what the golden record says ÷ filled values, over customers whom more than one source knows. A phone, e-mail or address agrees when it is in use and not found wrong; a refused cell never does. With one source there is nothing to compare."),
    ),
}  # fmt: skip
"""The words of a definition stand on the page, one press away from each figure."""

ORDER = {
    (field, fault): at * len(FAULTS) + n
    for at, field in enumerate(FIELDS)
    for n, fault in enumerate(FAULTS)
}
ALONE = 1 << len(ORDER)
"""Only one source knows the customer, or nobody knows yet who it is."""
ORGANISATION = ALONE << 1
"""The record speaks of an organisation."""
OF_PEOPLE = {"born_on", "gender"}
"""What an organisation cannot have; of its records these fields say nothing, good or bad."""


def bit(field: str, fault: str) -> int:
    """The bit of one fault of one field; KeyError for what is none."""
    return 1 << ORDER[field, fault]


NOT_KNOWN = ("zero_date", "placeholder_date")
"""Cells by which a source says that it does not know: they are missing, not wrong."""
CUT_OUT = "registration_number"
"""A number of a resident was cut out of a cell; what else stood there may be right."""


def refused_path(field: str, *but: str) -> str:
    """The refused cells of a field (`SourceRecord.refused`), but for some reasons."""
    reasons = "".join(f' && @[1] != "{why}"' for why in but)
    return f"""'strict $[*] ? (@[0] == "{field}"{reasons})', '{{}}', true"""


KEPT = {field: f"nullif(btrim(r.values ->> '{field}'), '')" for field in FIELDS}
CELL = {
    field: f"jsonb_path_query_first(r.refused, {refused_path(field, *NOT_KNOWN)}) ->> 2"
    for field in FIELDS
}
SAID = {field: f"coalesce({KEPT[field]}, {CELL[field]})" for field in FIELDS}
"""What a record says of a field: its value, or the cell that was refused in its place."""
REFUSED = {
    field: f"CASE WHEN r.refused IS NULL THEN false WHEN {KEPT[field]} IS NULL"
    f" THEN {CELL[field]} IS NOT NULL"
    f" ELSE jsonb_path_exists(r.refused, {refused_path(field, *NOT_KNOWN, CUT_OUT)}) END"
    for field in FIELDS
}
"""Whether what it says was refused; some is kept as it came, such as a name without letters."""
LETTERS = "regexp_replace(lower({}), '\\s', '', 'g')"
INVALID = {
    "name": "length({v}) < 2 OR {v} ~ '[0-9]{{4}}' OR strange && ARRAY['test_data', 'swapped']::varchar[]",
    "phone": "regexp_replace({v}, '[-\\s()]', '', 'g') !~ '^(\\+[1-9][0-9]{{7,14}}|0[0-9]{{8,10}})$'"
    " OR {v} ~ '12345678$' OR {v} ~ '([0-9])\\1{{6}}$' OR strange && ARRAY['phone', 'swapped']::varchar[]",
    "email": "{v} !~ '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$' OR strange && ARRAY['email']::varchar[]",
    "address": "length({v}) < 6 OR {v} !~ '[0-9]'",
    "born_on": "{v} !~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' OR {v} NOT BETWEEN '1900-01-01' AND %(today)s::text"
    " OR strange && ARRAY['birth']::varchar[]",
    "gender": "lower(left({v}, 1)) NOT IN ('m', 'f', '남', '여')",
}
REACHED = ("phone", "email", "address")
DIFFERS = {
    "name": f"{LETTERS.format('{v}')} <> {LETTERS.format('golden_name')}",
    "born_on": "{v} IS DISTINCT FROM golden_born",
    "gender": "lower(left({v}, 1)) IS DISTINCT FROM golden_gender",
    **{way: f"coalesce({way}_state, 'wrong') IN ('wrong', 'moved')" for way in REACHED},
}
SHARED = {
    "name": "same_customer > 1", "phone": "same_phone > 1", "email": "same_email > 1",
}  # fmt: skip


def bits_sql() -> str:
    """One whole number with a bit for each fault, over the columns of `keeping.SEEN`."""
    terms = []
    for field in FIELDS:
        value, since = f"v_{field}", f"since_{field}"
        applies = "kind <> 'organisation' AND " if field in OF_PEOPLE else ""
        said = f"{value} IS NOT NULL AND "
        tests = {
            "missing": f"{value} IS NULL",
            "invalid": f"{said}(refused_{field} OR {INVALID[field].format(v=value)})",
            "shared": f"{said}{value} <> '' AND {SHARED[field]}" if field in SHARED else "",
            "stale": f"{said}coalesce({since} < %(fresh)s, true)",
            "differs": f"{said}sources > 1 AND (refused_{field} OR {DIFFERS[field].format(v=value)})",
        }
        terms += [
            f"CASE WHEN {applies}{test} THEN {bit(field, fault)} ELSE 0 END"
            for fault, test in tests.items()
            if test
        ]
    terms += [
        f"CASE WHEN sources > 1 THEN 0 ELSE {ALONE} END",
        f"CASE WHEN kind = 'organisation' THEN {ORGANISATION} ELSE 0 END",
    ]
    return " + ".join(terms)
