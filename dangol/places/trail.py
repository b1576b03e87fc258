"""The audit trail and the access log in words that a privacy officer reads.

An app above lends the words of what it writes and shows, and how its fields may be seen, in its own
trail.py:

    lend_words({"merge_customers": _("Customers merged")}, {"identity.run": _("Matching run")})
    lend_pages({"merges": _("List of merges"), "api merge": _("Merge of two customers")})
    lend_fields("customers.customer", field_of)
    lend_labels({"paused_at": _("Paused on")})
    lend_names("sources.run", run_names)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as told_now
from django.utils.translation import gettext_lazy as _

from dangol.core.masking import shown_words
from dangol.core.models import AuditEntry
from dangol.core.roles import Role
from dangol.places.models import Place

VERBS: dict[str, str | Promise] = {
    "cancel_import": _("Import cancelled"),
    "change_person": _("Account changed"),
    "change_place": _("Place changed"),
    "end_person": _("Account ended"),
    "grant_role": _("Role granted"),
    "invite_person": _("Account made"),
    "keep_calendar": _("Calendar changed"),
    "open_place": _("Place opened"),
    "revoke_role": _("Role revoked"),
    "set_exception": _("Day of exception set"),
    "set_password": _("Password set"),
    "start_import": _("Import started"),
    "upload_import": _("File uploaded"),
    "warehouse.rebuild_asked": _("Copy for analyses ordered anew"),
}
SUBJECTS: dict[str, str | Promise] = {
    "core.user": _("Account"),
    "imports.import": _("Import"),
    "places.calendar": _("Calendar"),
    "places.calendarexception": _("Day of exception"),
    "places.grant": _("Role"),
    "places.place": _("Place"),
    "warehouse.run": _("Copy for analyses"),
}
FIELDS: dict[str, str | Promise] = {
    "assigned_to": _("Assigned to"),
    "calendar": _("Calendar"),
    "code": _("Code"),
    "email": _("E-mail"),
    "ended_at": _("Ended on"),
    "file": _("File"),
    "hours": _("Opening hours"),
    "name": _("Name"),
    "parent": _("Belongs to"),
    "place": _("Place"),
    "position": _("Position"),
    "tables": _("Tables"),
}
PAGES: dict[str, str | Promise] = {}


ID = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE)
PLAIN = re.compile(r"\d{4}-\d\d-\d\d|-?\d+\.\d+")
"""Days and amounts: no words in which somebody could be named."""


def shown_but_ids(text: str) -> str:
    """Words as the person of this request may see them; ids, days and amounts stand as they are."""
    if PLAIN.fullmatch(text):
        return text
    return "".join(part if ID.fullmatch(part) else shown_words(part) for part in ID.split(text))


lazy_capfirst = lazy(capfirst, str)
Names = Callable[[set[str]], Mapping[str, str]]
"""What rows are called, by their ids: as the person of this request may see it, read at once."""


def place_names(keys: set[str]) -> dict[str, str]:
    """What places are called."""
    return {str(place.pk): str(place) for place in Place.objects.filter(pk__in=keys)}


InWords = Callable[[Any], str | None]
"""A stored value in words; None where it has none of its own."""


def in_words(choices: Iterable[tuple[Any, str | Promise]]) -> InWords:
    """Values among which there is a choice, by their words."""
    words = {str(value): word for value, word in choices}

    def told(value: Any) -> str | None:
        word = words.get(str(value))
        return None if word is None else str(word)

    return told


def grant_in_words(value: Any) -> str | None:
    """The role by its word, and where it holds."""
    role, at, place = str(value).partition(" @ ")
    return f"{Role(role).label}{at}{place}" if role in Role.values else None


@dataclass(frozen=True, slots=True)
class Field:
    """What a field is called, and its stored value as the person of this request may see it."""

    label: str | Promise
    shown: Callable[[str], str] = shown_but_ids
    told: InWords = in_words(())
    names: Names | None = None
    """Its value is the id of a row, which is called so."""


_fields: dict[str, list[Callable[[str], Field | None]]] = {}
_names: dict[str, Names] = {}


def lend_words(
    verbs: Mapping[str, str | Promise], subjects: Mapping[str, str | Promise] | None = None
) -> None:
    """Lend words for what is done, and for what it is done to."""
    VERBS.update(verbs)
    SUBJECTS.update(subjects or {})


def lend_pages(pages: Mapping[str, str | Promise]) -> None:
    """Lend words for the pages on which customers are shown, by what the access log calls them; what
    programs are shown begins with “api ”."""
    PAGES.update(pages)


def lend_fields(subject: str, field_of: Callable[[str], Field | None]) -> None:
    """Lend fields of a subject; None for one of which an app below, or the trail itself, tells."""
    _fields.setdefault(subject, []).insert(0, field_of)


def lend_labels(labels: Mapping[str, str | Promise]) -> None:
    """Lend words for fields that their models do not name."""
    FIELDS.update(labels)


def lend_names(subject: str, names: Names) -> None:
    """Lend what the rows of a subject are called."""
    _names[subject] = names


def field_of(entry: AuditEntry, name: str) -> Field:
    """What a field of a changed row is."""
    lent = (field_of(name) for field_of in _fields.get(entry.subject_type, ()))
    return next(filter(None, lent), None) or by_model(entry.subject_type, name)


@lru_cache(maxsize=2000)
def by_model(subject: str, name: str) -> Field:
    """A field as its model names it and the values among which it has its choice."""
    try:
        column = apps.get_model(subject)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return Field(FIELDS.get(name, name))
    label = getattr(column, "verbose_name", None)
    named = lazy_capfirst(label) if isinstance(label, Promise) else FIELDS.get(name, name)
    return Field(named, told=in_words(getattr(column, "flatchoices", ())))


def of_a_place(name: str) -> Field:
    """A site's phone, address and name are nobody's: never masked."""
    return replace(by_model("places.place", name), shown=str)


def whose_keys_are_others(subject: str, *own: str) -> None:
    """Of such a row only these fields are its own: other names in its changes were given by people, and
    mean what they chose."""
    lend_fields(subject, lambda name: None if name in own else Field(name))


lend_fields("places.place", of_a_place)
lend_fields("core.user", {"grant": Field(_("Role"), told=grant_in_words)}.get)


def verbs_by_word() -> list[tuple[str, str]]:
    """Everything that can be done, by its words."""
    return sorted(((verb, str(word)) for verb, word in VERBS.items()), key=lambda pair: pair[1])


def told_verb(entry: AuditEntry) -> str:
    """What was done, as a sentence's core."""
    return str(VERBS.get(entry.verb, entry.verb.replace("_", " ")))


def told_page(what: str) -> str:
    """The page on which customers were shown."""
    word = str(PAGES.get(what, what.removeprefix("api ")))
    return f"API · {word}" if what.startswith("api ") else word


def pages_by_word() -> list[tuple[str, str]]:
    """Everywhere where customers are shown, by its words: pages, then what programs ask for."""
    told = ((what, told_page(what)) for what in PAGES)
    return sorted(told, key=lambda pair: (pair[0].startswith("api "), pair[1]))


def told_subject(entry: AuditEntry) -> str:
    """The kind of row, and what the row is called where that is known."""
    kind = str(SUBJECTS.get(entry.subject_type, entry.subject_type.rpartition(".")[2]))
    names: dict[str, str] = getattr(entry, "names", {})
    called = names.get(str(entry.subject_id)) if entry.subject_type in _names else None
    return f"{kind}: {called}" if called else kind


def name_rows(entries: Iterable[AuditEntry]) -> None:
    """Read what all rows are called of which these entries speak, each kind at once."""
    entries = list(entries)
    wanted: dict[Names, set[str]] = {}
    for entry in entries:
        if names := _names.get(entry.subject_type):
            wanted.setdefault(names, set()).add(str(entry.subject_id))
        for name, change in entry.changes.items():
            if names := field_of(entry, name).names:
                keys = change if isinstance(change, list) else [change]
                ids = (key for key in keys if isinstance(key, str) and ID.fullmatch(key))
                wanted.setdefault(names, set()).update(ids)
    found = [names(keys) for names, keys in wanted.items() if keys]
    called = {key: word for some in found for key, word in some.items()}
    for entry in entries:
        entry.names = called  # type: ignore[attr-defined]


def told_changes(entry: AuditEntry) -> str:
    """Each field with what it was and what it is, as the person of this request may see it."""
    names: dict[str, str] = getattr(entry, "names", {})
    told = []
    for name, change in entry.changes.items():
        if isinstance(change, list) and len(change) == 2 and change[0] == change[1]:
            continue
        field = field_of(entry, name)
        told.append(f"{field.label}: {told_change(change, field, names)}")
    return "; ".join(told)[:200]


def told_change(change: Any, field: Field, names: Mapping[str, str]) -> str:
    """Before → after; what was empty before is left out."""
    if not isinstance(change, list) or len(change) != 2:
        return told_value(change, field, names)
    before, after = (told_value(value, field, names) for value in change)
    return after if change[0] in (None, "", []) else f"{before} → {after}"


def told_value(value: Any, field: Field, names: Mapping[str, str]) -> str:
    """A stored value for reading."""
    if value is None or value in ("", []):
        return "–"
    if (word := field.told(value)) is not None:
        return word
    if isinstance(value, bool):
        return told_now("yes") if value else told_now("no")
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return ", ".join(told_value(one, field, names) for one in value)
    text = str(value)
    if field.names and ID.fullmatch(text):
        return names.get(text, text)
    if text[4:5] == "-" and text[10:11] == "T" and (moment := parse_datetime(text)):
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        return date_format(local, "SHORT_DATETIME_FORMAT")
    return field.shown(text)
