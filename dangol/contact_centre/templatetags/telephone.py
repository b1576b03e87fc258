"""Telephone numbers and spans of time as people write them."""

from django import template

from dangol.core import masking
from dangol.core.masking import shown_phone as national

register = template.Library()


@register.filter
def shown_phone(value: str) -> str:
    """+821012345678 → 010-1234-5678, hidden from those who need it not."""
    return masking.shown_contact("phone", national(value))


@register.filter
def shown_point(point: object) -> str:
    """A contact point as this person may see it."""
    kind, value = point.kind, point.value  # type: ignore[attr-defined]
    return shown_phone(value) if kind == "phone" else masking.shown_contact(kind, value)


@register.filter
def spoken_seconds(seconds: float | None) -> str:
    """95 → 1:35."""
    if not seconds:
        return "0:00"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
