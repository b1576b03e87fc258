"""The components: every page is made of these and of nothing else."""

import re
from functools import lru_cache

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dangol.ui import deeds as all_deeds
from dangol.ui import panels as all_panels
from dangol.ui.shapes import SHAPES
from dangol.ui.templatetags import measures, moments

register = template.Library()
register.tags |= measures.register.tags | moments.register.tags
register.filters |= measures.register.filters | moments.register.filters


def attributes(extra: dict) -> SafeString:
    """Keyword arguments as HTML attributes: hx_get becomes hx-get, True stands alone."""
    pairs = [
        (name.rstrip("_").replace("__", ":").replace("_", "-"), value)
        for name, value in extra.items()
        if value not in (None, False, "")
    ]
    return format_html_join(
        "", " {}{}", ((n, "" if v is True else format_html('="{}"', v)) for n, v in pairs)
    )


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """A Lucide icon from the sprite; silent for screen readers unless it has a label."""
    return _icon(str(name), size, str(label))


@lru_cache(4096)
def _icon(name: str, size: int, label: str) -> SafeString:
    """An icon's markup; a page draws some hundred of the same few."""
    spoken = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    extra = "" if size == 16 else f" icon-{size}"
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"/></svg>',
        extra,
        spoken,
        static("built/icons.svg"),
        name,
    )


@register.simple_tag
def badge(text, meaning: str = "", bare: bool = False) -> SafeString:
    """A word with its meaning told by colour and by shape."""
    kind = f" badge-{conditional_escape(meaning)}" if meaning else ""
    shape = SHAPES.get(meaning, "")
    plain = " badge-bare" if bare else ""
    return mark_safe(f'<span class="badge{kind}{plain}">{shape}{conditional_escape(text)}</span>')


@register.simple_tag
def button(
    label="",
    *,
    href="",
    variant="",
    icon_name="",
    key="",
    small=False,
    type="button",
    title="",
    **extra,
):
    """A button, or a link that looks like one; `key` is the keyboard key that presses it."""
    only_icon = bool(icon_name) and not label
    classes = ["button", f"button-{variant}" if variant else "", "button-small" if small else ""]
    classes += ["button-icon" if only_icon else "", extra.pop("class_", "")]
    inside = format_html(
        "{}{}{}",
        icon(icon_name) if icon_name else "",
        format_html("<span>{}</span>", label) if label else "",
        kbd(key) if key and label else "",
    )
    extra |= {"data_key": key, "title": title}
    if only_icon:
        extra["aria_label"] = title
    start = format_html('a href="{}"', href) if href else format_html('button type="{}"', type)
    return format_html(
        '<{} class="{}"{}>{}</{}>',
        start,
        " ".join(filter(None, classes)),
        attributes(extra),
        inside,
        "a" if href else "button",
    )


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """The keys to press, as caps."""
    caps = [
        k.capitalize() if len(k) > 1 else k.upper() for k in str(keys).replace("+", " ").split()
    ]
    inside = format_html_join("", "<kbd>{}</kbd>", ((cap,) for cap in caps))
    return format_html('<span class="keys">{}</span>', inside)


LEGAL_FORM = r"^\s*(㈜|㈔|㈐|\((주|유|사|재|합)\)|(주식|유한|합자|합명)회사)\s*"


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """A person or a company by the first letter of the name; a legal form in front is none."""
    name = re.sub(LEGAL_FORM, "", str(name)).strip() or str(name).strip() or "?"
    tone = sum(map(ord, name)) % 6
    return format_html(
        '<span class="avatar avatar-{}{}" aria-hidden="true">{}</span>',
        tone,
        f" avatar-{size}" if size else "",
        name[0].upper(),
    )


@register.simple_tag
def field(bound: BoundField, *, help="", label="", optional=True, **extra) -> SafeString:
    """A form field with its label, help and error, tied together for screen readers."""
    widget = bound.field.widget
    grouped = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    tick = isinstance(widget, CheckboxInput)
    attrs = {name.replace("_", "-"): value for name, value in extra.items()}
    return render_to_string(
        "ui/parts/field.html",
        {
            "bound": bound,
            "control": bound.as_widget(attrs=attrs),
            "label": label or bound.label,
            "help": help or bound.help_text,
            "kind": "group" if grouped else "tick" if tick else "line",
            "optional": optional and not bound.field.required and not tick,
        },
    )


@register.simple_tag
def empty(title, text="", *, icon_name="inbox", action="", href="", key="") -> SafeString:
    """An empty place that says what would stand here and how to begin."""
    return format_html(
        '<div class="empty">{}<h3>{}</h3>{}{}</div>',
        icon(icon_name, 28),
        title,
        format_html("<p>{}</p>", text) if text else "",
        button(action, href=href, variant="primary", key=key) if action else "",
    )


@register.simple_tag
def tabs(items, current: str = "", label: str = "") -> SafeString:
    """Tabs that are links: items are (key, label, url) or (key, label, url, count)."""
    rows = []
    for key, text, url, *count in items:
        here = mark_safe(' aria-current="page"') if str(key) == str(current) else ""
        number = format_html(' <span class="count">{}</span>', count[0]) if count else ""
        rows.append(format_html('<a class="tab" href="{}"{}>{}{}</a>', url, here, text, number))
    return format_html(
        '<nav class="tabs" aria-label="{}">{}</nav>', label or _("Views"), mark_safe("".join(rows))
    )


@register.simple_tag
def steps(names, current: int = 0) -> SafeString:
    """Where a person stands in a wizard; `current` counts from 0."""
    rows = []
    for index, name in enumerate(names):
        state = mark_safe(' aria-current="step"') if index == current else ""
        rows.append(
            format_html(
                '<li class="step{}"{}>{}</li>', " step-done" if index < current else "", state, name
            )
        )
    return format_html('<ol class="steps">{}</ol>', mark_safe("".join(rows)))


@register.simple_tag
def facts(pairs) -> SafeString:
    """A definition list from pairs of label and value."""
    pairs = pairs.items() if isinstance(pairs, dict) else pairs
    rows = format_html_join(
        "", "<div><dt>{}</dt><dd>{}</dd></div>", ((k, "" if v is None else v) for k, v in pairs)
    )
    return format_html('<dl class="facts">{}</dl>', rows)


@register.simple_tag
def table(columns, rows, caption: str = "") -> SafeString:
    """A plain table: columns are labels, or (label, "number"); rows are sequences of cells."""
    heads = [(c, "") if not isinstance(c, list | tuple) else tuple(c) for c in columns]
    lines = [list(zip(row, (kind for _label, kind in heads), strict=False)) for row in rows]
    return render_to_string(
        "ui/parts/table.html", {"heads": heads, "lines": lines, "caption": caption}
    )


@register.simple_tag
def panel(url: str, title, *, key: str = "", open: bool = True) -> SafeString:
    """A part of the page that is fetched when it comes into view."""
    return render_to_string(
        "ui/parts/panel.html", {"url": url, "title": title, "key": key, "open": open}
    )


@register.simple_tag(takes_context=True)
def record_panels(context, subject: str, pk) -> SafeString:
    """Every panel that other apps lend to this record page."""
    mine = all_panels.panels_for(context["request"].user, subject)
    return mark_safe("".join(panel(p.url(pk), p.title, key=p.key, open=p.open) for p in mine))


@register.simple_tag(takes_context=True)
def record_deeds(context, subject: str, pk) -> SafeString:
    """A menu of what other apps let the person do with this record; nothing where that is nothing."""
    mine = all_deeds.deeds_for(context["request"].user, subject, pk)
    lines = [(deed.label, deed.icon, deed.url(pk)) for deed in mine]
    return (
        render_to_string("ui/parts/record_deeds.html", {"lines": lines}) if lines else SafeString()
    )


@register.simple_tag
def timeline(entries) -> SafeString:
    """What happened, newest first: dicts with at, title, by, text, icon, meaning."""
    return render_to_string("ui/parts/timeline.html", {"entries": entries})


@register.simple_block_tag
def dialog(content, id: str, title, wide: bool = False) -> SafeString:
    """A native dialog, opened by data-open="id"."""
    return render_to_string(
        "ui/parts/dialog.html",
        {"content": mark_safe(content), "id": id, "title": title, "wide": wide},
    )


@register.simple_block_tag
def notice(content, meaning: str = "info") -> SafeString:
    """Words in the page that must not be missed."""
    names = {"good": "circle-check", "watch": "triangle-alert", "bad": "octagon-alert"}
    return format_html(
        '<div class="notice notice-{}" role="note">{}<div>{}</div></div>',
        meaning,
        icon(names.get(meaning, "info")),
        mark_safe(content),
    )


@register.filter
def attr(value, name: str):
    """A value by name from a mapping or an object."""
    found = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
    return conditional_escape("" if found is None else found)
