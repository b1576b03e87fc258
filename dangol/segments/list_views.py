"""Pages of uploaded lists."""

from __future__ import annotations

import csv
import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.models import User
from dangol.places.choosing import PlaceField, open_places
from dangol.segments import uploading
from dangol.segments.models import CustomerList
from dangol.segments.queries import lists_visible_to
from dangol.ui.going import sent_to
from dangol.ui.lists import Column, ListPage, record_url
from dangol.ui.lists.export import harmless

SHOWN = 200


class UploadForm(forms.Form):
    """A name, whose it is, and the file."""

    name = forms.CharField(label=_("Name"), max_length=100)
    place = PlaceField(label=_("Place"))
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX: one customer a line, by number, phone or e-mail address."),
    )  # fmt: skip

    def __init__(self, user: User, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["place"].within(user, "segments.upload")  # type: ignore[attr-defined]
        top = open_places(user, "segments.upload").order_by("lo").first()
        self.initial.setdefault("place", top and top.pk)


class UploadedLists(ListPage):
    """Uploaded lists that the person may see."""

    key = "segment-lists"
    title = _("Uploaded lists")
    ability = "segments.see"
    columns = [
        Column("name", _("Name"), main=True, sortable="name"),
        Column("taken", _("Customers"), number=True, sortable=True),
        Column("refused", _("Refused"), number=True, sortable=True),
        Column("place", _("Place"), value=lambda row: str(row.place), dim=True),
        Column("owner", _("By"), value=lambda row: row.owner and str(row.owner), dim=True),
        Column("created_at", _("When"), sortable=True, dim=True),
    ]
    order = "-created_at"
    search = ("name",)
    search_hint = _("Name")
    empty_title = _("No lists yet")
    empty_text = _("Upload a file of customer numbers, phones or e-mail addresses; rules can then ask who is in it.")  # fmt: skip
    page_template = "segments/lists.html"

    def rows(self, request: HttpRequest):  # type: ignore[no-untyped-def]
        return lists_visible_to(request.user).select_related("place", "owner")  # type: ignore[arg-type]

    def row_url(self, row):  # type: ignore[no-untyped-def]
        return record_url("segments:uploaded", row.pk)

    def extra(self, request: HttpRequest) -> dict:
        return {"may_edit": request.user.can("segments.upload")}  # type: ignore[union-attr]


@needs("segments.upload")
def upload(request: HttpRequest) -> HttpResponse:
    """Upload a list."""
    form = UploadForm(request.user, request.POST or None, request.FILES or None)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        try:
            made = uploading.upload_list(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("segments:uploaded", made.pk)
        except ValidationError as refusal:
            form.add_error("file", refusal.messages)  # type: ignore[arg-type]
    return render(
        request, "segments/upload.html", {"form": form}, status=422 if form.errors else 200
    )


@needs("segments.see")
def uploaded(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One list: how many it names, and every line that was refused."""
    made: CustomerList = get_object_or_404(lists_visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    context = {
        "list": made, "may_edit": request.user.can("segments.upload"),  # type: ignore[union-attr]
        "may_build": request.user.can("segments.edit"),  # type: ignore[union-attr]
        "refusals": made.refusals,
        "shown": [(line, told, gettext(why)) for line, told, why in made.refusals[:SHOWN]],
        "untold": made.refused - len(made.refusals[:SHOWN]),
    }  # fmt: skip
    return render(request, "segments/uploaded.html", context)


@needs("segments.upload")
def refusals(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The refused lines as a file, to be mended beside the one that was uploaded."""
    made: CustomerList = get_object_or_404(lists_visible_to(request.user, "segments.upload"), pk=pk)  # type: ignore[arg-type]
    heads = [gettext("Line"), gettext("It said"), gettext("Why")]
    lines = [[line, told, gettext(why)] for line, told, why in made.refusals]
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="refused-{made.pk}.csv"'
    csv.writer(answer).writerows([[harmless(cell) for cell in line] for line in (heads, *lines)])
    return answer


@require_POST
@needs("segments.upload")
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Forget a list."""
    made = get_object_or_404(lists_visible_to(request.user, "segments.upload"), pk=pk)  # type: ignore[arg-type]
    try:
        uploading.end_list(made, by=request.user)  # type: ignore[arg-type]
        messages.success(request, gettext("The list is gone."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return sent_to(request, "segments:uploaded", pk)
    return sent_to(request, "segments:lists")
