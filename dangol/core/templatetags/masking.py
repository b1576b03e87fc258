"""Names, contact points and words as the person of this request may see them."""

from django import template

from dangol.core import masking

register = template.Library()
register.filter("shown_name", lambda value: masking.shown_name(str(value)))
register.filter("shown_words", lambda value: masking.shown_words(str(value)))


@register.filter
def shown_contact(point: object) -> str:
    """A contact point with `kind` and `value`."""
    return masking.shown_contact(point.kind, point.value)  # type: ignore[attr-defined]
