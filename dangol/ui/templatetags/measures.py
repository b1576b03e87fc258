"""Numbers made visible: figures, sparklines, meters, heat, charts, progress."""

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dangol.ui.shapes import DOWN, SAME, UP
from dangol.ui.templatetags.moments import in_digits

register = template.Library()


@register.filter
def figures(value, digits: int = 0) -> str:
    """A number grouped by thousands, halves rounded away from nought; nothing becomes a dash."""
    if value is None or value == "":
        return "–"
    places = int(digits)
    # number_format itself cuts what is too long
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def signed(value, digits: int = 1) -> str:
    """A number with its sign, a true minus."""
    shown = figures(abs(value), digits)
    return f"+{shown}" if value >= 0 else f"−{shown}"


@register.simple_tag
def sparkline(values, *, label: str = "", rule=None, cell: bool = False) -> SafeString:
    """The course of a number in a small line; `rule` draws a dashed goal."""
    known = [float(v) for v in values if v is not None]
    if len(known) < 2:
        return ""
    bounds = known if rule is None else [*known, float(rule)]
    low, high = min(bounds), max(bounds)
    width, height = 100, 28
    step = width / (len(known) - 1)

    def y(value):
        return round(height - 3 - (value - low) / ((high - low) or 1) * (height - 6), 1)

    points = [(round(i * step, 1), y(v)) for i, v in enumerate(known)]
    line = "M" + " ".join(f"{x},{py}" for x, py in points)
    goal = f'<path class="rule" d="M0,{y(float(rule))}H{width}"/>' if rule is not None else ""
    last_x, last_y = points[-1]
    return format_html(
        '<svg class="sparkline{}" viewBox="0 0 100 28" preserveAspectRatio="none" role="img" '
        'aria-label="{}">'
        '{}<path class="line" d="{}"/><path class="last" d="M{},{}h0.01"/></svg>',
        " sparkline-cell" if cell else "",
        label or _("Course"),
        mark_safe(goal),
        line,
        last_x,
        last_y,
    )


@register.simple_tag
def figure(
    value,
    label,
    *,
    unit="",
    delta=None,
    better="up",
    note="",
    spark=None,
    href="",
    big=False,
    live="",
    digits=0,
    delta_unit="",
):
    """A big number with how it moved and where it came from; `better` says which way is good."""
    return render_to_string(
        "ui/parts/figure.html",
        {
            "value": value if isinstance(value, str) else figures(value, digits),
            "label": label,
            "unit": unit,
            "note": note,
            "href": href,
            "big": big,
            "live": live,
            "digits": str(digits),
            "delta": _delta(delta, better, delta_unit, digits),
            "spark": sparkline(spark, label=label) if spark else "",
        },
    )


def _delta(delta, better: str, unit: str, digits: int) -> SafeString | str:
    if delta is None:
        return ""
    shape = UP if delta > 0 else DOWN if delta < 0 else SAME
    meaning = "" if delta == 0 else "good" if (delta > 0) == (better == "up") else "bad"
    word = _("up") if delta > 0 else _("down") if delta < 0 else _("unchanged")
    return format_html(
        '<span class="figure-delta {}">{}<span class="sr-only">{}</span>{}{}</span>',
        meaning,
        shape,
        word,
        figures(abs(delta), digits),
        unit,
    )


@register.simple_tag
def meter(value, most=100, *, meaning="", label="", text=None, wide=False, mark=None) -> SafeString:
    """How full something is; `mark` draws the goal."""
    share = max(0.0, min(100.0, float(value or 0) / (float(most) or 1) * 100))
    goal = (
        f'<rect class="mark" x="{float(mark) / float(most) * 100:.1f}" width="1.5" height="6"/>'
        if mark is not None
        else ""
    )
    shown = figures(value) if text is None else text
    return format_html(
        '<span class="meter{}{}"><svg class="meter-bar" viewBox="0 0 100 6" '
        'preserveAspectRatio="none" role="meter" '
        'aria-label="{}" aria-valuenow="{}" aria-valuemin="0" aria-valuemax="{}">'
        '<rect width="{}" height="6"/>{}</svg>{}</span>',
        f" meter-{meaning}" if meaning else "",
        " meter-wide" if wide else "",
        label or _("Share"),
        value or 0,
        most,
        f"{share:.1f}",
        mark_safe(goal),
        format_html("<span>{}</span>", shown) if shown != "" else "",
    )


@register.simple_tag
def against(value, goal, *, due=None, at_most=False, meaning="", label="") -> SafeString:
    """A figure against its goal; `due` marks what it should be by now.

    A goal that is to be reached fills the bar. Within a limit the bar ends at the limit, and what
    lies beyond what is allowed stands behind the mark in another colour.
    """
    value, goal = float(value or 0), float(goal)
    allowed = goal if due is None else float(due)
    whole = (max(value, goal) if at_most else goal) or 1
    kept = min(value, allowed) if at_most else min(value, goal)

    def at(number: float) -> str:
        return f"{max(0.0, min(100.0, number / whole * 100)):.1f}"

    over = (
        f'<rect class="over" x="{at(allowed)}" width="{at(value - allowed)}" height="8"/>'
        if at_most and value > allowed
        else ""
    )
    mark = (
        f'<rect class="mark" x="{at(allowed)}" width="0.8" height="8"/>'
        if over or allowed < whole
        else ""
    )
    return format_html(
        '<span class="meter meter-wide{}"><svg class="meter-bar" viewBox="0 0 100 8" '
        'preserveAspectRatio="none" role="meter" aria-label="{}" aria-valuenow="{}" '
        'aria-valuemin="0" aria-valuemax="{}"><rect width="{}" height="8"/>{}{}</svg></span>',
        f" meter-{meaning}" if meaning and not over else "",
        label or _("Share"),
        f"{value:g}",
        f"{whole:g}",
        at(kept),
        mark_safe(over),
        mark_safe(mark),
    )


@register.simple_tag
def heat(value, low=0, high=100, *, text=None, digits=1) -> SafeString:
    """A value as a shade from pale to strong; used inside a cell of a cube."""
    return format_html(
        '<span class="heat {}">{}</span>',
        heat_class(value, low, high),
        figures(value, digits) if text is None else text,
    )


@register.simple_tag
def heat_class(value, low=0, high=100) -> str:
    """The shade of a value, heat-0 to heat-10."""
    if value is None:
        return "heat-none"
    share = (float(value) - float(low)) / ((float(high) - float(low)) or 1)
    return f"heat-{round(max(0.0, min(1.0, share)) * 10)}"


@register.simple_tag
def chart(source: str, *, title="", note="", size="", live="") -> SafeString:
    """A chart from an address that answers JSON, or from the id of a json_script."""
    return render_to_string(
        "ui/parts/chart.html",
        {"source": source, "title": title, "note": note, "size": size, "live": live},
    )


@register.simple_tag
def progress(
    done, total, *, title="", rate=None, seconds_left=None, status="running", url="", every=2
) -> SafeString:
    """Long work: how far, how fast, how long yet; asks again at `url` while it runs."""
    return render_to_string(
        "ui/parts/progress.html",
        {
            "done": done,
            "total": total,
            "raw_done": str(done),
            "raw_total": str(total or ""),
            "title": title,
            "rate": rate,
            "status": status,
            "url": url,
            "every": every,
            "left": in_digits(int(seconds_left)) if seconds_left is not None else "",
        },
    )
