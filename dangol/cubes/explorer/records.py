"""A record behind a figure as a line: who, when, where, what; masked as everywhere."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dangol.core.masking import shown_name
from dangol.core.money import shown_money
from dangol.cubes.explorer.behind import KINDS, moment_of
from dangol.ui.templatetags.measures import figures


def shown_record(model: str, record: Any, fact: dict[str, Any]) -> dict[str, Any]:
    """One line."""
    customer = record if model == "customers.Customer" else record.customer
    place = record.home_place if model == "customers.Customer" else record.place
    return {
        "url": reverse(KINDS[model].url, args=[record.pk]), "customer": shown_name(customer.name),
        "customer_id": customer.pk, "at": moment_of(record), "place": str(place) if place else "",
        **WORDS[model](record, fact),
    }  # fmt: skip


def of_response(record: Any, fact: dict[str, Any]) -> dict[str, Any]:
    """An answer: its score, what it was about and with whom."""
    score = fact["telling"]
    return {
        "figure": figures(score / 1000, 1) if score is not None else "",
        "meaning": "" if score is None else "bad" if score < 50_000 else "good" if score >= 80_000 else "watch",
        "what": record.get_process_display(), "who": str(record.agent) if record.agent else "",
        "how": record.get_channel_display(),
    }  # fmt: skip


def of_case(record: Any, fact: dict[str, Any]) -> dict[str, Any]:
    """A case: its number, title and category."""
    words = {"open": _("open"), "waiting": _("waits"), "resolved": _("resolved"), "closed": _("closed")}  # fmt: skip
    return {
        "figure": f"#{record.number}", "meaning": "", "what": record.title,
        "who": str(record.category), "how": words[record.state],
    }  # fmt: skip


def of_interaction(record: Any, fact: dict[str, Any]) -> dict[str, Any]:
    """A conversation: its outcome, how long it took and with whom."""
    talked = record.ended_at and record.answered_at and record.ended_at - record.answered_at
    seconds = round(talked.total_seconds()) if talked else None
    return {
        "figure": f"{seconds // 60}:{seconds % 60:02}" if seconds is not None else "", "meaning": "",
        "what": record.get_outcome_display() if record.outcome else "",
        "who": str(record.agent) if record.agent else "", "how": record.get_channel_display(),
    }  # fmt: skip


def of_transaction(record: Any, fact: dict[str, Any]) -> dict[str, Any]:
    """A purchase: its amount and kind."""
    amount = record.amount
    return {
        "figure": shown_money(amount, record.currency) if amount is not None else "", "meaning": "",
        "what": record.get_kind_display(), "who": "", "how": record.source,
    }  # fmt: skip


def of_customer(record: Any, fact: dict[str, Any]) -> dict[str, Any]:
    """A customer whose data were checked."""
    return {"figure": "", "meaning": "", "what": record.get_kind_display(), "who": "", "how": ""}


WORDS = {
    "surveys.Response": of_response, "cases.Case": of_case,
    "interactions.Interaction": of_interaction, "purchases.Transaction": of_transaction,
    "customers.Customer": of_customer,
}  # fmt: skip
