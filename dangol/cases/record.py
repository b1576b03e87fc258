"""What the page of one case shows."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.cases import forms
from dangol.cases.clock import minutes_by_holder, read_clock
from dangol.cases.lists import MEANINGS, PRIORITY_MEANINGS, STATES
from dangol.cases.models import Case, Holder, Priority
from dangol.cases.queries import people_for
from dangol.core.masking import shown_words
from dangol.core.models import AuditEntry

VERBS = {
    "open_case": lambda: _("opened the case"),
    "hand_over_case": lambda: _("passed the turn"),
    "move_case": lambda: _("moved it to another site"),
    "assign_case": lambda: _("assigned it"),
    "change_case": lambda: _("corrected it"),
    "attach_file": lambda: _("added a file"),
    "resolve_case": lambda: _("resolved it"),
    "reopen_case": lambda: _("opened it again"),
    "close_case": lambda: _("closed it"),
}


def case_context(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Everything on the page, in a fixed number of queries."""
    now = timezone.now()
    stints = list(case.stints.select_related("place", "by"))
    reading = read_clock(case, stints, now)
    held = minutes_by_holder(stints, now)
    happened, files = happenings(case), list(case.attachments.select_related("by"))
    notes = sum(one["note"] for one in happened)
    return {
        "case": case,
        "shown_state": state_as_told(case.revision, notes, len(files)),
        "state": STATES[case.state][0],
        "meaning": MEANINGS[case.state],
        "priority_meaning": PRIORITY_MEANINGS.get(Priority(case.priority), ""),
        "reading": reading,
        "warn": round(case.minutes * 60 / 4),
        "held": [(Holder(k).label, round(v)) for k, v in held.items()],
        "stints": stints,
        "happenings": happened,
        "files": files,
        "escalations": list(case.escalations.select_related("place")),
        "people": people_for(case) if case.state in {"open", "waiting"} else [],
        "holders": [(h.value, h.label) for h in Holder if h.value != case.holder],
        "resolve_form": forms.ResolveForm(),
        "close_form": forms.CloseForm(),
        "note_form": forms.NoteForm(),
        "file_form": forms.FileForm(),
        "move_form": forms.MoveForm(request.user),  # type: ignore[arg-type]
        "edit_form": forms.EditCaseForm(instance=case),
        "may_work": request.user.can("cases.work"),  # type: ignore[union-attr]
        "call_url": reverse("interactions:interaction", args=[case.interaction_id])
        if case.interaction_id
        else "",
    }


def state_as_told(revision: int, notes: int, files: int) -> str:
    """What the page shows, in the very letters in which the stream tells it (see topics.py)."""
    told = {"revision": revision, "notes": notes, "files": files}
    return json.dumps(told, separators=(",", ":"))


def happenings(case: Case) -> list[dict[str, Any]]:
    """Notes and changes in one line of time, the newest first."""
    entries: list[dict[str, Any]] = [
        {
            "at": n.created_at,
            "who": n.by,
            "text": shown_words(n.text),
            "icon": "message-square",
            "note": True,
        }
        for n in case.notes.select_related("by")
    ]
    for entry in AuditEntry.objects.filter(subject_id=case.pk).select_related("by"):
        if entry.verb in VERBS:
            entries.append(
                {
                    "at": entry.created_at,
                    "who": entry.by or _("The system"),
                    "text": VERBS[entry.verb](),
                    "icon": "history",
                    "note": False,
                    "changes": shown_changes(entry.changes),
                    "reason": shown_words(entry.reason),
                }
            )
    return sorted(entries, key=lambda e: e["at"], reverse=True)


HOLDERS = {holder.value: holder.label for holder in Holder}


def shown_changes(changes: dict[str, Any]) -> list[str]:
    """Each change as "before → after"."""
    return [
        " → ".join(
            HOLDERS.get(value, shown_words(str(value))) for value in pair if value not in (None, "")
        )
        for pair in changes.values()
        if isinstance(pair, list) and not any(isinstance(value, bool) for value in pair)
    ]
