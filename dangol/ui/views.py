"""Pages of the frame itself: find, language, theme."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dangol.ui import finders
from dangol.ui.context import THEMES

YEAR = 365 * 24 * 3600


def find(request):
    """What Ctrl-K answers to these words."""
    words = request.GET.get("q", "").strip()[:80]
    groups = finders.found_for(request, words)
    if deeds := finders.deeds_found(request, words):
        groups.insert(0, (_("On this page"), deeds))
    if pages := finders.pages_found(request, words):
        groups.append((_("Pages"), pages))
    return render(request, "ui/find.html", {"groups": groups, "words": words})


@require_POST
def choose_language(request):
    """Show the product in another language, now and next time."""
    code = request.POST.get("language", "")
    response = redirect(back(request))
    if code in dict(settings.LANGUAGES):
        keep(request, "language", code)
        if not request.user.is_authenticated:
            request.session["language"] = code  # taken over at sign-in
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax")
    return response


choose_language.open_to_all = True


@require_POST
def choose_theme(request):
    """Remember light, dark or as the machine says."""
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        keep(request, "theme", theme)
    return HttpResponse(status=204)


@never_cache
def session(request):
    """Who is signed in here now, and the token that forms need; asked by pages left open."""
    person = str(request.user.pk) if request.user.is_authenticated else ""
    return JsonResponse({"person": person, "csrf": get_token(request)})


session.open_to_all = True


def form_too_old(request, reason=""):
    """A form with the token of an earlier session; a script gets 401 and renews it (session.js)."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    return render(request, "403_csrf.html", status=403)


def keep(request, name: str, value: str) -> None:
    """Write a preference onto the person who is signed in."""
    user = request.user
    if user.is_authenticated and hasattr(user, name):
        setattr(user, name, value)
        user.save(update_fields=[name])


def back(request) -> str:
    """Where the person came from, if that is ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if ours else "/"
