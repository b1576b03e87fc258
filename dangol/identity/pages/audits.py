"""How good the matching is: samples, intervals, agreement, thresholds."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.core.models import User
from dangol.customers.models import Customer, CustomerKind
from dangol.customers.queries import customers_visible_to
from dangol.identity.audits.agreement import agreement, disputed
from dangol.identity.audits.counting import SAMPLE, ask_for_sample, counted_truth, under_way
from dangol.identity.audits.figures import audited, trend
from dangol.identity.audits.intervals import Share
from dangol.identity.learning import LEAST_LABELS, apply_proposal, proposal
from dangol.identity.matching.kinds import KINDS
from dangol.identity.models import Label, Question
from dangol.identity.pages.desk import line_of
from dangol.identity.pages.tabs import tabs_for
from dangol.identity.stewarding.queries import open_pairs, to_put_right
from dangol.identity.stewarding.waiting import records_waiting
from dangol.identity.stewarding.words import answer_words


def told(share: Share | None) -> dict[str, float] | None:
    """A share in per cent."""
    if share is None:
        return None
    return {"value": 100 * share.value, "low": 100 * share.low, "high": 100 * share.high}


def told_apart(question: Question) -> list[tuple[str, str]]:
    """Who answered what to a pair, in words for people or for organisations."""
    labels: list[Label] = question.told  # type: ignore[attr-defined]
    return [(str(one.by), answer_words(question.a.kind, one.answer)) for one in labels]


@needs("matching.see")
def audits(request: HttpRequest) -> HttpResponse:
    """Precision and recall by week, agreement of stewards, and what the answers say of the thresholds."""
    return _page(request)


def _kind(request: HttpRequest) -> str:
    """The kind of customer whose thresholds are looked at."""
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    return asked if asked in KINDS else "person"


def _page(request: HttpRequest, refusal: str = "") -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows, agreed, found = audited(), agreement(), proposal(_kind(request))
    differing = disputed(user)
    record_access(
        request, "pairs", [k for q in differing for k in (q.a.customer_id, q.b.customer_id) if k]
    )
    answered = any(r.answered for r in rows)
    latest = next((r for r in rows if r.precision), None)
    words = (_("Precision"), _("Recall"), _("Interval"))
    context: dict[str, Any] = {
        "tabs": tabs_for(user), "refusal": refusal,
        "rows": [(r, told(r.precision), told(r.recall)) for r in rows],
        "latest": latest and (latest, told(latest.precision), told(latest.recall)),
        "trend": trend(rows, words) if sum(bool(r.precision) for r in rows) > 1 else None,
        "agreement": agreed, "differing": told(agreed.differing),
        "disputed": [line_of(q) | {"told": told_apart(q)} for q in differing],
        "kind": _kind(request), "kinds": CustomerKind.choices, "proposal": found, "least": LEAST_LABELS, "precision": 100 * found.precision,
        "precision_now": 100 * found.precision_now,
        "answered": answered, "otherwise": to_put_right(user).count() if answered else 0,
        "may_run": user.can("matching.run"), "drawing": under_way(SAMPLE),
        **_truth(user),
    }  # fmt: skip
    part = "#audits" if request.htmx and request.method == "GET" else ""  # type: ignore[attr-defined]
    return render(request, f"identity/audits.html{part}", context)


def _truth(user: User) -> dict[str, Any]:
    """The score against the hidden truth as it was counted last, where the demo company has one."""
    found = counted_truth()
    if found is None:
        return {"scored": None}
    scored, at = found
    shown = [(uuid.UUID(str(key)), number) for key, number in scored.mixed[:12]]
    visible = customers_visible_to(user).filter(pk__in=[key for key, _number in shown])
    names = {c.pk: c for c in visible}
    mixed: list[tuple[Customer, str, int]] = [
        (names[k], shown_name(names[k].name), n) for k, n in shown if k in names
    ]
    return {
        "uncompared": records_waiting().shown, "scored": scored, "scored_at": at, "mixed": mixed,
        "truth_precision": 100 * scored.precision, "truth_recall": 100 * scored.recall,
        "truth_f1": 100 * scored.f1, "asked": open_pairs(Question.objects).count(),
    }  # fmt: skip


@require_POST
@needs("matching.run")
def draws(request: HttpRequest) -> HttpResponse:
    """Have this week's sample drawn."""
    if not ask_for_sample(request.user):  # type: ignore[arg-type]
        return _page(request, _("This week’s sample was drawn already, or nothing was joined yet."))
    return redirect("matching:audits")


@require_POST
@needs("matching.run")
def thresholds(request: HttpRequest) -> HttpResponse:
    """Let the thresholds that the answers speak for hold from now on."""
    try:
        apply_proposal(_kind(request), by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        return _page(request, " ".join(refusal.messages))
    return redirect(reverse("matching:models") + f"?kind={_kind(request)}")
