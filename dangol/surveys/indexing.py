"""The page that defines the index of a process."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dangol.core.access import needs
from dangol.surveys import actions
from dangol.surveys.asking import in_words
from dangol.surveys.models import Index, Process


@needs("surveys.see")
def index(request: HttpRequest, process: str) -> HttpResponse:
    """Items, weights, and the formula in words; new weights hold from now on."""
    if process not in Process.values:
        raise Http404
    may_edit = request.user.can("surveys.edit")  # type: ignore[union-attr]
    errors: list[str] = []
    known = list(
        Index.objects.filter(process=process).select_related("defined_by").order_by("-number")
    )
    items = known[0].items if known else []
    if request.method == "POST" and may_edit:
        items = sent_items(request)
        try:
            actions.define_index(process, items, by=request.user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            errors = refusal.messages
        else:
            messages.success(request, _("These weights hold from now on."))
            return redirect("surveys:index", process)
    more = {"history": known, "errors": errors, "may_edit": may_edit}
    status = 422 if errors else 200
    return render(request, "surveys/index.html", formula(process, items) | more, status=status)


def formula(process: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    """The items with their shares of the whole, and how they are added up, in words."""
    weight = sum(i["weight"] for i in items if isinstance(i["weight"], int)) or 1
    return {
        "process": process,
        "label": Process(process).label,
        "processes": [(p, Process(p).label, f"../{p}/") for p in Process.values if p != "other"],
        "items": [
            (i, round(100 * i["weight"] / weight) if isinstance(i["weight"], int) else 0)
            for i in items
        ],
        "formula": " + ".join(
            f"{i['weight']} × {in_words(i['text'])}" for i in items if i["weight"]
        ),
        "weight": weight,
    }


def sent_items(request: HttpRequest) -> list[dict[str, object]]:
    """The items of the form; a line without key and names is left out."""
    columns = [request.POST.getlist(name) for name in ("key", "ko", "en", "weight")]
    return [
        {
            "key": key.strip(),
            "text": {"ko": ko, "en": en},
            "weight": int(weight) if weight.isdecimal() and len(weight) < 6 else None,
        }
        for key, ko, en, weight in zip(*columns, strict=False)
        if key.strip() or ko.strip()
    ]
