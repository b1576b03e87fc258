"""The customer's own page: a personal link, no sign-in, works without scripts."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dangol.core.access import open_to_all
from dangol.surveys import actions
from dangol.surveys.asking import given_answers, revealed, shown_questions
from dangol.surveys.models import InvitationLink
from dangol.surveys.queries import link_of
from dangol.surveys.views import told


@csrf_exempt
@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the customer; thank; or say that the link has ended.

    No cookie is asked for: nobody is signed in here, and the address itself is the secret.
    """
    link = link_of(token)
    if link:
        language = link.response.customer.language[:2]
        translation.activate(language if language in ("ko", "en") else "ko")
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
    page = answered(request, link)
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def answered(request: HttpRequest, link: InvitationLink | None) -> HttpResponse:
    """The page that the state of the link asks for."""
    if link is None:
        return render(request, "surveys/link_ended.html", {"unknown": True}, status=404)
    response = link.response
    if link.used_at or response.completed_at:
        return render(request, "surveys/link_thanks.html", {"response": response})
    if link.expires_at <= timezone.now() or response.withdrawn_at:
        return render(request, "surveys/link_ended.html", status=410)
    body, errors, answers = response.version.body, {}, {}
    if request.method == "POST":
        answers = given_answers(response, request.POST)
        # Without scripts, answers may bring up questions that the customer has not seen yet.
        if not revealed(body, answers, set(request.POST.get("shown", "").split())):
            try:
                actions.complete_by_link(link, answers)
            except ValidationError as refusal:
                errors = told(refusal)
            else:
                return render(request, "surveys/link_thanks.html", {"response": response})
    questions = shown_questions(body, answers, errors)
    return render(
        request,
        "surveys/link.html",
        {
            "response": response,
            "questions": questions,
            "shown": " ".join(q["key"] for q in questions if q["seen"]),
            "errors": errors,
            "again": request.method == "POST",
        },
        status=422 if errors else 200,
    )
