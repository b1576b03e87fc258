"""The shapes that double every colour: circle good, triangle watch, square bad, ring info."""

from django.utils.safestring import mark_safe


def _svg(body: str):
    return mark_safe(f'<svg class="shape" viewBox="0 0 8 8" aria-hidden="true">{body}</svg>')


SHAPES = {
    "good": _svg('<circle cx="4" cy="4" r="3.5"/>'),
    "watch": _svg('<path d="M4 .6 8 7.6H0z"/>'),
    "bad": _svg('<path d="M4 0 8 4 4 8 0 4z"/>'),
    "info": _svg(
        '<path fill-rule="evenodd" '
        'd="M4 0a4 4 0 1 1 0 8 4 4 0 0 1 0-8m0 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4"/>'
    ),
    "accent": "",
}
UP = _svg('<path d="M4 1 7.6 7H.4z"/>')
DOWN = _svg('<path d="M4 7 .4 1h7.2z"/>')
SAME = _svg('<path d="M0 3.2h8v1.6H0z"/>')
