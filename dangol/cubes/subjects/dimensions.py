"""Dimensions that several subjects share, and the words for their codes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from dangol.cases.models import Holder, Priority
from dangol.cubes.subjects.catalogue import Dimension, Kind, Text
from dangol.customers.models import ContactKind
from dangol.interactions.models import Channel, Outcome
from dangol.purchases.models import TransactionKind
from dangol.surveys.models import Process


def codes(choices: type) -> Mapping[str, Text]:
    """The words of a field's codes."""
    return {str(value): label for value, label in choices.choices}  # type: ignore[attr-defined]


def times() -> tuple[Dimension, ...]:
    """Day to year, as the calendar of the site counts them."""
    return (
        Dimension("year", _("Year"), "day", Kind.TIME, level="Y", below="quarter"),
        Dimension("quarter", _("Quarter"), "day", Kind.TIME, level="Q", below="month"),
        Dimension("month", _("Month"), "day", Kind.TIME, level="M", below="week"),
        Dimension("week", _("Week"), "day", Kind.TIME, _("From Monday to Sunday."), level="W", below="day"),
        Dimension("day", _("Day"), "day", Kind.TIME, level="D"),
    )  # fmt: skip


def places() -> tuple[Dimension, ...]:
    """The tree of places, as it is today."""
    tree = _("By the present tree of places.")
    names = (
        ("company", _("Company"), "unit"), ("unit", _("Business unit"), "region"),
        ("region", _("Region"), "site"), ("site", _("Site"), ""),
    )  # fmt: skip
    return tuple(
        Dimension(name, label, "place", Kind.TREE, tree, "places", f"{name}_id", below)
        for name, label, below in names
    )


def products() -> tuple[Dimension, ...]:
    """The tree of products, as it is today."""
    names = (
        ("family", _("Family"), "level1_id", "product_line"),
        ("product_line", _("Product line"), "level2_id", "product"),
        ("product", _("Model"), "level3_id", ""),
    )
    tree = _("By the present tree of products.")
    return tuple(
        Dimension(name, label, "product", Kind.TREE, tree, "products", level, below)
        for name, label, level, below in names
    )


def process() -> Dimension:
    """Sales, service, product …"""
    return Dimension("process", _("Process"), "process", words=lambda: codes(Process))


def channel() -> Dimension:
    """Phone, web …"""
    return Dimension("channel", _("Channel"), "channel", words=lambda: codes(Channel))


def outcome() -> Dimension:
    """How a call ended."""
    return Dimension("outcome", _("Outcome"), "outcome", words=lambda: codes(Outcome))


def transaction_kind() -> Dimension:
    """Sale or service visit."""
    return Dimension("kind", _("Kind"), "kind", words=lambda: codes(TransactionKind))


def contact_kind() -> Dimension:
    """Phone, e-mail or postal address."""
    return Dimension("contact_kind", _("Kind of contact"), "kind", words=lambda: codes(ContactKind))


def holder() -> Dimension:
    """Who had to act."""
    return Dimension("holder", _("Holder"), "holder", words=lambda: codes(Holder))


def priority() -> Dimension:
    """How urgent a case is."""
    return Dimension("priority", _("Priority"), "priority", words=lambda: codes(Priority))


def agent() -> Dimension:
    """Who spoke with the customer."""
    return Dimension("agent", _("Agent"), "agent", Kind.REF, table="staff")


def category() -> Dimension:
    """What a case is about."""
    return Dimension("category", _("Category"), "category", Kind.REF, table="case_categories")


def survey() -> Dimension:
    """Which questionnaire."""
    return Dimension("survey", _("Survey"), "survey", Kind.REF, table="surveys")


def yes_or_no() -> Mapping[str, Text]:
    """The words of a flag."""
    return {"true": _("yes"), "false": _("no")}
