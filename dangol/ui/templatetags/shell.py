"""Tags that only the frame of the page needs: menu, slots, theme, words for scripts."""

from django import template
from django.contrib import messages
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from dangol.ui import menu as menus
from dangol.ui import slots as all_slots

register = template.Library()
MEANINGS = {"success": "good", "warning": "watch", "error": "bad", "info": "info", "debug": "info"}


@register.simple_tag(takes_context=True)
def menu(context):
    """The sidebar's groups for this person."""
    request = context.get("request")
    return menus.menu_for(request) if request and hasattr(request, "user") else []


@register.simple_tag
def thumb_menu(groups):
    """The four lines that a thumb reaches first."""
    return [line for _group, lines in groups for line in lines][:4]


@register.simple_tag(takes_context=True)
def slots(context, position: str):
    """What other apps lend to this place of the frame."""
    request = context.get("request")
    if not request or not hasattr(request, "user"):
        return ""
    parts = all_slots.slots_for(request, position)
    return mark_safe(
        "".join(render_to_string(s.template, s.context(request), request) for s in parts)
    )


@register.simple_tag(takes_context=True)
def notices_waiting(context) -> list[dict]:
    """Messages left by the page before, as toasts."""
    request = context.get("request")
    if not request or not hasattr(request, "_messages"):
        return []
    return [
        {"text": str(m), "meaning": MEANINGS.get(m.level_tag, "info")}
        | ({"undo": m.extra_tags[5:]} if (m.extra_tags or "").startswith("undo:") else {})
        for m in messages.get_messages(request)
    ]


@register.simple_tag
def words() -> dict[str, str]:
    """The few words that scripts show."""
    return {
        "disconnected": _("Connection lost. Trying again…"),
        "offline": _("No answer from the server. Nothing was lost; try again."),
        "refused": _("That was refused. You may lack the right to do it."),
        "gone": _("That is no longer here."),
        "changed": _("Someone changed this meanwhile. Reload and look again."),
        "slow_down": _("Too many requests. Wait a moment."),
        "broken": _("Something failed on our side. Nothing was saved; try again."),
        "undo": _("Undo"),
        "close": _("Close"),
        "copied": _("Copied"),
        "draft_kept": _("Draft kept on this device"),
        "draft_back": _("Your draft is back"),
        "clock_good": _("left"),
        "clock_watch": _("left, soon late"),
        "clock_bad": _("late"),
        "clock_paused": _("left, paused"),
        "clock_done": _("done"),
        "hours": _("%(hours)s h"),
        "minutes": _("%(minutes)s min"),
    }
