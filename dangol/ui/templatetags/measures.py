"""Numbers made visible: figures, sparklines, meters, clocks, heat, charts, progress."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dangol.ui.shapes import DOWN, SAME, UP

register = template.Library()


@register.filter
def figures(value, digits: int = 0) -> str:
    """A number grouped by thousands; nothing becomes a dash."""
    if value is None or value == "":
        return "–"
    return number_format(
        Decimal(str(value)), decimal_pos=int(digits), use_l10n=True, force_grouping=True
    )


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
def clock(
    seconds_left, *, running=True, turns_at=None, warn=900, deadline=None, done=False, **extra
) -> SafeString:
    """Working time left; it stands still from or until `turns_at`, when the calendar turns."""
    return drawn_clock(
        {
            "left": str(int(seconds_left or 0)),
            "running": "1" if running else "0",
            "warn": str(warn),
            "done": done,
            "turns": turns_at.isoformat() if turns_at else "",
            "deadline": deadline,
            "told": told_clock(int(seconds_left or 0), running),
            "hx": extra,
        },
    )


def told_clock(seconds: int, running: bool) -> str:
    """Time left: to the second while it runs; a clock that stands says hours and minutes."""
    if running:
        return _span(seconds)
    hours, minutes = divmod(abs(seconds) // 60, 60)
    parts = [_("%(hours)s h") % {"hours": hours}] if hours else []
    if minutes or not hours:
        parts.append(_("%(minutes)s min") % {"minutes": minutes})
    told = " ".join(parts)
    return f"+{told}" if seconds < 0 else told


@register.filter
def hours_and_minutes(minutes: float | None) -> str:
    """A length of time in hours and minutes."""
    return told_clock(round(minutes or 0) * 60, running=False)


def _span(seconds: int) -> str:
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"+{text}" if seconds < 0 else text


CLOCK_ICONS = {
    "run": "timer", "watch": "triangle-alert", "late": "octagon-alert", "paused": "pause",
    "done": "check",
}  # fmt: skip


@cache
def clock_icons() -> SafeString:
    """The shapes that a clock turns between; the script shows one of them."""
    # the components are built on these measures
    from dangol.ui.templatetags.ui import icon

    shapes = CLOCK_ICONS.items()
    spans = ((kind, icon(name)) for kind, name in shapes)
    return format_html_join("", '<span class="clock-icon clock-{}">{}</span>', spans)


def drawn_clock(given: dict) -> SafeString:
    """The clock's markup; a list draws fifty, so that it is put together without a template."""
    extra = ""
    if given["turns"]:
        extra = f' data-turns="{conditional_escape(given["turns"])}"'
    if given["done"]:
        extra += ' data-state="done"'
    if given["deadline"]:
        extra += f' title="{conditional_escape(given["deadline"])}"'
    for name, value in given["hx"].items():
        extra += f' {slugify(name)}="{conditional_escape(value)}"'
    done = conditional_escape(_("done")) if given["done"] else ""
    left, running, warn = (conditional_escape(given[key]) for key in ("left", "running", "warn"))
    return mark_safe(
        f'<span class="clock" role="timer" data-left="{left}" data-running="{running}"'
        f' data-warn="{warn}"{extra}>{clock_icons()}<span data-clock-text>'
        f"{conditional_escape(given['told'])}</span>"
        f' <span class="sr-only" data-clock-word>{done}</span></span>'
    )


@lru_cache(8192)
def _exactly(moment: datetime, zone: str, language: str | None) -> str:
    """An instant in full; a list shows the same ones again and again."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


@lru_cache(65536)
def _span_of_minutes(minutes: int, language: str | None) -> str:
    """A time of less than four weeks, in its largest unit."""
    return timesince(EPOCH, EPOCH + timedelta(minutes=minutes), depth=1)


EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
FOUR_WEEKS = 28 * 24 * 60


def _spanned(start: datetime, end: datetime) -> str:
    """The time between two instants in its largest unit; months and years ask the calendar."""
    minutes = int((end - start).total_seconds() // 60)
    if minutes < FOUR_WEEKS:
        return _span_of_minutes(minutes, get_language())
    return timesince(start, end, depth=1)


@register.simple_tag
def ago(moment) -> SafeString | str:
    """A time relative to now; the exact one on hover."""
    if not moment:
        return mark_safe('<span class="muted">–</span>')
    if isinstance(moment, date) and not isinstance(moment, datetime):
        return format_html(
            '<time datetime="{}">{}</time>',
            moment.isoformat(),
            date_format(moment, "SHORT_DATE_FORMAT"),
        )
    aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    exact = _exactly(aware, timezone.get_current_timezone_name(), get_language())
    now = timezone.now()
    near = abs((now - aware).total_seconds()) < 45
    if near:
        told = _("now")
    elif aware < now:
        told = _("%(span)s ago") % {"span": _spanned(aware, now)}
    else:
        told = _("in %(span)s") % {"span": _spanned(now, aware)}
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>',
        aware.astimezone(UTC).isoformat(),
        exact,
        told,
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
            "left": _span(int(seconds_left)) if seconds_left is not None else "",
        },
    )
