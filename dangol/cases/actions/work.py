"""Working on a case: whose turn, who does it, notes and files."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.cases.actions.escalate import people_at
from dangol.cases.actions.turn import address_of, links_of, locked, pass_turn, store
from dangol.cases.clock import allowed_minutes, set_deadlines
from dangol.cases.events import CaseChanged, CaseHandedOver, CaseMoved
from dangol.cases.models import Attachment, Case, Holder, Note
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.live import announce
from dangol.core.models import User
from dangol.core.notices import notify
from dangol.places.models import Place
from dangol.places.queries import ancestors

LARGEST_FILE = 20 * 2**20
LONGEST_NOTE = 20_000
"""Characters: every note stands on the case's page in full."""


def must_be_open(case: Case) -> None:
    """Nothing is done to a case that is resolved or closed."""
    if case.closed_at or case.resolved_at:
        raise ValidationError(_("The case is already resolved. Reopen it first."))


@transaction.atomic
def hand_over_case(
    case: Case,
    holder: Holder | str,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    note: str = "",
) -> Case:
    """Give the turn to the site, head office or the customer; giving it twice changes nothing."""
    case = locked(case)
    must_be_open(case)
    if case.holder == holder:
        return case
    if holder == Holder.SITE and case.place.closed_at:
        raise ValidationError({"holder": _("This site is closed.")})
    moment = at or timezone.now()
    before = case.holder
    pass_turn(case, Holder(holder), at=moment, by=by, reason="handed over")
    store(case, moment)
    record_change(
        "hand_over_case",
        case,
        by=by,
        at=moment,
        changes={"holder": [before, str(holder)]},
        reason=note,
    )
    publish(
        CaseHandedOver(
            **links_of(case),
            holder=str(holder),
        ),
        by=by,
        at=moment,
    )
    if note and by:
        add_note(case, note, by=by)
    return case


@transaction.atomic
def hand_over_cases_of(place_id: uuid.UUID, *, by: User | None, at: dt.datetime) -> int:
    """Give every case that waits at a site that closes to head office; how many."""
    waiting = Case.objects.filter(
        place_id=place_id, holder=Holder.SITE, closed_at=None, resolved_at=None
    )
    cases = list(waiting.select_related("place"))
    for case in cases:
        hand_over_case(case, Holder.HEAD_OFFICE, by=by, at=at, note=_("The site was closed."))
    if cases:
        above = ancestors(cases[0].place).exclude(pk=place_id).order_by("-lo")
        people = next((found for place in above if (found := people_at(place))), [])
        for person in people:
            notify(
                person,
                lambda: (
                    _("%(site)s was closed: %(count)s open cases wait for head office")
                    % {"site": cases[0].place, "count": len(cases)}
                ),
                reverse("cases:list"),
            )
    return len(cases)


@transaction.atomic
def move_case(case: Case, place: Place, *, by: User | None, at: dt.datetime | None = None) -> Case:
    """Give the case to another site: its calendar counts from now on, the minutes used stay."""
    case = locked(case)
    must_be_open(case)
    if place.kind != "site":
        raise ValidationError({"place": _("A case is owned by a site.")})
    if place.closed_at:
        raise ValidationError({"place": _("This site is closed.")})
    if place.pk == case.place_id:
        return case
    moment = at or timezone.now()
    before, left = case.place.code, case.place_id
    case.place, case.assigned_to = place, None
    pass_turn(case, Holder(case.holder), at=moment, by=by, reason="moved", place=place)
    store(case, moment)
    record_change("move_case", case, by=by, at=moment, changes={"place": [before, place.code]})
    publish(CaseMoved(**links_of(case), from_place_id=str(left)), by=by, at=moment)
    return case


@transaction.atomic
def assign_case(case: Case, to: User | None, *, by: User | None) -> Case:
    """Say who works on it; the person is told."""
    case = locked(case)
    must_be_open(case)
    before = case.assigned_to
    if before == to:
        return case
    case.assigned_to = to
    case.revision += 1
    case.save()
    record_change("assign_case", case, by=by, changes={"assigned_to": [before, to]})
    if to and to != by:
        notify(
            to,
            lambda: _("Case #%(number)s is yours") % {"number": case.number},
            address_of(case),
        )
    announce(f"case:{case.pk}")
    return case


@transaction.atomic
def change_case(
    case: Case, *, by: User | None, at: dt.datetime | None = None, **fields: Any
) -> Case:
    """Correct category, priority, title or description; the clock follows category and priority."""
    case = locked(case)
    must_be_open(case)
    unknown = set(fields) - {"category", "priority", "title", "description"}
    if unknown:
        raise ValidationError(_("These fields cannot be edited: %s") % ", ".join(sorted(unknown)))
    changes = {k: [getattr(case, k), v] for k, v in fields.items() if getattr(case, k) != v}
    if not changes:
        return case
    for name, (_old, new) in changes.items():
        setattr(case, name, new)
    case.minutes = allowed_minutes(case.category.minutes, case.priority)
    store(case, at or timezone.now())
    record_change("change_case", case, by=by, changes=changes)
    publish(CaseChanged(**links_of(case)), by=by, at=at)
    return case


@transaction.atomic
def add_note(case: Case, text: str, *, by: User) -> Note:
    """Say something inside the company; people named like @name@example.com or @name are told."""
    if not text.strip():
        raise ValidationError({"text": _("A note cannot be empty.")})
    if len(text) > LONGEST_NOTE:
        raise ValidationError(
            {"text": _("At most %(n)s characters; attach a file for more.") % {"n": LONGEST_NOTE}}
        )
    note = Note.objects.create(case=case, by=by, text=text.strip())
    people = mentioned(text, case)
    note.mentions.set(people)
    for person in people:
        if person != by:
            notify(
                person,
                lambda: (
                    _("%(name)s named you in case #%(number)s")
                    % {"name": by, "number": case.number}
                ),
                address_of(case),
            )
    record_change("add_note", case, by=by)
    announce(f"case:{case.pk}")
    return note


def mentioned(text: str, case: Case) -> list[User]:
    """Who is named with @: by e-mail address, its part before the @, or name without blanks."""
    words = {w.rstrip(".,:;!?").lower() for w in re.findall(r"@(\S+)", text)}
    if not words:
        return []
    near = User.objects.filter(
        is_active=True,
        grants__revoked_at=None,
        grants__place__lo__lte=case.place.lo,
        grants__place__hi__gte=case.place.hi,
    ).distinct()
    return [
        u
        for u in near
        if {u.email.lower(), u.email.lower().split("@")[0], u.name.replace(" ", "").lower()} & words
    ]


@transaction.atomic
def attach_file(case: Case, upload: UploadedFile, *, by: User) -> Attachment:
    """Keep a file with the case."""
    size = upload.size or 0
    if size > LARGEST_FILE:
        raise ValidationError({"file": _("The file is larger than 20 MB.")})
    if size == 0:
        raise ValidationError({"file": _("The file is empty.")})
    attachment = Attachment.objects.create(
        case=case, by=by, file=upload, name=(upload.name or "file")[:200], size=size
    )
    record_change("attach_file", case, by=by, changes={"file": [None, attachment.name]})
    announce(f"case:{case.pk}")
    return attachment


def rederive_deadlines(place: Place, at: dt.datetime | None = None) -> int:
    """Derive the clocks of a place's open cases again, after its calendar changed; how many."""
    moment = at or timezone.now()
    count = 0
    open_cases = Case.objects.filter(
        closed_at=None, resolved_at=None, place__lo__range=(place.lo, place.hi)
    )
    for key in open_cases.values_list("pk", flat=True):
        with transaction.atomic():
            case = locked(Case(pk=key))
            set_deadlines(case, list(case.stints.select_related("place")), moment)
            case.save(update_fields=["due_at", "warn_at"])
            count += 1
    return count
