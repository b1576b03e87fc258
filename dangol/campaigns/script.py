"""A stage's script with its variables filled in."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dangol.campaigns.models import Stage, Target
from dangol.core.masking import shown_name
from dangol.purchases.models import Line, Product

VARIABLES = ["customer", "product", "site", "days"]


def filled(script: str, values: dict[str, str]) -> str:
    """The script with {customer} {product} {site} {days} put in; unknown braces stay as they are."""
    return re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], m[0]), script)


def script_of(stage: Stage) -> str:
    """The script in the reader's language, Korean when there is no English one."""
    english = (get_language() or "").startswith("en") and stage.script_en
    return stage.script_en if english else stage.script


def named(row: Product | None) -> str:
    """A product's name in the reader's language."""
    if row is None:
        return ""
    english = (get_language() or "").startswith("en") and row.name_en
    return row.name_en if english else row.name


def product_of(target: Target) -> Product | None:
    """The first product of the transaction that the call is about."""
    if target.transaction_id is None:
        return None
    line = Line.objects.filter(transaction=target.transaction_id).select_related("product")
    first = line.order_by("created_at", "pk").first()
    return first.product if first else None


def script_for(target: Target, *, product: Product | None, at: dt.datetime) -> str:
    """What the agent says in this call."""
    zone = ZoneInfo(target.zone)
    begun = target.transaction.at if target.transaction else target.due_at
    days = (at.astimezone(zone).date() - begun.astimezone(zone).date()).days
    values = {
        "customer": shown_name(target.customer.name),
        "product": named(product) or _("your purchase"),
        "site": str(target.place or target.campaign.place),
        "days": str(max(days, 0)),
    }
    return filled(script_of(target.stage), values)


def preview(script: str, *, days: int, place: str, language: str) -> str:
    """The script with example values in its own language, as the designer shows it."""
    with translation.override(language):
        values = {
            "customer": _("Hong Gildong"),
            "product": _("Example product"),
            "site": place or _("Example site"),
            "days": str(days),
        }
    return filled(script, values)
