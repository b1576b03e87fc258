"""Pages of programmes; each change is one POST to a resource of the programme."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.campaigns import actions, programmes, standing
from dangol.campaigns.explaining import explanations, programmes_about
from dangol.campaigns.forms import LEVEL_CHOICES, HandOverForm, ProgrammeForm
from dangol.campaigns.lists import TargetList, state_badge
from dangol.campaigns.models import Campaign, Stage
from dangol.campaigns.queries import agents, programmes_visible_to, progress_of, stages_of
from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.customers.by_id import customer_or_404
from dangol.interactions.models import Outcome

AT_ONCE = 5000
COLOURS = {
    Outcome.DONE: "kind-1", Outcome.CALL_BACK: "kind-2", Outcome.REFUSED: "kind-3",
    Outcome.NO_ANSWER: "kind-4", Outcome.BUSY: "kind-5", Outcome.WRONG_NUMBER: "kind-6",
    Outcome.MOVED: "kind-7", Outcome.FAILED: "kind-8",
}  # fmt: skip
"""Each outcome's own colour in charts."""


def the_programme(request: HttpRequest, pk: uuid.UUID, ability: str = "programmes.see") -> Campaign:
    """A programme that this person may see (or edit), or 404."""
    rows = programmes_visible_to(request.user, ability).select_related("place", "paused_by")  # type: ignore[arg-type]
    return get_object_or_404(rows, pk=pk)


@needs("programmes.see")
def programme(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How a programme stands: progress, outcomes by hour, agents, projected finish, stages."""
    campaign, now = the_programme(request, pk), timezone.now()
    progress = progress_of([campaign.pk])[campaign.pk]
    pace = standing.finished_a_day(campaign, now)
    shown = {
        "campaign": campaign,
        "tab": "overview",
        "state": state_badge(campaign),
        "progress": progress,
        "share": f"{progress.finished_share * 100:.0f}",
        "due": standing.due_now(campaign, now),
        "agents": standing.per_agent(campaign, now),
        "pace": pace,
        "finish": standing.projected_finish(campaign, progress, pace, now),
        "stages": stages_of(campaign),
        "may_edit": request.user.can("programmes.edit"),  # type: ignore[union-attr]
    }
    template = "campaigns/programme.html"
    if request.htmx:  # type: ignore[attr-defined]
        template += "#standing"
    return render(request, template, shown)


@needs("programmes.see")
def outcomes(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """Today's outcomes by hour, as the chart reads them."""
    campaign = the_programme(request, pk)
    found = standing.outcomes_by_hour(campaign, timezone.now())
    busy = [hour for hours in found.values() for hour, count in enumerate(hours) if count]
    first, last = min([9, *busy]), max([17, *busy])
    spec: dict[str, Any] = {
        "kind": "bar",
        "label": _("Outcomes by hour"),
        "lang": get_language(),
        "digits": 0,
        "x": [f"{hour:02}" for hour in range(first, last + 1)],
        "series": [
            {
                "name": str(Outcome(outcome).label), "data": hours[first : last + 1],
                "stack": "all", "token": COLOURS[Outcome(outcome)],
            }
            for outcome, hours in found.items()
        ],
    }  # fmt: skip
    return JsonResponse(spec)


@needs("programmes.edit")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a programme."""
    form = ProgrammeForm(request.user, request.POST or None)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        campaign = programmes.open_programme(by=request.user, **form.values())  # type: ignore[arg-type]
        return redirect("campaigns:programme", campaign.pk)
    return render(request, "campaigns/rules.html", {"form": form, "campaign": None})


@needs("programmes.edit")
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a programme's rules; nothing is lost when somebody else did so meanwhile."""
    campaign = the_programme(request, pk, "programmes.edit")
    form = ProgrammeForm(request.user, request.POST or None, instance=campaign)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("revision", "")
        try:
            programmes.change_programme(
                Campaign(pk=pk), by=request.user, seen=int(seen) if seen.isdecimal() else None,  # type: ignore[arg-type]
                **form.values(),
            )  # fmt: skip
            return redirect("campaigns:programme", pk)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    shown = {"form": form, "campaign": campaign, "tab": "rules"}
    return render(request, "campaigns/rules.html", shown)


@require_POST
@needs("programmes.edit")
def pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand out no more calls."""
    programmes.pause(the_programme(request, pk, "programmes.edit"), by=request.user)  # type: ignore[arg-type]
    return redirect("campaigns:programme", pk)


@require_POST
@needs("programmes.edit")
def resumption(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand out calls again."""
    programmes.resume(the_programme(request, pk, "programmes.edit"), by=request.user)  # type: ignore[arg-type]
    return redirect("campaigns:programme", pk)


def chosen_targets(request: HttpRequest) -> list[uuid.UUID]:
    """The due calls that were picked in a programme's list, those that may be edited."""
    rows = TargetList.chosen(request)
    if request.POST.get("everything") == "1":
        rows = rows.filter(campaign=listed_programme(request.POST.get("next", "")))
    mine = programmes_visible_to(request.user, "programmes.edit").order_by()  # type: ignore[arg-type]
    return list(
        rows.filter(campaign__in=mine).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    )


def listed_programme(address: str) -> uuid.UUID:
    """The programme whose list was shown at an address of ours; 404 for any other address."""
    found = resolve(urlsplit(address).path)
    if found.view_name != "campaigns:targets":
        raise Http404
    key: uuid.UUID = found.kwargs["pk"]
    return key


def back(request: HttpRequest) -> HttpResponse:
    """To the list that was shown."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return redirect(wanted if ours else "campaigns:list")


def posted(request: HttpRequest) -> list[tuple[str, str]]:
    """What was chosen in the list, to be sent again with the answer to a question."""
    names = ("pick", "everything", "query", "next")
    return [(name, value) for name in names for value in request.POST.getlist(name)]


@require_POST
@needs("programmes.edit")
def hand_over(request: HttpRequest) -> HttpResponse:
    """Give due calls to an agent or to another programme's stage; asks to whom first."""
    keys, user = chosen_targets(request), request.user
    mine = programmes_visible_to(user, "programmes.edit").order_by()  # type: ignore[arg-type]
    stages = Stage.objects.filter(campaign__in=mine, ended_at=None).select_related("campaign")
    form = HandOverForm(request.POST)
    if "to" in request.POST and form.is_valid():
        agent_key, stage_key = form.cleaned_data["agent"], form.cleaned_data["stage"]
        agent = get_object_or_404(agents(), pk=agent_key) if agent_key else None
        stage = get_object_or_404(stages, pk=stage_key) if stage_key else None
        moved = actions.hand_over(keys, by=user, agent=agent, stage=stage)  # type: ignore[arg-type]
        said = ngettext("%(n)s call was handed over.", "%(n)s calls were handed over.", moved)
        messages.success(request, said % {"n": moved})
        return back(request)
    shown = {"keys": keys, "agents": agents(), "stages": stages, "posted": posted(request)}
    return render(request, "campaigns/hand_over.html", shown)


@require_POST
@needs("programmes.edit")
def level(request: HttpRequest) -> HttpResponse:
    """Let due calls come sooner or later; asks which first."""
    keys, wanted = chosen_targets(request), request.POST.get("level", "")
    if wanted.isdecimal():
        try:
            moved = actions.reprioritise(keys, int(wanted), by=request.user)  # type: ignore[arg-type]
            said = ngettext("%(n)s call was moved.", "%(n)s calls were moved.", moved)
            messages.success(request, said % {"n": moved})
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return back(request)
    shown = {"keys": keys, "levels": LEVEL_CHOICES, "posted": posted(request)}
    return render(request, "campaigns/level.html", shown)


@require_POST
@needs("programmes.edit")
def drop(request: HttpRequest) -> HttpResponse:
    """Take due calls off the list; those at a desk stay."""
    rows = actions.Target.objects.filter(pk__in=chosen_targets(request))
    gone = sum(actions.drop(row, by=request.user) for row in rows)  # type: ignore[arg-type]
    said = ngettext("%(n)s call was taken off.", "%(n)s calls were taken off.", gone)
    messages.success(request, said % {"n": gone})
    return back(request)


@needs("interactions.see")
def customer_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Why this customer was, was not or not yet called, programme by programme."""
    customer = customer_or_404(request.user, pk)
    running = Campaign.objects.filter(programmes_about(customer)).order_by("priority", "created_at")
    record_access(request, "happy calls", [customer.pk])
    found = explanations(customer, list(running[:20]))
    return render(request, "campaigns/_customer_calls.html", {"explanations": found})
