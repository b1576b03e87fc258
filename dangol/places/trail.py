"""The audit trail and the access log in words that a privacy officer reads.

An app above lends the words of what it writes, and how its fields may be seen, in its own trail.py:

    lend_words({"merge_customers": _("Customers merged")}, {"identity.run": _("Matching run")})
    lend_fields("customers.customer", field_of)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as told_now
from django.utils.translation import gettext_lazy as _

from dangol.core.masking import shown_words
from dangol.core.models import AuditEntry
from dangol.places.models import Place

VERBS: dict[str, str | Promise] = {
    "add_category": _("Category added"),
    "add_contact_point": _("Contact point added"),
    "choose_contact_point": _("Contact point chosen"),
    "add_customer": _("Customer added"),
    "add_note": _("Note added"),
    "add_product": _("Product added"),
    "add_relation": _("Relation added"),
    "add_stage": _("Stage added"),
    "assign_case": _("Case assigned"),
    "attach_file": _("File attached"),
    "cancel_import": _("Import cancelled"),
    "change_case": _("Case changed"),
    "change_customer": _("Customer changed"),
    "change_person": _("Account changed"),
    "change_place": _("Place changed"),
    "change_programme": _("Programme changed"),
    "change_stage": _("Stage changed"),
    "change_state": _("Agent state changed"),
    "check_contact_point": _("Contact point checked"),
    "close_case": _("Case closed"),
    "complete_response": _("Answers completed"),
    "correct_note": _("Note corrected"),
    "correct_response": _("Answers corrected"),
    "create_survey": _("Survey created"),
    "define_index": _("Index defined"),
    "drop_target": _("Due call dropped"),
    "end_person": _("Account ended"),
    "end_relation": _("Relation ended"),
    "end_rule": _("Rule ended"),
    "end_stage": _("Stage ended"),
    "grant_role": _("Role granted"),
    "hand_over": _("Due calls handed over"),
    "hand_over_case": _("Case handed over"),
    "invite": _("Personal link made"),
    "invite_person": _("Account made"),
    "keep_calendar": _("Calendar changed"),
    "make_token": _("API token made"),
    "move_case": _("Case moved to another site"),
    "open_case": _("Case opened"),
    "open_place": _("Place opened"),
    "open_programme": _("Programme opened"),
    "pause": _("Programme paused"),
    "publish_version": _("Survey version published"),
    "record_transaction": _("Transaction recorded"),
    "rename_survey": _("Survey renamed"),
    "reopen_case": _("Case reopened"),
    "reprioritise": _("Priority changed"),
    "resolve_case": _("Case resolved"),
    "resume": _("Programme resumed"),
    "revoke_role": _("Role revoked"),
    "revoke_token": _("API token revoked"),
    "set_exception": _("Day of exception set"),
    "set_password": _("Password set"),
    "set_rule": _("Rule set"),
    "start_import": _("Import started"),
    "transfer_call": _("Call transferred"),
    "unmask_customer": _("Customer shown whole"),
    "upload_import": _("File uploaded"),
    "warehouse.rebuild_asked": _("Copy for analyses ordered anew"),
    "withdraw_response": _("Answers withdrawn"),
}
SUBJECTS: dict[str, str | Promise] = {
    "api.token": _("API token"),
    "campaigns.campaign": _("Programme"),
    "campaigns.stage": _("Stage"),
    "campaigns.target": _("Due call"),
    "cases.case": _("Case"),
    "cases.category": _("Category"),
    "cases.rule": _("Case rule"),
    "core.user": _("Account"),
    "customers.contactpoint": _("Contact point"),
    "customers.customer": _("Customer"),
    "imports.import": _("Import"),
    "interactions.interaction": _("Conversation"),
    "places.calendar": _("Calendar"),
    "places.calendarexception": _("Day of exception"),
    "places.grant": _("Role"),
    "places.place": _("Place"),
    "purchases.product": _("Product"),
    "purchases.transaction": _("Transaction"),
    "surveys.index": _("Index"),
    "surveys.response": _("Answers"),
    "surveys.survey": _("Survey"),
    "surveys.version": _("Survey version"),
    "warehouse.run": _("Copy for analyses"),
}
FIELDS: dict[str, str | Promise] = {
    "completed_at": _("Completed"),
    "confirmed": _("Confirmed"),
    "email": _("E-mail"),
    "link": _("Personal link"),
    "name": _("Name"),
    "phone": _("Phone"),
    "resolution": _("Resolution"),
    "source_key": _("Source key"),
    "state": _("State"),
    "withdrawn_at": _("Withdrawn"),
}
PAGES = {
    "answers": _("Answers"),
    "board": _("Board"),
    "case": _("Case page"),
    "case file": _("File of a case"),
    "cases": _("List of cases"),
    "conversation": _("Conversation page"),
    "conversations": _("List of conversations"),
    "customer": _("Customer page"),
    "customer doubles": _("Search for double customers"),
    "customers": _("List of customers"),
    "decisions": _("Reasons of choice"),
    "desk": _("Desk"),
    "find": _("Search"),
    "new case": _("New case"),
    "happy calls": _("Happy calls of a customer"),
    "purchase": _("Purchase page"),
    "purchases": _("List of purchases"),
    "targets": _("Due calls"),
    "unmask": _("Shown whole"),
}


ID = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})", re.IGNORECASE)
PLAIN = re.compile(r"\d{4}-\d\d-\d\d|-?\d+\.\d+")
"""Days and amounts: no words in which somebody could be named."""


def shown_but_ids(text: str) -> str:
    """Words as the person of this request may see them; ids, days and amounts stand as they are."""
    if PLAIN.fullmatch(text):
        return text
    return "".join(part if ID.fullmatch(part) else shown_words(part) for part in ID.split(text))


@dataclass(frozen=True, slots=True)
class Field:
    """What a field is called, and its stored value as the person of this request may see it."""

    label: str | Promise
    shown: Callable[[str], str] = shown_but_ids
    place: bool = False
    """Its value is the id of a place."""


_fields: dict[str, Callable[[str], Field | None]] = {}


def lend_words(
    verbs: Mapping[str, str | Promise], subjects: Mapping[str, str | Promise] | None = None
) -> None:
    """Lend words for what is done, and for what it is done to."""
    VERBS.update(verbs)
    SUBJECTS.update(subjects or {})


def lend_fields(subject: str, field_of: Callable[[str], Field | None]) -> None:
    """Lend the fields of a subject; None for one that the trail tells in its own words."""
    _fields[subject] = field_of


lend_fields("places.place", lambda name: Field(FIELDS.get(name, name), str))
"""A site's phone and address are nobody's."""


def field_of(entry: AuditEntry, name: str) -> Field:
    """What a field of a changed row is."""
    lent = _fields.get(entry.subject_type)
    return (lent(name) if lent else None) or Field(FIELDS.get(name, name))


def verbs_by_word() -> list[tuple[str, str]]:
    """Everything that can be done, by its words."""
    return sorted(((verb, str(word)) for verb, word in VERBS.items()), key=lambda pair: pair[1])


def told_verb(entry: AuditEntry) -> str:
    """What was done, as a sentence's core."""
    return str(VERBS.get(entry.verb, entry.verb.replace("_", " ")))


def told_page(what: str) -> str:
    """The page on which customers were shown."""
    if what.startswith("api "):
        return "API · " + str(PAGES.get(what[4:], what[4:]))
    return str(PAGES.get(what, what))


def told_subject(entry: AuditEntry) -> str:
    """The kind of row."""
    return str(SUBJECTS.get(entry.subject_type, entry.subject_type.rpartition(".")[2]))


def name_places(entries: Iterable[AuditEntry]) -> None:
    """Read the names of all places that these entries speak of, at once."""
    entries = list(entries)
    keys = {
        key
        for entry in entries
        for name, change in entry.changes.items()
        if field_of(entry, name).place
        for key in (change if isinstance(change, list) else [change])
        if isinstance(key, str) and ID.fullmatch(key)
    }
    rows = Place.objects.filter(pk__in=keys) if keys else ()
    names = {str(place.pk): str(place) for place in rows}
    for entry in entries:
        entry.places = names  # type: ignore[attr-defined]


def told_changes(entry: AuditEntry) -> str:
    """Each field with what it was and what it is, as the person of this request may see it."""
    names: dict[str, str] = getattr(entry, "places", {})
    told = []
    for name, change in entry.changes.items():
        if isinstance(change, list) and len(change) == 2 and change[0] == change[1]:
            continue
        field = field_of(entry, name)
        told.append(f"{field.label}: {told_change(change, field, names)}")
    return "; ".join(told)[:200]


def told_change(change: Any, field: Field, places: Mapping[str, str]) -> str:
    """Before → after; what was empty before is left out."""
    if not isinstance(change, list) or len(change) != 2:
        return told_value(change, field, places)
    before, after = (told_value(value, field, places) for value in change)
    return after if change[0] in (None, "", []) else f"{before} → {after}"


def told_value(value: Any, field: Field, places: Mapping[str, str]) -> str:
    """A stored value for reading."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return told_now("yes") if value else told_now("no")
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return ", ".join(told_value(one, field, places) for one in value)
    text = str(value)
    if field.place:
        return places.get(text, text)
    if text[4:5] == "-" and text[10:11] == "T" and (moment := parse_datetime(text)):
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        return date_format(local, "SHORT_DATETIME_FORMAT")
    return field.shown(text)
