"""Pages of cases; each change is one POST to a resource of the case."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.cases import actions, forms
from dangol.cases.lists import MEANINGS, STATES
from dangol.cases.models import Attachment, Case, Holder
from dangol.cases.queries import cases_visible_to, people_for
from dangol.cases.record import case_context
from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.ids import sent_key, uuid7
from dangol.customers.by_id import customer_or_404
from dangol.customers.queries import customer_by_id
from dangol.ui.toast import toast


def the_case(request: HttpRequest, pk: uuid.UUID) -> Case:
    """A case that this person may see, or 404."""
    return get_object_or_404(
        cases_visible_to(request.user).select_related(  # type: ignore[arg-type]
            "customer", "place", "category", "assigned_to", "thread", "thread__transaction"
        ),
        pk=pk,
    )


@needs("cases.see")
def case_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One case: the clock, the customer's words, what was done, who held it when."""
    case = the_case(request, pk)
    record_access(request, "case", [case.customer_id])
    template = "cases/case.html"
    if request.htmx:  # type: ignore[attr-defined]
        template += "#record"
    return render(request, template, case_context(request, case))


def changed(
    request: HttpRequest, pk: uuid.UUID, change: Callable[[Case], Any], said: str
) -> HttpResponse:
    """Do one thing to a case and show it again; an error is told and nothing is changed."""
    case = the_case(request, pk)
    errors: list[str] = []
    try:
        change(case)
    except ValidationError as refusal:
        errors = refusal.messages
    case = cases_visible_to(request.user).filter(pk=pk).first()  # type: ignore[arg-type,assignment]
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("cases:case", pk) if case else redirect("cases:list")
    if case is None:
        raise Http404
    response = render(
        request, "cases/case.html#record", case_context(request, the_case(request, pk))
    )
    if errors:
        return toast(response, " ".join(errors), meaning="bad")
    return toast(response, said)


def filled(form: Any) -> dict[str, Any]:
    """The form's values; its first errors as one refusal."""
    if not form.is_valid():
        raise ValidationError([f"{e}" for errors in form.errors.values() for e in errors])
    return form.cleaned_data


@require_POST
@needs("cases.work")
def resolution(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The site says that it is solved."""

    def change(case: Case) -> None:
        text = filled(forms.ResolveForm(request.POST))["resolution"]
        actions.resolve_case(case, text, by=request.user)  # type: ignore[arg-type]

    return changed(request, pk, change, _("Resolved. The customer will be asked."))


@require_POST
@needs("cases.work")
def confirmation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The customer's word, taken by hand."""
    solved = request.POST.get("solved") == "yes"
    return changed(
        request,
        pk,
        lambda case: actions.confirm_solution(case, solved=solved, by=request.user),  # type: ignore[arg-type]
        _("Closed: the customer is content.") if solved else _("Open again at the site."),
    )


@require_POST
@needs("cases.work")
def closure(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End without the customer's word."""

    def change(case: Case) -> None:
        reason = filled(forms.CloseForm(request.POST))["reason"]
        actions.close_case(case, reason=reason, by=request.user)  # type: ignore[arg-type]

    return changed(request, pk, change, _("Closed."))


@require_POST
@needs("cases.work")
def turn(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand the turn to the site, head office or the customer."""

    def change(case: Case) -> None:
        holder = request.POST.get("holder", "")
        if holder not in Holder.values:
            raise ValidationError(_("Choose whose turn it is."))
        actions.hand_over_case(case, holder, by=request.user)  # type: ignore[arg-type]

    return changed(request, pk, change, _("The turn has passed."))


@require_POST
@needs("cases.work")
def assignment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say who works on it."""

    def change(case: Case) -> None:
        chosen = request.POST.get("person", "")
        person = people_for(case).filter(pk=chosen).first() if chosen else None
        if chosen and person is None:
            raise ValidationError(_("This person does not work for that site."))
        actions.assign_case(case, person, by=request.user)  # type: ignore[arg-type]

    return changed(request, pk, change, _("Assigned."))


@require_POST
@needs("cases.work")
def site(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the case to another site."""

    def change(case: Case) -> None:
        place = filled(forms.MoveForm(request.user, request.POST))["place"]  # type: ignore[arg-type]
        actions.move_case(case, place, by=request.user)  # type: ignore[arg-type]

    return changed(request, pk, change, _("Moved."))


@require_POST
@needs("cases.work")
def facts(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Correct title, category, priority or description."""

    def change(case: Case) -> None:
        fields = filled(forms.EditCaseForm(request.POST))
        actions.change_case(case, by=request.user, **fields)  # type: ignore[arg-type]

    return changed(request, pk, change, _("Saved."))


@require_POST
@needs("cases.work")
def notes(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a note."""

    def change(case: Case) -> None:
        text = filled(forms.NoteForm(request.POST))["text"]
        actions.add_note(case, text, by=request.user)  # type: ignore[arg-type]

    return changed(request, pk, change, _("Noted."))


@require_POST
@needs("cases.work")
def files(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep a file with the case."""

    def change(case: Case) -> None:
        upload = filled(forms.FileForm(request.POST, request.FILES))["file"]
        actions.attach_file(case, upload, by=request.user)  # type: ignore[arg-type]

    return changed(request, pk, change, _("The file is kept."))


@needs("cases.see")
def file(request: HttpRequest, pk: uuid.UUID, file_pk: uuid.UUID) -> HttpResponse:
    """Hand a kept file out, always as a download."""
    case = the_case(request, pk)
    attachment = get_object_or_404(Attachment, pk=file_pk, case=case)
    record_access(request, "case file", [case.customer_id])
    return FileResponse(attachment.file.open("rb"), as_attachment=True, filename=attachment.name)


@needs("cases.work")
def new(request: HttpRequest) -> HttpResponse:
    """Open a case by hand; the customer is found first."""
    user = request.user
    picked = "whose" in request.POST
    pick = forms.WhoseForm(user, request.POST if picked else None)  # type: ignore[arg-type]
    customer, key = None, request.POST.get("customer") or request.GET.get("customer") or ""
    if is_uuid(key):
        customer = customer_by_id(user, uuid.UUID(key))  # type: ignore[arg-type]
        if customer is None:
            raise Http404
    elif picked and pick.is_valid():
        return redirect(f"{reverse('cases:new')}?customer={pick.cleaned_data['customer'].pk}")
    form = forms.OpenCaseForm(
        user,  # type: ignore[arg-type]
        None if picked else request.POST or None,
        initial={"place": customer.home_place_id if customer else None},
    )
    if request.method == "POST" and customer and form.is_valid():
        once = sent_key(request.POST.get("once", ""))
        try:
            actions.open_case(customer=customer, by=user, key=once, **form.cleaned_data)  # type: ignore[arg-type]
        except IntegrityError:
            if not cases_visible_to(user).filter(pk=once).exists():  # type: ignore[arg-type]
                raise
        return redirect("cases:case", once)
    if customer:
        record_access(request, "new case", [customer.pk])
    may_add = user.can("customers.edit")  # type: ignore[union-attr]
    context = {"form": form, "pick": pick, "customer": customer, "may_add": may_add}
    return render(request, "cases/new.html", {**context, "once": uuid7()})


def is_uuid(text: str) -> bool:
    """Whether the text is a key."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@needs("cases.see")
def customer_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A customer's cases, for the customer page."""
    customer = customer_or_404(request.user, pk)
    rows = cases_visible_to(request.user).filter(customer=customer)  # type: ignore[arg-type]
    listed = rows.select_related("place", "category").order_by("-opened_at")[:10]
    states = [(case, STATES[case.state][0], MEANINGS[case.state]) for case in listed]
    return render(
        request,
        "cases/_customer_cases.html",
        {"cases": states, "customer": customer, "now": timezone.now()},
    )
