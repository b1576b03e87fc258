"""The steward's desk: one pair after another, decided by keyboard."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.core.models import User
from dangol.customers.source_names import source_name
from dangol.identity.golden.written import places_of
from dangol.identity.matching.kinds import KINDS
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.matching.parameters import Parameters
from dangol.identity.models import Answer, Label, Question, QuestionWhy
from dangol.identity.pages.parts import choose_part, lines_of_parts, part_for, queue_for
from dangol.identity.pages.tabs import tabs_for
from dangol.identity.stewarding.answering import (
    answer_question,
    blind,
    contradicted,
    correct_by_answer,
    take_back,
)
from dangol.identity.stewarding.doing import deeds_of
from dangol.identity.stewarding.gains import settled_by
from dangol.identity.stewarding.pair import head_of, lines_of, siblings_of
from dangol.identity.stewarding.queries import (
    after,
    answers_of_today,
    before,
    day_of,
    questions_visible_to,
    queue_of,
    with_records,
    with_sizes,
)
from dangol.identity.stewarding.sayings import Saying, ties_between
from dangol.identity.stewarding.waiting import beside, with_waiting
from dangol.identity.stewarding.words import answer_words, waterfall, why_words
from dangol.ui.toast import toast

SHOWN = 40
KEYS = {Answer.SAME: "1", Answer.HOUSEHOLD: "2", Answer.APART: "3", Answer.UNSURE: "0"}


def the_question(request: HttpRequest, pk: uuid.UUID, ability: str = "matching.see") -> Question:
    """A pair that this person may see, or 404."""
    rows = with_sizes(with_records(questions_visible_to(request.user, ability)))  # type: ignore[arg-type]
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@needs("matching.see")
def desk(request: HttpRequest) -> HttpResponse:
    """The pair whose answer is worth most; asked again while records wait to be matched. Which part of
    the queue somebody works on is theirs to choose, and stays chosen."""
    choose_part(request)
    part = "#steward" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"identity/desk.html{part}", context_of(request, None))


@needs("matching.see")
def question(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A certain pair."""
    found = the_question(request, pk)
    part = "#steward" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"identity/desk.html{part}", context_of(request, found))


@require_POST
@needs("matching.decide")
def answers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer a pair; the next one follows."""
    found = the_question(request, pk, "matching.decide")
    user: User = request.user  # type: ignore[assignment]
    following = after(with_sizes(with_records(queue_for(request))), found)
    hidden, one = blind(found), found.a.customer_id == found.b.customer_id
    try:
        label = answer_question(
            found, request.POST.get("answer", ""), by=user, note=request.POST.get("note", "")
        )
        words, meaning = _told(label, hidden, one), "good"
        if contradicted(label.question):
            following = the_question(request, pk, "matching.decide")
    except ValidationError as refusal:
        words, meaning = " ".join(refusal.messages), "watch"
    return again(request, following, words, meaning)


def _told(label: Label, hidden: bool, one: bool) -> str:
    """What was answered; after a look without knowledge also what had been decided."""
    question = label.question
    said = f"{answer_words(question.a.kind, label.answer)}: {names_of(question)}"
    if not hidden:
        return said
    before = (
        _("Recorded: %(answer)s. Before: one customer, score %(bits)s.")
        if one
        else _("Recorded: %(answer)s. Before: two customers, score %(bits)s.")
    )
    return before % {"answer": said, "bits": f"{question.weight:+.1f}"}


@require_POST
@needs("matching.decide")
def corrections(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Do what the answer to a sample says, after its consequences were seen."""
    found = the_question(request, pk, "matching.decide")
    user: User = request.user  # type: ignore[assignment]
    following = after(with_sizes(with_records(queue_for(request))), found)
    try:
        done = correct_by_answer(found, by=user)
    except ValidationError as refusal:
        return again(request, following, " ".join(refusal.messages), "watch")
    one = done.settled == Answer.SAME
    words = _("They are one customer now.") if one else _("They are two customers now.")
    return again(request, following, f"{names_of(found)}: {words}", "good")


@require_POST
@needs("matching.decide")
def undoing(request: HttpRequest) -> HttpResponse:
    """Take back one's last answer of today; its pair stands there again."""
    user: User = request.user  # type: ignore[assignment]
    label = answers_of_today(user).first()
    if label is None:
        return again(request, None, _("There is nothing to take back today."), "watch")
    try:
        found = take_back(label, by=user)
    except ValidationError as refusal:
        return again(request, None, " ".join(refusal.messages), "watch")
    fresh = with_sizes(with_records(questions_visible_to(user))).filter(pk=found.pk).first()
    words = _("Taken back: %(names)s") % {"names": names_of(found)}
    return again(request, fresh, words, "good")


def again(
    request: HttpRequest, following: Question | None, words: str, meaning: str
) -> HttpResponse:
    """The desk after a deed: its part for htmx, a whole page for others."""
    to = (
        reverse("matching:question", args=[following.pk]) if following else reverse("matching:desk")
    )
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(to)
    answer = render(request, "identity/desk.html#steward", context_of(request, following))
    answer.headers["HX-Push-Url"] = to
    return toast(answer, words, meaning=meaning)


def context_of(request: HttpRequest, found: Question | None) -> dict[str, Any]:
    """What the desk shows: the pair, the queue around it, the day."""
    user: User = request.user  # type: ignore[assignment]
    parts, answered = day_of(user)
    part = part_for(request, parts)
    queue = queue_of(user, part)
    rows = list(with_waiting(with_sizes(with_records(queue)))[: SHOWN + 1])
    found = found or (rows[0] if rows else None)
    waiting = parts.get(part, sum(parts.values()))
    context: dict[str, Any] = {
        "tabs": tabs_for(user), "here": "desk", "question": found, "waiting": waiting,
        "answered": answered, "goal": answered + waiting,
        "may_decide": user.can("matching.decide"), "parts": lines_of_parts(request, parts),
        "rows": [line_of(q) for q in rows[:SHOWN]], "unmatched": beside(rows),
    }  # fmt: skip
    if found is None:
        return context
    record_access(request, "pair", [k for k in (found.a.customer_id, found.b.customer_id) if k])
    return context | pair_context(user, found, rows, queue)


def names_of(question: Question) -> str:
    """Of whom a pair is, as the person may see them; a name that both have is said once."""
    names = (shown_name(str(r.values.get("name") or r.key)) for r in (question.a, question.b))
    return " · ".join(dict.fromkeys(names))


def line_of(question: Question) -> dict[str, Any]:
    """A pair as a line of the queue."""
    left, right = (str(r.values.get("name") or r.key) for r in (question.a, question.b))
    sources = dict.fromkeys(str(source_name(r.source)) for r in (question.a, question.b))
    return {
        "pk": question.pk, "left": shown_name(left), "right": shown_name(right),
        "why": why_words(question.a.kind, question.why, question.steps), "one": left == right, "sources": " · ".join(sources),
        "settles": "" if blind(question) else _settles(question),
        "usual": question.why == QuestionWhy.WEIGHT and not blind(question),
    }  # fmt: skip


def _settles(question: Question) -> str:
    """Why a pair stands where it stands in the queue."""
    n = settled_by(question)
    words = ngettext(
        "An answer settles %(n)s record. First comes what settles most and is least sure.",
        "An answer settles %(n)s records. First comes what settles most and is least sure.",
        n,
    )
    return words % {"n": n}


def pair_context(
    user: User, found: Question, rows: list[Question], queue: QuerySet[Question]
) -> dict[str, Any]:
    """One pair: fields side by side, the waterfall, and what each answer does."""
    hidden = blind(found) and not found.labels.filter(by=user).exists()
    siblings = siblings_of(found)
    at = next((i for i, q in enumerate(rows) if q.pk == found.pk), None)
    places = places_of([found.a, found.b, *(r for rs in siblings.values() for r in rs)])
    behind, ahead = beside_it(found, at, rows, queue)
    told = choices(found, hidden)
    lines = lines_of(
        found.a, found.b, {} if hidden else siblings, places, () if hidden else found.steps
    )
    return {
        "correction": None if hidden or not contradicted(found) else next(c for c in told if c["value"] == found.settled),
        "hidden": hidden, "why": why_words(found.a.kind, found.why, found.steps),
        "settled": answer_words(found.a.kind, found.settled) if found.settled else "",
        "sides": [
            head_of(one, places) | {"size": len(siblings[one.pk]) + 1} for one in (found.a, found.b)
        ],
        "limits": limits_of(found),
        "may_not": at is None and not queue_of(user).filter(pk=found.pk).exists(),
        "lines": lines, "elsewhere": [line.title for line in lines if line.elsewhere],
        "ties": () if hidden else ties_of(found),
        "waterfall": None if hidden else waterfall_of(found),
        "next": behind, "previous": ahead,
        "choices": told,
    }  # fmt: skip


def beside_it(
    found: Question, at: int | None, rows: list[Question], queue: QuerySet[Question]
) -> tuple[Question | None, Question | None]:
    """The pair after this one and the one before it; asked only where the shown rows do not tell."""
    if at is None:
        return after(queue, found), before(queue, found)
    if at + 1 == len(rows) > SHOWN:
        behind = after(queue, found)
    else:
        behind = next(iter(rows[at + 1 :]), None)
    return behind, rows[at - 1] if at else None


def ties_of(question: Question) -> list[Saying]:
    """What ties the two customers already."""
    a, b = question.a.customer_id, question.b.customer_id
    return ties_between(a, b) if a and b and a != b else []


def limits_of(question: Question) -> Thresholds:
    """The thresholds of the model that asked."""
    model = question.model
    return Thresholds(model.join_from, model.review_from) if model else Thresholds()


def waterfall_of(question: Question) -> Any:
    """The weights by the model that asked."""
    model, limits = question.model, limits_of(question)
    kind = question.a.kind
    parameters = Parameters(**model.parameters) if model else KINDS[kind].usual
    return waterfall(question.steps, question.weight, parameters, limits.join, limits.review, kind)


def choices(question: Question, hidden: bool) -> list[dict[str, Any]]:
    """The four answers with what each would do."""
    return [
        {
            "value": a.value,
            "label": answer_words(question.a.kind, a.value),
            "key": KEYS[a],
            "does": does,
        }
        for a, does in zip(Answer, deeds_of(question, hidden=hidden), strict=True)
    ]
