"""Cases of the demo company: most solved, some waiting, a few over their time."""

from __future__ import annotations

import datetime as dt

import numpy as np
from django.utils import timezone

from dangol.cases.actions import add_category, close_case, open_case, resolve_case, set_rule
from dangol.cases.models import Category, Priority
from dangol.customers.models import Customer
from dangol.demo.voices import RESOLUTIONS
from dangol.interactions.models import Interaction, Thread
from dangol.places.models import Place

CATEGORIES = [
    # code, name, English, kind, minutes, parent
    ("SALES", "판매", "Sales", "complaint", 480, ""),
    ("SALES-DELIVERY", "출고·인도", "Delivery", "complaint", 480, "SALES"),
    ("SALES-CONTACT", "담당자 응대", "Contact with staff", "complaint", 240, "SALES"),
    ("SERVICE", "정비", "Service", "complaint", 480, ""),
    ("SERVICE-REPAIR", "수리 품질", "Quality of repair", "complaint", 960, "SERVICE"),
    ("SERVICE-TIME", "대기·시간", "Waiting", "complaint", 240, "SERVICE"),
    ("CALL", "연락 요청", "Call back", "request", 120, ""),
    ("PRODUCT", "차량 품질", "Quality of the car", "complaint", 1440, ""),
]  # fmt: skip
RULES = [
    # name, process, question, at most, category, priority
    ("인도 불만", "sales", "delivery", 25, "SALES-DELIVERY", Priority.NORMAL),
    ("구매 전반 불만", "sales", "overall", 25, "SALES", Priority.NORMAL),
    ("정비 결과 불만", "service", "repair", 25, "SERVICE-REPAIR", Priority.NORMAL),
    ("시간 약속 불만", "service", "time_kept", 0, "SERVICE-TIME", Priority.NORMAL),
    ("정비 전반 불만", "service", "overall", 25, "SERVICE", Priority.NORMAL),
    ("차량 불만", "product", "overall", 25, "PRODUCT", Priority.NORMAL),
    ("연락 요청", "", "call_me", None, "CALL", Priority.HIGH),
]


def make_rules() -> None:
    """Categories, and the rules by which low answers open cases."""
    made: dict[str, Category] = {}
    for code, name, name_en, kind, minutes, parent in CATEGORIES:
        made[code] = add_category(
            code=code, name=name, name_en=name_en, kind=kind, minutes=minutes,
            parent=made.get(parent), by=None,
        )  # fmt: skip
    for name, process, question, at_most, category, priority in RULES:
        set_rule(
            name=name, process=process, question=question, at_most=at_most,
            category=made[category], priority=priority, by=None,
        )  # fmt: skip


def make_cases(rng: np.random.Generator, rows: list[dict[str, str]], limit: int) -> int:
    """Cases from the latest unhappy responses, newest last; each goes as far as time allowed."""
    categories = {c.code: c for c in Category.objects.all()}
    now = timezone.now()
    chosen = rows[-limit:]
    customers = Customer.objects.in_bulk([r["customer"] for r in chosen])
    places = Place.objects.in_bulk([r["place"] for r in chosen])
    threads = Thread.objects.in_bulk([r["thread"] for r in chosen])
    talks = Interaction.objects.in_bulk([r["interaction"] for r in chosen])
    by_text = {str(k): v for found in (customers, places, threads, talks) for k, v in found.items()}
    for row in chosen:
        code = row["category"]
        opened = dt.datetime.fromisoformat(row["at"])
        case = open_case(
            customer=by_text[row["customer"]], place=by_text[row["place"]], by=None, at=opened,
            category=categories[code], title=row["voice"][:60] or categories[code].name,
            description=row["voice"],
            thread=by_text[row["thread"]], interaction=by_text[row["interaction"]],
            response_id=row["response"],
        )  # fmt: skip
        fresh = now - opened < dt.timedelta(days=9)
        if fresh and rng.random() < 0.6:
            continue
        patience = dt.timedelta(hours=float(rng.gamma(2.0, 14.0)))
        solved_at = opened + patience
        if solved_at > now:
            continue
        words = RESOLUTIONS[int(rng.integers(len(RESOLUTIONS)))]
        resolve_case(case, words, by=None, at=solved_at)
        confirmed_at = solved_at + dt.timedelta(hours=float(rng.gamma(2.0, 9.0)))
        if confirmed_at < now:
            close_case(case, confirmed=True, by=None, at=confirmed_at)
    return len(chosen)
