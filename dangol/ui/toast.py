"""Words at the foot of the screen after an action, with the way back."""

import json

from django.http import HttpResponse


def toast(response: HttpResponse, text, *, meaning="good", undo="", undo_label="") -> HttpResponse:
    """Show a short notice with the answer of an htmx request; `undo` is what reverts it."""
    notice = {"text": str(text), "meaning": meaning}
    if undo:
        notice |= {"undo": undo, "undo_label": str(undo_label)}
    return tell(response, "dangol:toast", notice)


def tell(response: HttpResponse, event: str, detail) -> HttpResponse:
    """Send an event to the page along with the answer."""
    told = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps({**told, event: detail})
    return response


def tell_changed(response: HttpResponse) -> HttpResponse:
    """Have the panels of the page fetched again that tell of the same record."""
    return tell(response, "dangol:changed", True)
