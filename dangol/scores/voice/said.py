"""Who says a word: the very texts, of the customers whom a person may see."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.cases.queries import cases_visible_to
from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.masking import shown_words
from dangol.core.models import User
from dangol.scores.voice.page import group_words
from dangol.scores.voice.told import FRESH
from dangol.scores.voice.words_of import root_of, words_of
from dangol.surveys.models import Answer
from dangol.surveys.queries import responses_visible_to

DAYS, MOST, SHOWN = 365, 2000, 60


@dataclass(frozen=True)
class Saying:
    """One text that says a word."""

    customer: Any
    at: dt.datetime
    text: str
    site: str
    about: str
    url: str
    word: str

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The text in pieces: what is plain, and the word as it was said."""
        said = re.split(f"({re.escape(root_of(self.word))}[가-힣A-Za-z]*)", shown_words(self.text))
        return list(zip(said[::2], [*said[1::2], ""], strict=True))


def sayings(user: User, word: str, only: dict[str, str]) -> list[Saying]:
    """Texts of a year that say the word, the newest first; `only` names a process, product or site."""
    since, root = timezone.now() - dt.timedelta(days=DAYS), root_of(word)
    answers = (
        Answer.objects.filter(
            response__in=responses_visible_to(user), response__completed_at__gte=since,
            response__withdrawn_at=None, text__icontains=root,
        ).select_related("response", "response__place", "response__thread")
        .order_by("-response__completed_at")
    )  # fmt: skip
    cases = cases_visible_to(user).filter(opened_at__gte=since, description__icontains=root)
    cases = cases.select_related("place", "thread").order_by("-opened_at")
    if site := only.get("site"):
        answers, cases = answers.filter(response__place__name=site), cases.filter(place__name=site)
    if product := only.get("product"):
        bought = Q(thread__transaction__lines__product__name=product)
        cases = cases.filter(bought).distinct()
        answers = answers.filter(response__thread__transaction__lines__product__name=product)
        answers = answers.distinct()
    if process := only.get("process"):
        answers = answers.filter(response__process=process)
    found = [
        Saying(
            a.response.customer_id, a.response.completed_at or since, a.text, str(a.response.place),
            group_words(a.response.process), reverse("surveys:response", args=[a.response_id]), word,
        )
        for a in answers[:MOST]
    ]  # fmt: skip
    if process in (None, "", "case"):
        found += [
            Saying(c.customer_id, c.opened_at, c.description, str(c.place), group_words("case"),
                   reverse("cases:case", args=[c.pk]), word)
            for c in cases[:MOST]
        ]  # fmt: skip
    return sorted((s for s in found if word in words_of(s.text)), key=lambda s: s.at, reverse=True)


@needs("scores.see")
def said(request: HttpRequest) -> HttpResponse:
    """The texts that say a word, those of the last 30 days first."""
    word = request.GET.get("word", "")[:60]
    if not word:
        return redirect("scores:model", "voice")
    only = {n: request.GET[n][:200] for n in ("process", "product", "site") if request.GET.get(n)}
    found = sayings(request.user, word, only)  # type: ignore[arg-type]
    late = timezone.now() - dt.timedelta(days=FRESH)
    fresh, before = [s for s in found if s.at >= late], [s for s in found if s.at < late]
    shown = [*fresh[:SHOWN], *before[:SHOWN]]
    record_access(request, "voices", [s.customer for s in shown])
    group = only.get("site") or only.get("product") or group_words(only.get("process", ""))
    context = {
        "word": word,
        "group": group,
        "fresh": fresh,
        "before": before,
        "parts": [(_("Last 30 days"), fresh[:SHOWN]), (_("Before"), before[:SHOWN])],
    }
    return render(request, "scores/voice/said.html", context)
