"""Time made visible: clocks that run, and how long ago something was."""

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()


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
        return in_digits(seconds)
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


def in_digits(seconds: int) -> str:
    """3661 → 1:01:01, -75 → +1:15."""
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
