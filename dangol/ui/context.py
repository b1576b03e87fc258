"""What the frame of every page knows: theme, sidebar width and where live news comes from."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

THEMES = ("auto", "light", "dark")


def shell(request: HttpRequest) -> dict:
    """Values for the frame."""
    return {
        "shell": {
            "theme": theme_of(request),
            "rail": rail_of(request),
            "live": live_url(request),
            "beside": beside(request),
        }
    }


def beside(request: HttpRequest) -> bool:
    """Whether the answer goes into the panel beside the page."""
    return request.headers.get("HX-Panel") == "true"


def theme_of(request: HttpRequest) -> str:
    """The theme of this device; else the person's own."""
    chosen = request.COOKIES.get("theme") or getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in THEMES else "auto"


def rail_of(request: HttpRequest) -> str:
    """Whether the sidebar is folded on this device."""
    return "small" if request.COOKIES.get("rail") == "small" else "wide"


def live_url(request: HttpRequest) -> str:
    """The address of the event stream; another port when no proxy joins the processes."""
    port = getattr(settings, "LIVE_PORT", "")
    path = getattr(settings, "LIVE_PATH", "/live/")
    if not port:
        return path
    try:
        host = request.get_host()
    except DisallowedHost:  # the page that says so is drawn too
        return path
    return f"{request.scheme}://{host.rsplit(':', 1)[0]}:{port}{path}"
